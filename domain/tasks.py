"""Tasks as people meet them: the verdicts that each kind has, and who may claim, take over, write and see one.

A task decides nothing by itself. A verdict on it records the command that its kind maps to, the same that
the specific action records; what becomes of it is the case's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.authority import Actor, Appointment, Capacity, CaseFacts, Denied, Granted, authority
from domain.commands import CommandKind
from domain.mandates import SUPERIOR
from domain.moves import TaskKind
from domain.sight import DESK_ADMINS, OVERSEERS


class Verdict(StrEnum):
    """What can be said to what is asked."""

    APPROVE = "APPROVE"
    RETURN = "RETURN"
    REJECT = "REJECT"


_T, _V, _K = TaskKind, Verdict, CommandKind
DECIDES: dict[tuple[TaskKind, Verdict], CommandKind] = {
    (_T.APPROVE_SURGE, _V.APPROVE): _K.APPROVE_SURGE,
    (_T.APPROVE_SURGE, _V.RETURN): _K.RETURN_SURGE,
    (_T.APPROVE_SURGE, _V.REJECT): _K.REJECT_SURGE,
    (_T.CONFIRM_PLAN, _V.APPROVE): _K.CONFIRM_PLAN,
    (_T.CONFIRM_PLAN, _V.RETURN): _K.PLAN_SURGE,
    (_T.ANSWER_OFFER, _V.APPROVE): _K.ACCEPT_OFFER,
    (_T.ANSWER_OFFER, _V.REJECT): _K.DECLINE_OFFER,
    (_T.DECIDE_RELEASE, _V.APPROVE): _K.RELEASE,
    (_T.DECIDE_RELEASE, _V.REJECT): _K.REFUSE_RELEASE,
    (_T.SIGN_ORDER, _V.APPROVE): _K.SIGN_ORDER,
    (_T.CHECK_IN, _V.APPROVE): _K.CHECK_IN,
    (_T.SIGN_DEMOB, _V.APPROVE): _K.SIGN_DEMOB,
    (_T.CONFIRM_RETURN, _V.APPROVE): _K.CONFIRM_RETURN,
    (_T.EXTEND_OR_END, _V.APPROVE): _K.EXTEND_STATUS,
    (_T.EXTEND_OR_END, _V.REJECT): _K.END_OPERATION,
    (_T.ANSWER_CONDITION, _V.APPROVE): _K.GRANT_CONDITION,
    (_T.ANSWER_CONDITION, _V.REJECT): _K.REFUSE_CONDITION,
    (_T.FIND_PERSON, _V.APPROVE): _K.REGAIN_CONTACT,
    (_T.FILE_ACCIDENT_REPORT, _V.APPROVE): _K.FILE_ACCIDENT_REPORT,
    (_T.CHASE_ACCIDENT_REPORT, _V.REJECT): _K.WAIVE_ACCIDENT_REPORT,
    (_T.COVER_DUTY, _V.REJECT): _K.RELEASE_EARLY,
    (_T.ANSWER_EXTENSION, _V.APPROVE): _K.APPROVE_EXTENSION,
    (_T.ANSWER_EXTENSION, _V.REJECT): _K.DENY_EXTENSION,
    (_T.ANSWER_REASSIGNMENT, _V.APPROVE): _K.APPROVE_REASSIGNMENT,
    (_T.ANSWER_REASSIGNMENT, _V.REJECT): _K.DENY_REASSIGNMENT,
    (_T.FILE_AFTER_ACTION, _V.APPROVE): _K.FILE_AFTER_ACTION,
    (_T.ARCHIVE_OPERATION, _V.APPROVE): _K.ARCHIVE_OPERATION,
    (_T.RATIFY_ORAL_ORDER, _V.APPROVE): _K.RATIFY_ORAL_ORDER,
    (_T.CLOSE_SURGE, _V.APPROVE): _K.CLOSE_SURGE,
    (_T.GRANT_REST, _V.APPROVE): _K.START_REST,
    (_T.RELIEVE_OR_END, _V.APPROVE): _K.ASK_RELIEF,
    (_T.RELIEVE_OR_END, _V.REJECT): _K.NEED_UNTIL,
    (_T.BACKFILL_OR_DECLINE, _V.APPROVE): _K.DRAFT_BACKFILL,
    (_T.BACKFILL_OR_DECLINE, _V.REJECT): _K.DECLINE_BACKFILL,
    (_T.SETTLE_CLAIM, _V.APPROVE): _K.SETTLE_CLAIM,
    (_T.DECIDE_SETTLEMENT, _V.REJECT): _K.WAIVE_SETTLEMENT,
}
"""(what is asked, what is said) -> the command that this records.

