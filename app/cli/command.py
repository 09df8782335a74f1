"""How a command of a client is declared: its work takes a session first, and `--as`, `--json`, `--api` come along."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from app.cli.session import RECORDED, Globals, Session

As = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="NAME", help="Whose token: koordinator, sekda, kepala:<unit code>, a person's id …"
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Api = Annotated[
    str | None, typer.Option("--api", metavar="URL", help="The API (else that of the stack that is up).")
]
Data = Annotated[
    Path | None,
    typer.Option(
        "--data", help="Directory of the stack's data (else SIAGA_DATA, or .siaga beside the program)."
    ),
]

_GLOBALS: dict[str, tuple[Any, Any]] = {
    "name": (As, None),
    "as_json": (AsJson, False),
    "api": (Api, None),
    "data": (Data, None),
}

Work = Callable[..., None]

_RECORDED = (
    "recorded, and not yet applied: the engine is away, or what the decision needs (as the key that signs); "
    "it will be applied once, when that is back"
)

before: dict[str, Any] = {}
"""Globals that were given before the command's name; what stands behind it wins."""


def command(group: typer.Typer, name: str, *, example: str) -> Callable[[Work], Work]:
    """Add a command to a group; its first parameter is the session, its docstring the help."""

    def add(work: Work) -> Work:
        group.command(name, help=inspect.getdoc(work), epilog=f"Example:  ./siaga {example}")(_calling(work))
        return work

    return add


def _calling(work: Work) -> Callable[..., None]:
    def call(**given: Any) -> None:
        own = {key: given.pop(key) for key in _GLOBALS}
        session = Session(Globals(**{key: value or before.get(key, value) for key, value in own.items()}))
        try:
            work(session, **given)
        finally:
            session.close()
        if session.recorded:
            typer.echo(f"siaga: {_RECORDED}", err=True)
            raise typer.Exit(RECORDED)

    hints = get_type_hints(work, include_extras=True)
    asked = [
        one.replace(annotation=hints[one.name])
        for one in list(inspect.signature(work).parameters.values())[1:]
    ]
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in _GLOBALS.items()
    ]
    # typer reads the signature: the work's own parameters, then the shared ones.
    call.__signature__ = inspect.Signature([*asked, *shared])  # type: ignore[attr-defined]
    call.__annotations__ = {one.name: one.annotation for one in (*asked, *shared)}
    call.__name__ = work.__name__
    return call


def remember(name: As = None, as_json: AsJson = False, api: Api = None) -> None:
    """Siaga seconds civil servants to an emergency, and brings each of them home.

    Exit codes: 0 done, 1 a part is broken, 2 a wrong call or file, 3 refused, 4 not allowed, 5 not found,
    6 out of reach, 7 recorded and not yet applied.
    """
    before.clear()
    before.update({"name": name, "as_json": as_json, "api": api})
