"""How cases go together in a batch or a swap, and whom each one asks for what."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from domain.authority import Capacity
from domain.moves import Duty, TaskKind
from domain.mutation.duties import Concerned, duties_of
from domain.mutation.groups import effect_at, members, to_prepare, to_sign, to_tell_of_loss
from domain.mutation.life import Group, Life
from domain.mutation.machine import Refused, decide
from domain.mutation.said import NOTHING, Ask
from domain.mutation.states import Impediment, Outcome, Paper, Party, State, Trigger
from lab.mutation_samples import (
    BATCH,
    DAY,
    EFFECT,
    INITIALS,
    MUTATION_STATES,
    NOW,
    PERTEK,
    SWAP,
    along,
    moved,
    said,
    second,
)

_T, _S = Trigger, State
CONCERNED = Concerned("person", "proposer", "kota.A", "kota.B")


def from_group(trigger: Trigger, group: Group, **more: object) -> Ask:
    return replace(said(trigger), group_id=group.group_id, **more)  # type: ignore[arg-type]


def of(group: Group, *states: State) -> dict[str, Life]:
    """A group's members, each where it stands."""
    return {f"mutation:{n}": along(state, group=group) for n, state in enumerate(states)}


def initialled(lives: dict[str, Life], group: Group) -> dict[str, Life]:
    for office in INITIALS:
        lives = {
            case: moved(life, _T.INITIAL, from_group(_T.INITIAL, group, capacity=office))
            if life.state == _S.DECREE_PREPARED
            else life
            for case, life in lives.items()
        }
    return lives


def handed_over(life: Life) -> Life:
    for paper in life.papers:
        life = moved(life, _T.FILE_PAPER, Ask(paper=paper))
    return life


# ── a batch ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_batch_is_prepared_for_whoever_is_approved_and_waits_for_nobody() -> None:
    lives = of(BATCH, _S.APPROVED, _S.CONSULTATION, _S.APPROVED)
    assert to_prepare(BATCH, lives) == ("mutation:0", "mutation:2")


def test_one_who_leaves_before_the_signature_does_not_hold_up_the_others() -> None:
    lives = initialled(of(BATCH, *[_S.DECREE_PREPARED] * 3), BATCH)
    lives["mutation:0"] = moved(lives["mutation:0"], _T.REPORT_DEATH)
    lives["mutation:1"] = moved(lives["mutation:1"], _T.LEAVE_BATCH)
    assert to_sign(BATCH, "decree-1", lives) == ("mutation:2",)
    assert to_tell_of_loss(BATCH, lives) == ()
    alone = lives["mutation:1"]
    assert (alone.state, alone.group, alone.decree) == (_S.APPROVED, None, None)
    own = moved(alone, _T.PREPARE_DECREE, replace(said(_T.PREPARE_DECREE), decree_id="decree-2"))
    assert own.state == _S.DECREE_PREPARED


def test_nobody_of_a_group_is_decreed_alone_nor_with_another_one() -> None:
    (life,) = of(BATCH, _S.APPROVED).values()
    alone = decide(life, _T.PREPARE_DECREE, said(_T.PREPARE_DECREE), decided_at=NOW, now=NOW)
    assert alone == Refused("decreed_with_its_group")
    other = decide(life, _T.PREPARE_DECREE, from_group(_T.PREPARE_DECREE, SWAP), decided_at=NOW, now=NOW)
    assert other == Refused("not_of_this_group")


def test_one_number_holds_for_all_of_a_batch_and_only_for_whoever_has_all_initials() -> None:
    lives = initialled(of(BATCH, _S.DECREE_PREPARED, _S.DECREE_PREPARED), BATCH)
    lives |= {"mutation:late": along(_S.DECREE_PREPARED, group=BATCH)}
    ready = to_sign(BATCH, "decree-1", lives)
    assert ready == ("mutation:0", "mutation:1")
    assert to_sign(BATCH, "decree-2", lives) == ()
    signed = [moved(lives[case], _T.SIGN_DECREE, from_group(_T.SIGN_DECREE, BATCH)) for case in ready]
    assert len({life.decree.number for life in signed if life.decree}) == 1


def test_what_happens_to_one_after_the_signature_stays_with_that_one() -> None:
    lives = of(BATCH, _S.HANDOVER, _S.HANDOVER)
    lives["mutation:0"] = second(_T.INITIAL, lives["mutation:0"])
    assert set(members(BATCH, lives)) == {"mutation:0", "mutation:1"}
    lives["mutation:0"] = second(_T.SIGN_DECREE, lives["mutation:0"])
    assert set(members(BATCH, lives)) == {"mutation:1"}
    assert to_tell_of_loss(BATCH, lives) == ()
    assert moved(handed_over(lives["mutation:1"]), _T.TAKE_EFFECT, at=EFFECT).in_effect


