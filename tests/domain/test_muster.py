"""A roll call is taken by whoever the table of authority lets take one, and told as theirs."""

from datetime import UTC, datetime

import pytest

from domain.authority import Actor, Appointment, Capacity, CaseFacts, Denied, Granted, Tenure, authority
from domain.muster import Among, NotExpected, OnSite, call_the_roll, muster_fact
from domain.secondment import State

NOW = datetime(2027, 2, 4, tzinfo=UTC)
SURGE = CaseFacts("kota")
LOST, SEEN = OnSite("p1", "a", State.OUT_OF_CONTACT), OnSite("p2", "b", State.ON_DUTY)


@pytest.mark.parametrize("office", list(Capacity))
def test_command_post_and_coordinator_take_a_roll_call_and_nobody_else(office: Capacity) -> None:
    verdict = authority("TAKE_MUSTER", Actor("x", "kota", (Appointment(office),)), SURGE)
    may = office in (Capacity.COMMAND_POST, Capacity.COORDINATOR)
    assert verdict == (Granted(office) if may else Denied("no_authority"))


def test_who_acts_for_the_command_post_calls_the_roll_on_its_behalf() -> None:
    office = Appointment(Capacity.COMMAND_POST, None, Tenure.PLH, "holder", "coordinator", "mandate")
    who = Actor("acting", "kota", (office,))
    granted = authority("TAKE_MUSTER", who, SURGE)
    assert isinstance(granted, Granted)
    muster = call_the_roll("SU-1", "kota", (LOST, SEEN), present=("p1",), absent=(), seen_at=NOW)
    assert not isinstance(muster, NotExpected)
    assert (muster.present, muster.missing, muster.found) == (("p1",), ("p2",), ("p1",))
    told = muster_fact(muster, who, granted, "2026-1#surge.deadlines.contact", NOW).by
    assert (told.actor, told.on_behalf_of, told.authority) == ("acting", "holder", "COMMAND_POST/PLH")


def test_one_gives_a_sign_of_life_for_oneself_only() -> None:
    mine = CaseFacts("kota", subject_id="a")
    assert authority("SIGN_OF_LIFE", Actor("a", "kota"), mine) == Granted(Capacity.SUBJECT)
    assert authority("SIGN_OF_LIFE", Actor("b", "kota"), mine) == Denied("no_authority")


HERE = OnSite("p3", "c", State.ON_DUTY, "Pos 1", "kota.PKM-1")
THERE = OnSite("p4", "d", State.OUT_OF_CONTACT, "Pos 2", "kota.PKM-1")


def test_a_roll_call_at_one_site_says_nothing_of_who_is_at_another() -> None:
    at_one = Among(site="Pos 1")
    muster = call_the_roll("SU-1", "kota", (HERE, THERE), present=None, absent=(), seen_at=NOW, among=at_one)
    assert not isinstance(muster, NotExpected)
    assert (muster.present, muster.missing, muster.found) == (("p3",), (), ())
    office = Appointment(Capacity.COMMAND_POST)
    fact = muster_fact(muster, Actor("x", "kota", (office,)), Granted(office.capacity), "basis", NOW)
    assert fact.data["site"] == "Pos 1"
    assert "unit_id" not in fact.data
    elsewhere = call_the_roll(
        "SU-1", "kota", (HERE, THERE), present=None, absent=("p4",), seen_at=NOW, among=at_one
    )
    assert elsewhere == NotExpected(("p4",))


@pytest.mark.parametrize(
    ("among", "faults"),
    [
        (Among(), ()),
        (Among(unit_id="kota.PKM-1"), ()),
        (Among(site="Pos 9"), ("site: nobody is expected of 'Pos 9', but of Pos 1, Pos 2",)),
        (Among(unit_id="x"), ("unit_id: nobody is expected of 'x', but of kota.PKM-1",)),
    ],
)
def test_a_site_or_a_unit_of_which_nobody_is_expected_is_named_with_those_that_are(
    among: Among, faults: tuple[str, ...]
) -> None:
    assert among.faults((HERE, THERE)) == faults


def test_a_unit_that_is_at_another_site_is_named_with_both() -> None:
    others = (HERE, OnSite("p5", "e", State.ON_DUTY, "Pos 2", "kota.PKM-2"))
    asked = Among(site="Pos 1", unit_id="kota.PKM-2")
    assert asked.faults(others) == ("unit_id: nobody of 'kota.PKM-2' is expected at 'Pos 1'",)
