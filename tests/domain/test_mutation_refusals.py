"""What a mutation refuses though it stands where that could be decided: each code, by what it is said to."""

import ast
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.sentences import SENTENCES
from domain.mutation.beside import Counsel
from domain.mutation.life import Life
from domain.mutation.machine import Moved, Refused, decide
from domain.mutation.said import NOTHING, Ask
from domain.mutation.states import Paper, State, Trigger, Verdict
from lab.mutation_samples import (
    BATCH,
    DAY,
    EFFECT,
    INITIALS,
    MENDAGRI,
    MUTATION_STATES,
    NOW,
    OWN_NUMBER,
    PERTEK,
    SWAP,
    along,
    draft,
    moved,
    said,
    second,
)
from lab.mutation_samples import corrected as corrected_on_objection
from runtime.settings import ROOT

_T, _S = Trigger, State


def initialled() -> Life:
    life = along(_S.DECREE_PREPARED)
    for office in INITIALS:
        life = moved(life, _T.INITIAL, Ask(capacity=office))
    return life


def objected(*then: Trigger) -> Life:
    life = moved(along(_S.SERVED), _T.FILE_OBJECTION)
    for trigger in then:
        life = moved(life, trigger)
    return life


def granted() -> Life:
    """Revoked on the person's own objection."""
    return second(_T.SERVE, objected(_T.REVIEW_OBJECTION), _T.REVOKE_DECREE)


def corrected_anew() -> Life:
    """Corrected on an objection to its correction."""
    return corrected_on_objection(corrected_on_objection())


def impeded(state: State) -> Life:
    return moved(along(state), _T.REPORT_FINDING)


def corrected(effective_at: datetime) -> Life:
    """The second decree moves the effect to that date, and is drafted and initialled."""
    life = moved(objected(_T.REVIEW_OBJECTION), _T.CORRECT_DECREE, Ask(by="mayor", effective_at=effective_at))
    life = moved(life, _T.PREPARE_DECREE, drafts())
    for office in INITIALS:
        life = moved(life, _T.INITIAL, Ask(capacity=office))
    return life


def drafts(**change: object) -> Ask:
    return replace(said(_T.PREPARE_DECREE), **change)  # type: ignore[arg-type]


def sent_to_be_signed() -> Life:
    return moved(initialled(), _T.ASK_SIGNATURE, said(_T.ASK_SIGNATURE))


def signed_long_ago() -> Life:
    life = along(_S.DECREE_SIGNED)
    assert life.decree is not None
    return replace(life, decree=replace(life.decree, signed_at=NOW - 20 * DAY))


def long_ago(life: Life) -> Life:
    """The same, the day to which the effect is moved being over."""
    assert life.second is not None
    return replace(life, second=replace(life.second, effective_at=NOW - 2 * DAY))


def served(ago: timedelta, until: timedelta) -> Ask:
    """The extract was served then, and the person may object until then, counted from now."""
    return Ask(served_at=NOW + ago, objection_until=NOW + until)


def named(days: int = 0) -> Ask:
    """Said by a paper, an entry or a lawsuit of so many days from now."""
    return Ask(reference="12/G/2027", dated=(NOW + days * DAY).date())


def insisted() -> Life:
    """Counsel that is waited for whatever it takes."""
    return replace(along(_S.COUNSEL), counsel=Counsel(lapses=False))


def undoing() -> Life:
    """The decree of another case undone by this one, in effect."""
    return along(_S.EFFECTIVE, replace(draft(), reverses="mutation:another"))


