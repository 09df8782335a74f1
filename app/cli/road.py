"""What can happen to somebody on a surge, one person at a time: `condition …`, `rest …`, `injury …`, and the rest."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from app.cli import show
from app.cli.command import command
from app.cli.people import Every, Placements, each, path_of, waiting
from app.cli.session import NOT_FOUND, USAGE, Session, Trouble
from app.cli.times import DAY, INSTANT
from domain.moves import TaskKind
from domain.reasons import (
    CancelReason,
    DeathRetraction,
    DecreedBy,
    EarlyReason,
    InjurySeverity,
    RecallReason,
    ReportWaiver,
)
from domain.secondment import LET_GO, AnyPoint, Item, Ready

road = typer.Typer()
condition = typer.Typer(help="Conditions on which people accept.", no_args_is_help=True)
rest = typer.Typer(help="Rest at the site.", no_args_is_help=True)
injury = typer.Typer(help="Injuries and their reports.", no_args_is_help=True)

One = Annotated[str, typer.Argument(metavar="PLACEMENT", help="Its id, or the beginning of it.")]
Surge = Annotated[str, typer.Argument(metavar="SURGE", help="Its id, or the beginning.")]
Remark = Annotated[str | None, typer.Option("--note", help="Free text, kept apart.")]
Until = Annotated[datetime, typer.Option(**INSTANT, help="The instant with its offset.")]


@command(condition, "grant", example="condition grant 7c1f6f0e --as koordinator")
def grant(session: Session, placements: Placements = None, everybody: Every = False) -> None:
    """Grant the condition on which somebody accepted."""
    each(session, placements, TaskKind.ANSWER_CONDITION, "condition-grant", everybody=everybody)


@command(condition, "refuse", example="condition refuse 7c1f6f0e --as koordinator")
def refuse(
    session: Session, placements: Placements = None, everybody: Every = False, note: Remark = None
) -> None:
    """Refuse the condition; the next best person is asked."""
    form = {"note": note}
    each(session, placements, TaskKind.ANSWER_CONDITION, "condition-refusal", everybody=everybody, form=form)


@command(road, "cancel-order", example="cancel-order 7c1f6f0e --reason REPLACED --as koordinator")
def cancel_order(
    session: Session,
    placement: One,
    reason: Annotated[CancelReason, typer.Option(help="Why.")],
    note: Remark = None,
) -> None:
    """Cancel the order of somebody who has not left yet."""
    say(session, placement, "order-cancellation", {"code": reason.value, "note": note})


@command(road, "arrive", example="arrive --as 5b0f91c2")
def arrive(
    session: Session,
    placement: Annotated[
        str | None, typer.Argument(metavar="PLACEMENT", help="Else your one open secondment.")
    ] = None,
    at: Annotated[datetime | None, typer.Option(**INSTANT, help="When you arrived (else now).")] = None,
) -> None:
    """Report your own arrival at the site."""
    form = {"reported_at": at.isoformat() if at else None}
    session.show(session.post(path_of(mine(session, placement), "arrival"), form), show.decision)


@command(road, "unfit", example="unfit 7c1f6f0e --as posko")
def unfit(session: Session, placement: One, note: Remark = None) -> None:
    """Drop somebody who does not pass the fitness check; the seat opens."""
    say(session, placement, "unfitness", {"note": note})


@command(road, "no-show", example="no-show 7c1f6f0e --as posko")
def no_show(session: Session, placement: One, note: Remark = None) -> None:
    """Report that somebody did not come; the seat opens, and the home head is asked."""
    say(session, placement, "no-show", {"note": note})


@command(rest, "start", example="rest start 7c1f6f0e --as posko")
def rest_start(session: Session, placement: One) -> None:
    """Start somebody's rest."""
    say(session, placement, "rest")


@command(rest, "end", example="rest end 7c1f6f0e --as posko")
def rest_end(session: Session, placement: One) -> None:
    """End somebody's rest."""
    say(session, placement, "rest-end")


@command(road, "found", example="found 7c1f6f0e --as posko")
def found(session: Session, placements: Placements = None, everybody: Every = False) -> None:
    """Say that somebody who was out of contact is found."""
    each(session, placements, TaskKind.FIND_PERSON, "contact", everybody=everybody)


@command(injury, "report", example="injury report 7c1f6f0e --severity SERIOUS --as posko")
def injury_report(
    session: Session,
    placement: One,
    severity: Annotated[InjurySeverity, typer.Option(help="How bad; never what.")],
    note: Remark = None,
) -> None:
    """Report that somebody is injured; the accident-cover report is owed from now on."""
    say(session, placement, "injury", {"code": severity.value, "note": note})


@command(
    injury,
    "file",
    example="injury file 7c1f6f0e --reference JKK/2027/0144 --dated 2027-02-20 --as kepala:DINKES",
)
def injury_file(
    session: Session,
    placement: One,
    reference: Annotated[str, typer.Option(help="The number of the report at the insurer.")],
    dated: Annotated[datetime, typer.Option(**DAY, help="The day on which it was filed.")],
) -> None:
    """Say that the report to the work accident cover (JKK) is filed, of an injury or of a death."""
    filed = {"reference": reference, "dated": dated.date().isoformat()}
    say(session, placement, "accident-report", filed)


