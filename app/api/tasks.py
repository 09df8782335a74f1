"""Tasks: what is asked of whom; claimed, decided, commented, with evidence."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from app import tasks
from app.actions import Faulty
from app.api import task_views
from app.api.answers import answer, decided
from app.api.conditions import estimated
from app.api.door import At, Door, Key, Uuid, Who
from app.api.feeds import raw
from app.api.forms import Form, Id, Line, Note
from app.api.limits import body_of
from app.api.problems import errors
from app.api.reading import ReadAt, as_of
from app.api.verdicts import DecideTask, decision_of
from app.instead import instead
from app.tasks import Desk
from app.wiring import TasksWanted
from domain import cases
from domain.authority import Actor
from domain.evidence import MOST_BYTES
from domain.moves import TaskKind
from domain.reasons import ErasureReason
from domain.sight import sees_mutation
from domain.verdicts import verdicts

router = APIRouter(prefix="/v1/tasks", tags=["tasks"])

CHANGING = errors(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
AFTER = re.compile(r"(infinity|[0-9T:.+-]{19,32})\|([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
SAFE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""What somebody attached is saved and never shown by us: it may hold anything."""


_OF_A_REQUEST = (TaskKind.APPROVE_SURGE, TaskKind.RATIFY_ORAL_ORDER)


class TakeOver(Form):
    """Hand a claimed task on."""

    to: Id | None = Field(None, description="Who is to work on it; else you.")


class Comment(Form):
    """Say something to a task."""

    text: Note


