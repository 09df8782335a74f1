"""What is owed after the return: `settle due | claim | waive`; reports and evaluations come by `evaluate`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from app.cli import show_closing
from app.cli.command import command
from app.cli.road import One, Remark, say
from app.cli.session import Session
from app.cli.times import DAY
from domain.reasons import ClaimExcess, SettlementWaiver
from domain.secondment import Paper

settle = typer.Typer(
    no_args_is_help=True, help="What is owed after the return: reports, evaluations, claims."
)


@command(settle, "due", example="settle due --as bendahara")
def due(
    session: Session,
    surge_id: Annotated[
        str | None, typer.Option("--surge", metavar="SURGE", help="Only of this surge.")
    ] = None,
) -> None:
    """Show who is home and owes a paper, or is owed one: which, and until when."""
    of = {"surge_id": session.surge(surge_id)} if surge_id else {}
    session.show(session.get("/v1/secondments", settling=True, **of), show_closing.owing)


@command(
    settle,
    "claim",
    example="settle claim 7c1f6f0e --reference SP2D/0144/2027 --dated 2027-03-02 --amount 2040000 --as bendahara",
)
def claim(  # noqa: PLR0917 - typer takes options as parameters
    session: Session,
    placement: One,
    reference: Annotated[str, typer.Option(help="The number of the payment document.")],
    dated: Annotated[datetime, typer.Option(**DAY, help="Its date.")],
    amount: Annotated[
        int, typer.Option(min=0, help="What it says was paid, in whole rupiah; of 0 say why in --note.")
    ],
    reason: Annotated[
        ClaimExcess | None, typer.Option(help="Why it is more than the days come to; say it in --note too.")
    ] = None,
    note: Remark = None,
) -> None:
    """Settle somebody's travel claim by the document that paid it; `days` says what the days come to."""
    paid = {"reference": reference, "dated": dated.date().isoformat(), "amount": amount}
    why = {"code": reason.value if reason else None, "note": note}
    say(session, placement, "claim-settlement", paid | why)


@command(settle, "waive", example="settle waive 7c1f6f0e --reason PERSON_UNABLE --paper REPORT --as sekda")
def waive(
    session: Session,
    placement: One,
    reason: Annotated[SettlementWaiver, typer.Option(help="Why.")],
    paper: Annotated[list[Paper] | None, typer.Option(help="Which; else all that is owed.")] = None,
    note: Remark = None,
) -> None:
    """Ask for a report, an evaluation or a claim no more, by your name."""
    papers = {"papers": [one.value for one in paper]} if paper else {}
    say(session, placement, "settlement-waiver", {"code": reason.value, "note": note} | papers)