COVER_DUTY has nothing to approve: cover comes when the status is extended, and closes the task. CHASE_ACCIDENT_REPORT
neither: it closes when the home unit files the report. What has no verdict at all is settled as app/instead.py says:
what is sent again whole, is decided by others, asks for nothing, or is closed by a mandate, an evaluation, a new letter.
RELIEVE_OR_END closes once each of the surge's places that fall empty is settled, by a verdict on each line or in any
other way; BACKFILL_OR_DECLINE by itself too, once the unit is thin no more.
"""

BY_NAME: dict[CommandKind, CommandKind] = {
    _K.APPROVE_EXTENSION: _K.CONSENT_EXTENSION,
    _K.DENY_EXTENSION: _K.OBJECT_EXTENSION,
    _K.APPROVE_REASSIGNMENT: _K.CONSENT_REASSIGNMENT,
    _K.DENY_REASSIGNMENT: _K.OBJECT_REASSIGNMENT,
}
"""What an office's command is called where the person themself is asked."""

TERM_OF: dict[TaskKind, str | None] = {
    _T.APPROVE_SURGE: "surge.deadlines.approval",
    _T.CONFIRM_PLAN: "surge.deadlines.confirmation",
    _T.ANSWER_OFFER: "surge.deadlines.offer",
    _T.DECIDE_RELEASE: "surge.deadlines.release",
    _T.SIGN_ORDER: "surge.deadlines.order",
    _T.CHECK_IN: "surge.deadlines.check_in",
    _T.SIGN_DEMOB: "surge.deadlines.homeward",
    _T.CONFIRM_RETURN: "surge.deadlines.homeward",
    _T.EXTEND_OR_END: None,
    _T.ANSWER_CONDITION: "surge.deadlines.condition",
    _T.FIND_PERSON: "surge.deadlines.return_escalation",
    _T.FILE_ACCIDENT_REPORT: "surge.deadlines.accident_report",
    _T.COVER_DUTY: "surge.deadlines.uncovered_grace",
    _T.ANSWER_EXTENSION: None,
    _T.ANSWER_REASSIGNMENT: "surge.deadlines.hearing",
    _T.FILE_AFTER_ACTION: "operation.after_action",
    _T.ARCHIVE_OPERATION: None,
    _T.RESUBMIT_SURGE: "surge.deadlines.resubmission",
    _T.RATIFY_ORAL_ORDER: "surge.oral_order.paper",
    _T.CHASE_PLAN: "surge.deadlines.confirmation",
    _T.CHASE_ORDER: "surge.deadlines.order",
    _T.CLOSE_SURGE: "surge.deadlines.report",
    _T.EXPECT_RETURN: "surge.deadlines.homeward",
    _T.KNOW_NEW_POST: None,
    _T.LETTER_ENDING: "surge.service_demand.letter_warning",
    _T.NAME_ACTING_HEAD: "surge.deadlines.acting_head",
    _T.CHASE_ACTING_HEAD: "surge.deadlines.acting_head",
    _T.CHASE_ACCIDENT_REPORT: "surge.deadlines.return_escalation",
    _T.GRANT_REST: None,
    _T.RELIEVE_OR_END: None,
    _T.BACKFILL_OR_DECLINE: "surge.deadlines.thin_unit",
    _T.KNOW_THIN_UNIT: None,
    _T.FILE_REPORT: "closing.reporting",
    _T.EVALUATE_PERSON: "closing.reporting",
    _T.SETTLE_CLAIM: "closing.reimbursement",
    _T.CHASE_SETTLEMENT: "closing.urging",
    _T.DECIDE_SETTLEMENT: "closing.urging",
}
"""The key of the rule pack that says until when it is asked; None where no term does."""

ERASERS = frozenset({Capacity.SEKDA, Capacity.OPERATOR})
"""They may erase the content of evidence."""

MOST_EVIDENCE, MOST_COMMENTS = 20, 200
"""Files and comments that one task takes."""


@dataclass(frozen=True)
class Claim:
    """Somebody works on it, so that nobody else of the office does; `on_behalf_of` where by a mandate."""

    person_id: str
    at: datetime
    on_behalf_of: str | None = None


@dataclass(frozen=True)
class Task:
    """What is asked: of one person by name, or of whoever holds an office (in a unit)."""

    task_id: str
    government_id: str
    case_id: str
    kind: TaskKind
    assignee_id: str | None
    capacity: Capacity | None
    unit_id: str | None
    open: bool
    claim: Claim | None = None

    @property
    def verdicts(self) -> dict[Verdict, CommandKind]:
        """Return the verdicts that it has, each with the command that it records."""
        return verdicts(self.kind, by_name=self.assignee_id is not None)


def verdicts(kind: TaskKind, *, by_name: bool) -> dict[Verdict, CommandKind]:
    """Return the verdicts that a kind has, each with the command that it records; `by_name`: of one person."""
    return {
        verdict: BY_NAME.get(command, command) if by_name else command
        for (asked, verdict), command in DECIDES.items()
        if asked == kind
    }


def asking_for(command: str) -> tuple[TaskKind, ...]:
    """Return the kinds of task that such a command of an office decides."""
    return tuple(asked for (asked, _), decides in DECIDES.items() if decides == command)


