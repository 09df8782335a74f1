"""An arrival that is learnt of when the duty is over: the days count, and the person comes home like everybody else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.wiring import in_force, rule_packs
from domain.closing.days import days_of
from domain.closing.road import Road, road_of
from domain.duties import told
from domain.log import Attribution
from domain.report.source import Entry
from domain.secondment import (
    Ask,
    Leaving,
    Life,
    Moved,
    Paper,
    Party,
    Ready,
    Refused,
    State,
    Trigger,
    arrival_of,
    corrected,
    decide,
)
from tests.domain.test_secondment import CLOCK, SEAT

NOW = datetime(2027, 2, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ARRIVED = NOW + DAY + 2 * HOUR
PAPER = Ask(reported_at=ARRIVED, party=Party.HOST, reference="360/HDR/12")
BY = Attribution("post", "COMMAND_POST", "basis")
_T = Trigger
WAY = Life(State.MOBILISING, 4, NOW, report_at=NOW + DAY, due_back=NOW + 7 * DAY)
"""On the way since now, to report tomorrow and due back in a week."""


class Walk:
    """One person's way on the machine, with the entries that the log would hold."""

    def __init__(self) -> None:
        self.life = replace(WAY, state=State.ORDER_SIGNED, revision=3)
        self.entries: list[Entry] = []
        self.go(_T.MOBILISE, NOW)

    def go(self, trigger: Trigger, at: datetime, ask: Ask = Ask()) -> None:  # noqa: B008 - frozen
        """Move, as what must stand."""
        verdict = decide(self.life, trigger, CLOCK, ask, decided_at=at, now=at)
        assert isinstance(verdict, Moved), (self.life.state, trigger, verdict)
        told_too = {"reference": ask.reference, "items": " ".join(ask.items)}
        said = corrected(self.life, trigger, {key: one for key, one in told_too.items() if one})
        self.life = verdict.life
        fact = told(SEAT, self.life, trigger, CLOCK, by=BY, at=at, said=said).fact
        self.entries.append(Entry(len(self.entries), fact.type, at, fact.case_id, "X", fact.data))

    @property
    def road(self) -> Road:
        """The road that the log tells."""
        return road_of(self.entries)

    def duty(self) -> int:
        """The days on duty that the log comes to."""
        pack = in_force(rule_packs())
        return days_of(self.road, pack.closing, "Asia/Makassar", at=self.entries[-1].at).duty


def refusal(life: Life, ask: Ask, at: datetime, decided_at: datetime | None = None) -> str:
    """The code with which a proof is refused."""
    verdict = decide(life, _T.PROVE_ARRIVAL, CLOCK, ask, decided_at=decided_at or at, now=at)
    assert isinstance(verdict, Refused), verdict
    return verdict.code


def test_a_check_in_is_one_as_long_as_the_duty_lasts_and_a_proof_afterwards() -> None:
    no_show = replace(WAY, state=State.NO_SHOW, leaving=Leaving.NO_SHOW)
    assert arrival_of(WAY, _T.CHECK_IN, WAY.due_back) == _T.CHECK_IN
    assert arrival_of(no_show, _T.CHECK_IN, WAY.due_back - HOUR) == _T.CHECK_IN
    assert arrival_of(no_show, _T.REPORT_ARRIVAL, WAY.due_back) == _T.PROVE_ARRIVAL
    assert arrival_of(replace(WAY, state=State.CLOSED), _T.CHECK_IN, NOW) == _T.PROVE_ARRIVAL
    assert arrival_of(no_show, _T.CONFIRM_RETURN, WAY.due_back) == _T.CONFIRM_RETURN


def test_what_somebody_was_given_for_the_duty_or_went_without_by_name_stays_in_the_evidence() -> None:
    walk = Walk()
    walk.go(_T.SIGN_CHECKLIST, NOW, Ask(items=(Ready.FITNESS,)))
    walk.go(_T.CHECK_IN, ARRIVED, Ask(items=(Ready.KIT,)))
    walk.go(_T.WAIVE_CHECKLIST, ARRIVED, Ask(items=(Ready.BRIEFING, Ready.ACCIDENT_COVER)))
    walk.go(_T.SIGN_CHECKLIST, ARRIVED + HOUR, Ask(items=(Ready.BRIEFING,)))
    walk.go(_T.RECALL, ARRIVED + DAY)
    walk.go(_T.SIGN_CHECKLIST, ARRIVED + DAY, Ask(items=walk.life.owed))
    assert walk.road.ready == {"FITNESS", "KIT", "BRIEFING"}
    assert walk.road.unready == {"ACCIDENT_COVER"}


