"""`substitute write|list|revoke`: who decides for whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import typer

from app.cli import show
from app.cli.command import command
from app.cli.road import One
from app.cli.session import NOT_FOUND, USAGE, Session, Trouble
from app.cli.times import INSTANT, when
from domain.authority import Tenure
from domain.commands import CommandKind
from domain.mandates import MANDATABLE, decisions_of

substitute = typer.Typer(help="Who decides for whom: substitutes, Plh and Plt.", no_args_is_help=True)
OFFICES = ", ".join(office.value for office in MANDATABLE)
HANDED_ON = [kind.value for kind in CommandKind if any(kind in decisions_of(office) for office in MANDATABLE)]
"""What an office decides that may be handed on: not what only the person says, or follows by itself."""


def _handed_on(decision: str) -> str:
    """Return a decision that may be handed on; raises BadParameter naming those that may."""
    if decision not in HANDED_ON:
        raise typer.BadParameter(f"{decision!r}: expected one of {', '.join(HANDED_ON)}")
    return decision


@command(
    substitute,
    "write",
    example="substitute write UNIT_HEAD 5b0f91c2 --unit DINKES --until 2027-02-20T00:00+08:00 "
    "--letter 821/14/II/2027 --as kepala:DINKES",
)
def write(
    session: Session,
    office: Annotated[str, typer.Argument(metavar="OFFICE", help=f"One of {OFFICES}.")],
    person: Annotated[
        str,
        typer.Argument(metavar="PERSON", help="Who is to decide: a stored name, or the beginning of an id."),
    ],
    *,
    until: Annotated[datetime, typer.Option(**INSTANT, help="When it ends, with its offset.")],
    letter: Annotated[str, typer.Option(help="The number of the writ.")],
    unit: Annotated[str | None, typer.Option(help="The unit's code, for UNIT_HEAD.")] = None,
    holder: Annotated[
        str | None, typer.Option(metavar="PERSON", help="Whose office it is (else your own).")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option("--from", **INSTANT, help="When it begins (else now)."),
    ] = None,
    acting: Annotated[
        Tenure | None, typer.Option(help="PLH while the holder is away, PLT while the post is vacant.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DECISION",
            parser=_handed_on,
            help="Only this decision, as docs/authority.md names it; may be given more than once.",
        ),
    ] = None,
    roll_call: Annotated[
        bool, typer.Option("--roll-call", help="Only the roll call at the site, beside what --only names.")
    ] = False,
) -> None:
    """Let somebody decide for you, or act in an office below yours; it cannot be handed on."""
    if office not in MANDATABLE:
        raise Trouble(f"{office}: expected an office, one of {OFFICES}", USAGE)
    form = {
        "substitute_id": session.person(person),
        "capacity": office,
        "unit": unit,
        "tenure": (acting or Tenure.SUBSTITUTE).value,
        "principal_id": session.person(holder) if holder else None,
        "starts": since.isoformat() if since else None,
        "ends": until.isoformat(),
        "letter": letter,
        "scope": only or None,
        "roll_call": roll_call,
    }
    session.show(session.post("/v1/mandates", form), show.mandate)


@command(substitute, "plh", example="substitute plh 7c1f6f0e 5b0f91c2 --letter 821/14/II/2027 --as sekda")
def plh(
    session: Session,
    placement: One,
    person: Annotated[
        str, typer.Argument(metavar="PERSON", help="Who is to act: a stored name, or the beginning of an id.")
    ],
    *,
    letter: Annotated[str, typer.Option(help="The number of the writ.")],
    until: Annotated[
        datetime | None,
        typer.Option(**INSTANT, help="When it ends (else a day after the duty)."),
    ] = None,
) -> None:
    """Let somebody act (Plh) for a unit head who goes on a surge, or act on where the duty is prolonged."""
    head = session.get(f"/v1/secondments/{session.placement(placement)}")
    if head["post_unit_id"] is None:
        raise Trouble(f"{placement}: heads no unit", USAGE)
    ends = until or datetime.fromisoformat(head["extend_until"] or head["due_back"]) + timedelta(days=1)
    if head["acting_until"] and ends <= datetime.fromisoformat(head["acting_until"]):
        raise Trouble(
            f"{placement}: somebody acts until {when(head['acting_until'])} already; name a later --until",
            USAGE,
        )
    form = {
        "substitute_id": session.person(person),
        "capacity": "UNIT_HEAD",
        "unit": head["post_unit_id"],
        "tenure": Tenure.PLH.value,
        "principal_id": head["person_id"],
        # A second writ begins where the first one ends: an office has one acting officer at a time.
        "starts": head["acting_until"],
        "ends": ends.isoformat(),
        "letter": letter,
    }
    session.show(session.post("/v1/mandates", form), show.mandate)


@command(substitute, "list", example="substitute list --as auditor")
def list_(session: Session) -> None:
    """Show who decides for whom: all for overseers, else what names you."""
    session.show(session.get("/v1/mandates"), show.mandates)


@command(substitute, "revoke", example="substitute revoke 3f1d --as kepala:DINKES")
def revoke(
    session: Session,
    mandate: Annotated[str, typer.Argument(metavar="MANDATE", help="Its id, or the beginning of it.")],
) -> None:
    """End a mandate before its time."""
    found = [
        row["mandate_id"]
        for row in session.get("/v1/mandates")["items"]
        if row["mandate_id"].startswith(mandate.lower())
    ]
    if len(found) != 1:
        raise Trouble(f"{mandate}: {len(found)} mandates of yours begin so", USAGE if found else NOT_FOUND)
    session.delete(f"/v1/mandates/{found[0]}")
    session.show({"mandate_id": found[0], "revoked": True}, show.revoked)
