"""Who may decide what: every kind of decision against every office, and what no office lifts."""

from dataclasses import replace

import pytest

from domain import who_may
from domain.authority import (
    MAY,
    NOT_BY_ACTING,
    NOTED,
    Actor,
    Appointment,
    Capacity,
    CaseFacts,
    Denied,
    Granted,
    Hat,
    Tenure,
    authority,
)
from domain.commands import BY_SYSTEM, CommandKind
from domain.mutation.authority import RULINGS
from domain.separation import SEPARATED

HOME, ELSEWHERE = "kota.PKM-1", "kota.PKM-2"
CASE = CaseFacts("kota", subject_id="subject", home_unit_id=HOME, proposer_id="proposer", escalation=0)
ESCALATED = CaseFacts("kota", subject_id="subject", home_unit_id=HOME, proposer_id="proposer", escalation=1)
OFFICES = [c for c in Capacity if c not in (Capacity.SUBJECT, Capacity.SYSTEM)]
OWN_CASE = {kind for kind, apart in SEPARATED.items() if apart.subject}
OWN_PROPOSAL = {kind for kind, apart in SEPARATED.items() if apart.proposer}
VERDICTS = {kind for kind, apart in SEPARATED.items() if apart.verdict}


def officer(capacity: Capacity, person: str = "somebody", unit: str | None = HOME) -> Actor:
    return Actor(person, "kota", (Appointment(capacity, unit if capacity == Capacity.UNIT_HEAD else None),))


def everything(person: str, government: str = "kota") -> Actor:
    """Somebody who holds every office there is."""
    return Actor(person, government, tuple(Appointment(c, HOME) for c in OFFICES))


def test_the_table_names_every_kind_of_decision_and_nothing_else() -> None:
    assert set(who_may.MAY) == {kind.value for kind in CommandKind} | NOTED
    assert not set(MAY) & set(RULINGS)
    assert all(capacities for capacities in MAY.values())


@pytest.mark.parametrize("kind", MAY)
def test_an_office_decides_what_the_table_says_and_no_more(kind: str) -> None:
    case = replace(ESCALATED, of_a_head=True)
    verdicts = {capacity: authority(kind, officer(capacity), case) for capacity in OFFICES}
    assert verdicts == {
        capacity: Granted(capacity) if capacity in MAY[kind] else Denied("no_authority")
        for capacity in OFFICES
    }


@pytest.mark.parametrize("kind", MAY)
def test_nobody_without_an_office_decides_about_others(kind: str) -> None:
    assert authority(kind, Actor("somebody", "kota"), ESCALATED) == Denied("no_authority")


@pytest.mark.parametrize("kind", MAY)
def test_the_subject_decides_what_is_the_subjects_and_nothing_else(kind: str) -> None:
    verdict = authority(kind, Actor("subject", "kota"), ESCALATED)
    if Capacity.SUBJECT in MAY[kind]:
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


@pytest.mark.parametrize(
    "kind",
    [
        "RELEASE",
        "REFUSE_RELEASE",
        *(f"{said}_{what}" for said in ("APPROVE", "DENY") for what in ("EXTENSION", "REASSIGNMENT")),
    ],
)
def test_the_secretary_is_the_head_of_whoever_heads_a_unit(kind: str) -> None:
    secretary, of_a_head = officer(Capacity.SEKDA), replace(CASE, of_a_head=True)
    assert authority(kind, secretary, CASE) == Denied("no_authority")
    assert authority(kind, secretary, of_a_head) == Granted(Capacity.SEKDA)


@pytest.mark.parametrize("kind", ["RELEASE", "REFUSE_RELEASE", "CONFIRM_RETURN"])
def test_a_head_decides_about_the_own_unit_only(kind: str) -> None:
    assert authority(kind, officer(Capacity.UNIT_HEAD, unit=ELSEWHERE), ESCALATED) == Denied("no_authority")


@pytest.mark.parametrize("kind", MAY)
def test_another_governments_case_does_not_exist(kind: str) -> None:
    assert authority(kind, everything("subject", "kota-lain"), ESCALATED) == Denied("no_such_case")
    assert authority(kind, everything("somebody", "kota-lain"), ESCALATED) == Denied("no_such_case")


@pytest.mark.parametrize("kind", MAY)
def test_nobody_is_granted_what_only_the_system_does(kind: str) -> None:
    by_system = kind in {one.value for one in BY_SYSTEM}
    assert (Capacity.SYSTEM in MAY[kind]) is by_system
    assert not by_system or MAY[kind] == (Capacity.SYSTEM,)
    assert not by_system or authority(kind, everything("somebody"), ESCALATED) == Denied("no_authority")
    assert not {Capacity.AUDITOR, Capacity.OPERATOR} & set(MAY[kind])


# ── substitutes, and two hats ─────────────────────────────────────────────────────────────────────────────────────


