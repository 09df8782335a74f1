"""An objection to what corrects a decree, to one that was not asked for, and where the chain of them ends."""

from dataclasses import replace

import pytest

from domain.authority import Capacity
from domain.log import Attribution
from domain.moves import TaskKind
from domain.mutation.alarms import next_alarm
from domain.mutation.duties import duties_of
from domain.mutation.life import Life
from domain.mutation.machine import Refused, decide
from domain.mutation.matter import Concerned, Matter
from domain.mutation.moving import told
from domain.mutation.said import Ask
from domain.mutation.states import Does, Objecting, State, Trigger
from lab.mutation_samples import DAY, EFFECT, INITIALS, NOW, along, moved, said, second

_T, _S = Trigger, State
CONCERNED = Concerned("person", "proposer", "kota.A", "kota.B")
MATTER = Matter("MU-1", "kota", "post-1", CONCERNED, "pack#mutation")
BY = Attribution("somebody", "SIGNATORY", "pack#mutation")


def refused(life: Life, trigger: Trigger, ask: Ask | None = None) -> str:
    verdict = decide(life, trigger, ask or said(trigger), decided_at=NOW, now=NOW)
    assert isinstance(verdict, Refused)
    return verdict.code


def asked(life: Life) -> list[tuple[TaskKind, Capacity | None]]:
    return [(duty.kind, duty.capacity) for duty in duties_of(life, CONCERNED)]


def in_review(life: Life | None = None) -> Life:
    return moved(moved(life or along(_S.SERVED), _T.FILE_OBJECTION), _T.REVIEW_OBJECTION)


def decreed(life: Life, order: Trigger, number: str, until: Trigger = _T.SERVE) -> Life:
    """The decision, and the decree that it orders, so far on its road."""
    life = moved(life, order, said(order))
    road = (
        (_T.PREPARE_DECREE, said(_T.PREPARE_DECREE)),
        *((_T.INITIAL, Ask(capacity=office)) for office in INITIALS),
        (_T.SIGN_DECREE, replace(said(_T.SIGN_DECREE), decree_id=number, number=number)),
        (_T.SERVE, replace(said(_T.SERVE), objection_until=EFFECT + 30 * DAY)),
    )
    for trigger, ask in road:
        life = moved(life, trigger, ask)
        if trigger == until:
            break
    return life


def corrected(life: Life | None = None) -> Life:
    """Corrected on an objection, and served so."""
    return decreed(in_review(life), _T.CORRECT_DECREE, "800/7")


def state_of(life: Life) -> Objecting | None:
    return life.objection.state if life.objection else None


@pytest.mark.parametrize("state", [_S.SERVED, _S.HANDOVER, _S.EFFECTIVE, _S.REPORTED])
def test_whoever_is_served_a_correction_may_object_to_the_decree_as_it_reads_now(state: State) -> None:
    signed = decreed(in_review(along(state)), _T.CORRECT_DECREE, "800/7", _T.SIGN_DECREE)
    assert refused(signed, _T.FILE_OBJECTION) == "second_not_served"
    served = moved(signed, _T.SERVE, replace(said(_T.SERVE), objection_until=EFFECT + 30 * DAY))
    assert (served.state, served.beside, served.may_object_until) == (state, None, EFFECT + 30 * DAY)
    assert state_of(served) == Objecting.CORRECTED, "the first objection stays what it was"
    filed = moved(served, _T.FILE_OBJECTION)
    assert (TaskKind.REVIEW_OBJECTION, Capacity.LEGAL_BUREAU) in asked(filed)
    assert refused(filed, _T.FILE_OBJECTION) == "objected_already"
    late = EFFECT + 31 * DAY
    verdict = decide(served, _T.FILE_OBJECTION, decided_at=late, now=late)
    assert verdict == Refused("too_late")


def test_a_correction_holds_no_step_up_while_it_may_be_objected_to_and_its_suspension_does() -> None:
    life = moved(corrected(), _T.BEGIN_HANDOVER)
    for paper in life.papers:
        life = moved(life, _T.FILE_PAPER, Ask(paper=paper))
    assert life.takes_effect_at == EFFECT
    filed = moved(life, _T.FILE_OBJECTION)
    assert filed.takes_effect_at == EFFECT
    suspended = moved(filed, _T.SUSPEND)
    assert suspended.takes_effect_at is None
    assert moved(moved(suspended, _T.REVIEW_OBJECTION), _T.UPHOLD_DECREE).takes_effect_at == EFFECT


def test_a_case_is_closed_once_nobody_can_object_to_its_correction_any_more() -> None:
    life = corrected(along(_S.REPORTED))
    alarm = next_alarm(life)
    assert alarm is not None
    assert (alarm.trigger, alarm.at) == (_T.CLOSE, life.objection_until)
    early = life.objection_until and life.objection_until - DAY
    assert early is not None
    assert decide(life, _T.CLOSE, decided_at=early, now=early) == Refused("too_early")
    assert moved(life, _T.CLOSE, at=alarm.at).state == _S.CLOSED


