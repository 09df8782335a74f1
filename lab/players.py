"""The people of a drill: how each answers a task, drawn by the seed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.actions import Decision
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.moves import TaskKind
from domain.secondment import Item
from lab.scenario import Behaviour


@dataclass(frozen=True)
class Act:
    """Somebody will decide something at an instant."""

    at: datetime
    person_id: str
    decision: Decision


class Players:
    """Answers tasks. The same seed gives the same answers, whatever the order in which tasks are met."""

    def __init__(self, seed: int, behaviour: Behaviour) -> None:
        self._seed = seed
        self._behaviour = behaviour
        self._refusing: dict[str, str] = {}
        self._late: set[str] = set()

    def cast(self, first_asked: list[str], returning: list[str]) -> None:
        """Choose, among those who are asked first, who declines, who stays silent and who comes home late."""
        drawn = sorted(first_asked, key=lambda person: self._dice(person, "cast"))
        declines, silent = self._behaviour.declines, self._behaviour.silent
        self._refusing = dict.fromkeys(drawn[:declines], "DECLINE")
        self._refusing |= dict.fromkeys(drawn[declines : declines + silent], "SILENT")
        staying = [person for person in returning if person not in self._refusing]
        self._late = set(
            sorted(staying, key=lambda person: self._dice(person, "late"))[: self._behaviour.overdue]
        )

    def answer(
        self,
        task: dict[str, Any],
        person_id: str | None,
        report_at: datetime | None,
        officer: str,
        now: datetime,
    ) -> Act | None:
        """Return what happens to a task, or None when nobody ever answers it."""
        kind = TaskKind(task["kind"])
        case_id = task["case_id"]
        about = person_id or officer
        if kind == TaskKind.ANSWER_OFFER:
            return self._answer_offer(case_id, str(person_id), now)
        if kind == TaskKind.DECIDE_RELEASE:
            return self._act(now, (10, 120), officer, about, Decision(CommandKind.RELEASE, case_id))
        if kind == TaskKind.CHECK_IN:
            arrival = max(now, (report_at or now) - timedelta(hours=2))
            return self._act(arrival, (5, 175), officer, about, Decision(CommandKind.CHECK_IN, case_id))
        if kind == TaskKind.SIGN_DEMOB:
            if person_id in self._late and task["capacity"] != Capacity.SEKDA:
                return None  # the road is cut, and the command post cannot bring this one home
            settled = Decision(CommandKind.SIGN_DEMOB, case_id, details={"items": " ".join(Item)})
            return self._act(now, (60, 360), officer, about, settled)
        if kind == TaskKind.CONFIRM_RETURN:
            return self._act(now, (60, 480), officer, about, Decision(CommandKind.CONFIRM_RETURN, case_id))
        if kind == TaskKind.SIGN_ORDER:
            return self._act(now, (45, 90), officer, about, Decision(CommandKind.SIGN_ORDER, case_id))
        if kind == TaskKind.APPROVE_SURGE:
            return self._act(now, (20, 60), officer, about, Decision(CommandKind.APPROVE_SURGE, case_id))
        return None

    def _answer_offer(self, case_id: str, person_id: str, now: datetime) -> Act | None:
        manner = self._refusing.get(person_id)
        if manner == "SILENT":
            return None
        if manner == "DECLINE":
            code = ("CARER", "HEALTH", "DUTY_ELSEWHERE")[self._dice(person_id, "code") % 3]
            return self._act(
                now,
                (10, 150),
                person_id,
                person_id,
                Decision(CommandKind.DECLINE_OFFER, case_id, choice=code),
            )
        return self._act(now, (5, 170), person_id, person_id, Decision(CommandKind.ACCEPT_OFFER, case_id))

    def _act(
        self, after: datetime, minutes: tuple[int, int], who: str, about: str, decision: Decision
    ) -> Act:
        # Bound to the person it is about and not to the case, whose id differs from run to run.
        least, most = minutes
        late = least + self._dice(about, decision.kind) % (most - least + 1)
        return Act(after + timedelta(minutes=late), who, decision)

    def _dice(self, *what: str) -> int:
        text = "/".join((str(self._seed), *what))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
