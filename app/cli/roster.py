"""`roster …`: who serves where, whom a proposal may be about, and where there is a place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.actions import Faulty
from app.cli import show, show_closing
from app.cli.command import Data, command
from app.cli.session import OUT_OF_REACH, USAGE, Session, Trouble
from app.cli.show import NUMBERS, WRAPPED, Json, as_of, grid, print_, put
from app.rosters import pack
from runtime.settings import Settings
from runtime.stack_state import is_up, read_state

roster = typer.Typer(help="Who serves where.", no_args_is_help=True)

NUMBERS.update({"class", "need", "filled", "reserved", "free"})
WRAPPED.update({"position"})

Directory = Annotated[Path, typer.Argument(metavar="DIR", help="government.toml, units.csv, people.csv, …")]


@command(roster, "import", example="roster import examples/kota-kupang --as operator")
def import_roster(session: Session, directory: Directory) -> None:
    """Import the roster of a directory, whole or not at all; every cell at fault is listed."""
    try:
        archive = pack(directory)
    except Faulty as fault:
        raise Trouble(str(fault), USAGE) from None
    session.show(session.upload("/v1/roster", archive, "application/zip"), show.imported)


@roster.command("begin", epilog="Example:  ./siaga roster begin examples/kota-kupang")
def begin(directory: Directory, data: Data = None) -> None:
    """Found a government beside the running stack: its first roster, and a token for each of its people.

    Nobody can send a first roster through the API, since nobody holds a token yet.
    """
    import asyncio  # noqa: PLC0415

    # The planner and the drivers are loaded for this alone.
    from app.cli.founding import RosterRefused, found  # noqa: PLC0415

    settings = Settings.load(**({"data": data} if data else {}))
    state = read_state(settings.data) if is_up(settings.data) else None
    if state is None or state.addresses is None:
        raise Trouble(f"nothing is up on {settings.data}; start it with ./siaga up", OUT_OF_REACH)
    try:
        founded = asyncio.run(found(state.addresses.database_url, directory, settings.data))
    except RosterRefused as refused:
        faults = tuple(str(refused).splitlines())
        raise Trouble(faults[0], USAGE, faults if len(faults) > 1 else ()) from None
    typer.echo(
        f"{founded.government_id}: {founded.people} people, {len(founded.offices)} offices; tokens are stored"
    )


@command(roster, "person", example="roster person 5b0f91c2-7a53-5d0e-9a53-0c7f2b8f2f11 --as kepala:DINKES")
def person(
    session: Session,
    person_id: Annotated[
        str | None, typer.Argument(metavar="PERSON", help="The whole id; else yourself.")
    ] = None,
) -> None:
    """Show somebody's skills and experience on surges."""
    whom = person_id or session.get("/v1/me")["person_id"]
    session.show(session.get(f"/v1/people/{whom}"), show_closing.person)


@command(roster, "people", example="roster people DINSOS --as kepala:DINSOS")
def people(
    session: Session, unit: Annotated[str, typer.Argument(metavar="UNIT", help="Its code, like DINSOS.")]
) -> None:
    """Show who serves in a unit, with the ids by which a proposal names them."""
    session.show(session.get(f"/v1/units/{unit}/people"), _people)


@command(roster, "positions", example="roster positions --unit PKM05 --free --as kepala:PKM05")
def positions(
    session: Session,
    unit: Annotated[str | None, typer.Option(metavar="UNIT", help="Of one unit, by its code.")] = None,
    free: Annotated[bool, typer.Option("--free", help="Only where a place is free.")] = False,
) -> None:
    """Show the position map: how many each position needs, and whether a place is free."""
    session.show(session.get("/v1/positions", unit=unit, free=free), _positions)


def _people(data: Json) -> None:
    table = grid("person", "name", "position", "class", "status", "grade", "in post since", "")
    for one in data["people"]:
        ends = f"service ends {one['leaves_on']}" if one["leaves_on"] else ""
        marks = [*(["on a surge"] if one["on_surge"] else []), *([ends] if ends else [])]
        job = (one["position"] or one["role"], one["job_class"], one["employment"], one["grade"])
        put(table, one["person_id"], one["name"], *job, one["in_post_since"], ", ".join(marks))
    print_(f"{data['unit']}: {show.people(len(data['people']))}, {as_of(data)}", table)


def _positions(data: Json) -> None:
    table = grid("position", "name", "unit", "kind", "class", "need", "filled", "reserved", "free")
    for one in data["positions"]:
        asks = (one["kind"], one["job_class"], one["need"], one["filled"], one["reserved"], one["free"])
        put(table, one["position_id"], one["name"], one["unit"], *asks)
    print_(table, f"{sum(one['free'] for one in data['positions'])} places free, {as_of(data)}")
