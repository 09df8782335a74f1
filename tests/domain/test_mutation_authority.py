"""Who may decide what in a mutation: every kind against every office, and the parts that nobody plays two of."""

from dataclasses import replace
from itertools import permutations

import pytest

from domain import authority as surge_authority
from domain.authority import Actor, Appointment, Capacity, Denied, Granted, Tenure
from domain.commands import CommandKind
from domain.mutation.authority import (
    MAY,
    NOT_BY_ACTING,
    NOTED_BY_ANOTHER,
    RULINGS,
    Facts,
    Part,
    Played,
    authority,
)
from domain.mutation.duties import ABOVE, OF_ONE_OFFICE
from domain.mutation.states import BY_CLOCK, Party, Trigger
from lab.mutation_samples import INITIALS

HERE, THERE, ELSEWHERE = "kota.A", "kota.B", "kota.C"
CASE = Facts("kota", "subject", HERE, THERE, proposer_id="proposer", proposed_as=Capacity.UNIT_HEAD)
OFFICES = [c for c in Capacity if c not in (Capacity.SUBJECT, Capacity.SYSTEM)]
BY_NOBODY = {
    *(Trigger.JOIN_GROUP, Trigger.LOSE_PARTNER, Trigger.REVERSE),
    *(Trigger.ASK_SIGNATURE, Trigger.REFUSE_SIGNATURE),
}
"""What a batch or a swap does to its members, what follows from the effect of another case, and how a key elsewhere is asked."""
DECIDERS = [kind for kind, ruling in RULINGS.items() if ruling.part]
WEIGHING = [kind for kind in DECIDERS if RULINGS[kind].part != Part.PROPOSER] + sorted(NOTED_BY_ANOTHER)
KIND_OF = {part: next(kind for kind, ruling in RULINGS.items() if ruling.part == part) for part in Part}


def unit_of(kind: str) -> str:
    return THERE if RULINGS[kind].side == Party.RECEIVING else HERE


def office(kind: str, capacity: Capacity, tenure: Tenure = Tenure.DEFINITIVE) -> Appointment:
    unit = unit_of(kind) if capacity == Capacity.UNIT_HEAD else None
    holder = None if tenure == Tenure.DEFINITIVE else "holder"
    return Appointment(capacity, unit, tenure, holder, holder)


def everything(person: str) -> Actor:
    """Somebody who holds every office there is, and heads both units."""
    heads = (Appointment(Capacity.UNIT_HEAD, HERE), Appointment(Capacity.UNIT_HEAD, THERE))
    return Actor(person, "kota", (*heads, *(Appointment(c) for c in OFFICES if c != Capacity.UNIT_HEAD)))


def first_office(kind: str) -> Capacity:
    return next(c for c in MAY[kind] if c != Capacity.SUBJECT)


# ── the table ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_trigger_is_somebodys_decision_the_clocks_or_another_cases() -> None:
    assert {ruling.trigger for ruling in RULINGS.values()} == set(Trigger) - BY_CLOCK - BY_NOBODY


def test_every_kind_is_one_that_can_be_recorded_and_none_is_the_surges() -> None:
    assert set(RULINGS) < {kind.value for kind in CommandKind}
    assert not set(RULINGS) & set(surge_authority.MAY)


def test_whoever_is_asked_may_decide() -> None:
    offices = {capacity for may in MAY.values() for capacity in may}
    assert {capacity for _, capacity in OF_ONE_OFFICE.values()} | set(ABOVE) | set(INITIALS) <= offices


@pytest.mark.parametrize("kind", MAY)
def test_an_office_decides_what_the_table_says_and_no_more(kind: str) -> None:
    verdicts = {
        capacity: authority(
            kind, Actor("somebody", "kota", (office(kind, capacity),)), replace(CASE, proposed_as=capacity)
        )
        for capacity in OFFICES
    }
    assert verdicts == {
        capacity: Granted(capacity) if capacity in MAY[kind] else Denied("no_authority")
        for capacity in OFFICES
    }


