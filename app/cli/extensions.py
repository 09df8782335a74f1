"""`extension …`: a longer duty is proposed, agreed to by all three, then ordered."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.command import command
from app.cli.people import Every, Placements, each
from app.cli.road import One, Remark, Until, as_person_or_officer, say
from app.cli.session import Session
from domain.moves import TaskKind
from domain.reasons import ExtensionWaiver

extension = typer.Typer(
    help="Longer duties: proposed, agreed to by all three, then ordered.", no_args_is_help=True
)


@command(extension, "propose", example="extension propose 7c1f6f0e --until 2027-03-01T00:00+08:00 --as posko")
def propose(
    session: Session,
    placement: One,
    until: Until,
    waive: Annotated[
        ExtensionWaiver | None,
        typer.Option(help="Why beyond the ordinary limit, or once more (the regional secretary)."),
    ] = None,
) -> None:
    """Propose a longer duty; person, home head and command post must all agree."""
    form = {"until": until.isoformat()}
    if waive is None:
        say(session, placement, "extension", form)
    else:
        say(session, placement, "extension-waiver", form | {"code": waive.value})


@command(extension, "agree", example="extension agree 7c1f6f0e --as kepala:DINKES")
def agree(session: Session, placements: Placements = None, everybody: Every = False) -> None:
    """Agree to the longer duty: your own, or that of somebody of your unit or post."""
    door = as_person_or_officer(session, TaskKind.ANSWER_EXTENSION, "extension-consent", "extension-approval")
    each(session, placements, TaskKind.ANSWER_EXTENSION, door, everybody=everybody)


@command(extension, "deny", example="extension deny 7c1f6f0e --as kepala:DINKES")
def deny(
    session: Session, placements: Placements = None, everybody: Every = False, note: Remark = None
) -> None:
    """Do not agree: the duty ends as it was ordered."""
    door = as_person_or_officer(session, TaskKind.ANSWER_EXTENSION, "extension-objection", "extension-denial")
    each(session, placements, TaskKind.ANSWER_EXTENSION, door, everybody=everybody, form={"note": note})