def test_it_is_answered_as_the_first_one_was_and_upheld_the_decree_stands_as_corrected() -> None:
    life = in_review(corrected())
    assert (TaskKind.ANSWER_OBJECTION, Capacity.APPOINTING_AUTHORITY) in asked(life)
    urged = next_alarm(life)
    assert urged is not None
    assert urged.trigger in (_T.URGE, _T.URGE_OBJECTION)
    upheld = moved(life, _T.UPHOLD_DECREE)
    assert (state_of(upheld), upheld.may_object_until) == (Objecting.UPHELD, None)
    assert upheld.second == life.second
    assert refused(upheld, _T.FILE_OBJECTION) == "objected_already"


def test_what_corrects_a_decree_once_more_amends_the_first_one_and_is_the_last_word() -> None:
    once = corrected()
    ordered = moved(in_review(once), _T.CORRECT_DECREE, said(_T.CORRECT_DECREE))
    assert ordered.amended == once.decree, "each correction is of the first decree"
    again = decreed(in_review(once), _T.CORRECT_DECREE, "800/9")
    assert again.second is not None
    assert [one.number for one in again.second.corrections] == ["800/7", "800/9"]
    assert (state_of(again), again.beside, again.may_object_until) == (Objecting.CORRECTED, None, None)
    assert refused(again, _T.FILE_OBJECTION) == "no_further_objection"
    finished = decreed(in_review(corrected(along(_S.REPORTED))), _T.CORRECT_DECREE, "800/9")
    alarm = next_alarm(finished)
    assert alarm is not None
    assert (alarm.trigger, alarm.at) == (_T.CLOSE, finished.since), "nobody waits for an objection"


def test_revoked_on_it_nothing_is_left_of_the_decree_and_nothing_to_object_to() -> None:
    life = decreed(in_review(corrected()), _T.REVOKE_DECREE, "800/9", _T.SIGN_DECREE)
    assert (life.undone, life.reserves, state_of(life)) == (True, False, Objecting.REVOKED)
    assert refused(life, _T.FILE_OBJECTION) == "asked_for_yourself"
    ended = moved(life, _T.SERVE, said(_T.SERVE))
    assert ended.state == _S.CANCELLED_BEFORE_EFFECT
    assert refused(ended, _T.FILE_OBJECTION) == "asked_for_yourself"
    assert refused(ended, _T.SERVE) == "already_ended"


def test_after_the_effect_another_case_undoes_what_was_corrected() -> None:
    life = moved(in_review(corrected(along(_S.EFFECTIVE))), _T.REVOKE_DECREE, said(_T.REVOKE_DECREE))
    assert life.reversal_owed
    assert (TaskKind.PROPOSE_REVERSAL, Capacity.PERSONNEL_AGENCY) in asked(life)
    assert refused(life, _T.CORRECT_DECREE) == "reversal_owed"
    assert refused(life, _T.FILE_OBJECTION) == "asked_for_yourself"
    reversed_ = moved(life, _T.REVERSE, said(_T.REVERSE))
    assert refused(reversed_, _T.FILE_OBJECTION) == "asked_for_yourself"


def test_a_second_correction_that_is_given_up_leaves_the_first_one_in_force() -> None:
    life = corrected()
    ordered = moved(in_review(life), _T.CORRECT_DECREE, said(_T.CORRECT_DECREE))
    stands = moved(ordered, _T.LET_STAND)
    assert stands.second == life.second
    dead = moved(ordered, _T.REPORT_DEATH)
    assert dead.second == life.second


def test_what_is_cancelled_after_its_correction_stands_again_as_corrected() -> None:
    life = decreed(corrected(), _T.CANCEL, "800/8")
    assert life.undone
    again = decreed(in_review(life), _T.REVOKE_DECREE, "800/9")
    assert (again.state, again.undone, again.amended) == (_S.SERVED, False, None)
    assert again.second is not None
    assert [one.number for one in again.second.corrections] == ["800/7"]
    assert again.may_object_until == EFFECT + 30 * DAY, "nobody has objected to the correction yet"


# ── what nobody asked for ─────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_takes_their_objection_back_has_not_asked_for_the_revocation_and_may_object_to_it() -> None:
    drafted = second(_T.PREPARE_DECREE, in_review(), _T.REVOKE_DECREE)
    life = moved(drafted, _T.WITHDRAW_OBJECTION)
    assert life.second is not None
    assert (life.second.state, life.second.decree) == (_S.APPROVED, None), "its draft said otherwise"
    assert asked(life) == [(TaskKind.PREPARE_DECREE, Capacity.LEGAL_BUREAU)]
    signed = second(_T.SIGN_DECREE, life)
    assert (signed.undone, state_of(signed)) == (True, Objecting.WITHDRAWN)
    assert refused(signed, _T.FILE_OBJECTION) == "second_not_served"
    served = moved(signed, _T.SERVE, said(_T.SERVE))
    assert (served.state, served.undone) == (_S.SERVED, True)
    contested = in_review(served)
    assert asked(contested) == [(TaskKind.ANSWER_OBJECTION, Capacity.APPOINTING_AUTHORITY)]
    back = decreed(contested, _T.REVOKE_DECREE, "800/9")
    assert (back.undone, back.reserves) == (False, True)