@pytest.mark.parametrize("kind", MAY)
def test_another_governments_case_does_not_exist(kind: str) -> None:
    abroad = replace(everything("somebody"), government_id="kota-lain")
    assert authority(kind, abroad, CASE) == Denied("no_such_case")


@pytest.mark.parametrize("kind", [kind for kind, ruling in RULINGS.items() if ruling.side])
def test_a_head_speaks_for_the_own_unit_only(kind: str) -> None:
    other = HERE if unit_of(kind) == THERE else THERE
    for unit in (other, ELSEWHERE):
        head = Actor("somebody", "kota", (Appointment(Capacity.UNIT_HEAD, unit),))
        assert authority(kind, head, CASE) == Denied("no_authority")


def test_neither_auditor_nor_operator_decides_anything() -> None:
    assert not {Capacity.AUDITOR, Capacity.OPERATOR} & {c for may in MAY.values() for c in may}


# ── four eyes ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", [kind for kind in MAY if Capacity.SUBJECT not in MAY[kind]])
def test_no_office_lets_anybody_decide_in_the_own_case(kind: str) -> None:
    assert authority(kind, everything("subject"), CASE) == Denied("own_case")


@pytest.mark.parametrize("kind", WEIGHING)
def test_no_office_lets_anybody_decide_on_the_own_proposal(kind: str) -> None:
    assert authority(kind, everything("proposer"), CASE) == Denied("own_proposal")


@pytest.mark.parametrize(("first", "second"), list(permutations(Part, 2)))
@pytest.mark.parametrize("hand", ["own", "substitute"])
def test_nobody_plays_two_parts(first: Part, second: Part, hand: str) -> None:
    kind = KIND_OF[second]
    who = "somebody" if hand == "own" else "holder"
    played = replace(CASE, played=(Played(who, first),))
    tenure = Tenure.DEFINITIVE if hand == "own" else Tenure.SUBSTITUTE
    actor = Actor("somebody", "kota", (office(kind, first_office(kind), tenure),))
    heard_and_counsels = Part.COUNSELLOR in (first, second) and {first, second} & {
        Part.RELEASING,
        Part.RECEIVING,
    }
    if heard_and_counsels:  # the Sekda speaks for a side without a head, and counsels all the same
        assert isinstance(authority(kind, actor, played), Granted)
    else:
        assert authority(kind, actor, played) == Denied("two_parts")
    assert isinstance(authority(kind, actor, CASE), Granted)


@pytest.mark.parametrize("part", Part)
def test_one_plays_the_own_part_as_often_as_it_comes(part: Part) -> None:
    played = replace(CASE, played=(Played("somebody", part),))
    assert isinstance(authority(KIND_OF[part], everything("somebody"), played), Granted)


def test_who_approved_does_not_sign_in_whatever_office() -> None:
    played = replace(CASE, played=(Played("mayor", Part.APPROVER),))
    assert authority("SIGN_DECREE", everything("mayor"), played) == Denied("two_parts")


def test_one_head_is_heard_for_both_sides_only_of_one_unit() -> None:
    head = Actor(
        "head", "kota", (Appointment(Capacity.UNIT_HEAD, HERE), Appointment(Capacity.UNIT_HEAD, THERE))
    )
    played = replace(CASE, played=(Played("head", Part.RELEASING),))
    assert authority("HEAR_RECEIVING_HEAD", head, played) == Denied("two_parts")
    within = replace(played, receiving_unit=HERE)
    assert authority("HEAR_RECEIVING_HEAD", head, within) == Granted(Capacity.UNIT_HEAD)


@pytest.mark.parametrize("kind", WEIGHING)
@pytest.mark.parametrize("who", ["subject", "proposer"])
@pytest.mark.parametrize("place", ["principal_id", "written_by"])
def test_no_mandate_leads_back_to_the_subject_or_the_proposer(kind: str, who: str, place: str) -> None:
    held = replace(office(kind, first_office(kind), Tenure.SUBSTITUTE), **{place: who})
    code = "own_case" if who == "subject" else "own_proposal"
    assert authority(kind, Actor("deputy", "kota", (held,)), CASE) == Denied(code)