CASES: list[tuple[str, Life, Trigger, Ask]] = [
    ("no_signature_asked", initialled(), _T.REFUSE_SIGNATURE, Ask(code="REFUSED")),
    ("signature_asked_already", sent_to_be_signed(), _T.ASK_SIGNATURE, said(_T.ASK_SIGNATURE)),
    (
        "signature_asked_already",
        sent_to_be_signed(),
        _T.SIGN_DECREE,
        replace(said(_T.SIGN_DECREE), decree_id="another"),
    ),
    ("blocked_by_bkn", MUTATION_STATES["blocked, undecided"], _T.BLOCK, NOTHING),
    ("cleared_already", along(_S.CLEARANCE), _T.GRANT_CLEARANCE, Ask(clearance="DONE")),
    ("decree_missing", along(_S.APPROVED), _T.PREPARE_DECREE, drafts(decree_id=None)),
    ("decree_missing", along(_S.APPROVED), _T.PREPARE_DECREE, drafts(effective_at=None)),
    ("decree_missing", along(_S.SERVED), _T.ISSUE_ERRATUM, NOTHING),
    ("decree_missing", objected(_T.REVIEW_OBJECTION), _T.REVOKE_DECREE, Ask(dated=NOW.date())),
    ("correction_missing", objected(_T.REVIEW_OBJECTION), _T.CORRECT_DECREE, NOTHING),
    ("second_decree_open", MUTATION_STATES["being undone"], _T.CANCEL, said(_T.CANCEL)),
    ("second_decree_open", corrected(EFFECT), _T.UPHOLD_DECREE, NOTHING),
    ("being_undone", MUTATION_STATES["undone"], _T.BEGIN_HANDOVER, NOTHING),
    ("being_undone", moved(along(_S.DECREE_SIGNED), _T.CANCEL, said(_T.CANCEL)), _T.SERVE, said(_T.SERVE)),
    ("signed_already", MUTATION_STATES["undone"], _T.LET_STAND, NOTHING),
    ("effective_date_passed", long_ago(corrected(NOW + DAY)), _T.SIGN_DECREE, said(_T.SIGN_DECREE)),
    ("no_decree_number", along(_S.SERVED), _T.ISSUE_ERRATUM, Ask(number="x")),
    ("no_decree_number", along(_S.SERVED), _T.CANCEL, Ask(code="MISTAKE", number="12")),
    ("no_decree_number", objected(_T.REVIEW_OBJECTION), _T.REVOKE_DECREE, Ask(number="SK Wali Kota 7")),
    ("decree_not_new", objected(_T.REVIEW_OBJECTION), _T.CORRECT_DECREE, Ask(number=OWN_NUMBER)),
    (
        "dated_in_the_future",
        objected(_T.REVIEW_OBJECTION),
        _T.REVOKE_DECREE,
        Ask(number="800/3", dated=NOW.date() + DAY),
    ),
    (
        "dated_before_the_decree",
        objected(_T.REVIEW_OBJECTION),
        _T.CORRECT_DECREE,
        Ask(number="800/3", dated=NOW.date() - DAY),
    ),
    ("decreed_with_its_group", along(_S.APPROVED, group=BATCH), _T.PREPARE_DECREE, drafts()),
    ("effect_impeded", impeded(_S.HANDOVER), _T.TAKE_EFFECT, NOTHING),
    (
        "effective_date_passed",
        objected(_T.REVIEW_OBJECTION),
        _T.CORRECT_DECREE,
        Ask(effective_at=NOW),
    ),
    ("faulty_details", along(_S.CONSULTATION), _T.HEAR, NOTHING),
    ("faulty_details", along(_S.DECREE_SIGNED), _T.SERVE, NOTHING),
    ("faulty_details", along(_S.DECREE_SIGNED), _T.SERVE, Ask(objection_until=NOW)),
    ("served_in_the_future", along(_S.DECREE_SIGNED), _T.SERVE, served(timedelta(minutes=1), 14 * DAY)),
    ("served_before_the_decree", along(_S.DECREE_SIGNED), _T.SERVE, served(-DAY, 14 * DAY)),
    (
        "served_too_long_ago",
        signed_long_ago(),
        _T.SERVE,
        served(-15 * DAY, -DAY),
    ),
    ("faulty_details", along(_S.HANDOVER), _T.FILE_PAPER, NOTHING),
    ("faulty_details", along(_S.SCREENING), _T.FREEZE, NOTHING),
    ("faulty_details", along(_S.EFFECTIVE), _T.REVERSE, NOTHING),
    ("file_not_held", along(_S.CLEARANCE), _T.COMPLETE_FILE, Ask(clearance=PERTEK)),
    (
        "filed_already",
        replace(along(_S.HANDOVER), filed=tuple(Paper)),
        _T.FILE_PAPER,
        said(_T.FILE_PAPER),
    ),
    ("frozen_already", replace(along(_S.SCREENING), freeze=MENDAGRI), _T.FREEZE, said(_T.FREEZE)),
    (
        "has_begun",
        replace(along(_S.HANDOVER), filed=(Paper.DUTY_START_STATEMENT,)),
        _T.REPORT_NO_SHOW,
        NOTHING,
    ),
    (
        "held_already",
        moved(along(_S.CLEARANCE), _T.HOLD_CLEARANCE, Ask(clearance=PERTEK)),
        _T.HOLD_CLEARANCE,
        Ask(clearance=PERTEK),
    ),
    ("in_effect_already", along(_S.REPORTED), _T.CANCEL, said(_T.CANCEL)),
    ("in_review_already", objected(_T.REVIEW_OBJECTION), _T.REVIEW_OBJECTION, NOTHING),
    (
        "inauguration_owed",
        replace(along(_S.SERVED), papers=(Paper.INAUGURATION,)),
        _T.BEGIN_HANDOVER,
        NOTHING,
    ),
    ("initialled_already", initialled(), _T.INITIAL, NOTHING),
    ("initialled_already", initialled(), _T.INITIAL, Ask(capacity=INITIALS[0])),
    ("initials_missing", along(_S.APPROVED), _T.PREPARE_DECREE, drafts(initials=())),
    ("initials_missing", along(_S.APPROVED), _T.PREPARE_DECREE, drafts(initials=INITIALS * 2)),
    ("known_already", impeded(_S.SERVED), _T.REPORT_FINDING, NOTHING),
    ("no_objection", along(_S.SERVED), _T.WITHDRAW_OBJECTION, NOTHING),
    ("no_such_clearance", along(_S.CLEARANCE), _T.HOLD_CLEARANCE, NOTHING),
    ("nobody_named", along(_S.AWAITING_DECISION), _T.APPROVE, NOTHING),
    ("nobody_named", replace(initialled(), decided_by=None), _T.SIGN_DECREE, said(_T.SIGN_DECREE)),
    ("not_blocked", along(_S.APPROVED), _T.LIFT_BLOCK, NOTHING),
    ("not_frozen", along(_S.CLEARANCE), _T.LIFT_FREEZE, NOTHING),
    ("not_handed_over", along(_S.HANDOVER), _T.TAKE_EFFECT, NOTHING),
    ("in_a_group_already", along(_S.SCREENING, group=BATCH), _T.JOIN_GROUP, Ask(group=SWAP)),
    ("screened_already", along(_S.APPROVED), _T.JOIN_GROUP, Ask(group=SWAP)),
    ("faulty_details", along(_S.SCREENING), _T.JOIN_GROUP, NOTHING),
    (
        "position_of_the_swap",
        moved(along(_S.SCREENING, group=SWAP), _T.RETURN_FILE, said(_T.RETURN_FILE)),
        _T.RESUBMIT,
        Ask(position_id="position-2"),
    ),
    ("not_in_a_batch", along(_S.APPROVED), _T.LEAVE_BATCH, NOTHING),
    ("not_in_a_batch", along(_S.APPROVED, group=SWAP), _T.LEAVE_BATCH, NOTHING),
    ("not_in_review", objected(), _T.CORRECT_DECREE, Ask(number="800/3")),
    ("not_of_this_group", along(_S.APPROVED), _T.PREPARE_DECREE, drafts(group_id=BATCH.group_id)),
    ("not_of_this_group", along(_S.APPROVED), _T.LOSE_PARTNER, Ask(group_id=SWAP.group_id)),
    ("not_of_this_group", along(_S.APPROVED, group=BATCH), _T.LOSE_PARTNER, Ask(group_id=BATCH.group_id)),
    ("not_of_this_group", along(_S.APPROVED, group=SWAP), _T.LOSE_PARTNER, Ask(group_id="SW-2")),
    ("not_suspended", objected(), _T.LIFT_SUSPENSION, NOTHING),
    ("not_your_turn", along(_S.DECREE_PREPARED), _T.INITIAL, NOTHING),
    ("nothing_impedes", along(_S.SERVED), _T.LET_STAND, NOTHING),
    ("objected_already", objected(_T.WITHDRAW_OBJECTION), _T.FILE_OBJECTION, NOTHING),
    ("paper_not_needed", along(_S.SERVED), _T.FILE_PAPER, Ask(paper=Paper.INAUGURATION)),
    (
        "position_is_gone",
        moved(along(_S.SERVED), _T.LOSE_POSITION, Ask(code="ABOLISHED")),
        _T.LET_STAND,
        NOTHING,
    ),
    ("position_reserved", along(_S.SERVED), _T.LOSE_POSITION, Ask(code="TAKEN")),
    ("reason_missing", along(_S.SCREENING), _T.FIND_INELIGIBLE, NOTHING),
    ("signed_already", along(_S.SERVED), _T.FREEZE, said(_T.FREEZE)),
    ("suspended_already", objected(_T.SUSPEND), _T.SUSPEND, NOTHING),
    ("too_early", along(_S.CONSULTATION), _T.URGE, NOTHING),
    ("decided_already", along(_S.APPROVED), _T.WITHDRAW, NOTHING),
    ("counsel_is_needed", insisted(), _T.WAIVE_COUNSEL, NOTHING),
    ("panel_minutes_missing", along(_S.ASSESSMENT), _T.RECOMMEND, NOTHING),
    (
        "panel_minutes_missing",
        along(_S.ASSESSMENT),
        _T.ADVISE_AGAINST,
        Ask(code="NOT_SUITED", reference="BA/1"),
    ),
    ("dated_in_the_future", along(_S.ASSESSMENT), _T.RECOMMEND, named(2)),
    ("dated_in_the_future", along(_S.EFFECTIVE), _T.REPORT, named(2)),
    ("dated_before_the_decree", along(_S.EFFECTIVE), _T.REPORT, named(-400)),
    ("dated_before_the_decree", along(_S.SERVED), _T.NOTE_LAWSUIT, named(-400)),
    ("entry_unproven", along(_S.EFFECTIVE), _T.REPORT, NOTHING),
    ("entry_unproven", undoing(), _T.RETRACT_ENTRY, Ask(code="RETRACTED")),
    ("nothing_to_retract", along(_S.EFFECTIVE), _T.RETRACT_ENTRY, said(_T.RETRACT_ENTRY)),
    ("retraction_owed", moved(undoing(), _T.REPORT, named()), _T.CLOSE, NOTHING),
    ("no_absence", along(_S.HANDOVER), _T.OPEN_DISCIPLINE, NOTHING),
    ("absence_unanswered", MUTATION_STATES["NO_SHOW"], _T.CANCEL, said(_T.CANCEL)),
    ("reason_missing", MUTATION_STATES["NO_SHOW"], _T.EXCUSE_ABSENCE, Ask(code="TIRED")),
    ("lawsuit_unnamed", along(_S.SERVED), _T.NOTE_LAWSUIT, Ask(reference="12/G/2027/PTUN.KPG")),
    (
        "has_begun",
        moved(along(_S.HANDOVER), _T.FILE_PAPER, Ask(paper=Paper.DUTY_START_STATEMENT)),
        _T.CANCEL,
        Ask(code="DID_NOT_BEGIN"),
    ),
    *(
        ("no_lawsuit_number", along(_S.SERVED), _T.NOTE_LAWSUIT, replace(named(), reference=text))
        for text in ("1", "PTUN.KPG", "PTUN/12")
    ),
    ("known_already", moved(along(_S.SERVED), _T.NOTE_LAWSUIT, named()), _T.NOTE_LAWSUIT, named()),
    ("second_not_served", MUTATION_STATES["undone"], _T.FILE_OBJECTION, NOTHING),
    ("asked_for_yourself", granted(), _T.FILE_OBJECTION, NOTHING),
    ("no_further_objection", corrected_anew(), _T.FILE_OBJECTION, NOTHING),
]
ELSEWHERE = {
    *("already_ended", "heard_already", "not_now", "too_late", "objection_open", "reversal_owed"),
    *("reversal_does_not_lapse", "waits_for_its_group"),
}
"""Told in `tests/domain/test_mutation_machine.py` and `tests/domain/test_mutation_together.py`."""


