"""A roll call is taken by whoever the table of authority lets take one, and told as theirs."""

from datetime import UTC, datetime

import pytest

from domain.authority import Actor, Appointment, Capacity, CaseFacts, Denied, Granted, Tenure, authority
from domain.muster import NotExpected, OnSite, call_the_roll, muster_fact
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