def test_whose_duty_fell_due_unseen_has_served_from_the_arrival_to_the_end_of_the_duty() -> None:
    walk = Walk()
    walk.go(_T.FALL_DUE, WAY.due_back)
    assert (walk.life.state, walk.duty()) == (State.DEMOBILISING, 0)
    walk.go(_T.PROVE_ARRIVAL, WAY.due_back + 5 * DAY, PAPER)
    assert (walk.life.state, walk.life.arrived_at, walk.life.served_until) == (
        State.DEMOBILISING,
        ARRIVED,
        WAY.due_back,
    )
    assert walk.duty() == 7  # of the zone: the duty ends at eight in the morning
    road = walk.road
    assert (road.arrived_at, road.recorded_at) == (ARRIVED, WAY.due_back + 5 * DAY)
    assert road.left_site_at == WAY.due_back


def test_a_paper_that_says_when_somebody_left_ends_the_duty_then() -> None:
    walk = Walk()
    walk.go(_T.FALL_DUE, WAY.due_back)
    walk.go(_T.PROVE_ARRIVAL, WAY.due_back + DAY, replace(PAPER, left_at=ARRIVED + DAY))
    assert (walk.life.served_until, walk.duty()) == (ARRIVED + DAY, 2)


def test_a_no_show_that_was_wrong_goes_home_like_everybody_else_and_is_late_since_the_duty_ended() -> None:
    walk = Walk()
    walk.go(_T.REPORT_NO_SHOW, NOW + 2 * DAY)
    late = WAY.due_back + 4 * DAY
    walk.go(_T.PROVE_ARRIVAL, late, PAPER)
    assert (walk.life.state, walk.life.leaving, walk.life.since) == (State.DEMOBILISING, Leaving.DUE, late)
    assert walk.life.home_by == WAY.due_back + CLOCK.homeward
    assert walk.life.escalation == 4
    assert walk.duty() == 7
    assert walk.entries[-1].type == "ArrivalProved"
    assert walk.entries[-1].data["corrects"] == "NO_SHOW"
    assert walk.entries[-1].data["reference"] == "360/HDR/12"
    walk.go(_T.WAIVE_CHECKLIST, late, Ask(items=walk.life.owed))
    walk.go(_T.SIGN_DEMOB, late)
    walk.go(_T.CONFIRM_RETURN, late + DAY)
    assert walk.life.settling.owed == tuple(Paper)


def test_a_no_show_who_was_confirmed_home_and_closed_owes_the_papers_of_who_served() -> None:
    walk = Walk()
    walk.go(_T.REPORT_NO_SHOW, NOW + 2 * DAY)
    walk.go(_T.CONFIRM_RETURN, NOW + 4 * DAY)
    assert (walk.life.state, walk.life.ended, walk.duty()) == (State.CLOSED, True, 0)
    walk.go(_T.PROVE_ARRIVAL, NOW + 30 * DAY, PAPER)
    assert (walk.life.state, walk.life.settling.owed) == (State.RETURNED, tuple(Paper))
    assert walk.life.settling.report_by == NOW + 35 * DAY
    assert walk.life.served_until == NOW + 4 * DAY  # whoever is confirmed to be home serves no longer
    assert walk.life.since == NOW + 4 * DAY
    assert walk.duty() == 4
    assert (walk.life.leaving, walk.life.out, walk.life.held) == (Leaving.DUE, False, False)


def test_of_who_is_settled_only_what_follows_from_having_served_is_owed_anew() -> None:
    walk = Walk()
    walk.go(_T.FALL_DUE, WAY.due_back)
    walk.go(_T.WAIVE_CHECKLIST, WAY.due_back, Ask(items=walk.life.owed))
    walk.go(_T.SIGN_DEMOB, WAY.due_back)
    walk.go(_T.CONFIRM_RETURN, WAY.due_back + DAY)
    assert walk.life.settling.owed == (Paper.CLAIM,)
    walk.go(_T.WAIVE_SETTLEMENT, WAY.due_back + 2 * DAY, Ask(papers=(Paper.CLAIM,)))
    assert walk.life.ended
    walk.go(_T.PROVE_ARRIVAL, WAY.due_back + 9 * DAY, PAPER)
    assert (walk.life.state, walk.life.settling.owed) == (State.RETURNED, (Paper.REPORT, Paper.EVALUATION))
    assert walk.duty() == 7