# ── a swap ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_swap_is_all_or_none_up_to_the_signature() -> None:
    assert to_prepare(SWAP, of(SWAP, _S.APPROVED, _S.AWAITING_DECISION)) == ()
    assert len(to_prepare(SWAP, of(SWAP, _S.APPROVED, _S.APPROVED))) == 2
    prepared = of(SWAP, _S.DECREE_PREPARED, _S.DECREE_PREPARED)
    assert to_sign(SWAP, "decree-1", prepared) == ()
    assert len(to_sign(SWAP, "decree-1", initialled(prepared, SWAP))) == 2


@pytest.mark.parametrize(("ends", "then"), [(False, _S.RETURNED), (True, _S.LAPSED)])
def test_where_one_falls_out_the_others_go_back_or_end_by_the_rule(then: State, *, ends: bool) -> None:
    lives = of(SWAP, _S.APPROVED, _S.ASSESSMENT, _S.DECREE_PREPARED)
    lives["mutation:1"] = moved(lives["mutation:1"], _T.WITHDRAW)
    assert to_tell_of_loss(SWAP, lives) == ("mutation:0", "mutation:2")
    for case in to_tell_of_loss(SWAP, lives):
        lives[case] = moved(lives[case], _T.LOSE_PARTNER, from_group(_T.LOSE_PARTNER, SWAP, ends=ends))
        assert (lives[case].state, lives[case].group, lives[case].reserves) == (then, None, False)
    assert to_tell_of_loss(SWAP, lives) == ()


def test_after_the_signature_somebody_says_by_name_whether_the_rest_of_a_swap_stands() -> None:
    lives = of(SWAP, _S.HANDOVER, _S.HANDOVER)
    lives["mutation:0"] = moved(lives["mutation:0"], _T.REPORT_DEATH)
    (left,) = to_tell_of_loss(SWAP, lives)
    told = moved(lives[left], _T.LOSE_PARTNER, from_group(_T.LOSE_PARTNER, SWAP))
    assert (told.state, told.impediments) == (_S.HANDOVER, (Impediment.PARTNER_LOST,))
    alone = moved(told, _T.LET_STAND)
    assert (alone.group, alone.impediments) == (None, ())
    assert moved(handed_over(alone), _T.TAKE_EFFECT, at=EFFECT).in_effect


def test_a_swap_takes_effect_in_one_breath() -> None:
    lives = of(SWAP, _S.HANDOVER, _S.HANDOVER)
    lives["mutation:0"] = handed_over(lives["mutation:0"])
    assert effect_at(SWAP, lives) is None
    alone = decide(lives["mutation:0"], _T.TAKE_EFFECT, NOTHING, decided_at=EFFECT, now=EFFECT)
    assert alone == Refused("waits_for_its_group")
    lives["mutation:1"] = handed_over(lives["mutation:1"])
    at = effect_at(SWAP, lives)
    assert at == EFFECT
    together = [moved(one, _T.TAKE_EFFECT, from_group(_T.TAKE_EFFECT, SWAP), at=at) for one in lives.values()]
    assert all(life.in_effect for life in together)
    assert effect_at(BATCH, of(BATCH, _S.HANDOVER)) is None


def test_a_partner_that_was_closed_in_good_order_has_not_fallen_out() -> None:
    lives = {"mutation:0": along(_S.CLOSED), "mutation:1": replace(along(_S.EFFECTIVE), group=SWAP)}
    assert to_tell_of_loss(SWAP, lives) == ()


# ── who is asked for what ─────────────────────────────────────────────────────────────────────────────────────────


def asked(duties: Iterable[Duty]) -> list[tuple[TaskKind, str]]:
    return [(duty.kind, str(duty.assignee_id or duty.unit_id or duty.capacity)) for duty in duties]


def test_all_three_are_asked_at_once_and_whoever_was_heard_is_asked_no_more() -> None:
    life = along(_S.CONSULTATION)
    kind = TaskKind.ANSWER_HEARING
    assert asked(duties_of(life, CONCERNED)) == [(kind, "person"), (kind, "kota.A"), (kind, "kota.B")]
    life = moved(life, _T.HEAR, Ask(party=Party.RELEASING, outcome=Outcome.CONSENT))
    assert asked(duties_of(life, CONCERNED)) == [(kind, "person"), (kind, "kota.B")]


def test_where_the_head_is_the_subject_or_proposes_the_secretary_speaks() -> None:
    concerned = replace(CONCERNED, by_secretary=frozenset({Party.RELEASING}))
    duties = duties_of(along(_S.CONSULTATION), concerned)
    assert asked(duties)[1] == (TaskKind.ANSWER_HEARING, Capacity.SEKDA)


