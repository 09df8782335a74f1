"""A second decree that undoes the first one or corrects it: beside the road, by the same hands, and what it holds up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.authority import Capacity
from domain.log import Attribution
from domain.moves import TaskKind
from domain.mutation.alarms import next_alarm
from domain.mutation.duties import duties_of
from domain.mutation.groups import effect_at, is_news, to_tell_of_loss
from domain.mutation.life import Life
from domain.mutation.machine import Refused, decide
from domain.mutation.matter import Concerned, Matter
from domain.mutation.moving import told
from domain.mutation.said import Ask
from domain.mutation.states import Does, Impediment, Objecting, Paper, State, Trigger
from lab.mutation_samples import DAY, EFFECT, INITIALS, NOW, SWAP, along, moved, said, second

_T, _S = Trigger, State
CONCERNED = Concerned("person", "proposer", "kota.A", "kota.B")


def refused(life: Life, trigger: Trigger, ask: Ask | None = None) -> str:
    verdict = decide(life, trigger, ask or said(trigger), decided_at=NOW, now=NOW)
    assert isinstance(verdict, Refused)
    return verdict.code


def ready(life: Life) -> Life:
    """All papers are in: it takes effect on its day."""
    for paper in life.papers:
        life = moved(life, _T.FILE_PAPER, Ask(paper=paper))
    return life


def in_review(state: State = _S.SERVED) -> Life:
    return moved(moved(along(state), _T.FILE_OBJECTION), _T.REVIEW_OBJECTION)


def asked(life: Life) -> list[tuple[TaskKind, Capacity | None]]:
    return [(duty.kind, duty.capacity) for duty in duties_of(life, CONCERNED)]


def test_each_step_asks_whom_the_first_decree_asked_and_nobody_for_the_road_that_stands_still() -> None:
    life = moved(along(_S.SERVED), _T.CANCEL, said(_T.CANCEL))
    assert asked(life) == [(TaskKind.PREPARE_DECREE, Capacity.LEGAL_BUREAU)]
    life = moved(life, _T.PREPARE_DECREE, said(_T.PREPARE_DECREE))
    for office in INITIALS:
        assert asked(life) == [(TaskKind.INITIAL_DECREE, office)]
        life = moved(life, _T.INITIAL, Ask(capacity=office))
    assert asked(life) == [(TaskKind.SIGN_DECREE, Capacity.SIGNATORY)]
    assert asked(moved(life, _T.ASK_SIGNATURE, said(_T.ASK_SIGNATURE))) == []
    life = moved(life, _T.SIGN_DECREE, said(_T.SIGN_DECREE))
    assert asked(life) == [(TaskKind.SERVE_DECREE, Capacity.PERSONNEL_AGENCY)]
    assert asked(moved(life, _T.SERVE, said(_T.SERVE))) == []


def test_a_draft_that_is_not_initialled_goes_back_and_the_case_stays_where_it_is() -> None:
    life = moved(second(_T.PREPARE_DECREE), _T.RETURN_DECREE, said(_T.RETURN_DECREE))
    assert (life.state, life.second and life.second.state) == (_S.SERVED, _S.APPROVED)
    assert asked(life) == [(TaskKind.PREPARE_DECREE, Capacity.LEGAL_BUREAU)]


def test_what_is_to_be_undone_has_no_effect_and_has_it_where_the_decree_stands_after_all() -> None:
    life = second(_T.PREPARE_DECREE, ready(along(_S.HANDOVER)))
    assert life.takes_effect_at is None
    assert refused(life, _T.TAKE_EFFECT) == "effect_impeded"
    stands = moved(life, _T.LET_STAND)
    assert (stands.second, stands.takes_effect_at) == (None, EFFECT)


def test_a_correction_holds_the_effect_up_until_it_is_signed_and_the_handover_never() -> None:
    life = second(_T.PREPARE_DECREE, moved(in_review(), _T.BEGIN_HANDOVER), _T.CORRECT_DECREE)
    life = ready(life)
    assert life.takes_effect_at is None
    signed = second(_T.SIGN_DECREE, life)
    assert signed.takes_effect_at == EFFECT
    assert asked(signed) == [(TaskKind.SERVE_DECREE, Capacity.PERSONNEL_AGENCY)]
    served = moved(signed, _T.SERVE, said(_T.SERVE))
    assert (served.state, served.beside) == (_S.HANDOVER, None)


def test_whoever_is_late_with_it_is_urged_and_nobody_for_what_stands_still() -> None:
    life = moved(in_review(), _T.REVOKE_DECREE, said(_T.REVOKE_DECREE))
    for level in range(3):
        alarm = next_alarm(life)
        assert alarm is not None
        assert alarm.trigger == _T.URGE_SECOND
        life = moved(life, _T.URGE_SECOND, at=alarm.at)
        chased = [office for kind, office in asked(life) if kind == TaskKind.CHASE_MUTATION]
        assert chased == ([] if level == 0 else [Capacity.SEKDA])
    dropped = moved(life, _T.LET_STAND)
    urged = next_alarm(dropped)
    assert urged is not None
    assert urged.trigger in (_T.URGE, _T.URGE_OBJECTION)
    assert (TaskKind.ANSWER_OBJECTION, Capacity.APPOINTING_AUTHORITY) in asked(dropped)


def test_bkn_keeps_nobody_from_undoing_what_it_will_not_have() -> None:
    blocked = moved(along(_S.SERVED), _T.BLOCK)
    life = second(_T.SIGN_DECREE, blocked)
    assert (life.state, life.undone, life.reserves) == (_S.BLOCKED_BY_BKN, True, False)
    assert (TaskKind.ANSWER_BKN, Capacity.PERSONNEL_AGENCY) in asked(life)
    served = moved(life, _T.SERVE, said(_T.SERVE))
    assert (served.state, served.undone) == (_S.BLOCKED_BY_BKN, True)
    assert moved(served, _T.CLOSE, at=EFFECT + 60 * DAY).state == _S.CANCELLED_BEFORE_EFFECT


@pytest.mark.parametrize("trigger", [_T.REPORT_DEATH, _T.REPORT_RETIREMENT])
def test_a_death_ends_the_case_and_a_signature_that_is_waited_for_is_waited_for_no_more(
    trigger: Trigger,
) -> None:
    prepared = second(_T.PREPARE_DECREE)
    for office in INITIALS:
        prepared = moved(prepared, _T.INITIAL, Ask(capacity=office))
    life = moved(prepared, _T.ASK_SIGNATURE, said(_T.ASK_SIGNATURE))
    assert life.asked is not None
    after = moved(life, trigger)
    assert (after.state, after.asked, after.second) == (_S.CANCELLED_BEFORE_EFFECT, None, None)
    signed = moved(second(_T.SIGN_DECREE), trigger)
    assert signed.ended
    assert signed.second is not None
    assert signed.second.signed


def test_a_correction_on_its_way_when_another_case_undoes_the_decree_is_not_made_any_more() -> None:
    life = second(_T.PREPARE_DECREE, in_review(_S.EFFECTIVE), _T.CORRECT_DECREE)
    assert (life.state, life.takes_effect_at) == (_S.EFFECTIVE, None)
    assert moved(life, _T.REVERSE, said(_T.REVERSE)).second is None


def test_a_case_is_not_closed_while_a_correction_is_on_its_way() -> None:
    life = second(_T.PREPARE_DECREE, in_review(_S.REPORTED), _T.CORRECT_DECREE)
    alarm = next_alarm(life)
    assert alarm is not None
    assert alarm.trigger == _T.URGE_SECOND
    late = EFFECT + 99 * DAY
    signed = second(_T.SIGN_DECREE, life)
    assert decide(signed, _T.CLOSE, decided_at=late, now=late) == Refused("second_decree_open")
    served = second(_T.SERVE, signed)
    assert served.objection is not None
    assert served.objection.state == Objecting.CORRECTED
    assert moved(served, _T.CLOSE, at=late).state == _S.CLOSED


def test_a_correction_may_be_given_up_after_the_effect_too_and_its_objection_is_answered_anew() -> None:
    life = second(_T.PREPARE_DECREE, in_review(_S.EFFECTIVE), _T.CORRECT_DECREE)
    stands = moved(life, _T.LET_STAND)
    assert (stands.state, stands.second) == (_S.EFFECTIVE, None)
    assert (TaskKind.ANSWER_OBJECTION, Capacity.APPOINTING_AUTHORITY) in asked(stands)
    assert refused(stands, _T.LET_STAND) == "nothing_impedes"


def test_an_objection_that_is_withdrawn_meanwhile_stays_so() -> None:
    life = second(_T.PREPARE_DECREE, in_review(), _T.REVOKE_DECREE)
    withdrawn = second(_T.SIGN_DECREE, moved(life, _T.WITHDRAW_OBJECTION))
    assert withdrawn.objection is not None
    assert (withdrawn.objection.state, withdrawn.undone) == (Objecting.WITHDRAWN, True)


def test_the_signature_is_of_today_however_long_the_draft_has_gone_round() -> None:
    life = second(_T.PREPARE_DECREE)
    for office in INITIALS:
        life = moved(life, _T.INITIAL, Ask(capacity=office))
    later = NOW + timedelta(days=40)
    signed = moved(life, _T.SIGN_DECREE, said(_T.SIGN_DECREE), at=later)
    assert signed.second is not None
    assert signed.second.decree is not None
    assert signed.second.decree.effective_at == later
    assert signed.decree == life.decree


def test_a_swap_loses_a_partner_with_the_signature_and_not_with_the_decision() -> None:
    both = [ready(along(_S.HANDOVER, group=SWAP)) for _ in range(2)]
    lives = {"mutation:0": second(_T.PREPARE_DECREE, both[0]), "mutation:1": both[1]}
    assert effect_at(SWAP, lives) is None
    assert to_tell_of_loss(SWAP, lives) == ()
    signed = second(_T.SIGN_DECREE, lives["mutation:0"])
    assert is_news(lives["mutation:0"], signed)
    lives["mutation:0"] = signed
    assert to_tell_of_loss(SWAP, lives) == ("mutation:1",)
    lost = moved(lives["mutation:1"], _T.LOSE_PARTNER, Ask(group_id=SWAP.group_id))
    assert lost.impediments == (Impediment.PARTNER_LOST,)


def test_the_log_tells_of_both_decrees_and_what_the_second_one_does() -> None:
    matter = Matter("MU-1", "kota", "post-1", CONCERNED, "pack#mutation")
    by = Attribution("somebody", "SIGNATORY", "pack#mutation")
    ordered = moved(along(_S.SERVED), _T.CANCEL, said(_T.CANCEL))
    fact = told(matter, ordered, _T.CANCEL, by=by, at=NOW, said={"number": "17/G/2027"}).fact
    assert fact.type == "SecondDecreeOrdered"
    assert (fact.data["forced_by"], fact.data["second"]) == ("17/G/2027", Does.CANCELS)
    signed = second(_T.SIGN_DECREE, ordered)
    assert signed.second is not None
    paper = replace(signed.second, decree=replace(signed.second.decree, number="800/7"))  # type: ignore[type-var]
    fact = told(matter, replace(signed, second=paper), _T.SIGN_DECREE, by=by, at=NOW, said={}).fact
    assert signed.decree is not None
    assert fact.type == "SecondDecreeSigned"
    assert (fact.data["number"], fact.data["by_number"]) == (signed.decree.number, "800/7")
    plain = moved(along(_S.APPROVED), _T.CANCEL, said(_T.CANCEL))
    assert told(matter, plain, _T.CANCEL, by=by, at=NOW, said={}).fact.type == "MutationCancelled"


def test_papers_of_the_handover_wait_while_it_is_being_undone() -> None:
    life = second(_T.PREPARE_DECREE, along(_S.HANDOVER))
    assert refused(life, _T.FILE_PAPER, Ask(paper=Paper.HANDOVER_RECORD)) == "being_undone"


# ── what becomes of the second decree ─────────────────────────────────────────────────────────────────────────────────


def contested(life: Life | None = None) -> Life:
    """Cancelled, served so, and objected to: the legal bureau looks into it."""
    served = second(_T.SERVE, life)
    return moved(moved(served, _T.FILE_OBJECTION), _T.REVIEW_OBJECTION)


def undoing(life: Life, until: Trigger) -> Life:
    """The second decree is undone in its turn, so far on that road."""
    road = (
        (_T.PREPARE_DECREE, said(_T.PREPARE_DECREE)),
        *((_T.INITIAL, Ask(capacity=office)) for office in INITIALS),
        (_T.SIGN_DECREE, replace(said(_T.SIGN_DECREE), decree_id="third", number="800/9")),
        (_T.SERVE, said(_T.SERVE)),
    )
    for trigger, ask in road:
        life = moved(life, trigger, ask)
        if trigger == until:
            break
    return life


def test_whoever_is_hit_by_a_cancellation_may_object_and_the_case_ends_once_they_can_no_more() -> None:
    served = second(_T.SERVE)
    assert (served.state, served.undone, served.reserves, asked(served)) == (_S.SERVED, True, False, [])
    assert served.second is not None
    assert served.second.objection_until is not None
    until = served.second.objection_until
    alarm = next_alarm(served)
    assert alarm is not None
    assert (alarm.trigger, alarm.at) == (_T.CLOSE, until)
    assert refused(served, _T.CLOSE) == "too_early"
    assert refused(served, _T.BEGIN_HANDOVER) == "being_undone"
    late = decide(served, _T.FILE_OBJECTION, decided_at=until + DAY, now=until + DAY)
    assert late == Refused("too_late")
    assert moved(served, _T.CLOSE, at=until).state == _S.CANCELLED_BEFORE_EFFECT


def test_the_objection_to_it_is_answered_as_one_to_the_first_and_upheld_it_ends_the_case() -> None:
    filed = moved(second(_T.SERVE), _T.FILE_OBJECTION)
    assert filed.objection is None, "nobody has objected to the first one"
    assert asked(filed) == [(TaskKind.REVIEW_OBJECTION, Capacity.LEGAL_BUREAU)]
    life = moved(filed, _T.REVIEW_OBJECTION)
    assert asked(life) == [(TaskKind.ANSWER_OBJECTION, Capacity.APPOINTING_AUTHORITY)]
    urged = next_alarm(life)
    assert urged is not None
    assert urged.trigger == _T.URGE_OBJECTION
    life = moved(life, _T.URGE_OBJECTION, at=urged.at)
    assert refused(life, _T.CLOSE) == "objection_open"
    upheld = moved(life, _T.UPHOLD_DECREE)
    ends = next_alarm(upheld)
    assert ends is not None
    assert ends.trigger == _T.CLOSE
    assert moved(upheld, _T.CLOSE, at=ends.at).state == _S.CANCELLED_BEFORE_EFFECT


@pytest.mark.parametrize("order", [_T.REVOKE_DECREE, _T.CANCEL])
def test_what_undoes_a_second_decree_goes_its_road_and_has_the_first_one_stand_again(order: Trigger) -> None:
    """By the answer to an objection, or because whoever took the decree back takes that back."""
    at_handover = ready(along(_S.HANDOVER))
    life = contested(at_handover) if order == _T.REVOKE_DECREE else second(_T.SERVE, at_handover)
    ordered = moved(life, order, said(order))
    assert ordered.second is not None
    assert (ordered.undone, ordered.second.second is not None) == (True, True)
    assert asked(ordered) == [(TaskKind.PREPARE_DECREE, Capacity.LEGAL_BUREAU)]
    urged = next_alarm(ordered)
    assert urged is not None
    assert urged.trigger == _T.URGE_SECOND
    assert refused(ordered, _T.CORRECT_DECREE) == "second_decree_open"
    assert refused(ordered, _T.CLOSE) == (
        "objection_open" if order == _T.REVOKE_DECREE else "second_decree_open"
    )
    signed = undoing(ordered, _T.SIGN_DECREE)
    assert (signed.undone, signed.reserves, signed.because) == (False, True, None)
    assert signed.amended == ordered.second.decree
    assert signed.decree == life.decree
    assert signed.takes_effect_at == EFFECT
    assert (TaskKind.SERVE_DECREE, Capacity.PERSONNEL_AGENCY) in asked(signed)
    assert refused(signed, _T.LET_STAND) == "signed_already"
    served = moved(signed, _T.SERVE, said(_T.SERVE))
    assert (served.state, served.beside, served.amended) == (_S.HANDOVER, None, None)
    assert moved(served, _T.TAKE_EFFECT, at=EFFECT).in_effect
    # And it may be taken back anew: that is about the first one again.
    again = moved(served, _T.CANCEL, said(_T.CANCEL))
    assert again.being_undone
    assert again.amended == life.decree


def test_what_is_to_undo_a_second_decree_may_be_given_up_before_its_signature() -> None:
    life = undoing(moved(contested(), _T.REVOKE_DECREE, said(_T.REVOKE_DECREE)), _T.PREPARE_DECREE)
    stands = moved(life, _T.LET_STAND)
    assert stands.undone
    assert stands.second is not None
    assert stands.second.second is None
    assert asked(stands) == [(TaskKind.ANSWER_OBJECTION, Capacity.APPOINTING_AUTHORITY)]


def test_a_decree_that_stands_again_before_it_was_served_is_served_as_the_first_one() -> None:
    life = undoing(
        moved(contested(along(_S.DECREE_SIGNED)), _T.REVOKE_DECREE, said(_T.REVOKE_DECREE)), _T.SERVE
    )
    assert (life.state, asked(life)) == (
        _S.DECREE_SIGNED,
        [(TaskKind.SERVE_DECREE, Capacity.PERSONNEL_AGENCY)],
    )
    matter = Matter("MU-1", "kota", "post-1", CONCERNED, "pack#mutation")
    by = Attribution("somebody", "PERSONNEL_AGENCY", "pack#mutation")
    of_third = told(matter, life, _T.SERVE, by=by, at=NOW, said={}).fact
    assert (of_third.type, of_third.data["by_number"]) == ("SecondDecreeServed", "800/9")
    assert "until" not in of_third.data
    first = moved(life, _T.SERVE, said(_T.SERVE), at=NOW + DAY)
    of_first = told(matter, first, _T.SERVE, by=by, at=NOW + DAY, said={}).fact
    assert (first.state, of_first.type) == (_S.SERVED, "DecreeServed")
    assert "until" in of_first.data


def test_of_a_swap_whoever_stands_again_goes_alone() -> None:
    life = contested(ready(along(_S.HANDOVER, group=SWAP)))
    signed = undoing(moved(life, _T.REVOKE_DECREE, said(_T.REVOKE_DECREE)), _T.SIGN_DECREE)
    assert (life.group, signed.group) == (SWAP, None)


def test_what_answers_the_own_objection_gives_what_was_asked_for_and_ends_with_its_service() -> None:
    served = second(_T.SERVE, in_review(), _T.REVOKE_DECREE)
    assert served.state == _S.CANCELLED_BEFORE_EFFECT
