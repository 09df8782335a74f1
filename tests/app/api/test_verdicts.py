"""A verdict on a task is the command that the specific route records, or is refused with everything that is wrong."""

from typing import Any

import pytest

from app.actions import Decision, Faulty
from app.api.verdicts import FORMS, OPTIONAL, DecideTask, decision_of, takes
from domain.commands import CommandKind
from domain.moves import TaskKind
from domain.verdicts import BY_NAME, DECIDES, Verdict, verdicts

CASE = "surge:SU-1"
PLAN = "7C1F6F0E-2B7A-5D0E-9A53-0C7F2B8F2F11"
DECREE = {"decree": "360/16", "decree_date": "2027-02-03", "until": "2027-03-01T00:00:00+08:00"}
K, V = CommandKind, Verdict

# For each kind of decision: what is said on the task, and the decision that its own route makes of the same.
SAID: dict[CommandKind, tuple[dict[str, Any], Decision]] = {
    K.APPROVE_SURGE: ({}, Decision(K.APPROVE_SURGE, CASE)),
    K.REJECT_SURGE: (
        {"reason": "NO_FUNDS", "note": "baru 2027"},
        Decision(K.REJECT_SURGE, CASE, "NO_FUNDS", None, "baru 2027"),
    ),
    K.RETURN_SURGE: ({"reason": "TOO_MANY"}, Decision(K.RETURN_SURGE, CASE, "TOO_MANY")),
    K.RATIFY_ORAL_ORDER: (
        {"details": {"letter": "800/1", "dated": "2027-02-03"}},
        Decision(K.RATIFY_ORAL_ORDER, CASE, None, {"letter": "800/1", "dated": "2027-02-03"}),
    ),
    K.FILE_AFTER_ACTION: (
        {"details": {"report": "360/20/III/2027"}},
        Decision(K.FILE_AFTER_ACTION, CASE, None, {"report": "360/20/III/2027"}),
    ),
    K.ARCHIVE_OPERATION: ({}, Decision(K.ARCHIVE_OPERATION, CASE)),
    K.CONFIRM_PLAN: ({"details": {"plan_id": PLAN}}, Decision(K.CONFIRM_PLAN, CASE, PLAN.lower())),
    K.PLAN_SURGE: ({"note": "terlalu jauh"}, Decision(K.PLAN_SURGE, CASE, note="terlalu jauh")),
    K.ACCEPT_OFFER: ({}, Decision(K.ACCEPT_OFFER, CASE)),
    K.DECLINE_OFFER: ({"reason": "CARER"}, Decision(K.DECLINE_OFFER, CASE, "CARER")),
    K.RELEASE: ({}, Decision(K.RELEASE, CASE)),
    K.REFUSE_RELEASE: ({"reason": "MINIMUM_SERVICE"}, Decision(K.REFUSE_RELEASE, CASE, "MINIMUM_SERVICE")),
    K.SIGN_ORDER: ({}, Decision(K.SIGN_ORDER, CASE)),
    K.CHECK_IN: ({}, Decision(K.CHECK_IN, CASE)),
    K.SIGN_CHECKLIST: (
        {"details": {"items": ["FITNESS", "KIT"]}},
        Decision(K.SIGN_CHECKLIST, CASE, None, {"items": "FITNESS KIT"}),
    ),
    K.SIGN_DEMOB: (
        {"details": {"items": ["ASSETS", "HEALTH"]}},
        Decision(K.SIGN_DEMOB, CASE, None, {"items": "ASSETS HEALTH"}),
    ),
    K.CONFIRM_RETURN: ({}, Decision(K.CONFIRM_RETURN, CASE)),
    K.EXTEND_STATUS: ({"details": DECREE}, Decision(K.EXTEND_STATUS, CASE, None, DECREE)),
    K.END_OPERATION: ({"note": "surut"}, Decision(K.END_OPERATION, CASE, note="surut")),
    K.GRANT_CONDITION: ({}, Decision(K.GRANT_CONDITION, CASE)),
    K.REFUSE_CONDITION: ({"note": "penuh"}, Decision(K.REFUSE_CONDITION, CASE, note="penuh")),
    K.REGAIN_CONTACT: ({}, Decision(K.REGAIN_CONTACT, CASE)),
    K.FILE_ACCIDENT_REPORT: (
        {"details": {"reference": "JKK/2027/0144", "dated": "2027-02-20"}},
        Decision(K.FILE_ACCIDENT_REPORT, CASE, None, {"reference": "JKK/2027/0144", "dated": "2027-02-20"}),
    ),
    K.WAIVE_ACCIDENT_REPORT: (
        {"reason": "INSURER_TOOK_OVER"},
        Decision(K.WAIVE_ACCIDENT_REPORT, CASE, "INSURER_TOOK_OVER"),
    ),
    K.SETTLE_CLAIM: (
        {
            "details": {"reference": "SP2D/1", "dated": "2027-03-02", "amount": 2_040_000},
            "reason": "LODGING",
            "note": "dua malam",
        },
        Decision(
            K.SETTLE_CLAIM,
            CASE,
            "LODGING",
            {"reference": "SP2D/1", "dated": "2027-03-02", "amount": "2040000"},
            note="dua malam",
        ),
    ),
    K.WAIVE_SETTLEMENT: (
        {"reason": "PERSON_UNABLE", "details": {"papers": ["REPORT"]}},
        Decision(K.WAIVE_SETTLEMENT, CASE, "PERSON_UNABLE", {"papers": "REPORT"}),
    ),
    K.RELEASE_EARLY: ({"reason": "NO_LONGER_NEEDED"}, Decision(K.RELEASE_EARLY, CASE, "NO_LONGER_NEEDED")),
    K.APPROVE_EXTENSION: ({}, Decision(K.APPROVE_EXTENSION, CASE)),
    K.DENY_EXTENSION: ({"note": "kurang"}, Decision(K.DENY_EXTENSION, CASE, note="kurang")),
    K.CONSENT_EXTENSION: ({}, Decision(K.CONSENT_EXTENSION, CASE)),
    K.OBJECT_EXTENSION: ({"note": "lelah"}, Decision(K.OBJECT_EXTENSION, CASE, note="lelah")),
    K.APPROVE_REASSIGNMENT: ({}, Decision(K.APPROVE_REASSIGNMENT, CASE)),
    K.DENY_REASSIGNMENT: ({"note": "penuh"}, Decision(K.DENY_REASSIGNMENT, CASE, note="penuh")),
    K.CONSENT_REASSIGNMENT: ({}, Decision(K.CONSENT_REASSIGNMENT, CASE)),
    K.OBJECT_REASSIGNMENT: ({"note": "lelah"}, Decision(K.OBJECT_REASSIGNMENT, CASE, note="lelah")),
    K.START_REST: ({}, Decision(K.START_REST, CASE)),
    K.CLOSE_SURGE: ({}, Decision(K.CLOSE_SURGE, CASE)),
    K.ASK_RELIEF: (
        {"details": {"line": "SU-1/01", "until": "2027-03-01T00:00:00+00:00"}},
        Decision(K.ASK_RELIEF, CASE, None, {"line_id": "SU-1/01", "until": "2027-03-01T00:00:00+00:00"}),
    ),
    K.NEED_UNTIL: (
        {"details": {"line": "01"}, "note": "pos ditutup"},
        Decision(K.NEED_UNTIL, CASE, None, {"line_id": "SU-1/01"}, "pos ditutup"),
    ),
    K.DRAFT_BACKFILL: ({}, Decision(K.DRAFT_BACKFILL, CASE)),
    K.DECLINE_BACKFILL: (
        {"reason": "SOON_BACK", "note": "Senin kembali"},
        Decision(K.DECLINE_BACKFILL, CASE, "SOON_BACK", None, "Senin kembali"),
    ),
    K.RECEIVE_MUTATION: ({}, Decision(K.RECEIVE_MUTATION, CASE)),
    K.PASS_SCREENING: ({}, Decision(K.PASS_SCREENING, CASE)),
    K.RETURN_MUTATION: ({"reason": "INCOMPLETE"}, Decision(K.RETURN_MUTATION, CASE, "INCOMPLETE")),
    K.FIND_INELIGIBLE: ({"note": "M05"}, Decision(K.FIND_INELIGIBLE, CASE, note="M05")),
    K.RECOMMEND_MUTATION: (
        {"details": {"reference": "BA/7", "dated": "2027-02-03"}},
        Decision(K.RECOMMEND_MUTATION, CASE, None, {"reference": "BA/7", "dated": "2027-02-03", "panel": 1}),
    ),
    K.ADVISE_AGAINST_MUTATION: (
        {"reason": "NOT_SUITED"},
        Decision(K.ADVISE_AGAINST_MUTATION, CASE, "NOT_SUITED"),
    ),
    K.GRANT_CLEARANCE: (
        {"details": {"clearance": "I_MUT", "reference": "PT/1", "dated": "2027-02-03"}},
        Decision(
            K.GRANT_CLEARANCE, CASE, None, {"clearance": "I_MUT", "reference": "PT/1", "dated": "2027-02-03"}
        ),
    ),
    K.HOLD_CLEARANCE: (
        {"details": {"clearance": "I_MUT"}, "note": "kurang SKP"},
        Decision(K.HOLD_CLEARANCE, CASE, None, {"clearance": "I_MUT"}, "kurang SKP"),
    ),
    K.REFUSE_CLEARANCE: (
        {
            "details": {"clearance": "I_MUT", "reference": "PT/2", "dated": "2027-02-03"},
            "note": "ditolak",
        },
        Decision(
            K.REFUSE_CLEARANCE,
            CASE,
            None,
            {"clearance": "I_MUT", "reference": "PT/2", "dated": "2027-02-03"},
            "ditolak",
        ),
    ),
    K.COMPLETE_CLEARANCE_FILE: (
        {"details": {"clearance": "I_MUT"}},
        Decision(K.COMPLETE_CLEARANCE_FILE, CASE, None, {"clearance": "I_MUT"}),
    ),
    K.APPROVE_MUTATION: ({}, Decision(K.APPROVE_MUTATION, CASE)),
    K.SEND_BACK_MUTATION: ({"reason": "OTHER"}, Decision(K.SEND_BACK_MUTATION, CASE, "OTHER")),
    K.REJECT_MUTATION: ({"reason": "NOT_NEEDED"}, Decision(K.REJECT_MUTATION, CASE, "NOT_NEEDED")),
    K.PREPARE_DECREE: (
        {"details": {"effective_at": "2027-03-01T00:00:00+00:00"}},
        Decision(K.PREPARE_DECREE, CASE, None, {"effective_at": "2027-03-01T00:00:00+00:00"}),
    ),
    K.INITIAL_DECREE: ({}, Decision(K.INITIAL_DECREE, CASE)),
    K.RETURN_DECREE: ({"reason": "OTHER"}, Decision(K.RETURN_DECREE, CASE, "OTHER")),
    K.SIGN_DECREE: ({}, Decision(K.SIGN_DECREE, CASE)),
    K.SERVE_DECREE: ({}, Decision(K.SERVE_DECREE, CASE)),
    K.FILE_INAUGURATION: ({}, Decision(K.FILE_INAUGURATION, CASE)),
    K.BEGIN_HANDOVER: ({}, Decision(K.BEGIN_HANDOVER, CASE)),
    K.FILE_HANDOVER_RECORD: ({}, Decision(K.FILE_HANDOVER_RECORD, CASE)),
    K.FILE_DUTY_START: ({}, Decision(K.FILE_DUTY_START, CASE)),
    K.REPORT_DUTY_NOT_STARTED: (
        {"note": "tidak hadir"},
        Decision(K.REPORT_DUTY_NOT_STARTED, CASE, note="tidak hadir"),
    ),
    K.CANCEL_MUTATION: (
        {"reason": "DID_NOT_BEGIN", "details": {"number": "821.2/9"}},
        Decision(K.CANCEL_MUTATION, CASE, "DID_NOT_BEGIN", {"number": "821.2/9"}),
    ),
    K.COUNSEL_FOR_MUTATION: ({}, Decision(K.COUNSEL_FOR_MUTATION, CASE)),
    K.COUNSEL_AGAINST_MUTATION: (
        {"reason": "BELOW_NEED", "note": "dua orang cuti"},
        Decision(K.COUNSEL_AGAINST_MUTATION, CASE, "BELOW_NEED", None, "dua orang cuti"),
    ),
    K.OPEN_DISCIPLINE_CASE: (
        {"details": {"reference": "800/1", "dated": "2027-03-02"}},
        Decision(K.OPEN_DISCIPLINE_CASE, CASE, None, {"reference": "800/1", "dated": "2027-03-02"}),
    ),
    K.EXCUSE_ABSENCE: ({"reason": "HEALTH"}, Decision(K.EXCUSE_ABSENCE, CASE, "HEALTH")),
    K.REPORT_MUTATION: (
        {"details": {"reference": "RWJ-1", "dated": "2027-03-02"}},
        Decision(K.REPORT_MUTATION, CASE, None, {"reference": "RWJ-1", "dated": "2027-03-02"}),
    ),
    K.RETRACT_ENTRY: (
        {"reason": "RETRACTED", "details": {"reference": "RWJ-1", "dated": "2027-03-02"}},
        Decision(K.RETRACT_ENTRY, CASE, "RETRACTED", {"reference": "RWJ-1", "dated": "2027-03-02"}),
    ),
    K.REPORT_BLOCK_LIFTED: ({}, Decision(K.REPORT_BLOCK_LIFTED, CASE)),
    K.LET_DECREE_STAND: ({}, Decision(K.LET_DECREE_STAND, CASE)),
    K.REVIEW_OBJECTION: ({}, Decision(K.REVIEW_OBJECTION, CASE)),
    K.UPHOLD_DECREE: ({"note": "tidak beralasan"}, Decision(K.UPHOLD_DECREE, CASE, note="tidak beralasan")),
    K.CORRECT_DECREE: (
        {"details": {"dictum": "PAY", "reads": "Gaji penuh."}, "note": "nama"},
        Decision(
            K.CORRECT_DECREE, CASE, None, {"dictum": "PAY", "worded": 1}, "nama", ("PAY", "Gaji penuh.")
        ),
    ),
    K.REVOKE_DECREE: (
        {"details": {"number": "821.2/9"}},
        Decision(K.REVOKE_DECREE, CASE, None, {"number": "821.2/9"}),
    ),
}


