"""Decisions about one case as routes: each a row of a table, which says where it is sent, by whom, and what it says."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from app import actions
from app.actions import Decision
from app.api.answers import answer, decided
from app.api.door import At, Key, Who
from app.api.said import Said
from domain.commands import CommandKind


@dataclass(frozen=True)
class Way:
    """One decision about a case: where it is sent, by whom, and what it says."""

    path: str
    kind: CommandKind
    summary: str
    told: str
    form: type[Said] | None = None
    optional: bool = False


def open_ways(
    router: APIRouter, ways: Iterable[Way], key_name: str, key_type: Any, case_of: Callable[[str], str]
) -> None:
    """Make the routes of a kind of case; `key_name` is what its key is called in the path."""
    for way in ways:
        settings: dict[str, Any] = {
            "summary": way.summary,
            "description": way.told,
            "name": way.kind.value.lower(),
        }
        path = f"/{{{key_name}}}/{way.path}"
        router.post(path, **settings, **decided())(_route(way, key_name, key_type, case_of))


def _route(way: Way, key_name: str, key_type: Any, case_of: Callable[[str], str]) -> Callable[..., Any]:
    """Return the function of a route. FastAPI reads its signature, which differs from table to table."""
    absent = None if way.optional else ...
    form_type: Any = way.form | None if way.form and way.optional else way.form

    async def decide(**given: Any) -> JSONResponse:
        said: Said | None = given.get("form")
        decision = Decision(
            way.kind,
            case_of(given["case_key"]),
            choice=said.choice if said else None,
            details=said.details if said else None,
            note=said.note if said else None,
            mends=said.mends if said else None,
        )
        told = await actions.decide(given["door"].house, given["who"], decision, key=given["key"])
        return answer(told)

    async def route(**given: Any) -> JSONResponse:
        return await decide(
            **{("case_key" if name == key_name else name): value for name, value in given.items()}
        )

    def asked(name: str, kind: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
        return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)

    parameters = [asked("door", At), asked("who", Who), asked(key_name, key_type)]
    if way.form is not None:
        parameters.append(asked("form", form_type, Body(absent)))
    parameters.append(asked("key", Key, None))
    route.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return route
