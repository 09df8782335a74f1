"""`burden`: what units and people have given of late, how evenly, and which unit is thin for it."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.command import command
from app.cli.session import Session
from app.cli.show import NUMBERS, SHORT, Json, as_of, grid, print_, put
from app.cli.thin import note_drafted, thin

NUMBERS.update({"heads", "days", "a head", "margin", "surges"})
board = typer.Typer()
board.add_typer(thin, name="thin")


@command(board, "burden", example="burden --as koordinator")
def burden(
    session: Session,
    people: Annotated[
        bool, typer.Option("--people", help="Show people too, the heaviest burden first.")
    ] = False,
    backfill: Annotated[
        str | None,
        typer.Option(
            metavar="UNIT",
            help="Draft a request for help for this unit, which is thin by lending; it settles what its head is asked.",
        ),
    ] = None,
) -> None:
    """Show who carries the surges: what is lent now and was of late, per head, and how far from the redline."""
    if backfill:
        draft = session.get(f"/v1/burden/{backfill}/backfill")
        noted = note_drafted(session, backfill)
        session.show(draft | {"noted": noted}, _draft)
        return
    session.show(session.get("/v1/burden"), lambda data: _show(data, people=people))


def _draft(data: Json) -> None:
    print(data["toml"])
    if data["noted"]:
        # Still TOML, whoever keeps it in a file.
        print(f"# noted that help is asked for: {', '.join(data['noted'])}")


def _show(data: Json, *, people: bool) -> None:
    table = grid("unit", "heads", "out", "held", "days", "a head", "margin", "")
    shown = [row for row in data["units"] if row["days"] or row["held"] or row["thin"]]
    for row in shown:
        mark = "THIN: recall, or burden --backfill" if row["thin"] else ""
        days = f"{row['days_a_head']:.2f}"
        put(
            table,
            row["unit"],
            row["headcount"],
            row["out"],
            row["held"],
            row["days"],
            days,
            row["margin"],
            mark,
        )
    print_(table)
    if people:
        table = grid("person", "unit", "surges", "days", "")
        for row in data["people"]:
            marks = ["out"] if row["out"] else []
            marks += [f"yearly cap +{row['raised']} d"] if row["raised"] else []
            put(
                table,
                row["name"] or row["person_id"][:SHORT],
                row["unit_id"],
                row["surges"],
                row["days"],
                ", ".join(marks),
            )
        print_(table)
    for what, key in (("units, days a head", "over_units"), ("people, days", "over_people")):
        found = data[key]
        print_(
            f"{what}: mean {found['mean']:.2f}, most {found['most']:.2f} ({found['most_over_mean']:.1f} times the mean),"
            f" Gini {found['gini']:.2f}, over {found['carriers']}"
        )
    print_(f"of {len(data['units'])} units in {data['window_days']} days, {as_of(data)}")