def substitute(
    capacity: Capacity,
    *,
    holder: str = "holder",
    author: str | None = None,
    tenure: Tenure = Tenure.SUBSTITUTE,
) -> Appointment:
    unit = HOME if capacity == Capacity.UNIT_HEAD else None
    return Appointment(capacity, unit, tenure, holder, author or holder, "mandate-1")


@pytest.mark.parametrize(
    "kind", [kind for kind in MAY if not {Capacity.SUBJECT, Capacity.SYSTEM} & set(MAY[kind])]
)
def test_a_substitute_decides_on_behalf_of_the_holder(kind: str) -> None:
    office = substitute(MAY[kind][0])
    granted = authority(kind, Actor("deputy", "kota", (office,)), ESCALATED)
    assert granted == Granted(MAY[kind][0], Tenure.SUBSTITUTE, "holder", "mandate-1")


def test_an_own_office_comes_before_one_held_for_somebody_else() -> None:
    both = (substitute(Capacity.SEKDA), Appointment(Capacity.SEKDA))
    assert authority("APPROVE_SURGE", Actor("deputy", "kota", both), CASE) == Granted(Capacity.SEKDA)


@pytest.mark.parametrize("kind", sorted(OWN_CASE))
@pytest.mark.parametrize(
    ("deputy", "holder", "author"),
    [("subject", "holder", "holder"), ("deputy", "subject", "subject"), ("deputy", "holder", "subject")],
)
def test_no_substitution_leads_back_to_the_subject(kind: str, deputy: str, holder: str, author: str) -> None:
    office = substitute(MAY[kind][0], holder=holder, author=author)
    assert authority(kind, Actor(deputy, "kota", (office,)), ESCALATED) == Denied("own_case")


@pytest.mark.parametrize("kind", sorted(OWN_PROPOSAL))
@pytest.mark.parametrize(
    ("deputy", "holder", "author"),
    [("proposer", "holder", "holder"), ("deputy", "proposer", "proposer"), ("deputy", "holder", "proposer")],
)
def test_no_substitution_leads_back_to_the_proposer(kind: str, deputy: str, holder: str, author: str) -> None:
    office = substitute(MAY[kind][0], holder=holder, author=author)
    assert authority(kind, Actor(deputy, "kota", (office,)), CASE) == Denied("own_proposal")


@pytest.mark.parametrize("kind", sorted(VERDICTS))
@pytest.mark.parametrize("earlier", ["somebody", "holder"])
def test_nobody_gives_two_verdicts_in_one_case_under_two_hats(kind: str, earlier: str) -> None:
    case = replace(ESCALATED, hats=(Hat(earlier, Capacity.OPERATOR),))
    actor = Actor("somebody", "kota", (substitute(MAY[kind][0]),))
    assert authority(kind, actor, case) == Denied("two_hats")
    same_hat = replace(ESCALATED, hats=(Hat(earlier, MAY[kind][0]),))
    assert isinstance(authority(kind, actor, same_hat), Granted)


def test_another_office_that_is_free_of_the_conflict_still_decides() -> None:
    case = replace(ESCALATED, hats=(Hat("holder", Capacity.COORDINATOR),))
    offices = (substitute(Capacity.SEKDA), substitute(Capacity.APPOINTING_AUTHORITY, holder="mayor"))
    granted = authority("APPROVE_SURGE", Actor("deputy", "kota", offices), case)
    assert granted == Granted(Capacity.APPOINTING_AUTHORITY, Tenure.SUBSTITUTE, "mayor", "mandate-1")


def test_a_mandate_reaches_as_far_as_its_scope_and_its_unit() -> None:
    scoped = replace(substitute(Capacity.SEKDA), scope=frozenset({"REJECT_SURGE"}))
    assert authority("APPROVE_SURGE", Actor("deputy", "kota", (scoped,)), CASE) == Denied("no_authority")
    assert isinstance(authority("REJECT_SURGE", Actor("deputy", "kota", (scoped,)), CASE), Granted)
    elsewhere = replace(substitute(Capacity.UNIT_HEAD), unit_id=ELSEWHERE)
    assert authority("RELEASE", Actor("deputy", "kota", (elsewhere,)), CASE) == Denied("no_authority")


@pytest.mark.parametrize("tenure", [Tenure.PLH, Tenure.PLT])
@pytest.mark.parametrize("kind", sorted(NOT_BY_ACTING))
def test_acting_officers_do_not_appoint_move_or_dismiss(kind: str, tenure: Tenure) -> None:
    office = substitute(MAY[kind][0], tenure=tenure)
    assert authority(kind, Actor("deputy", "kota", (office,)), ESCALATED) == Denied("not_by_acting")


def test_the_region_head_approves_what_the_secretary_let_pass() -> None:
    mayor = officer(Capacity.APPOINTING_AUTHORITY)
    assert authority("APPROVE_SURGE", mayor, CASE) == Denied("no_authority")
    assert authority("APPROVE_SURGE", mayor, ESCALATED) == Granted(Capacity.APPOINTING_AUTHORITY)
