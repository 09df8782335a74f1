"""Closing a surge: `evaluate`, `days`, `evidence`, and `surge report | costs | lesson`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli import settling, show_closing
from app.cli.command import command
from app.cli.people import path_of
from app.cli.road import One, Remark
from app.cli.session import USAGE, Session, Trouble
from app.cli.surges import SurgeId, surge
from domain.closing.lessons import Topic

closing = typer.Typer()
closing.add_typer(settling.settle, name="settle")

FORMATS = {".html": "after-action", ".pdf": "after-action.pdf"}


@command(
    closing, "evaluate", example="evaluate 7c1f6f0e WORK=4 DISCIPLINE=5 TEAMWORK=4 INITIATIVE=3 --as posko"
)
def evaluate(
    session: Session,
    placement: One,
    scores: Annotated[
        list[str] | None,
        typer.Argument(metavar="CRITERION=SCORE…", help="Each of your side, 1 to 5; none shows."),
    ] = None,
    note: Remark = None,
) -> None:
    """Evaluate somebody who has left the site, or your own posting; without scores, show what both sides have said."""
    path = path_of(session.placement(placement), "evaluation")
    if not scores:
        session.show(session.get(path), show_closing.evaluations)
        return
    form = {"scores": dict(_score(one) for one in scores), "note": note}
    session.show(session.post(path, form), show_closing.evaluations)


@command(closing, "days", example="days 7c1f6f0e --as kepala:DINKES")
def days(session: Session, placement: One) -> None:
    """Show one person's days away and on duty, rest granted, and per diem."""
    session.show(session.get(path_of(session.placement(placement), "days")), show_closing.days)


@command(closing, "evidence", example="evidence 7c1f6f0e -o bukti.zip --as auditor")
def evidence(
    session: Session,
    placement: One,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE.zip", help="Where to write it.")],
) -> None:
    """Fetch the evidence pack of one person: order, log, release, check-in, checklist, return, papers, evaluation."""
    session.save(path_of(session.placement(placement), "evidence"), output)


@command(surge, "report", example="surge report SU-3F9 -o laporan.pdf --as koordinator")
def report(
    session: Session,
    surge_id: SurgeId,
    output: Annotated[
        Path,
        typer.Option("-o", "--output", metavar="FILE", help="Where to write it; .html or .pdf says as what."),
    ],
) -> None:
    """Fetch the after-action report of a surge, as a page or as PDF."""
    if output.suffix.lower() not in FORMATS:
        raise Trouble(f"{output}: expected a name that ends with .html or .pdf", USAGE)
    path = f"/v1/surges/{session.surge(surge_id)}/{FORMATS[output.suffix.lower()]}"
    session.save(path, output)


@command(surge, "costs", example="surge costs SU-3F9 --as koordinator")
def costs(session: Session, surge_id: SurgeId) -> None:
    """Show a surge's days, per diem and claims paid by donor unit; --json tells each person too."""
    session.show(session.get(f"/v1/surges/{session.surge(surge_id)}/costs"), show_closing.costs)


@command(surge, "lesson", example='surge lesson SU-3F9 "Daftar STR diperbarui tiap bulan" --as koordinator')
def lesson(
    session: Session,
    surge_id: SurgeId,
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="What is to be learnt; kept apart from the log.")
    ],
    topic: Annotated[Topic, typer.Option(help="What it is about.")] = Topic.OTHER,
) -> None:
    """Note a lesson of a surge, for its after-action report."""
    form = {"topic": topic.value, "text": text}
    session.show(session.post(f"/v1/surges/{session.surge(surge_id)}/lessons", form), show_closing.lesson)


def _score(text: str) -> tuple[str, int]:
    name, equals, score = text.partition("=")
    if not equals or not score.isdecimal():
        raise Trouble(f"{text}: expected CRITERION=SCORE, like WORK=4", USAGE)
    return name.upper(), int(score)
