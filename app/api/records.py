"""What has been written: one's own decisions and tasks, orders as PDF, the log and the replay of a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from app.actions import NoSuchCase, NotAllowed
from app.api import audit_views, views
from app.api.answers import CommandView
from app.api.answers import view as command_view
from app.api.door import UUID, At, Door, Uuid, Who, need
from app.api.papers import PDF, pdf
from app.api.problems import errors
from app.api.reading import ReadAt
from app.tasks import Conflict
from audit.replay import replay_case
from domain import cases
from domain.authority import Actor
from domain.documents import Unprintable
from domain.mutation.authority import Facts as MutationFacts
from domain.mutation.group_authority import Facts as GroupFacts
from domain.sight import AUDITORS, MUTATION_OFFICES, OVERSEERS, holds, sees_person, units_headed
from domain.who_may import Facts
from runtime.sandbox import strict_runner
from runtime.temporal import data_converter
from workflows import ALL

router = APIRouter()

NAMED = 100
"""Faults of a rebuild that are told one by one."""


def _case_of(kinds: Iterable[cases.CaseKind]) -> str:
    """Return the pattern of the ids of these kinds of cases."""
    return rf"^({'|'.join(sorted(kinds))}):[A-Za-z0-9-]{{1,40}}$"


CaseId = Annotated[
    str,
    Path(
        pattern=_case_of(cases.CARRIED),
        examples=["surge:SU-3F9A1C22D0"],
    ),
]
Person = Annotated[str | None, Query(pattern=UUID)]
LogOf = Annotated[
    str, Query(pattern=r"^(operation|surge|secondment|mutation|batch|swap|thin):[A-Za-z0-9-]{1,40}$")
]


@router.get("/v1/me", tags=["inbox"], response_model=views.Me, responses=errors())
async def show_me(door: At, who: Who) -> dict[str, object]:
    """Who the token belongs to, and which offices are held today."""
    names = await door.books.boards.names([who.person_id])
    offices = [{"capacity": office.capacity.value, "unit_id": office.unit_id} for office in who.appointments]
    return {
        "person_id": who.person_id,
        "name": names.get(who.person_id),
        "government_id": who.government_id,
        "zone": await door.books.boards.zone(who.government_id),
        "offices": offices,
    }


@router.get(
    "/v1/commands/{command_id}",
    tags=["inbox"],
    response_model=CommandView,
    responses=errors(HTTPStatus.NOT_FOUND),
)
async def show_command(door: At, who: Who, command_id: Uuid) -> CommandView:
    """One's own decision, and what became of it."""
    try:
        command = await door.books.commands.find(command_id)
    except LookupError:
        raise NoSuchCase from None
    if command.actor_id != who.person_id:
        raise NoSuchCase
    return command_view(command)


@router.get(
    "/v1/orders/{order_id}.pdf",
    tags=["orders"],
    response_class=Response,
    responses={
        **PDF,
        **errors(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND),
    },
)
async def fetch_order(door: At, who: Who, order_id: Uuid, person: Person = None) -> Response:
    """An issued assignment order as PDF; with `person=` (a person's id, or a placement's), that person's extract.

    The whole names everybody on it and is for overseers; heads see the extracts of their people. Without
    `person`, whoever stands on the order gets their own extract.
    """
    await _need_order(door, who, order_id)
    whole = person is None and holds(who, OVERSEERS)
    placement_id = None if whole else await _extract_of(door, who, order_id, person)
    file = await door.books.boards.document(order_id, placement_id)
    if file is None:
        raise NoSuchCase
    return pdf(file)


