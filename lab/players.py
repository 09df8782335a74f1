"""The people of a drill: how each answers a task, drawn by the seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from app.actions import Decision
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.moves import Seat, TaskKind
from domain.reasons import ArrivalMethod, ConditionReason, EarlyReason, InjurySeverity
from domain.secondment import Clock, Item, Leaving, Life, Ready, State
from domain.secondment.alarms import absent_from
from lab import fates, filing
from lab.casting import Answer, Cast, Dice, Fate, cast
from lab.fates import Act, Office
from lab.scenario import Behaviour

DECLINES = ("CARER", "HEALTH", "DUTY_ELSEWHERE")
CONDITIONS = (ConditionReason.LATER_DATE, ConditionReason.LODGING, ConditionReason.TRANSPORT)
ROUTINE = {
    TaskKind.DECIDE_RELEASE: ((10, 120), CommandKind.RELEASE),
    TaskKind.CONFIRM_RETURN: ((60, 480), CommandKind.CONFIRM_RETURN),
    TaskKind.SIGN_ORDER: ((45, 90), CommandKind.SIGN_ORDER),
}
"""Tasks that are always met in the same way, and within how many minutes."""
AT_THE_END = (Leaving.DUE, Leaving.STOOD_DOWN)
"""Why people leave whom nobody takes over from."""
LATER_DATE = timedelta(hours=12)
"""By how much later somebody asks to come whose condition is a later date."""


@dataclass(frozen=True)
class Scene:
    """What a player knows beside the task: whose case it is, who answers, and the hour.

    `dark` is when nobody can be reached at the sites, `covered_until` when the status ends.
    """

    officer: str
    now: datetime
    seat: Seat | None = None
    life: Life | None = None
    dark: tuple[datetime, datetime] | None = None
    covered_until: datetime | None = None

    @property
    def about(self) -> str:
        """The person whom the task is about, or who must answer it."""
        return self.seat.person_id if self.seat else self.officer

    def reachable(self, at: datetime) -> bool:
        """Say whether the sites can be reached at an instant."""
        return self.dark is None or not self.dark[0] <= at < self.dark[1]


class Players:
    """Answers tasks. The same seed gives the same answers, whatever the order in which tasks are met."""

    def __init__(self, seed: int, office: Office, clock: Clock, *, vary: bool = False) -> None:
        self._dice = Dice(seed)
        self._office = office
        self._clock = clock
        self._vary = vary
        self._behaviour: dict[str, Behaviour] = {}
        self._casts: dict[str, Cast] = {}
        self._unseen: dict[str, datetime] = {}
        self._found: dict[str, datetime] = {}

    def cast(
        self, surge_id: str, behaviour: Behaviour, first_asked: Sequence[str], returning: Sequence[str]
    ) -> None:
        """Give out the parts of a surge among those who are asked first; late is one of `returning`."""
        self._behaviour[surge_id] = behaviour
        self._casts[surge_id] = cast(behaviour, first_asked, returning, self._dice, vary=self._vary)

    def unseen(self, at: datetime) -> frozenset[str]:
        """Return the people who do not answer a roll call at an instant."""
        return frozenset(
            person
            for person, since in self._unseen.items()
            if since <= at and not (person in self._found and self._found[person] <= at)
        )

    def nothing_befalls(self, seat: Seat) -> bool:
        """Say whether somebody plays no part at the site."""
        cast = self._casts.get(seat.surge_id)
        return cast is None or cast.fate_of(seat.person_id) is None

    def lot(self, *what: str) -> int:
        """Return a lot that is drawn by the seed."""
        return self._dice.throw(*what)

    def answer(self, task: dict[str, Any], scene: Scene) -> list[Act]:
        """Return what happens because of a task; nothing when nobody ever answers it."""
        acts = self._answers(task, scene)
        if scene.seat:
            acts += filing.settled(task, scene.seat, scene.officer, scene.now, self._dice)
        return [replace(act, task_id=task["task_id"] if act.bound else None) for act in acts]

    def _answers(self, task: dict[str, Any], scene: Scene) -> list[Act]:  # noqa: C901, PLR0912 - a case a kind of task
        case_id, now = task["case_id"], scene.now
        kind = TaskKind(task["kind"])
        if kind in ROUTINE:
            minutes, decision = ROUTINE[kind]
            return [self._act(now, minutes, scene, Decision(decision, case_id))]
        match kind:
            case TaskKind.ANSWER_OFFER:
                return self._answer_offer(case_id, scene)
            case TaskKind.ANSWER_CONDITION:
                refused = self._answer_of(scene) == Answer.CONDITION_REFUSED
                verdict = CommandKind.REFUSE_CONDITION if refused else CommandKind.GRANT_CONDITION
                return [self._act(now, (10, 80), scene, Decision(verdict, case_id))]
            case TaskKind.CHECK_IN:
                return self._arrive(case_id, scene)
            case TaskKind.COMPLETE_CHECK_IN:
                ready = Decision(CommandKind.SIGN_CHECKLIST, case_id, details={"items": " ".join(Ready)})
                return [self._act(now, (30, 240), scene, ready)]
            case TaskKind.FIND_PERSON:
                return self._find(case_id, scene)
            case TaskKind.FILE_ACCIDENT_REPORT:
                return self._after_accident(case_id, scene)
            case TaskKind.COVER_DUTY:
                home = Decision(CommandKind.RELEASE_EARLY, case_id, choice=EarlyReason.NO_LONGER_NEEDED)
                return [self._act(now, (240, 720), scene, home)]
            case TaskKind.ANSWER_EXTENSION:
                consents = task["capacity"] is None
                yes = CommandKind.CONSENT_EXTENSION if consents else CommandKind.APPROVE_EXTENSION
                return [self._act(now, (20, 300), scene, Decision(yes, case_id), speaker=scene.officer)]
            case TaskKind.SIGN_DEMOB:
                if self._fate_of(scene) == Fate.OVERDUE and task["capacity"] != Capacity.SEKDA:
                    return []  # the road is cut, and the command post cannot bring this one home
                settled = Decision(CommandKind.SIGN_DEMOB, case_id, details={"items": " ".join(Item)})
                signed = self._act(now, (60, 360), scene, settled)
                return [*self._hand_over(case_id, scene, signed.at), signed]
            case TaskKind.ANSWER_REASSIGNMENT:
                consents = task["capacity"] is None
                yes = CommandKind.CONSENT_REASSIGNMENT if consents else CommandKind.APPROVE_REASSIGNMENT
                return [self._act(now, (20, 200), scene, Decision(yes, case_id), speaker=scene.officer)]
            case _:
                return []

    def _hand_over(self, case_id: str, scene: Scene, before: datetime) -> list[Act]:
        """Whoever leaves early writes down what the next one must know: nobody is signed off without, once relieved."""
        if scene.life is None or scene.life.handed_over or scene.life.leaving in (None, *AT_THE_END):
            return []
        note = Decision(CommandKind.HAND_OVER, case_id, note="Daftar dan kunci ada di pos.")
        return [Act(before - timedelta(minutes=20), scene.about, note, bound=False)]

    def _answer_offer(self, case_id: str, scene: Scene) -> list[Act]:
        person, answer = scene.about, self._answer_of(scene)
        if answer == Answer.SILENT:
            return []
        if answer == Answer.DECLINES:
            code = DECLINES[self._dice.throw(person, "code") % 3]
            decision = Decision(CommandKind.DECLINE_OFFER, case_id, choice=code)
            return [self._act(scene.now, (10, 150), scene, decision)]
        if answer is None:
            return [self._act(scene.now, (5, 170), scene, Decision(CommandKind.ACCEPT_OFFER, case_id))]
        code = CONDITIONS[self._dice.throw(person, "condition") % 3]
        details: dict[str, str | int | float] = {}
        if code == ConditionReason.LATER_DATE and scene.life:
            details["report_at"] = (scene.life.report_at + LATER_DATE).isoformat()
        said = Decision(CommandKind.ACCEPT_ON_CONDITION, case_id, choice=code, details=details)
        return [self._act(scene.now, (10, 150), scene, said)]

    def _arrive(self, case_id: str, scene: Scene) -> list[Act]:
        """Come, or not; and with the arrival it is settled what becomes of somebody at the site."""
        assert scene.life is not None
        fate = self._fate_of(scene)
        report_at = scene.life.report_at
        if fate == Fate.NO_SHOW:
            nobody = Decision(CommandKind.REPORT_NO_SHOW, case_id)
            known = self._heard(max(scene.now, absent_from(scene.life, self._clock.travel)), scene)
            return [self._act(known, (120, 600), scene, nobody)]
        due = max(scene.now, report_at - timedelta(hours=2))
        if fate == Fate.UNFIT:
            return [self._act(due, (5, 175), scene, Decision(CommandKind.REPORT_UNFIT, case_id))]
        comes = Decision(CommandKind.CHECK_IN, case_id, details={"items": " ".join(Ready)})
        arrival = self._act(due, (5, 175), scene, comes)
        if not scene.reachable(arrival.at):
            arrival = self._from_paper(arrival, scene)
        return [arrival, *self._later(fate, case_id, scene)]

    def _from_paper(self, arrival: Act, scene: Scene) -> Act:
        """The list comes in when the sites can be reached again, with the hours as they were written down."""
        said = {"reported_at": arrival.at.isoformat()}
        paper = Decision(
            CommandKind.CHECK_IN, arrival.decision.case_id, choice=ArrivalMethod.PAPER, details={**said}
        )
        return self._act(self._heard(arrival.at, scene), (20, 240), scene, paper)

    def _later(self, fate: Fate | None, case_id: str, scene: Scene) -> list[Act]:
        assert scene.seat is not None
        assert scene.life is not None
        begins = max(scene.now, scene.life.report_at)
        if fate is None:
            share = self._dice.throw(scene.about, "day off") % 1_000 / 1_000
            return fates.days_off(case_id, scene.about, begins, scene.life.due_back, share)
        span = scene.life.due_back - begins
        if fate == Fate.OUT_OF_CONTACT:
            self._unseen[scene.about] = begins + span * self._share(scene.about, fate, 0.1, 0.3)
            return []
        if fate == Fate.EXTENDED:
            limits = (scene.covered_until, scene.life.report_at + self._clock.longest_extended)
            wanted = scene.life.due_back + self._behaviour[scene.seat.surge_id].extended_by
            until = min(one for one in (wanted, *limits) if one is not None)
            return fates.extend(
                case_id, scene.life, until, self._office, self._share(scene.about, fate, 0, 1)
            )
        at = begins + span * self._share(scene.about, fate, 0.2, 0.6)
        return fates.happen(fate, scene.seat, at, self._office, self._dice)

    def _find(self, case_id: str, scene: Scene) -> list[Act]:
        found = Decision(CommandKind.REGAIN_CONTACT, case_id)
        act = self._act(self._heard(scene.now, scene), (60, 600), scene, found)
        self._found[scene.about] = act.at
        return [act]

    def _after_accident(self, case_id: str, scene: Scene) -> list[Act]:
        """The report is filed first: nobody is signed off who has none. Then back on duty, or home."""
        reference = f"JKK/{scene.now.year}/{self._dice.throw(scene.about, 'report') % 10_000:04}"
        filing: dict[str, str | int | float] = {"reference": reference, "dated": scene.now.date().isoformat()}
        report = Decision(CommandKind.FILE_ACCIDENT_REPORT, case_id, details=filing)
        filed = self._act(scene.now, (60, 600), scene, report)
        if scene.life is None or scene.life.state != State.INJURED:
            return [filed]
        light = fates.severity(scene.about, self._dice) == InjurySeverity.LIGHT
        after = (
            Decision(CommandKind.RESUME_DUTY, case_id)
            if light
            else Decision(CommandKind.RELEASE_EARLY, case_id, choice=EarlyReason.HEALTH)
        )
        post = self._office(Capacity.COMMAND_POST, None)
        return [filed, replace(self._act(filed.at, (360, 1500), scene, after), person_id=post, bound=False)]

    def _heard(self, at: datetime, scene: Scene) -> datetime:
        """Return when the command post learns of something at a site."""
        return at if scene.reachable(at) or scene.dark is None else scene.dark[1]

    def _act(
        self,
        after: datetime,
        minutes: tuple[int, int],
        scene: Scene,
        decision: Decision,
        *,
        speaker: str = "",
    ) -> Act:
        # Bound to the person it is about and not to the case, whose id differs from run to run; and to who speaks,
        # where several answer alike.
        least, most = minutes
        late = least + self._dice.throw(scene.about, decision.kind, *(speaker,) * bool(speaker)) % (
            most - least + 1
        )
        return Act(after + timedelta(minutes=late), scene.officer, decision)

    def _share(self, person: str, fate: Fate, least: float, most: float) -> float:
        return least + (most - least) * (self._dice.throw(person, fate, "when") % 1_000) / 1_000

    def _cast_of(self, scene: Scene) -> Cast:
        found = self._casts.get(scene.seat.surge_id) if scene.seat else None
        return found or Cast(self._dice)

    def _answer_of(self, scene: Scene) -> Answer | None:
        return self._cast_of(scene).answer_of(scene.about)

    def _fate_of(self, scene: Scene) -> Fate | None:
        return self._cast_of(scene).fate_of(scene.about)
