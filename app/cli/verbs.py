"""Decisions about one case at the command line, each a row of a table: its command, where it is sent, what it may say."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from app.cli import show
from app.cli.session import Session
from app.cli.times import DAY, INSTANT

_TYPED = {datetime: INSTANT, date: DAY}


@dataclass(frozen=True)
class Verb:
    """One decision: its command, where it is sent, its help, and what it may say."""

    name: str
    path: str
    told: str
    says: tuple[tuple[str, Any, bool], ...] = ()  # (part of the form, its type, whether it must be said)
    by: str = "bkpsdm"  # who decides it, in the example

    @property
    def takes_note(self) -> bool:
        """Whether it may bring words of one's own."""
        return self.name not in _WORDLESS


_OPTIONS = {
    "code": "reason",
    "documents": "document",
    "effective_at": "from",
    "position_id": "position",
    "served_at": "at",
}
"""Part of a form -> how its option is called, where it is called otherwise."""
_WORDLESS = frozenset(
    {"receive", "initial", "sign", "hand-over", "inaugurate", "file-handover", "file-duty", "object-withdraw"}
    | {"review", "suspend", "unsuspend", "died", "retired", "found", "thaw", "block", "unblock", "leave-batch"}
)  # fmt: skip
"""They are said without words of one's own; all others may bring a note."""


def say(verb: Verb, case: Any, path_of: Callable[[Session, str], str]) -> Callable[..., None]:
    """Return the work of a verb about one case, whose argument is `case`; typer reads its signature."""

    def work(session: Session, one: str, **given: Any) -> None:
        form = {name: told for name, value in given.items() if (told := _plain(value)) is not None}
        session.show(session.post(f"{path_of(session, one)}/{verb.path}", form or None), show.decision)

    says = [*verb.says, *([("note", str, False)] if verb.takes_note else [])]
    parameters = [
        inspect.Parameter("session", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Session),
        inspect.Parameter("one", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=case),
        *(_parameter(*part) for part in says),
    ]
    work.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    work.__annotations__ = {one.name: one.annotation for one in parameters}
    work.__doc__ = verb.told
    return work


def _parameter(name: str, kind: Any, must: bool) -> inspect.Parameter:
    named = f"--{_OPTIONS.get(name, name).replace('_', '-')}"
    how: dict[str, Any] = _TYPED.get(kind, {})
    several = name == "documents"
    typed = datetime if kind is date else kind  # typer knows no days
    asked: Any = list[kind] if several else typed
    option = typer.Option(named, help=_HELP.get(name, "The code."), **how)
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        annotation=Annotated[asked if must else asked | None, option],
        default=inspect.Parameter.empty if must else None,
    )


_HELP = {
    "code": "The code of what is said, or why.",
    "ground": "Why, with OBJECTS.",
    "counter_date": "When it would suit, with its offset.",
    "number": "Of the erratum; else of another authority's paper that forces the decision.",
    "dated": "Its day.",
    "written": "What the decree says.",
    "meant": "What it should say.",
    "reference": "The number of the paper, the entry or the lawsuit.",
    "dictum": "Which dictum is to read otherwise.",
    "reads": "How that dictum is to read, in full; kept apart from the case.",
    "clearance": "Whose agreement.",
    "effective_at": "From when on it has effect, with its offset.",
    "served_at": "When the person got it, with its offset; else now.",
    "documents": "What is handed in; again for each.",
    "position_id": "Another position, by its id.",
    "note": "In your own words: kept apart from the case, and read by whoever sees the whole of it.",
    "rule": "Which rule.",
}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat() if value.tzinfo else value.date().isoformat()
    if isinstance(value, list):
        return [one.value for one in value]
    return value.value if isinstance(value, StrEnum) else value
