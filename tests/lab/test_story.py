"""A story is told from the log alone: each kind of entry in words, with names, homes, reasons and dates."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.facts import EVENT_OF
from lab.outcome import Outcome, Wanted, faults_of, outcome_of, telling_moment
from lab.story import ALONE, tell
from lab.story_gathered import GATHERED, PAPERS
from lab.storybook import Entry, StoryBook

START = datetime(2027, 2, 2, 23, 30, tzinfo=UTC)  # 07:30 in Kupang, the day after
LINE = {
    "line_id": "SU-1/01",
    "wave": 1,
    "role": "field_kitchen",
    "site": "Dapur",
    "quantity": 2,
    "due_back": START + timedelta(days=7),
}
NAMES = {"p1": "Ana", "p2": "Budi", "p3": "Citra", "sekda": "Sari"}


def entry(
    kind: str, hours: float, person: str | None = None, actor: str = "system:clock", **data: Any
) -> Entry:
    about = (
        {"line_id": "SU-1/01", "unit_id": "k.DLH", "role": "field_kitchen", "site": "Dapur"} if person else {}
    )
    about |= {"due_back": (START + timedelta(days=7)).isoformat()} if person else {}
    return {
        "type": kind,
        "at": START + timedelta(hours=hours),
        "case_id": f"secondment:{person}" if person else "surge:SU-1",
        "person_id": person,
        "actor": actor,
        "authority": "SYSTEM" if actor.startswith("system:") else "SEKDA",
        "data": about | data,
    }


def book(*entries: Entry) -> StoryBook:
    numbered: Sequence[Entry] = [{**one, "seq": seq} for seq, one in enumerate(entries, 1)]
    return StoryBook("Banjir", "Asia/Makassar", numbered, NAMES, {"k.DLH": "DLH"}, {"SU-1/01": LINE}, {})


def offer(person: str, hours: float, plan: str = "one") -> Entry:
    price = {"distance": 3, "donor_band": 25, "recency": 0, "not_volunteer": 0, "substitute": 0}
    told = {"state": "OFFERED", "plan_id": plan, "km": 3, "cost": price, "without": {"fill": 0, "burden": 4}}
    return entry("OfferSent", hours, person, **told)


WHOLE = book(
    entry("PlanConfirmed", 0, actor="sekda", choice="one", state="SOURCING"),
    offer("p1", 0),
    offer("p2", 0),
    entry("OfferAnswered", 1, "p1", actor="p1", state="DECLINED", choice="CARER"),
    offer("p3", 1, plan="two"),
    entry("OfferLapsed", 4, "p2", state="NO_RESPONSE"),
    entry("OfferAnswered", 5, "p3", actor="p3", state="RELEASE_PENDING"),
    entry("Mobilised", 20, "p3", state="MOBILISING"),
    entry("ReturnOverdue", 200, "p3", state="DEMOBILISING", escalation=2),
    entry("DemobSignedOff", 201, "p3", actor="sekda", state="TRAVELLING_HOME", escalation=2),
    entry("Returned", 220, "p3", actor="sekda", state="RETURNED", escalation=2),
)


def test_each_day_is_told_under_its_local_date() -> None:
    lines = list(tell(WHOLE))
    assert lines[0] == "Banjir: told from 11 entries of the log; hours are WITA"
    assert [line for line in lines if line.endswith("2027")] == [
        "Wednesday 3 February 2027",
        "Thursday 4 February 2027",
        "Thursday 11 February 2027",
        "Friday 12 February 2027",
    ]


@pytest.mark.parametrize(
    "told",
    [
        "  07:30  Sekda Sari confirms the plan, and everyone on it is asked:",
        "  08:30  Ana (DLH) declines, CARER → Citra (DLH), 3 km: field kitchen, Dapur, until 10 Feb",
        "  11:30  Budi (DLH) stays silent → nobody else may go: field kitchen, Dapur stays empty",
        "  12:30  1 person of 1 unit accept",
        "  16:30  Sekda Sari signs Citra (DLH) off at Dapur: fetched back, on the way home",
        "  11:30  Sekda Sari confirms: Citra (DLH) is home, 2 days late",
    ],
)
def test_who_from_where_why_and_until_when_stand_in_one_line(told: str) -> None:
    assert told in list(tell(WHOLE))


def test_an_offer_tells_how_far_at_what_price_and_who_is_next() -> None:
    (row,) = [line for line in tell(WHOLE) if "2/2" in line]
    assert row.split() == ["1", "field", "kitchen", "Dapur", "10", "Feb", "2/2", "3", "+50", "+4", "DLH", "2"]


def test_the_overdue_are_told_with_who_must_act() -> None:
    told = " ".join(" ".join(tell(WHOLE)).split())
    assert "OVERDUE Citra (DLH), field kitchen at Dapur, was due back 10 Feb: level 2, Sekda must" in told


def test_a_seat_that_was_short_and_can_be_filled_after_all_is_told() -> None:
    told = " ".join(" ".join(tell(book(*WHOLE.entries[:3], offer("p3", 90, plan="two")))).split())
    assert "Citra (DLH), 3 km, is asked for a seat that was short: field kitchen, Dapur, until 10 Feb" in told
    assert "seat that was short" not in " ".join(tell(WHOLE))


def test_no_kind_of_entry_of_a_secondment_is_left_untold() -> None:
    silent = {"OrderServed", "DutyStarted"}  # told by the order, and by the arrival
    assert set(EVENT_OF.values()) - silent <= set(ALONE) | set(GATHERED) | set(PAPERS)


def test_an_outcome_is_counted_from_the_log() -> None:
    outcome = outcome_of(WHOLE)
    assert (outcome.asked, outcome.went, outcome.home, outcome.declined, outcome.silent) == (2, 1, 1, 1, 1)
    assert (outcome.overdue, outcome.fetched_back, outcome.short_roles) == (1, 1, {"field_kitchen"})


GOOD = Outcome(156, 134, 134, 8, 35, 2, 16, 15, 10, frozenset({"nurse"}), 9, 1, 1, 7)
WANTED = Wanted(120, 8, 20, 2, 14, 15, 10, 1, 1, "nurse")


def test_a_demo_that_shows_everything_has_no_faults() -> None:
    assert faults_of(GOOD, WANTED) == ()


@pytest.mark.parametrize(
    "lack",
    [
        *(
            {"went": 119, "home": 119},
            {"roles": 7},
            {"units": 19},
            {"waves": 1},
            {"days": 13},
            {"declined": 14},
        ),
        *({"silent": 9}, {"passed_over": 0}, {"fetched_back": 0}, {"home": 133}),
        *({"short_roles": frozenset[str]()}, {"short_roles": frozenset({"nurse", "wash"})}),
    ],
)
def test_a_demo_that_lacks_one_thing_has_one_fault(lack: dict[str, Any]) -> None:
    assert len(faults_of(replace(GOOD, **lack), WANTED)) == 1


def test_the_moment_that_tells_most_is_when_somebody_is_overdue_and_many_are_out() -> None:
    assert telling_moment(WHOLE) == START + timedelta(hours=200)
    others = [entry("Mobilised", 21, f"p{n}") for n in range(4, 9)]
    arrived = [entry("CheckedIn", 30, "p4", state="CHECKED_IN")]
    home = [entry("Returned", 100, f"p{n}") for n in range(4, 9)]
    fullest = book(*WHOLE.entries[:8], *others, *arrived, *home, *WHOLE.entries[8:])
    assert telling_moment(fullest) == START + timedelta(hours=30)
