"""Who is at the site: `muster`, one's own `ping`, and `check-in-paper` for a list that was kept on paper."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli import show
from app.cli.arrival_list import rows_of
from app.cli.command import command
from app.cli.people import Site, Unit, path_of
from app.cli.road import Surge, mine
from app.cli.session import Session, Trouble
from app.cli.times import INSTANT

musters = typer.Typer()


@command(musters, "ping", example="ping --as 5b0f91c2")
def ping(
    session: Session,
    placement: Annotated[
        str | None, typer.Argument(metavar="PLACEMENT", help="Else your one open secondment.")
    ] = None,
) -> None:
    """Give a sign of life from the site."""
    session.show(session.post(path_of(mine(session, placement), "sign-of-life")), show.sign_of_life)


@command(musters, "muster", example="muster SU-3F9 --absent 7c1f6f0e --as posko")
def muster(  # noqa: PLR0917 - typer takes options as parameters
    session: Session,
    surge: Surge,
    absent: Annotated[
        list[str] | None, typer.Option(metavar="PLACEMENT", help="Who does not answer; again for each.")
    ] = None,
    at: Annotated[datetime | None, typer.Option(**INSTANT, help="When it was taken (else now).")] = None,
    site: Site = None,
    unit: Unit = None,
) -> None:
    """Take the roll call of a surge's people at their sites: everybody answers but the absent ones."""
    form: dict[str, Any] = {
        "site": site,
        "unit_id": unit,
        "absent": [session.placement(one) for one in absent or ()],
        "seen_at": at.isoformat() if at else None,
    }
    session.show(session.post(f"/v1/surges/{session.surge(surge)}/muster", form), show.muster)


@command(
    musters,
    "check-in-paper",
    example="check-in-paper SU-3F9 daftar-hadir.csv --paper 360/HDR/12/II/2027 --as posko",
)
def check_in_paper(
    session: Session,
    surge: Surge,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.csv", help="Columns: placement or name, arrived_at, left_at (if known)."
        ),
    ],
    paper: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="The list's number; needed for a duty that is over.")
    ] = None,
) -> None:
    """Check in everybody on a list kept on paper while nothing worked: times as written there.

    Of whoever's duty is over by now, or who was reported a no-show, the list proves that they were there. All rows are read before any is recorded; sent twice, it records nothing twice.
    """
    surge_id = session.surge(surge)
    people = session.get("/v1/secondments", surge_id=surge_id)["items"]
    done, failed = [], []
    for placement_id, arrived_at, left_at in rows_of(file, people):
        form = {"code": "PAPER", "reported_at": arrived_at.isoformat(), "reference": paper}
        form["left_at"] = left_at.isoformat() if left_at else None
        key = "/".join(["paper", placement_id, *filter(None, (form["reported_at"], form["left_at"], paper))])
        try:
            done.append(session.post(path_of(placement_id, "check-in"), form, key=key))
        except Trouble as trouble:
            failed.append(f"{placement_id}: {trouble}")
    session.show(done, show.decisions)
    if failed:
        raise Trouble(f"{len(failed)} of {len(done) + len(failed)} were not checked in", 3, tuple(failed))