@router.get("", response_model=task_views.TaskPage, responses=errors())
async def list_tasks(
    door: At,
    who: Who,
    read_at: ReadAt,
    *,
    mine: bool = True,
    kind: TaskKind | None = None,
    overdue: bool = False,
    id_part: Annotated[
        str, Query(pattern="^[0-9a-fA-F-]{0,36}$", description="The beginning or end of a task's id.")
    ] = "",
    closed: Annotated[bool, Query(description="With `id_part`: among the closed ones.")] = False,
    after: Annotated[
        str | None, Query(max_length=200, description="`next` of the page before, with the same filters.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, object]:
    """Open tasks, the most urgent first: those asked of the actor, or with `mine=false` all that they may see."""
    now = door.house.clock.now()
    wanted = TasksWanted(mine, kind, overdue, id_part, closed, _place(after), limit + 1)
    rows = await door.books.tasks().page(who, wanted, now)
    page = [_told(door, who, row) for row in rows[:limit]]
    return {
        "as_of": read_at,
        "items": page,
        "next": _cursor(rows[limit - 1]) if len(rows) > limit else None,
    }


@router.get("/{task_id}", response_model=task_views.TaskDetail, responses=errors(HTTPStatus.NOT_FOUND))
async def show_task(door: At, who: Who, task_id: Uuid) -> dict[str, object]:
    """A task, open or closed, with its comments and evidence; what one may not see is answered like none."""
    return await _shown(door, who, task_id)


@router.post(
    "/{task_id}/claim", summary="Claim a task", response_model=task_views.TaskDetail, responses=CHANGING
)
async def claim(door: At, who: Who, task_id: Uuid) -> dict[str, object]:
    """Take a task upon yourself: nobody else of the office decides it. By: whoever may decide it."""
    await tasks.claim(_desk(door), who, task_id.lower())
    return await _shown(door, who, task_id)


@router.delete(
    "/{task_id}/claim", summary="Give a task back", response_model=task_views.TaskDetail, responses=CHANGING
)
async def unclaim(door: At, who: Who, task_id: Uuid) -> dict[str, object]:
    """Give a task back to its office. By: who claimed it, the office above, or the operator."""
    await tasks.unclaim(_desk(door), who, task_id.lower())
    return await _shown(door, who, task_id)


@router.post(
    "/{task_id}/take-over",
    summary="Take a task over",
    response_model=task_views.TaskDetail,
    responses=CHANGING,
)
async def take_over(door: At, who: Who, task_id: Uuid, form: TakeOver | None = None) -> dict[str, object]:
    """Hand a claimed task on. By: the office above, the operator, the holder for whom it was claimed.

    And anybody of the office, once who claimed it may no longer decide it.
    """
    heir_id = form.to if form else None
    await tasks.take_over(_desk(door), who, task_id.lower(), heir_id)
    return await _shown(door, who, task_id)


@router.post("/{task_id}/decision", summary="Decide a task", **decided())
async def decide(door: At, who: Who, task_id: Uuid, form: DecideTask, key: Key = None) -> JSONResponse:
    """Give a verdict: it records the very command that the specific route records. By: whoever may decide that."""
    said = partial(decision_of, form=form)
    told = await tasks.decide_task(_desk(door), who, task_id.lower(), form.verdict, said, key=key)
    return answer(told)


@router.post(
    "/{task_id}/comments",
    summary="Comment a task",
    status_code=HTTPStatus.CREATED,
    response_model=task_views.TaskDetail,
    responses=CHANGING,
)
async def comment(door: At, who: Who, task_id: Uuid, form: Comment, key: Key = None) -> dict[str, object]:
    """Say something to a task. By: whoever it is asked of, the head of the unit, and the offices of the case."""
    await tasks.comment(_desk(door), who, task_id.lower(), form.text, key=key)
    return await _shown(door, who, task_id)


@router.post(
    "/{task_id}/evidence",
    summary="Attach evidence",
    status_code=HTTPStatus.CREATED,
    response_model=task_views.TaskDetail,
    openapi_extra=raw("application/octet-stream"),
    responses=CHANGING | errors(HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
)
async def attach(
    door: At,
    who: Who,
    request: Request,
    task_id: Uuid,
    *,
    name: Annotated[Line, Query(description="What the file is called.", examples=["laporan.pdf"])],
    key: Key = None,
) -> dict[str, object]:
    """Attach a file of at most 10 MB: PDF, PNG, JPEG, CSV, TXT, ODS or XLSX, told by its content. By: as comments."""
    await tasks.may_attach(_desk(door), who, task_id.lower())  # before a large body is read
    content = await body_of(request, MOST_BYTES)
    await tasks.attach(_desk(door), who, task_id.lower(), name, content, key=key)
    return await _shown(door, who, task_id)


@router.get(
    "/{task_id}/evidence/{evidence_id}",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}, **errors(HTTPStatus.NOT_FOUND)},
)
async def fetch_evidence(door: At, who: Who, task_id: Uuid, evidence_id: Uuid) -> Response:
    """A file as it was attached, to be saved; 404 once it has been erased."""
    name, media, content = await tasks.fetch(_desk(door), who, task_id.lower(), evidence_id.lower())
    headers = SAFE | {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, media_type=media, headers=headers)


@router.delete("/{task_id}/evidence/{evidence_id}", status_code=HTTPStatus.NO_CONTENT, responses=CHANGING)
async def erase_evidence(
    door: At, who: Who, task_id: Uuid, evidence_id: Uuid, reason: ErasureReason
) -> Response:
    """Erase name and content of a file; the log keeps its hash. By: regional secretary or operator, never who attached it."""
    await tasks.erase(_desk(door), who, task_id.lower(), evidence_id.lower(), reason)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _desk(door: Door) -> Desk:
    return Desk(door.house, door.books.tasks())


async def _shown(door: Door, who: Actor, task_id: str) -> dict[str, object]:
    desk, book = _desk(door), door.books.tasks()
    # Looked up here and not before the route: what was changed just now is to be among what is shown.
    read_at = await as_of(door, who)
    row, task = await tasks.seen(desk, who, task_id.lower())
    return {
        "as_of": read_at,
        "task": _told(door, who, row),
        "terms": await _terms(door, row),
        "missing": await _missing(door, row),
        "requested": await _requested(door, row),
        "open_to_you": await tasks.verdicts_open_to(desk, who, task),
        "comments": await book.comments(task.task_id),
        "evidence": await book.evidence(task.task_id),
    }


async def _terms(door: Door, row: dict[str, Any]) -> dict[str, Any] | None:
    if row["kind"] != TaskKind.ANSWER_OFFER:
        return None
    terms = await door.books.boards.offer_terms(cases.parse(row["case_id"]).key)
    role = door.books.rules[terms["rule_pack"]].roles[terms["role"]]
    return terms | {"label": role.label, "work": role.task}


async def _missing(door: Door, row: dict[str, Any]) -> list[str]:
    """What somebody who arrives still needs, where the task is about that."""
    if row["kind"] not in (TaskKind.CHECK_IN, TaskKind.COMPLETE_CHECK_IN):
        return []
    return await door.books.boards.missing(cases.parse(row["case_id"]).key)


async def _requested(door: Door, row: dict[str, Any]) -> dict[str, Any] | None:
    if row["kind"] not in _OF_A_REQUEST:
        return None
    surge_id = cases.parse(row["case_id"]).key
    boards = door.books.boards
    pack = door.books.rules[(await boards.surge(surge_id))["rule_pack"]]
    lines = await boards.lines(surge_id)
    for line in lines:
        line["role_label"] = pack.roles[line["role"]].label
    return {"lines": lines, "estimate": estimated(lines, pack, await boards.zone(row["government_id"]))}


def _told(door: Door, who: Actor, row: dict[str, Any]) -> dict[str, Any]:
    due, closed = row["due_at"], row["closed_at"]
    late = due is not None and due < (closed or door.house.clock.now())
    known = verdicts(TaskKind(row["kind"]), by_name=row["assignee_id"] is not None)
    settles = instead(TaskKind(row["kind"]), row["case_id"])
    if row["moved_id"] and not _sees_mutation(who, row):
        row = row | dict.fromkeys(("person", "unit", "title", "reason"))
    return row | {"late": late, "verdicts": list(known), "instead": settles}


def _sees_mutation(who: Actor, row: dict[str, Any]) -> bool:
    """Say whether somebody who sees a task of a mutation may see whom that is about; whoever is asked may."""
    return row["assignee_id"] == who.person_id or sees_mutation(
        who,
        subject_id=str(row["moved_id"]),
        proposer_id=str(row["proposer_id"]),
        units=frozenset({str(row["from_unit"]), str(row["to_unit"])}),
    )


def _cursor(row: dict[str, Any]) -> str:
    due = row["due_at"].isoformat() if row["due_at"] else "infinity"
    return base64.urlsafe_b64encode(f"{due}|{row['task_id']}".encode()).decode()


def _place(after: str | None) -> tuple[str, str] | None:
    """Return where a page begins; raises Faulty."""
    if after is None:
        return None
    try:
        match = AFTER.fullmatch(base64.b64decode(after.encode(), b"-_", validate=True).decode())
        if match and match[1] != "infinity":
            datetime.fromisoformat(match[1])
    except (binascii.Error, ValueError):
        match = None
    if match is None:
        raise Faulty(("after: expected `next` of the page before",))
    return match[1], match[2]
