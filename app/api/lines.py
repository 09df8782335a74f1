"""Lines of a surge that runs: added, raised, cut, closed; and what a change would do, before anybody decides it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import JSONResponse

from app import actions
from app.actions import Decision, Faulty, NoSuchCase
from app.api.answers import answer, decided
from app.api.door import At, CaseKey, Door, Key, Who, need
from app.api.forms import (
    AskRelief,
    Keep,
    LineQuantity,
    Needed,
    Quantity,
    RequestLine,
    TryOut,
    TryRedline,
    whole_line,
)
from app.api.problems import errors
from app.api.reading import ReadAt
from app.api.verdicts import of_line
from app.api.what_if_views import Tried, tried
from app.sentences import shortfall
from domain import cases
from domain.authority import Actor
from domain.commands import CommandKind
from domain.lines import LineFacts
from domain.sight import PLANNERS
from domain.what_if import Alteration, LinesTried

router = APIRouter(prefix="/v1/surges", tags=["surges"])
LineNumber = Annotated[str, Path(pattern=r"^[0-9]{2,4}$", examples=["01"])]
LineOrAll = Annotated[
    str, Path(pattern=r"^([0-9]{2,4}|all)$", examples=["01"], description="`all` for every one.")
]


@router.post("/{surge_id}/lines", summary="Add a line", **decided())
async def add_line(door: At, who: Who, surge_id: CaseKey, form: RequestLine, key: Key = None) -> JSONResponse:
    """Ask for people on one more line of an approved surge. By: regional secretary."""
    return answer(await actions.add_line(door.house, who, surge_id, form.to_domain(), key=key))


@router.post("/{surge_id}/lines/{line}/raise", summary="Ask for more", **decided())
async def raise_line(  # noqa: PLR0917 - FastAPI takes a route's parts as parameters
    door: At, who: Who, surge_id: CaseKey, line: LineNumber, form: Quantity, key: Key = None
) -> JSONResponse:
    """Let a line ask for more people than it does now. By: regional secretary."""
    return await _change(door, who, CommandKind.RAISE_LINE, (surge_id, line), form.quantity, key=key)


@router.post("/{surge_id}/lines/{line}/cut", summary="Ask for fewer", **decided())
async def cut_line(  # noqa: PLR0917 - as above
    door: At, who: Who, surge_id: CaseKey, line: LineNumber, form: Quantity, key: Key = None
) -> JSONResponse:
    """Let a line ask for fewer people, and for no fewer than have a place of it. By: coordinator."""
    return await _change(door, who, CommandKind.CUT_LINE, (surge_id, line), form.quantity, key=key)


@router.post("/{surge_id}/lines/{line}/closure", summary="Close a line", **decided())
async def close_line(
    door: At, who: Who, surge_id: CaseKey, line: LineNumber, key: Key = None
) -> JSONResponse:
    """Ask for nobody more on a line; who has a place of it serves to the end. By: coordinator."""
    return await _change(door, who, CommandKind.CLOSE_LINE, (surge_id, line), None, key=key)


@router.post("/{surge_id}/lines/{line}/relief", summary="Ask for the next turn", **decided())
async def ask_relief(  # noqa: PLR0917 - as above
    door: At,
    who: Who,
    surge_id: CaseKey,
    line: LineNumber,
    form: AskRelief | None = None,
    key: Key = None,
) -> JSONResponse:
    """Let a line go on in another one: as many people, there by the overlap before these go home. By: coordinator."""
    until = form.until if form else None
    decision = of_line(CommandKind.ASK_RELIEF, cases.surge(surge_id), line, until)
    return answer(await actions.decide(door.house, who, decision, key=key))


@router.post("/{surge_id}/lines/{line}/need", summary="Say until when a line is needed", **decided())
async def need_until(  # noqa: PLR0917 - as above
    door: At,
    who: Who,
    surge_id: CaseKey,
    line: LineOrAll,
    form: Needed | None = None,
    key: Key = None,
) -> JSONResponse:
    """Say until when a line is needed: its next turns are planned ahead; or, without a date, it ends. By: coordinator.

    `all` lets every line of the surge end, in one decision.
    """
    until = form.until if form else None
    decision = of_line(CommandKind.NEED_UNTIL, cases.surge(surge_id), line, until)
    return answer(await actions.decide(door.house, who, decision, key=key))


@router.post(
    "/{surge_id}/what-if",
    summary="Try a change out",
    response_model=Tried,
    responses=errors(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
)
async def what_if(door: At, who: Who, read_at: ReadAt, surge_id: CaseKey, form: TryOut) -> Tried:
    """Show what a change of lines or donors would do to the plan, over all incidents that share the pool.

    Nothing is written. By: coordinator and regional secretary, who see names in plans.
    """
    need(who, PLANNERS)
    surges = await door.books.boards.surges(who.government_id, id_prefix=surge_id)
    surge = next((row for row in surges if row["surge_id"] == surge_id), None)
    if surge is None:
        raise NoSuchCase
    now = door.house.clock.now()
    lines = await door.books.lines.lines_going_on(surge_id, now)
    added = [(f"{surge_id}/new-{number}", line.to_domain()) for number, line in enumerate(form.added, 1)]
    if faults := [fault for key, line in added for fault in line.faults(key, door.house.rules)]:
        raise Faulty(tuple(faults))
    newest = await door.books.boards.plan(surge["plan_id"]) if surge["plan_id"] else None
    kept = [(pick["person_id"], pick["line_id"]) for pick in newest["plan"].get("kept", ())] if newest else []
    found, fingerprint = await door.books.asking.what_if(
        surge_id,
        now,
        Alteration(
            without=frozenset([(await _unit(door, who, code))["unit_id"] for code in form.without]),
            redlines=dict([await _redline(door, who, row) for row in form.redlines]),
        ),
        LinesTried(_asks(form, surge_id, lines), tuple(added)),
        kept=kept,
        keep=kept_by(form.keep, surge_id),
    )
    people = [person for person, _ in (*found.joining, *found.leaving)]
    return tried(
        found,
        as_of=read_at,
        surge_id=surge_id,
        plan_id=newest["plan_id"] if newest else None,
        same_question=bool(newest and newest["problem_sha256"] == fingerprint),
        names=await door.books.boards.names(people),
        units=await door.books.boards.unit_names(donor.unit_id for donor in found.donors),
        say=shortfall,
    )


def kept_by(keep: Sequence[Keep], surge_id: str) -> list[tuple[str, str]]:
    """Return who is kept as (person, line)."""
    return [(one.person_id, whole_line(one.line, surge_id)) for one in keep]


async def _change(
    door: Door,
    who: Actor,
    kind: CommandKind,
    where: tuple[str, str],
    quantity: int | None,
    *,
    key: str | None,
) -> JSONResponse:
    surge_id, number = where
    details: dict[str, str | int | float] = {"line_id": whole_line(number, surge_id)}
    if quantity is not None:
        details["quantity"] = quantity
    decision = Decision(kind, cases.surge(surge_id), details=details)
    return answer(await actions.decide(door.house, who, decision, key=key))


def _asks(form: TryOut, surge_id: str, lines: Sequence[LineFacts]) -> dict[str, int]:
    """How many each changed line would ask for; raises Faulty where a change is none."""
    known = {line.line_id: line for line in lines}

    def line_of(key: str, at: str) -> LineFacts:
        line = known.get(whole_line(key, surge_id))
        if line is None:
            raise Faulty((f"{at}: {key!r} is no open line of {surge_id}",))
        return line

    def checked(one: LineQuantity, at: str, *, more: bool) -> tuple[str, int]:
        line = line_of(one.line, at)
        now, floor = line.quantity, max(1, line.taken)
        if more and one.quantity <= now:
            raise Faulty((f"{at}: {one.quantity}, expected more than {now}",))
        if not more and not floor <= one.quantity < now:
            raise Faulty((f"{at}: {one.quantity}, expected {floor} to {now - 1}",))
        return line.line_id, one.quantity

    named = Counter(
        whole_line(key, surge_id) for key in (*(one.line for one in (*form.raised, *form.cut)), *form.closed)
    )
    if twice := [key for key, times in named.items() if times > 1]:
        raise Faulty((f"{twice[0]}: raised, cut or closed more than once, expected one change a line",))
    return {
        **dict(checked(one, f"raised[{n}]", more=True) for n, one in enumerate(form.raised, 1)),
        **dict(checked(one, f"cut[{n}]", more=False) for n, one in enumerate(form.cut, 1)),
        **{line_of(key, f"closed[{n}]").line_id: 0 for n, key in enumerate(form.closed, 1)},
    }


async def _unit(door: Door, who: Actor, code: str) -> dict[str, Any]:
    unit = await door.books.boards.unit(who.government_id, code)
    if unit is None:
        raise Faulty((f"unit: {code!r} is no unit of this government",))
    return unit


async def _redline(door: Door, who: Actor, row: TryRedline) -> tuple[tuple[str, str], int]:
    unit = await _unit(door, who, row.unit)
    if not await door.books.boards.has_role(unit["unit_id"], row.role):
        raise Faulty((f"role: {unit['name']} has nobody who is {row.role} at home",))
    return (unit["unit_id"], row.role), row.stay