def test_initials_are_asked_one_after_another_and_the_signature_last() -> None:
    life, told = along(_S.DECREE_PREPARED), []
    for office in INITIALS:
        told += asked(duties_of(life, CONCERNED))
        life = moved(life, _T.INITIAL, Ask(capacity=office))
    told += asked(duties_of(life, CONCERNED))
    assert told == [
        *((TaskKind.INITIAL_DECREE, office) for office in INITIALS),
        (TaskKind.SIGN_DECREE, Capacity.SIGNATORY),
    ]


def test_both_sides_are_asked_for_their_paper_of_the_handover() -> None:
    duties = duties_of(along(_S.HANDOVER), CONCERNED)
    assert asked(duties) == [(TaskKind.FILE_HANDOVER_RECORD, "kota.A"), (TaskKind.FILE_DUTY_START, "kota.B")]
    assert {duty.due_at for duty in duties} == {EFFECT}


def test_the_inauguration_comes_before_the_handover_where_it_is_due() -> None:
    life = along(_S.SERVED)
    assert asked(duties_of(life, CONCERNED)) == [(TaskKind.BEGIN_HANDOVER, "kota.A")]
    due = replace(life, papers=(Paper.INAUGURATION, *life.papers))
    assert asked(duties_of(due, CONCERNED)) == [(TaskKind.INAUGURATE, Capacity.PERSONNEL_AGENCY)]


def test_a_held_file_is_completed_while_the_other_authority_waits() -> None:
    life = moved(along(_S.CLEARANCE), _T.HOLD_CLEARANCE, said(_T.HOLD_CLEARANCE))
    assert [one.code for one in life.asking if one.held] == [PERTEK]
    assert [duty.kind for duty in duties_of(life, CONCERNED)] == [TaskKind.COMPLETE_FILE]


def test_once_late_the_office_above_sees_to_it_and_nobody_else_decides() -> None:
    life = along(_S.AWAITING_DECISION)
    told = []
    for _ in range(6):
        assert life.wait is not None
        life = moved(life, _T.URGE, at=life.wait.rings)
        told.append(asked(duties_of(life, CONCERNED)))
    assert all(one[0] == (TaskKind.DECIDE_MUTATION, Capacity.APPOINTING_AUTHORITY) for one in told)
    chased = [one[1:] for one in told]
    assert chased[0] == []
    assert chased[1] == [(TaskKind.CHASE_MUTATION, Capacity.SEKDA)]
    assert chased[-1] == [(TaskKind.CHASE_MUTATION, Capacity.APPOINTING_AUTHORITY)]


def test_an_objection_asks_beside_the_case() -> None:
    life = moved(along(_S.HANDOVER), _T.FILE_OBJECTION)
    assert asked(duties_of(life, CONCERNED))[-1] == (TaskKind.REVIEW_OBJECTION, Capacity.LEGAL_BUREAU)
    life = moved(life, _T.REVIEW_OBJECTION)
    assert asked(duties_of(life, CONCERNED))[-1] == (TaskKind.ANSWER_OBJECTION, Capacity.APPOINTING_AUTHORITY)
    revoked = moved(along(_S.EFFECTIVE), _T.FILE_OBJECTION)
    revoked = moved(moved(revoked, _T.REVIEW_OBJECTION), _T.REVOKE_DECREE, Ask(number="800/3"))
    assert (TaskKind.PROPOSE_REVERSAL, Capacity.PERSONNEL_AGENCY) in asked(duties_of(revoked, CONCERNED))
    # Nobody here may propose a post of the other government.
    abroad = duties_of(revoked, replace(CONCERNED, origin_id="asal"))
    (undoing,) = [one for one in abroad if one.kind == TaskKind.PROPOSE_REVERSAL]
    head = (Capacity.UNIT_HEAD, CONCERNED.releasing_unit, "asal")
    assert (undoing.capacity, undoing.unit_id, undoing.government_id) == head


def test_every_state_that_waits_for_somebody_asks_somebody() -> None:
    silent = {name for name, life in MUTATION_STATES.items() if not duties_of(life, CONCERNED)}
    assert silent == {"DRAFT", "REPORTED", "CLOSED", "undone, served"}


def test_whatever_impedes_a_decree_is_put_to_the_appointing_authority() -> None:
    life = moved(along(_S.SERVED), _T.REPORT_FINDING, at=NOW + DAY)
    assert (TaskKind.SETTLE_IMPEDIMENT, Capacity.APPOINTING_AUTHORITY) in asked(duties_of(life, CONCERNED))