@pytest.mark.parametrize("tenure", [Tenure.PLH, Tenure.PLT])
@pytest.mark.parametrize("kind", [kind for kind in MAY if MAY[kind] != (Capacity.SUBJECT,)])
def test_acting_officers_propose_and_are_heard_and_neither_decide_nor_sign(kind: str, tenure: Tenure) -> None:
    deputy = Actor("deputy", "kota", (office(kind, first_office(kind), tenure),))
    verdict = authority(kind, deputy, CASE)
    assert isinstance(verdict, Denied) is (kind in NOT_BY_ACTING)
    assert isinstance(verdict, Granted) or verdict == Denied("not_by_acting")


def test_what_acting_officers_may_not_are_the_decisions_and_the_signature() -> None:
    wanted = {"APPROVE_MUTATION", "REJECT_MUTATION", "SIGN_DECREE", "REVOKE_DECREE", "CANCEL_MUTATION"}
    assert wanted <= NOT_BY_ACTING
    assert not NOT_BY_ACTING & {"PROPOSE_MUTATION", "HEAR_RELEASING_HEAD", "HEAR_RECEIVING_HEAD"}


# ── the person ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", MAY)
def test_the_subject_says_what_is_the_subjects_and_nothing_else(kind: str) -> None:
    said = authority(kind, Actor("subject", "kota"), CASE)
    if MAY[kind] == (Capacity.SUBJECT,):
        assert said == Granted(Capacity.SUBJECT)
        assert authority(kind, everything("somebody"), CASE) == Denied("no_authority")
    else:
        assert isinstance(said, Denied)


def test_a_person_asks_for_a_move_and_nobody_else_takes_that_back() -> None:
    own = replace(CASE, proposer_id="subject", proposed_as=Capacity.SUBJECT)
    subject = Actor("subject", "kota")
    assert authority("PROPOSE_MUTATION", subject, replace(CASE, proposer_id=None)) == Granted(
        Capacity.SUBJECT
    )
    for kind in ("WITHDRAW_MUTATION", "RESUBMIT_MUTATION"):
        assert authority(kind, subject, own) == Granted(Capacity.SUBJECT)
        assert authority(kind, subject, CASE) == Denied("own_case")
        assert authority(kind, everything("somebody"), own) == Denied("not_the_proposer")


def test_what_one_office_proposes_no_other_one_mends_or_takes_back() -> None:
    releasing, receiving, agency = (
        Actor("somebody", "kota", (one,))
        for one in (
            Appointment(Capacity.UNIT_HEAD, HERE),
            Appointment(Capacity.UNIT_HEAD, THERE),
            Appointment(Capacity.PERSONNEL_AGENCY),
        )
    )
    by_agency = replace(CASE, proposed_as=Capacity.PERSONNEL_AGENCY)
    for kind in ("WITHDRAW_MUTATION", "RESUBMIT_MUTATION"):
        said = {
            one: [authority(kind, who, one) for who in (releasing, receiving, agency)]
            for one in (CASE, by_agency)
        }
        assert said[CASE] == [
            Granted(Capacity.UNIT_HEAD),
            Denied("no_authority"),
            Denied("not_the_proposer"),
        ], "the office of the head who proposed, whoever holds it now"
        assert said[by_agency] == [
            Denied("not_the_proposer"),
            Denied("no_authority"),
            Granted(Capacity.PERSONNEL_AGENCY),
        ]
        themself = replace(agency, person_id="proposer")
        assert authority(kind, themself, CASE) == Granted(Capacity.PERSONNEL_AGENCY)


def test_a_mandate_reaches_as_far_as_its_scope() -> None:
    scoped = replace(office("RECEIVE_MUTATION", Capacity.SEKDA), scope=frozenset({"INITIAL_DECREE"}))
    deputy = Actor("deputy", "kota", (scoped,))
    assert authority("RECEIVE_MUTATION", deputy, CASE) == Denied("no_authority")
    assert authority("INITIAL_DECREE", deputy, CASE) == Granted(Capacity.SEKDA)
