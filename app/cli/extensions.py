"""`extension …`: a longer duty is proposed, agreed to by all three, then ordered."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.command import command
from app.cli.people import Every, Placements, each, waiting
from app.cli.road import One, Remark, Until, say
from app.cli.session import Session
from domain.moves import TaskKind

extension = typer.Typer(
    help="Longer duties: proposed, agreed to by all three, then ordered.", no_args_is_help=True
)


@command(extension, "propose", example="extension propose 7c1f6f0e --until 2027-03-01T00:00+08:00 --as posko")
def propose(
    session: Session,
    placement: One,
    until: Until,
    waive: Annotated[bool, typer.Option(help="Beyond the ordinary limit (the regional secretary).")] = False,
) -> None:
    """Propose a longer duty; person, home head and command post must all agree."""
    say(session, placement, "extension-waiver" if waive else "extension", {"until": until.isoformat()})


@command(extension, "agree", example="extension agree 7c1f6f0e --as kepala:DINKES")
def agree(session: Session, placements: Placements = None, everybody: Every = False) -> None:
    """Agree to the longer duty: your own, or that of somebody of your unit or post."""
    door = _as_person_or_officer(session, "extension-consent", "extension-approval")
    each(session, placements, TaskKind.ANSWER_EXTENSION, door, everybody=everybody)


@command(extension, "deny", example="extension deny 7c1f6f0e --as kepala:DINKES")
def deny(
    session: Session, placements: Placements = None, everybody: Every = False, note: Remark = None
) -> None:
    """Do not agree: the duty ends as it was ordered."""
    door = _as_person_or_officer(session, "extension-objection", "extension-denial")
    each(session, placements, TaskKind.ANSWER_EXTENSION, door, everybody=everybody, form={"note": note})


def _as_person_or_officer(session: Session, person: str, officer: str) -> str:
    """Which door: a task that names nobody's office is one's own."""
    own = {task["case_id"] for task in session.tasks()["items"] if task["capacity"] is None}
    asked = set(waiting(session, TaskKind.ANSWER_EXTENSION))
    return person if any(case.partition(":")[2] in asked for case in own) else officer