def test_a_signature_that_is_waited_for_is_waited_for_no_more_once_the_objection_is_withdrawn() -> None:
    life = second(_T.PREPARE_DECREE, in_review(), _T.REVOKE_DECREE)
    for office in INITIALS:
        life = moved(life, _T.INITIAL, Ask(capacity=office))
    life = moved(life, _T.ASK_SIGNATURE, said(_T.ASK_SIGNATURE))
    assert life.asked is not None
    assert moved(life, _T.WITHDRAW_OBJECTION).asked is None


def test_whoever_is_cancelled_and_then_is_not_may_object_to_going_after_all() -> None:
    """Both times somebody else decided so, and the time to object to the first decree may be long over."""
    upheld = moved(in_review(), _T.UPHOLD_DECREE)
    life = decreed(decreed(upheld, _T.CANCEL, "800/8"), _T.CANCEL, "800/9")
    assert (life.undone, life.may_object_until) == (False, EFFECT + 30 * DAY)
    fact = told(MATTER, life, _T.SERVE, by=BY, at=NOW, said={}).fact
    assert (fact.type, fact.data["until"]) == (
        "SecondDecreeServed",
        (EFFECT + 30 * DAY).isoformat(),
    )
    filed = moved(life, _T.FILE_OBJECTION)
    assert (TaskKind.REVIEW_OBJECTION, Capacity.LEGAL_BUREAU) in asked(filed)
    never_served = decreed(decreed(along(_S.DECREE_SIGNED), _T.CANCEL, "800/8"), _T.CANCEL, "800/9")
    assert never_served.may_object_until is None
    assert refused(never_served, _T.FILE_OBJECTION) == "not_now", "the first one is served first"


def test_an_objection_that_waits_when_the_decree_stands_again_waits_on() -> None:
    filed = moved(along(_S.SERVED), _T.FILE_OBJECTION)
    life = decreed(decreed(filed, _T.CANCEL, "800/8"), _T.CANCEL, "800/9")
    assert (state_of(life), refused(life, _T.FILE_OBJECTION)) == (Objecting.FILED, "objected_already")
    assert (TaskKind.REVIEW_OBJECTION, Capacity.LEGAL_BUREAU) in asked(life)


@pytest.mark.parametrize("state", [_S.SERVED, _S.EFFECTIVE])
def test_what_is_wrong_in_substance_is_corrected_without_an_objection_and_may_be_objected_to(
    state: State,
) -> None:
    life = decreed(along(state), _T.CORRECT_DECREE, "800/7")
    assert (state_of(life), life.may_object_until) == (None, EFFECT + 30 * DAY)
    # Each that nobody has asked for may be objected to; what answers that is the last word again.
    once_more = decreed(life, _T.CORRECT_DECREE, "800/8")
    assert once_more.may_object_until == EFFECT + 30 * DAY
    answered = decreed(in_review(once_more), _T.CORRECT_DECREE, "800/9")
    assert refused(answered, _T.FILE_OBJECTION) == "no_further_objection"


def test_a_correction_without_an_objection_answers_none_that_comes_meanwhile() -> None:
    life = moved(along(_S.SERVED), _T.CORRECT_DECREE, said(_T.CORRECT_DECREE))
    filed = moved(life, _T.FILE_OBJECTION)
    served = second(_T.SERVE, filed)
    assert (state_of(served), served.beside) == (Objecting.FILED, None)
    assert (TaskKind.REVIEW_OBJECTION, Capacity.LEGAL_BUREAU) in asked(served)
    assert refused(moved(along(_S.SERVED), _T.FILE_OBJECTION), _T.CORRECT_DECREE) == "not_in_review"


def test_the_log_tells_which_decree_is_objected_to_and_until_when_that_could_be() -> None:
    life = corrected()
    served = told(MATTER, life, _T.SERVE, by=BY, at=NOW, said={}).fact
    assert (served.type, served.data["until"]) == ("SecondDecreeServed", (EFFECT + 30 * DAY).isoformat())
    first = told(
        MATTER, moved(along(_S.SERVED), _T.FILE_OBJECTION), _T.FILE_OBJECTION, by=BY, at=NOW, said={}
    )
    assert "second" not in first.fact.data
    filed = moved(life, _T.FILE_OBJECTION)
    fact = told(MATTER, filed, _T.FILE_OBJECTION, by=BY, at=NOW, said={}).fact
    assert (fact.type, fact.data["second"], fact.data["by_number"]) == (
        "ObjectionFiled",
        Does.CORRECTS,
        "800/7",
    )
    last = decreed(in_review(life), _T.CORRECT_DECREE, "800/9")
    assert "until" not in told(MATTER, last, _T.SERVE, by=BY, at=NOW, said={}).fact.data
