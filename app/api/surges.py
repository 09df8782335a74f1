"""Surges: requested, approved, planned, confirmed, ordered, stood down, closed."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from app import actions
from app.actions import Decision, Faulty, NoSuchCase
from app.api import views
from app.api.answers import answer, decided
from app.api.conditions import estimated
from app.api.door import At, CaseKey, Door, Key, Who, need
from app.api.forms import Confirm, MakePlan, Override, Reject
from app.api.lines import kept_by
from app.api.plan_views import Plan
from app.api.plans import plan_view
from app.api.problems import errors
from app.api.reading import ReadAt
from app.api.surge_forms import Cancel, ProlongLetter, Ratify, RequestSurge, Return, WaiveYearlyCap
from app.sentences import shortfall
from domain import cases
from domain.authority import Actor
from domain.commands import CommandKind
from domain.requests import RequestKind, SurgeRequest
from domain.sight import OVERSEERS, PLANNERS, holds
from domain.surge import State

router = APIRouter(prefix="/v1/surges", tags=["surges"])
READING = errors(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)


@router.get("", response_model=views.Board[views.Surge], responses=errors(HTTPStatus.FORBIDDEN))
async def list_surges(
    door: At, who: Who, read_at: ReadAt, id_prefix: str = "", operation_id: str | None = None
) -> dict[str, object]:
    """The surges of the government, the newest first, counted in people."""
    need(who, OVERSEERS)
    items = await door.books.boards.surges(who.government_id, operation_id=operation_id)
    found = [row for row in items if row["surge_id"].startswith(id_prefix)]
    return {"as_of": read_at, "items": await with_why(door, found)}


@router.post("", summary="Request people", **decided(creates=True))
async def request_surge(door: At, who: Who, form: RequestSurge, key: Key = None) -> JSONResponse:
    """Ask for people, line by line: under an operation, or by a letter. By: coordinator.

    What the operation's status (or the letter) does not cover is refused at once, with the reason. With an
    oral order it goes ahead without an approval, and whoever gave it owes the paper.
    """
    request = await _request(door, who, form)
    return answer(await actions.request_surge(door.house, who, request, key=key), created=True)


@router.get("/{surge_id}", response_model=views.SurgeDetail, responses=READING)
async def show_surge(door: At, who: Who, read_at: ReadAt, surge_id: CaseKey) -> dict[str, object]:
    """A surge with its lines, its orders, and how many people stand where."""
    (surge,) = await with_why(door, [await _surge(door, who, surge_id)])
    boards, roles = door.books.boards, door.house.rules.roles
    pack = door.books.rules[(await boards.surge(surge_id))["rule_pack"]]
    lines = await boards.lines(surge_id)
    for line in lines:
        line["role_label"] = roles[line["role"]].label if line["role"] in roles else line["role"]
        # The plan that found them short may be older than the newest offer, or than a cut.
        still_open = max(0, line["quantity"] - line["offered"] - line["filled"] - line["moving"])
        line["short_by"] = min(line["short_by"], still_open)
        line["short_reason"] = line["short_reason"] if line["short_by"] else None
        reason = line["short_reason"]
        line["short_sentence"] = shortfall(reason, line["short_by"]) if reason else None
    return {
        "as_of": read_at,
        "surge": surge,
        "lines": lines,
        "estimate": estimated(lines, pack, await boards.zone(who.government_id)),
        "orders": await boards.orders(surge_id),
        "people": await boards.people_by_state(surge_id),
    }


@router.post("/{surge_id}/approval", summary="Approve the request", **decided())
async def approve_surge(door: At, who: Who, surge_id: CaseKey, key: Key = None) -> JSONResponse:
    """Approve the request. By: regional secretary, and never by who requested it."""
    return await _decide(door, who, Decision(CommandKind.APPROVE_SURGE, cases.surge(surge_id)), key)


@router.post("/{surge_id}/rejection", summary="Reject the request", **decided())
async def reject_surge(door: At, who: Who, surge_id: CaseKey, form: Reject, key: Key = None) -> JSONResponse:
    """Reject the request, with a coded reason. By: regional secretary."""
    decision = Decision(CommandKind.REJECT_SURGE, cases.surge(surge_id), choice=form.code, note=form.note)
    return await _decide(door, who, decision, key)


@router.post("/{surge_id}/plan", summary="Make a plan", **decided())
async def make_plan(
    door: At, who: Who, surge_id: CaseKey, form: MakePlan | None = None, key: Key = None
) -> JSONResponse:
    """Plan the open places anew; then GET the plan and confirm it by its id. By: coordinator.

    Once people are asked, whoever stands stays where they are, and the empty places wait for the confirmation instead
    of being offered to the next best people one by one, until the plan's `waits_until`. Whom the plan must `keep` and who may not go any more is refused, with the rule.
    """
    keep = kept_by(form.keep if form else (), surge_id)
    actions.granted_to(CommandKind.PLAN_SURGE, who, await actions.facts_of(door.house, cases.surge(surge_id)))
    if keep:
        await door.books.asking.check_keep(surge_id, keep, door.house.clock.now())
    return answer(await actions.make_plan(door.house, who, surge_id, keep, key=key))


@router.get("/{surge_id}/plan", response_model=Plan, responses=READING)
async def show_plan(door: At, who: Who, read_at: ReadAt, surge_id: CaseKey) -> Plan:
    """The newest plan: who is picked for each line and why, and why places stay empty."""
    surge = await _surge(door, who, surge_id)
    kept = await door.books.boards.plan(surge["plan_id"]) if surge["plan_id"] else None
    if kept is None:
        raise NoSuchCase
    with_names = holds(who, PLANNERS)
    return await plan_view(door, kept, read_at, surge, government_id=who.government_id, with_names=with_names)


@router.post("/{surge_id}/return", summary="Send a request back", **decided())
async def return_surge(door: At, who: Who, surge_id: CaseKey, form: Return, key: Key = None) -> JSONResponse:
    """Send a request back to be changed. By: regional secretary; once escalated, the appointing authority."""
    decision = Decision(CommandKind.RETURN_SURGE, cases.surge(surge_id), choice=form.code, note=form.note)
    return await _decide(door, who, decision, key)


@router.post("/{surge_id}/resubmission", summary="Send a request again", **decided())
async def resubmit_surge(
    door: At, who: Who, surge_id: CaseKey, form: RequestSurge, key: Key = None
) -> JSONResponse:
    """Send a request again that was sent back: its title, fund, lines and letter are replaced. By: coordinator."""
    request = await _request(door, who, form)
    stands = await door.books.boards.surges(who.government_id, id_prefix=surge_id)
    for row in stands:
        if row["surge_id"] == surge_id and (row["operation_id"] != request.operation_id or request.oral):
            raise Faulty(("operation_id: a request stays under the operation that it was made for",))
    return answer(await actions.resubmit_surge(door.house, who, surge_id, request, key=key))


@router.post("/{surge_id}/ratification", summary="Ratify an oral order", **decided())
async def ratify(door: At, who: Who, surge_id: CaseKey, form: Ratify, key: Key = None) -> JSONResponse:
    """Confirm in writing what was ordered by word of mouth. By: whoever ordered it."""
    details: dict[str, str | int | float] = {"letter": form.letter, "dated": form.dated.isoformat()}
    decision = Decision(CommandKind.RATIFY_ORAL_ORDER, cases.surge(surge_id), details=details)
    return await _decide(door, who, decision, key)


@router.post("/{surge_id}/letter", summary="Prolong by a new letter", **decided())
async def prolong_letter(
    door: At, who: Who, surge_id: CaseKey, form: ProlongLetter, key: Key = None
) -> JSONResponse:
    """Let a demand for service go on by a new letter, before the one that it stands on ends. By: regional secretary."""
    stands = await door.books.boards.surges(who.government_id, id_prefix=surge_id)
    if form.letter in {row["letter_number"] for row in stands if row["surge_id"] == surge_id}:
        raise Faulty(("letter: the one that it stands on, expected a new one",))
    details: dict[str, str | int | float] = {
        "letter": form.letter,
        "dated": form.dated.isoformat(),
        "until": form.until.isoformat(),
    }
    decision = Decision(CommandKind.PROLONG_LETTER, cases.surge(surge_id), details=details)
    return await _decide(door, who, decision, key)


@router.post("/{surge_id}/confirmation", summary="Confirm a plan", **decided())
async def confirm_plan(door: At, who: Who, surge_id: CaseKey, form: Confirm, key: Key = None) -> JSONResponse:
    """Confirm the plan that was seen: everybody picked is asked. By: coordinator.

    A new plan of a running surge is refused where a place or a person of it was taken meanwhile.
    """
    decision = Decision(CommandKind.CONFIRM_PLAN, cases.surge(surge_id), choice=form.plan_id.lower())
    return await _decide(door, who, decision, key)


@router.post("/{surge_id}/plan-withdrawal", summary="Take a new plan back", **decided())
async def withdraw_plan(door: At, who: Who, surge_id: CaseKey, key: Key = None) -> JSONResponse:
    """Let the empty places of a running surge wait for its new plan no longer: the next best people are asked again. By: coordinator.

    Refused where nothing waits for a plan.
    """
    return await _decide(door, who, Decision(CommandKind.WITHDRAW_PLAN, cases.surge(surge_id)), key)


@router.post("/{surge_id}/overrides", summary="Override a redline", **decided())
async def override_redline(
    door: At, who: Who, surge_id: CaseKey, form: Override, key: Key = None
) -> JSONResponse:
    """Let one unit lend more of one role than its redline allows, for this surge. By: regional secretary."""
    unit = await door.books.boards.unit(who.government_id, form.unit)
    if unit is None:
        raise Faulty((f"unit: {form.unit!r} is no unit of this government",))
    if not await door.books.boards.has_role(unit["unit_id"], form.role):
        raise Faulty((f"role: {unit['name']} has nobody who is {form.role} at home",))
    decision = Decision(
        CommandKind.OVERRIDE_REDLINE,
        cases.surge(surge_id),
        choice=form.code,
        details={"unit_id": unit["unit_id"], "role": form.role.value, "extra": form.extra},
        note=form.note,
    )
    return await _decide(door, who, decision, key)


@router.post("/{surge_id}/cap-waivers", summary="Waive the yearly cap", **decided())
async def waive_yearly_cap(
    door: At, who: Who, surge_id: CaseKey, form: WaiveYearlyCap, key: Key = None
) -> JSONResponse:
    """Let somebody be asked who has served enough in a year (S05), for so many days more. By: regional secretary."""
    decision = Decision(
        CommandKind.WAIVE_YEARLY_CAP,
        cases.surge(surge_id),
        choice=form.code,
        details={"person_id": form.person_id, "days": form.days},
        note=form.note,
    )
    return await _decide(door, who, decision, key)


@router.get("/{surge_id}/orders", response_model=views.Board[views.Order], responses=READING)
async def list_orders(door: At, who: Who, read_at: ReadAt, surge_id: CaseKey) -> dict[str, object]:
    """The assignment orders of a surge, voided numbers included."""
    await _surge(door, who, surge_id)
    return {"as_of": read_at, "items": await door.books.boards.orders(surge_id)}


@router.post("/{surge_id}/orders", summary="Sign an order", **decided())
async def sign_order(door: At, who: Who, surge_id: CaseKey, key: Key = None) -> JSONResponse:
    """Sign one assignment order for everybody released and not yet ordered. By: signatory."""
    return await _decide(door, who, Decision(CommandKind.SIGN_ORDER, cases.surge(surge_id)), key)


@router.post("/{surge_id}/stand-down", summary="Stand down", **decided())
async def stand_down(door: At, who: Who, surge_id: CaseKey, key: Key = None) -> JSONResponse:
    """Call everybody home and ask nobody any more. By: coordinator."""
    return await _decide(door, who, Decision(CommandKind.STAND_DOWN, cases.surge(surge_id)), key)


@router.post("/{surge_id}/cancellation", summary="Cancel a surge", **decided())
async def cancel_surge(door: At, who: Who, surge_id: CaseKey, form: Cancel, key: Key = None) -> JSONResponse:
    """Take a request back before anybody has left; who was asked is told. By: coordinator."""
    decision = Decision(CommandKind.CANCEL_SURGE, cases.surge(surge_id), choice=form.code, note=form.note)
    return await _decide(door, who, decision, key)


@router.post("/{surge_id}/closure", summary="Close the surge", **decided())
async def close_surge(door: At, who: Who, surge_id: CaseKey, key: Key = None) -> JSONResponse:
    """Close the surge; refused while one person is not home. By: coordinator."""
    return await _decide(door, who, Decision(CommandKind.CLOSE_SURGE, cases.surge(surge_id)), key)


_BACK = frozenset({State.RETURNED, State.REJECTED, State.CANCELLING, State.CANCELLED})


async def with_why(door: Door, surges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return surges, each with why it came `back` to whoever asked, where it did."""
    back = await door.books.boards.requests_back(row["surge_id"] for row in surges if row["state"] in _BACK)
    return [row | {"back": back.get(row["surge_id"])} for row in surges]


async def _decide(door: Door, who: Actor, decision: Decision, key: str | None) -> JSONResponse:
    return answer(await actions.decide(door.house, who, decision, key=key))


async def _request(door: Door, who: Actor, form: RequestSurge) -> SurgeRequest:
    """Return what a form asks for; raises Faulty where its kind, its letter and its unit do not fit together."""
    if (form.kind == RequestKind.SERVICE_DEMAND) != (form.letter is not None):
        raise Faulty(("letter: expected for a demand for service, and for nothing else",))
    unit_id = None
    if form.letter:
        unit = await door.books.boards.unit(who.government_id, form.letter.unit)
        if unit is None:
            raise Faulty((f"letter.unit: {form.letter.unit!r} is no unit of this government",))
        unit_id = unit["unit_id"]
    return form.to_domain(unit_id)


async def _surge(door: Door, who: Actor, surge_id: str) -> dict[str, Any]:
    need(who, OVERSEERS)
    for row in await door.books.boards.surges(who.government_id, id_prefix=surge_id):
        if row["surge_id"] == surge_id:
            return row
    raise NoSuchCase