def prepared(life: Life, ask: Ask) -> Life:
    """Beside the clearance that is awaited, one that was granted."""
    if ask.clearance != "DONE":
        return life
    first = moved(along(_S.SCREENING), _T.PASS_SCREENING, Ask(clearances=("DONE", PERTEK)))
    one, two = first.clearances
    return replace(life, clearances=(replace(one, verdict=Verdict.GRANTED), two))


@pytest.mark.parametrize(("code", "life", "trigger", "ask"), CASES)
def test_what_does_not_stand_is_refused_with_its_code(
    code: str, life: Life, trigger: Trigger, ask: Ask
) -> None:
    verdict = decide(prepared(life, ask), trigger, ask, decided_at=NOW, now=NOW)
    assert verdict == Refused(code)


def test_a_last_reminder_of_a_step_that_ends_by_itself_is_the_only_one() -> None:
    life = along(_S.CONSULTATION)
    assert life.wait is not None
    reminded = moved(life, _T.URGE, at=life.wait.rings)
    assert reminded.wait is not None
    later = reminded.wait.rings
    assert decide(reminded, _T.URGE, decided_at=later, now=later) == Refused("too_early")
    assert isinstance(decide(reminded, _T.LAPSE_HEARINGS, decided_at=later, now=later), Moved)


def test_every_code_that_the_machine_can_say_is_told_here_and_has_a_sentence() -> None:
    texts = set[str]()
    for name in (
        "faults",
        "clearing",
        "objecting",
        "other_decrees",
        "second_decree",
        "serving",
        "machine",
        "counselling",
        "aftermath",
    ):
        tree = ast.parse((ROOT / f"domain/mutation/{name}.py").read_text(encoding="utf-8"))
        texts |= {
            one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and one.value in SENTENCES
        }
    assert texts == {code for code, *_ in CASES} | ELSEWHERE