def test_all_lines_end_by_one_verdict_and_go_on_by_none() -> None:
    form = DecideTask(verdict=Verdict.REJECT, details={"line": "all"}, note="operasi selesai")
    assert decision_of(K.NEED_UNTIL, CASE, form=form).details == {"all_lines": 1}
    for kind, until in ((K.ASK_RELIEF, {}), (K.NEED_UNTIL, {"until": "2027-03-01T00:00:00Z"})):
        asked = DecideTask(verdict=Verdict.REJECT, details={"line": "all"} | until, note="x")
        with pytest.raises(Faulty, match="all lines may end"):
            decision_of(kind, CASE, form=asked)


def test_every_verdict_is_tried() -> None:
    assert set(SAID) == {*DECIDES.values(), *BY_NAME.values()}


@pytest.mark.parametrize("by_name", [False, True])
@pytest.mark.parametrize("kind", TaskKind)
def test_each_verdict_is_its_command_with_what_belongs_to_it(kind: TaskKind, by_name: bool) -> None:
    for verdict, command in verdicts(kind, by_name=by_name).items():
        said, wanted = SAID[command]
        assert decision_of(command, CASE, form=DecideTask(verdict=verdict, **said)) == wanted


@pytest.mark.parametrize(("kind", "verdict"), [pair for pair in DECIDES if pair[1] != V.APPROVE])
def test_nobody_returns_or_rejects_without_a_reason_where_one_is_needed(
    kind: TaskKind, verdict: Verdict
) -> None:
    command = DECIDES[kind, verdict]
    if command in (K.REFUSE_CONDITION, K.DENY_EXTENSION, K.DENY_REASSIGNMENT):
        assert decision_of(command, CASE, form=DecideTask(verdict=verdict)).note is None
        return
    with pytest.raises(Faulty) as fault:
        decision_of(command, CASE, form=DecideTask(verdict=verdict))
    wanted = "reason: field required" if "code" in takes(command) else "note: a reason is needed, in words"
    fields = FORMS[command].model_fields if command in FORMS else {}
    besides = [name for name, field in fields.items() if field.is_required() and name != "code"]
    assert fault.value.faults == (wanted, *(f"details.{name}: field required" for name in besides))