def test_somebody_hurt_on_the_way_who_had_arrived_goes_back_on_duty_and_not_on_the_way() -> None:
    walk = Walk()
    walk.go(_T.REPORT_INJURY, NOW + 3 * DAY)
    walk.go(_T.PROVE_ARRIVAL, NOW + 4 * DAY, PAPER)
    assert (walk.life.state, walk.life.served_until) == (State.INJURED, NOW + 3 * DAY)
    walk.go(_T.RESUME_DUTY, NOW + 4 * DAY)
    assert (walk.life.state, walk.life.served_until) == (State.ON_DUTY, None)
    assert walk.road.left_site_at is None


def test_who_was_found_unfit_was_there_and_served_nothing() -> None:
    walk = Walk()
    walk.go(_T.REPORT_UNFIT, NOW + 2 * DAY)
    walk.go(_T.PROVE_ARRIVAL, NOW + 3 * DAY, PAPER)
    assert (walk.life.state, walk.life.leaving) == (State.UNFIT, Leaving.UNFIT)
    assert (walk.road.arrived_at, walk.duty()) == (ARRIVED, 0)


def test_what_was_said_in_time_and_heard_late_needs_no_paper() -> None:
    over = replace(WAY, state=State.DEMOBILISING, since=WAY.due_back, leaving=Leaving.DUE)
    said_at = WAY.due_back - HOUR
    verdict = decide(
        over, _T.PROVE_ARRIVAL, CLOCK, Ask(party=Party.PERSON), decided_at=said_at, now=WAY.due_back + DAY
    )
    assert isinstance(verdict, Moved)
    assert (verdict.life.arrived_at, verdict.life.served_until) == (said_at, WAY.due_back)


def test_a_late_arrival_is_refused_with_what_is_missing() -> None:
    over = replace(WAY, state=State.DEMOBILISING, since=WAY.due_back, leaving=Leaving.DUE)
    late = WAY.due_back + DAY
    assert refusal(over, replace(PAPER, reference=None), late) == "arrival_needs_paper"
    assert refusal(over, replace(PAPER, reported_at=None), late) == "arrival_needs_paper"
    assert refusal(over, replace(PAPER, party=Party.PERSON), late) == "arrival_needs_paper"
    assert refusal(over, replace(PAPER, reported_at=WAY.due_back), late) == "arrived_after_the_end"
    assert refusal(over, replace(PAPER, left_at=ARRIVED), late) == "arrived_after_the_end"
    assert refusal(replace(over, arrived_at=ARRIVED), PAPER, late) == "arrived_already"


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.OFFERED, "never_left"),
        (State.ORDER_SIGNED, "never_left"),
        (State.DECLINED, "never_left"),
        (State.WITHDRAWN, "never_left"),
        (State.ORDER_CANCELLED, "never_left"),
        (State.ON_DUTY, "arrived_already"),
        (State.REASSIGNED, "arrived_already"),
    ],
)
def test_where_nothing_can_be_proved_the_case_says_why(state: State, code: str) -> None:
    assert refusal(replace(WAY, state=state), PAPER, WAY.due_back) == code


def test_whoever_called_back_early_served_until_then_and_not_through_the_handover() -> None:
    walk = Walk()
    walk.go(_T.RECALL, NOW + 3 * DAY)
    walk.go(_T.WAIVE_CHECKLIST, NOW + 4 * DAY, Ask(items=walk.life.owed))
    walk.go(_T.SIGN_DEMOB, NOW + 4 * DAY)
    walk.go(_T.PROVE_ARRIVAL, NOW + 9 * DAY, PAPER)
    assert (walk.life.state, walk.life.served_until) == (State.TRAVELLING_HOME, NOW + 3 * DAY)
    assert walk.life.leaving == Leaving.RECALLED


def test_when_somebody_left_is_no_matter_of_a_check_in() -> None:
    ask = replace(PAPER, left_at=ARRIVED + HOUR)
    verdict = decide(WAY, _T.CHECK_IN, CLOCK, ask, decided_at=NOW + 2 * DAY, now=NOW + 2 * DAY)
    assert verdict == Refused("duty_goes_on")