@command(injury, "waive", example="injury waive 7c1f6f0e --reason INSURER_TOOK_OVER --as sekda")
def injury_waive(
    session: Session,
    placement: One,
    reason: Annotated[ReportWaiver, typer.Option(help="Why.")],
    note: Remark = None,
) -> None:
    """Ask the home unit for the report no more: of a death, or of an injury once the person is back."""
    say(session, placement, "accident-report-waiver", {"code": reason.value, "note": note})


@command(injury, "resume", example="injury resume 7c1f6f0e --as posko")
def injury_resume(session: Session, placement: One) -> None:
    """Say that somebody who was injured is back on duty."""
    say(session, placement, "duty")


@command(road, "death", example="death 7c1f6f0e --as posko")
def death(session: Session, placement: One) -> None:
    """Report that somebody has died; of whoever had left, the accident-cover report is owed."""
    say(session, placement, "death")


@command(road, "alive", example="alive 7c1f6f0e --reason WRONG_LIST --as koordinator")
def alive(
    session: Session,
    placement: One,
    reason: Annotated[DeathRetraction, typer.Option(help="Why the death was told.")],
    paper: Annotated[str | None, typer.Option(help="The number of the paper that says so.")] = None,
    *,
    dated: Annotated[datetime | None, typer.Option(**DAY, help="Its date.")] = None,
    note: Remark = None,
) -> None:
    """Take back the report of a death: whoever had left is looked for, and brought home."""
    day = dated.date().isoformat() if dated else None
    form = {"code": reason.value, "reference": paper, "dated": day, "note": note}
    say(session, placement, "death-retraction", form)


@command(road, "affected", example="affected 7c1f6f0e --until 2027-03-01T00:00+08:00 --as kepala:DINKES")
def affected(session: Session, placement: One, until: Until) -> None:
    """Confirm that somebody is a victim of the disaster: home, and not asked again until then."""
    say(session, placement, "affected", {"until": until.isoformat()})


@command(road, "recall", example="recall 7c1f6f0e --reason ESSENTIAL_SERVICE --as kepala:DINKES")
def recall(
    session: Session,
    placement: One,
    reason: Annotated[RecallReason, typer.Option(help="Why.")],
    note: Remark = None,
) -> None:
    """Call somebody of your unit back."""
    say(session, placement, "recall", {"code": reason.value, "note": note})


@command(road, "release-early", example="release-early 7c1f6f0e --reason NO_LONGER_NEEDED --as posko")
def release_early(
    session: Session,
    placement: One,
    reason: Annotated[EarlyReason, typer.Option(help="Why.")],
    note: Remark = None,
) -> None:
    """Let somebody go home before the end."""
    say(session, placement, "early-release", {"code": reason.value, "note": note})


@command(
    road,
    "convert",
    example="convert 7c1f6f0e --decreed-by APPOINTING_AUTHORITY --decree 821/33/II/2027 --dated 2027-02-20 "
    "--as kepala-daerah",
)
def convert(
    session: Session,
    placement: One,
    decreed_by: Annotated[DecreedBy, typer.Option(help="Whose decree it is.")],
    decree: Annotated[str, typer.Option(help="The number of the decree of transfer.")],
    dated: Annotated[datetime, typer.Option("--dated", "--decree-date", **DAY, help="Its date.")],
) -> None:
    """Make a transfer of a secondment, by a decree; it ends here."""
    day = dated.date().isoformat()
    paper = {"decreed_by": decreed_by.value, "decree": decree, "decree_date": day}
    say(session, placement, "conversion", paper)


@command(road, "checklist", example="checklist 7c1f6f0e ASSETS HEALTH --as posko")
def checklist(
    session: Session,
    placement: One,
    items: Annotated[
        list[AnyPoint],
        typer.Argument(metavar="ITEM…", help=f"Of {', '.join(Ready)}; on leaving {', '.join(Item)}."),
    ],
    waive: Annotated[str | None, typer.Option(metavar="REASON", help="Waive them instead, and why.")] = None,
) -> None:
    """Sign items of the checklist on arriving, or on leaving, by your name (or waive them)."""
    form: dict[str, Any] = {"items": [item.value for item in items], "note": waive}
    say(session, placement, "checklist-waiver" if waive else "checklist", form)


def say(session: Session, placement: str, door: str, form: dict[str, Any] | None = None) -> None:
    """Decide something about one person, and show what became of it."""
    session.show(session.post(path_of(session.placement(placement), door), form), show.decision)


def mine(session: Session, placement: str | None, *, out: bool = True) -> str:
    """Return a placement by its name, or one's own: the one on which one is out, or (`out` False) is held at all."""
    if placement:
        return session.placement(placement)
    me = session.get("/v1/me")["person_id"]
    rows = session.get("/v1/secondments", out=out or None)["items"]
    own = [row for row in rows if row["person_id"] == me and row["state"] not in LET_GO]
    if len(own) != 1:
        told = "are out on" if out else "have"
        raise Trouble(f"you {told} {len(own)} open secondments; name one", USAGE if own else NOT_FOUND)
    return str(own[0]["placement_id"])


def as_person_or_officer(session: Session, kind: TaskKind, person: str, officer: str) -> str:
    """Which door: a task that names nobody's office is one's own."""
    own = {task["case_id"] for task in session.tasks()["items"] if task["capacity"] is None}
    asked = set(waiting(session, kind))
    return person if any(case.partition(":")[2] in asked for case in own) else officer