@pytest.mark.parametrize(
    ("command", "verdict", "said", "faults"),
    [
        (K.REFUSE_RELEASE, V.REJECT, {"reason": "NO_FUNDS"},
         ["reason: input should be 'MINIMUM_SERVICE', 'ESSENTIAL_SERVICE' or 'OTHER'"]),
        (K.END_OPERATION, V.REJECT, {"details": DECREE},
         ["note: a reason is needed, in words", *(f"details.{name}: this verdict takes none" for name in DECREE)]),
        (K.EXTEND_STATUS, V.APPROVE, {"details": {"decree": "1"}},
         ["details.decree_date: field required", "details.until: field required"]),
        (K.CONFIRM_PLAN, V.APPROVE, {}, ["details.plan_id: field required"]),
        (K.CONFIRM_PLAN, V.APPROVE, {"details": {"plan_id": PLAN, "x": 1}},
         ["details.x: extra inputs are not permitted"]),
        (K.RELEASE, V.APPROVE, {"reason": "OTHER", "note": "x", "details": {"items": []}},
         ["reason: this verdict takes no code", "note: this verdict takes none; write a comment",
          "details.items: this verdict takes none"]),
        (K.SIGN_DEMOB, V.APPROVE, {"details": {"items": ["SHOES"]}},
         ["details.items[1]: input should be 'ASSETS', 'DATA_HANDOVER', 'ACCOUNTS', 'HEALTH' or 'TRAVEL'"]),
    ],
)  # fmt: skip
def test_every_part_that_is_missing_or_too_much_is_named(
    command: CommandKind, verdict: Verdict, said: dict[str, Any], faults: list[str]
) -> None:
    with pytest.raises(Faulty) as fault:
        decision_of(command, CASE, form=DecideTask(verdict=verdict, **said))
    assert list(fault.value.faults) == faults


def test_what_a_verdict_may_leave_out_is_left_out_of_the_command() -> None:
    assert {K.CHECK_IN, K.SIGN_DEMOB} <= OPTIONAL <= set(FORMS)
    assert decision_of(K.SIGN_DEMOB, CASE, form=DecideTask(verdict=V.APPROVE)) == Decision(K.SIGN_DEMOB, CASE)
