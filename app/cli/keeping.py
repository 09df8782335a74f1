"""`--keep`: who stays where the newest plan has put them, by name or id, or by a file of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.session import USAGE, Session, Trouble
from app.cli.text_file import text_of

Kept = Annotated[
    list[str] | None,
    typer.Option(
        "--keep",
        metavar="FILE|PERSON",
        help="Keep this person of the newest plan (name, id or its beginning), or PERSON=LINE; or a file of them.",
    ),
]


def kept(session: Session, plan_path: str, given: list[str]) -> list[dict[str, str]]:
    """Return whom the options name, each with a line. Raises Trouble naming what is wrong and where."""
    picks: list[dict[str, str]] | None = None
    found = []
    for where, text in _named(given):
        person, _, line = text.partition("=")
        if line and len(person) == 36:
            found.append({"person_id": person.lower(), "line": _line(plan_path, line.strip())})
            continue
        if picks is None:
            picks = [
                {"person_id": pick["person_id"], "name": pick["name"] or "", "line": row["line_id"]}
                for row in session.get(plan_path)["lines"]
                for pick in row["picks"]
            ]
        pick = _only(picks, person.strip(), where)
        found.append({"person_id": pick["person_id"], "line": _line(plan_path, line.strip()) or pick["line"]})
    return found


def _line(plan_path: str, text: str) -> str:
    """Return the line in full where its surge is named by the beginning of its id, as anywhere else."""
    surge_id = plan_path.split("/")[-2]
    begins, slash, number = text.upper().rpartition("/")
    return f"{surge_id}/{number}" if slash and begins and surge_id.startswith(begins) else text


def _named(given: list[str]) -> Iterator[tuple[str, str]]:
    """Each person that is named, and where; a file holds one a line, `#` begins a comment."""
    for text in given:
        path = Path(text)
        if not path.is_file():
            yield "--keep", text
            continue
        told = [line.partition("#")[0].strip() for line in text_of(path).splitlines()]
        if not any(told):
            raise Trouble(f"{path}: names nobody, expected one person a line", USAGE)
        yield from ((f"{path}:{number}", person) for number, person in enumerate(told, 1) if person)


def _only(picks: list[dict[str, str]], text: str, where: str) -> dict[str, Any]:
    wanted = text.casefold()
    found = [
        pick
        for pick in picks
        if pick["name"].casefold() == wanted or (len(wanted) >= 4 and pick["person_id"].startswith(wanted))
    ]
    if len(found) != 1:
        what = "nobody of the newest plan is" if not found else f"{len(found)} people of the newest plan are"
        raise Trouble(f"{where}: {text}: {what} so called; name an id", USAGE)
    return found[0]
