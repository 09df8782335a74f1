"""Who may decide what: every kind of decision against every office, and what no office lifts."""

import pytest

from domain.authority import MAY, Actor, Appointment, Capacity, CaseFacts, Denied, Granted, authority
from domain.commands import CommandKind

HOME, ELSEWHERE = "kota.PKM-1", "kota.PKM-2"
CASE = CaseFacts("kota", subject_id="subject", home_unit_id=HOME, proposer_id="proposer", escalation=0)
ESCALATED = CaseFacts("kota", subject_id="subject", home_unit_id=HOME, proposer_id="proposer", escalation=1)
OFFICES = [c for c in Capacity if c not in (Capacity.SUBJECT, Capacity.SYSTEM)]
OWN_CASE = {"RELEASE", "REFUSE_RELEASE", "CHECK_IN", "SIGN_DEMOB", "CONFIRM_RETURN"}
OWN_PROPOSAL = {"APPROVE_SURGE", "REJECT_SURGE"}


def officer(capacity: Capacity, person: str = "somebody", unit: str | None = HOME) -> Actor:
    return Actor(person, "kota", (Appointment(capacity, unit if capacity == Capacity.UNIT_HEAD else None),))


def everything(person: str, government: str = "kota") -> Actor:
    """Somebody who holds every office there is."""
    return Actor(person, government, tuple(Appointment(c, HOME) for c in OFFICES))


def test_the_table_names_every_kind_of_decision_and_nothing_else() -> None:
    assert set(MAY) == {kind.value for kind in CommandKind}
    assert all(capacities for capacities in MAY.values())


@pytest.mark.parametrize("capacity", OFFICES)
@pytest.mark.parametrize("kind", MAY)
def test_an_office_decides_what_the_table_says_and_no_more(kind: str, capacity: Capacity) -> None:
    verdict = authority(kind, officer(capacity), ESCALATED)
    assert verdict == (Granted(capacity) if capacity in MAY[kind] else Denied("no_authority"))


@pytest.mark.parametrize("kind", MAY)
def test_nobody_without_an_office_decides_about_others(kind: str) -> None:
    assert authority(kind, Actor("somebody", "kota"), ESCALATED) == Denied("no_authority")


@pytest.mark.parametrize("kind", MAY)
def test_the_subject_answers_the_own_offer_and_nothing_else(kind: str) -> None:
    verdict = authority(kind, Actor("subject", "kota"), ESCALATED)
    if kind in ("ACCEPT_OFFER", "DECLINE_OFFER"):
        assert verdict == Granted(Capacity.SUBJECT)
    else:
        assert verdict == Denied("own_case" if kind in OWN_CASE else "no_authority")


@pytest.mark.parametrize("kind", sorted(OWN_CASE))
def test_no_office_lets_anybody_decide_in_the_own_case(kind: str) -> None:
    assert authority(kind, everything("subject"), ESCALATED) == Denied("own_case")
    assert isinstance(authority(kind, everything("somebody"), ESCALATED), Granted)


@pytest.mark.parametrize("kind", sorted(OWN_PROPOSAL))
def test_no_office_lets_anybody_decide_the_own_proposal(kind: str) -> None:
    assert authority(kind, everything("proposer"), CASE) == Denied("own_proposal")
    assert isinstance(authority(kind, everything("somebody"), CASE), Granted)


@pytest.mark.parametrize("kind", ["ACCEPT_OFFER", "DECLINE_OFFER"])
def test_nobody_answers_for_somebody_else(kind: str) -> None:
    assert authority(kind, everything("somebody"), CASE) == Denied("no_authority")


@pytest.mark.parametrize("kind", ["RELEASE", "REFUSE_RELEASE"])
def test_the_secretary_releases_only_what_was_escalated(kind: str) -> None:
    secretary = officer(Capacity.SEKDA)
    assert authority(kind, secretary, CASE) == Denied("no_authority")
    assert authority(kind, secretary, ESCALATED) == Granted(Capacity.SEKDA)
    assert authority(kind, officer(Capacity.UNIT_HEAD), CASE) == Granted(Capacity.UNIT_HEAD)


@pytest.mark.parametrize("kind", ["RELEASE", "REFUSE_RELEASE", "CONFIRM_RETURN"])
def test_a_head_decides_about_the_own_unit_only(kind: str) -> None:
    assert authority(kind, officer(Capacity.UNIT_HEAD, unit=ELSEWHERE), ESCALATED) == Denied("no_authority")


@pytest.mark.parametrize("kind", MAY)
def test_another_governments_case_does_not_exist(kind: str) -> None:
    assert authority(kind, everything("subject", "kota-lain"), ESCALATED) == Denied("no_such_case")
    assert authority(kind, everything("somebody", "kota-lain"), ESCALATED) == Denied("no_such_case")


@pytest.mark.parametrize("kind", MAY)
def test_nobody_is_granted_what_only_the_system_does(kind: str) -> None:
    assert Capacity.SYSTEM not in MAY[kind]
    assert not {Capacity.AUDITOR, Capacity.OPERATOR} & set(MAY[kind])