@router.get(
    "/v1/orders/{order_id}/travel.pdf",
    tags=["orders"],
    response_class=Response,
    responses={
        **PDF,
        **errors(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    },
)
async def fetch_travel_order(door: At, who: Who, order_id: Uuid, person: Person = None) -> Response:
    """The travel order (SPD) of somebody on an issued assignment order as PDF: one's own, or with `person=` that of somebody on it.

    For the person, the home head and the overseers.
    """
    await _need_order(door, who, order_id)
    placement_id = await _extract_of(door, who, order_id, person)
    try:
        file = await door.books.travelling.fetch(order_id, placement_id)
    except Unprintable as error:
        raise Conflict("paper_unprintable") from error
    if file is None:
        raise NoSuchCase
    return pdf(file)


@router.get(
    "/v1/log",
    tags=["audit"],
    response_model=views.Board[audit_views.LogEntry],
    responses=errors(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND),
)
async def read_log(door: At, who: Who, read_at: ReadAt, case_id: LogOf) -> dict[str, object]:
    """What happened in one case, oldest first: opaque ids and codes, no names."""
    government_id = await _may_read(door, who, case_id)
    items = await door.books.boards.case_log(government_id, case_id)
    return {"as_of": read_at, "items": items}


@router.get(
    "/v1/audit/{case_id}/replay",
    tags=["audit"],
    response_model=audit_views.Replay,
    responses=errors(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND),
)
async def replay(door: At, who: Who, case_id: CaseId) -> audit_views.Replay:
    """Replay every run of a case strictly with today's code. By: auditor or operator."""
    need(who, AUDITORS)
    await _may_read(door, who, case_id)
    reports = await replay_case(
        await door.engine.client(),
        case_id,
        workflows=ALL,
        runner=strict_runner(),
        data_converter=data_converter(),
    )
    runs = [
        audit_views.Run(
            run_id=report.run_id,
            workflow_type=report.workflow_type,
            ok=report.ok,
            events=report.events,
            commands=report.commands,
            completed=report.completed,
            lines=list(report.lines()),
        )
        for report in reports
    ]
    return audit_views.Replay(case_id=case_id, ok=all(run.ok for run in runs), runs=runs)


@router.get(
    "/v1/audit/rebuild",
    tags=["audit"],
    response_model=audit_views.Rebuilt,
    responses=errors(HTTPStatus.FORBIDDEN),
)
async def rebuild(door: At, who: Who) -> audit_views.Rebuilt:
    """Rebuild every board from the log alone, and compare with the books row by row. By: auditor or operator."""
    need(who, AUDITORS)
    now = door.house.clock.now()
    found = await door.books.rebuild(who.government_id, now)
    zone = await door.books.boards.zone(who.government_id)
    return audit_views.Rebuilt(
        as_of=views.AsOf(at=now, log=found.log, log_at=found.log_at, zone=zone),
        ok=found.holds,
        entries=found.entries,
        rows=found.rows,
        missing=list(found.gaps[:NAMED]),
        differences=[audit_views.Difference(**asdict(one)) for one in found.differences[:NAMED]],
        faults=len(found.faults),
        sentences=list(found.faults[:NAMED]),
    )


async def _may_read(door: Door, who: Actor, case_id: str) -> str:
    """Let overseers and auditors read any case of their government, everybody their own, a head the unit's own.

    Return in whose log the case stands: who moves to another government reads it there.
    """
    try:
        facts = await door.books.desk.facts(case_id)
    except (LookupError, ValueError):
        raise NoSuchCase from None
    own = isinstance(facts, MutationFacts) and who.person_id == facts.subject_id
    if not own and not _reads(who, case_id, facts):
        raise NoSuchCase
    return facts.government_id


def _reads(who: Actor, case_id: str, facts: Facts) -> bool:
    if facts.government_id != who.government_id:
        return False
    if holds(who, OVERSEERS | AUDITORS):
        return True
    if isinstance(facts, GroupFacts | MutationFacts):
        return holds(who, MUTATION_OFFICES)
    kind = cases.parse(case_id).kind
    if kind == cases.CaseKind.THIN and facts.home_unit_id in units_headed(who):
        return True
    return (
        kind == cases.CaseKind.SECONDMENT
        and facts.subject_id is not None
        and facts.home_unit_id is not None
        and sees_person(who, subject_id=facts.subject_id, home_unit_id=facts.home_unit_id)
    )


async def _need_order(door: Door, who: Actor, order_id: str) -> None:
    """Let read on whoever asks for an order of their own government; raises NoSuchCase."""
    order = await door.books.boards.order(order_id)
    if order is None or order["government_id"] != who.government_id:
        raise NoSuchCase


async def _extract_of(door: Door, who: Actor, order_id: str, named: str | None) -> str:
    """Return whose extract is meant, by placement or by person, the actor's own where nobody is named; raises NoSuchCase and NotAllowed."""
    own = named is None
    person_id = who.person_id if named is None else named
    found = await door.books.boards.person_on_order(order_id, placement_id=named, person_id=person_id)
    if found is None and own:
        raise NotAllowed("no_authority")
    if found is None or not sees_person(who, subject_id=found["person_id"], home_unit_id=found["unit_id"]):
        raise NoSuchCase
    return str(found["placement_id"])