def may_work(who: Actor, task: Task, case: CaseFacts) -> Granted | Denied:
    """Say in which office the actor could decide the task, whatever the verdict; else why not."""
    if task.assignee_id is None:
        who = replace(who, appointments=tuple(_offices(who, task)))
    if not task.verdicts:
        return next((_as(office) for office in _offices(who, task)), Denied("no_authority"))
    said = [authority(command, who, case) for command in task.verdicts.values()]
    granted = next((one for one in said if isinstance(one, Granted)), None)
    return granted or next((one for one in said if one != Denied("no_authority")), said[0])


def open_to(who: Actor, task: Task, case: CaseFacts) -> tuple[Verdict, ...]:
    """Return the verdicts that the actor may give now: in the office that is asked, or in another that may."""

    def stands(command: CommandKind) -> bool:
        granted = authority(command, who, case)
        if not task.open or isinstance(granted, Denied):
            return False
        mine = task.claim is None or task.claim.person_id == who.person_id
        return mine or granted.capacity != task.capacity

    return tuple(verdict for verdict, command in task.verdicts.items() if stands(command))


def may_claim(who: Actor, task: Task, case: CaseFacts) -> Granted | Denied:
    """Say whether the actor may take the task upon themself."""
    if fault := _fixed(task):
        return fault
    if task.claim and task.claim.person_id != who.person_id:
        return Denied("claimed_by_another")
    return may_work(who, task, case)


def may_unclaim(who: Actor, task: Task, case: CaseFacts) -> Granted | Denied:
    """Say whether the actor may give the task back to its office: the own one, or as who may hand it on."""
    if fault := _fixed(task):
        return fault
    if task.claim is None:
        return Denied("not_claimed")
    if task.claim.person_id == who.person_id:
        worked = may_work(who, task, case)
        return worked if isinstance(worked, Granted) else Granted(_office_of(task))
    return _hands_on(who, task, case, claimer=None)


def may_take_over(
    who: Actor, task: Task, case: CaseFacts, *, heir: Actor, claimer: Actor
) -> Granted | Denied:
    """Say whether the actor may hand a claimed task on to `heir`, perhaps to themself.

    By: the office above, the desk's administrator, the holder for whom it was claimed; and anybody of
    the office once who claimed it may no longer decide it. The heir must be one who may.
    """
    if fault := _fixed(task):
        return fault
    if task.claim is None:
        return Denied("not_claimed")
    if task.claim.person_id == heir.person_id:
        return Denied("claimed_already")
    granted = _hands_on(who, task, case, claimer=claimer)
    if isinstance(granted, Denied):
        return granted
    worked = may_work(heir, task, case)
    if isinstance(worked, Denied):
        return worked if heir.person_id == who.person_id else Denied("heir_may_not")
    return granted


def may_write(who: Actor, task: Task, *, home_unit_id: str | None) -> Granted | Denied:
    """Say whether the actor may comment and attach: whoever is asked, and the offices of the case but its auditors."""
    if not task.open:
        return Denied("task_closed")
    if who.person_id == task.assignee_id:
        return Granted(Capacity.SUBJECT)
    near = (
        *_offices(who, task),
        *(office for office in who.appointments if office.capacity in OVERSEERS - {Capacity.AUDITOR}),
        *(office for office in who.appointments if home_unit_id and office.unit_id == home_unit_id),
    )
    return _as(near[0]) if near else Denied("no_authority")


def may_erase(who: Actor, *, attached_by: str) -> Granted | Denied:
    """Say whether the actor may erase evidence: an office that may, and never who attached it."""
    office = next((one for one in who.appointments if one.capacity in ERASERS and one.scope is None), None)
    if office is None:
        return Denied("no_authority")
    if who.person_id == attached_by:
        return Denied("own_evidence")
    return _as(office)


def _offices(who: Actor, task: Task) -> Iterator[Appointment]:
    """The offices of the actor of which the task is asked."""
    for office in who.appointments:
        if office.capacity == task.capacity and task.unit_id in (None, office.unit_id):
            yield office


def _hands_on(who: Actor, task: Task, case: CaseFacts, *, claimer: Actor | None) -> Granted | Denied:
    assert task.claim is not None
    if task.claim.on_behalf_of == who.person_id:
        return Granted(_office_of(task))
    above = SUPERIOR.get(_office_of(task))
    for office in who.appointments:
        if office.scope is None and (office.capacity == above or office.capacity in DESK_ADMINS):
            return _as(office)
    if claimer is not None and isinstance(may_work(claimer, task, case), Denied):
        return may_work(who, task, case)
    return Denied("no_authority")


def _fixed(task: Task) -> Denied | None:
    if not task.open:
        return Denied("task_closed")
    return Denied("asked_by_name") if task.assignee_id else None


def _office_of(task: Task) -> Capacity:
    assert task.capacity is not None
    return task.capacity


def _as(office: Appointment) -> Granted:
    return Granted(office.capacity, office.tenure, office.principal_id, office.mandate_id)
