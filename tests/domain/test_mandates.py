"""Who may write that somebody decides for somebody else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.authority import Actor, Appointment, Capacity, Denied, Tenure
from domain.mandates import MANDATABLE, SUPERIOR, Mandate, MandateRules, decisions_of, may_revoke, may_write
from domain.who_may import MAY

NOW = datetime(2027, 2, 3, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = MandateRules(longest_substitution=30 * DAY, longest_plh=30 * DAY, longest_plt=92 * DAY)
MANDATE = Mandate(
    "m-1", "kota", Tenure.SUBSTITUTE, "deputy", "holder", Capacity.UNIT_HEAD, "kota.DINKES", NOW, NOW + 7 * DAY,
    "holder", "821/1/II/2027",
)  # fmt: skip
HOLDERS = frozenset({"holder"})
HOLDER = Actor("holder", "kota", (Appointment(Capacity.UNIT_HEAD, "kota.DINKES"),))


def test_the_holder_may_name_a_substitute() -> None:
    assert may_write(HOLDER, MANDATE, HOLDERS, RULES, now=NOW) is None


@pytest.mark.parametrize("office", [office for office in MANDATABLE if office in SUPERIOR])
def test_the_office_above_may_and_no_other(office: Capacity) -> None:
    mandate = replace(MANDATE, capacity=office)
    for capacity in MANDATABLE:
        author = Actor("author", "kota", (Appointment(capacity),))
        wanted = None if capacity == SUPERIOR[office] else Denied("no_authority")
        assert may_write(author, mandate, HOLDERS, RULES, now=NOW) == wanted


def test_every_office_but_the_highest_has_one_above_it() -> None:
    assert set(MANDATABLE) - set(SUPERIOR) == {Capacity.APPOINTING_AUTHORITY}


def test_what_is_held_by_a_mandate_is_not_handed_on() -> None:
    held = Appointment(Capacity.SEKDA, None, Tenure.SUBSTITUTE, "sekda", "sekda", "m-0")
    assert may_write(Actor("deputy-2", "kota", (held,)), MANDATE, HOLDERS, RULES, now=NOW) == Denied(
        "no_authority"
    )
    onward = replace(MANDATE, principal_id="deputy", substitute_id="third")
    assert may_write(Actor("deputy", "kota"), onward, HOLDERS, RULES, now=NOW) == Denied("office_not_held")


def test_nobody_names_themself() -> None:
    superior = Actor("deputy", "kota", (Appointment(Capacity.SEKDA),))
    assert may_write(superior, MANDATE, HOLDERS, RULES, now=NOW) == Denied("own_mandate")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ends": NOW}, "ends_in_the_past"),
        ({"starts": NOW - 9 * DAY, "ends": NOW - DAY}, "ends_in_the_past"),
        ({"ends": NOW + 30 * DAY + timedelta(seconds=1)}, "lasts_too_long"),
        ({"scope": frozenset({"SIGN_ORDER"})}, "not_of_this_office"),
        ({"tenure": Tenure.DEFINITIVE}, "not_a_mandate"),
        ({"tenure": Tenure.PLT, "principal_id": None}, "post_not_vacant"),
        ({"substitute_id": "holder-2", "principal_id": "holder"}, "holds_it_already"),
    ],
)
def test_a_mandate_that_cannot_be_is_refused_with_its_reason(change: dict[str, object], code: str) -> None:
    holders = HOLDERS | {"holder-2"}
    mandate = replace(MANDATE, **change)  # type: ignore[arg-type]
    assert may_write(HOLDER, mandate, holders, RULES, now=NOW) == Denied(code)


def test_a_vacant_post_is_filled_by_the_office_above_for_longer() -> None:
    vacant = replace(MANDATE, tenure=Tenure.PLT, principal_id=None, ends=NOW + 92 * DAY)
    sekda = Actor("sekda", "kota", (Appointment(Capacity.SEKDA),))
    assert may_write(sekda, vacant, frozenset(), RULES, now=NOW) is None


def test_a_scope_is_of_decisions_that_the_office_takes() -> None:
    assert decisions_of(Capacity.UNIT_HEAD) == {
        kind for kind, who in MAY.items() if Capacity.UNIT_HEAD in who
    }
    assert "RELEASE" in decisions_of(Capacity.UNIT_HEAD)


def test_whoever_it_names_or_the_office_above_ends_it() -> None:
    for person in ("holder", "deputy"):
        assert may_revoke(Actor(person, "kota"), MANDATE)
    assert may_revoke(Actor("x", "kota", (Appointment(Capacity.SEKDA),)), MANDATE)
    assert not may_revoke(Actor("x", "kota", (Appointment(Capacity.COORDINATOR),)), MANDATE)
