"""Tasks as people meet them: the verdicts that each kind has, and who may claim, take over, write and see one.

A task decides nothing by itself. A verdict on it records the command that its kind maps to, the same that
the specific action records; what becomes of it is the case's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from domain.authority import Actor, Appointment, Capacity, Denied, Granted
from domain.commands import CommandKind
from domain.mandates import SUPERIOR
from domain.moves import TaskKind
from domain.sight import DESK_ADMINS, OVERSEERS
from domain.verdicts import Verdict, verdicts
from domain.who_may import Facts, authority

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


def may_work(who: Actor, task: Task, case: Facts) -> Granted | Denied:
    """Say in which office the actor could decide the task, whatever the verdict; else why not."""
    if task.assignee_id is None:
        who = replace(who, appointments=tuple(_offices(who, task)))
    if not task.verdicts:
        return next((_as(office) for office in _offices(who, task)), Denied("no_authority"))
    said = [authority(command, who, case) for command in task.verdicts.values()]
    granted = next((one for one in said if isinstance(one, Granted)), None)
    return granted or next((one for one in said if one != Denied("no_authority")), said[0])


def open_to(who: Actor, task: Task, case: Facts) -> tuple[Verdict, ...]:
    """Return the verdicts that the actor may give now: in the office that is asked, or in another that may."""

    def stands(command: CommandKind) -> bool:
        granted = authority(command, who, case)
        if not task.open or isinstance(granted, Denied):
            return False
        mine = task.claim is None or task.claim.person_id == who.person_id
        return mine or granted.capacity != task.capacity

    return tuple(verdict for verdict, command in task.verdicts.items() if stands(command))


def may_claim(who: Actor, task: Task, case: Facts) -> Granted | Denied:
    """Say whether the actor may take the task upon themself."""
    if fault := _fixed(task):
        return fault
    if task.claim and task.claim.person_id != who.person_id:
        return Denied("claimed_by_another")
    return may_work(who, task, case)


def may_unclaim(who: Actor, task: Task, case: Facts) -> Granted | Denied:
    """Say whether the actor may give the task back to its office: the own one, or as who may hand it on."""
    if fault := _fixed(task):
        return fault
    if task.claim is None:
        return Denied("not_claimed")
    if task.claim.person_id == who.person_id:
        worked = may_work(who, task, case)
        return worked if isinstance(worked, Granted) else Granted(_office_of(task))
    return _hands_on(who, task, case, claimer=None)


def may_take_over(who: Actor, task: Task, case: Facts, *, heir: Actor, claimer: Actor) -> Granted | Denied:
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


def _hands_on(who: Actor, task: Task, case: Facts, *, claimer: Actor | None) -> Granted | Denied:
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
