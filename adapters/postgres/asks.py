"""What a task asks about, beyond who and where: what whoever decides must know of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adapters.postgres import moving
from adapters.postgres.database import Connection, queries
from domain import cases
from domain.moves import TaskKind
from domain.reasons import ConditionReason
from domain.rules import RulePack
from domain.secondment import Hearing, Party

_T = TaskKind
_OF_PEOPLE = frozenset({_T.ANSWER_EXTENSION, _T.ANSWER_REASSIGNMENT, _T.ANSWER_CONDITION, _T.COVER_DUTY})

_NOT_AGREED = {(Party.PERSON, Hearing.OBJECTS), (Party.PERSON, Hearing.NO_RESPONSE)}


async def asks_of(
    connection: Connection, tasks: Sequence[Mapping[str, Any]], rules: Mapping[str, RulePack]
) -> list[dict[str, Any] | None]:
    """Return what each task asks about; None where its kind says it all."""
    people = {_key(task) for task in tasks if task["kind"] in _OF_PEOPLE}
    surges = {_key(task) for task in tasks if task["kind"] == _T.RESUBMIT_SURGE}
    rows = await queries.asked_of_people(connection, placement_ids=sorted(people)) if people else ()
    asked = {str(row["placement_id"]): dict(row) for row in rows}
    back = await requests_back(connection, surges)
    told: list[dict[str, Any] | None] = []
    for task in tasks:
        key, asks = _key(task), None
        if task["kind"] in _OF_PEOPLE and key in asked:
            asks = _of_person(task["kind"], asked[key]) | await _granted(connection, task, asked[key], rules)
        elif task["kind"] == _T.RESUBMIT_SURGE and key in back:
            asks = {"back": back[key]}
        told.append(asks)
    return told


async def requests_back(connection: Connection, surge_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return how requests came back that were sent back, rejected or cancelled: kind, code, note, when, by which office."""
    case_ids = [cases.surge(one) for one in sorted(surge_ids)]
    rows = await queries.requests_back(connection, case_ids=case_ids) if case_ids else ()
    return {row["surge_id"]: dict(row) for row in rows}


def _of_person(kind: str, row: Mapping[str, Any]) -> dict[str, Any]:
    match kind:
        case _T.ANSWER_EXTENSION:
            return {"until": row["extend_until"], "agreed": row["extend_agreed"]}
        case _T.ANSWER_REASSIGNMENT:
            post = {"line_id": row["extend_line_id"], "role": row["role"], "site": row["site"]}
            # Whoever was heard and would rather not has answered, and has not agreed.
            agreed = [one for one in row["extend_agreed"] if (one, row["hearing"]) not in _NOT_AGREED]
            return {"until": row["extend_until"], "agreed": agreed, "heard": row["hearing"], **post}
        case _T.ANSWER_CONDITION:
            return {"condition": row["condition_code"], "report_at": row["condition_report_at"]}
        case _:
            return {"uncovered_from": row["uncovered_from"]}


async def _granted(
    connection: Connection, task: Mapping[str, Any], row: Mapping[str, Any], rules: Mapping[str, RulePack]
) -> dict[str, Any]:
    """Where somebody would be sent who accepts for another site alone, if the condition were granted now."""
    if task["kind"] != _T.ANSWER_CONDITION or row["condition_code"] != ConditionReason.OTHER_SITE:
        return {}
    found = await moving.opening(connection, _key(task), None, rules)
    return {"line_id": found.line_id, "role": found.role, "site": found.site} if found else {}


def _key(task: Mapping[str, Any]) -> str:
    return cases.parse(task["case_id"]).key
