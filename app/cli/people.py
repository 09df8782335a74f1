"""`offer …`, `release`, `check-in`, `demob …`, `return`, `who-is-out` and `inbox`: one person at a time, or all."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from app.cli import show, show_tasks
from app.cli.command import command
from app.cli.session import NOT_FOUND, USAGE, Session, Trouble
from app.cli.times import INSTANT
from domain.moves import TaskKind
from domain.reasons import ConditionReason, DeclineReason, ReleaseRefusal
from domain.secondment import Item, Ready

people = typer.Typer()
offer = typer.Typer(help="The offer that was made to you.", no_args_is_help=True)
demob = typer.Typer(help="Signing people off to travel home.", no_args_is_help=True)

Placement = Annotated[
    str | None,
    typer.Argument(metavar="PLACEMENT", help="Its id, or the beginning of it (else your one open offer)."),
]
Placements = Annotated[
    list[str] | None, typer.Argument(metavar="PLACEMENT…", help="Their ids, or the beginnings of them.")
]
Site = Annotated[str | None, typer.Option(metavar="SITE", help="Only those at this site.")]
Unit = Annotated[str | None, typer.Option(metavar="UNIT", help="Only those of this home unit, by its id.")]
Every = Annotated[bool, typer.Option("--all", help="Everybody in your inbox who waits for this.")]


@command(offer, "accept", example="offer accept --as 5b0f91c2")
def accept(
    session: Session,
    placement: Placement = None,
    condition: Annotated[
        ConditionReason | None, typer.Option("--if", help="Only on this condition; the coordinator answers.")
    ] = None,
    report_at: Annotated[
        datetime | None,
        typer.Option(**INSTANT, help="With LATER_DATE: from when on you can."),
    ] = None,
) -> None:
    """Accept the offer that was made to you."""
    door, form = "acceptance", None
    if report_at and not condition:
        # Accepted without it, the offer would bind the person from the first day on.
        raise Trouble("--report-at: expected with --if LATER_DATE alone", USAGE)
    if condition:
        door = "conditional-acceptance"
        form = {"code": condition.value, "report_at": report_at.isoformat() if report_at else None}
    session.show(session.post(path_of(_offered(session, placement), door), form), show.decision)


@command(offer, "decline", example="offer decline --reason CARER --as 5b0f91c2")
def decline(
    session: Session,
    reason: Annotated[DeclineReason, typer.Option(help="A code is enough; nobody is asked for more.")],
    placement: Placement = None,
    note: Annotated[str | None, typer.Option("--note", help="Free text, if you wish; kept apart.")] = None,
) -> None:
    """Decline the offer that was made to you."""
    form = {"code": reason.value, "note": note}
    session.show(session.post(path_of(_offered(session, placement), "decline"), form), show.decision)


@command(people, "release", example="release 7c1f6f0e --as kepala:DINKES")
def release(
    session: Session,
    placements: Placements = None,
    everybody: Every = False,
    refuse: Annotated[ReleaseRefusal | None, typer.Option(help="Refuse instead, with this reason.")] = None,
) -> None:
    """Let people of your unit go (or refuse to)."""
    door, form = ("release-refusal", {"code": refuse.value}) if refuse else ("release", None)
    each(session, placements, TaskKind.DECIDE_RELEASE, door, everybody=everybody, form=form)


@command(people, "check-in", example="check-in 7c1f6f0e --as posko")
def check_in(  # noqa: PLR0917 - typer takes options as parameters
    session: Session,
    placements: Placements = None,
    everybody: Every = False,
    ready: Annotated[
        bool,
        typer.Option("--ready", help="Sign by your name that they are fit, equipped, briefed and covered."),
    ] = False,
    site: Site = None,
    unit: Unit = None,
) -> None:
    """Say that people have arrived on site; what they lack for the duty is asked for afterwards."""
    if site or unit:
        placements = (
            _expected(session, TaskKind.CHECK_IN, site, unit)
            if everybody
            else _all_there(session, placements or [], site, unit)
        )
        everybody = False
    form = {"items": [one.value for one in Ready]} if ready else None
    each(session, placements, TaskKind.CHECK_IN, "check-in", everybody=everybody, form=form)


@command(demob, "sign", example="demob sign --all --settle --as posko")
def sign_demob(
    session: Session,
    placements: Placements = None,
    everybody: Every = False,
    settle: Annotated[
        bool, typer.Option("--settle", help="Sign what is still open of the checklist with it, by your name.")
    ] = False,
) -> None:
    """Sign people off to travel home; refused while the checklist is open."""
    form = {"items": [item.value for item in Item] if settle else []}
    each(session, placements, TaskKind.SIGN_DEMOB, "demobilisation", everybody=everybody, form=form)


@command(people, "return", example="return 7c1f6f0e --as kepala:DINKES")
def confirm_return(session: Session, placements: Placements = None, everybody: Every = False) -> None:
    """Say that people are back at your unit."""
    each(session, placements, TaskKind.CONFIRM_RETURN, "return", everybody=everybody)


@command(people, "who-is-out", example="who-is-out --overdue --as koordinator")
def who_is_out(
    session: Session,
    overdue: Annotated[bool, typer.Option(help="Only those who should be back.")] = False,
    uncovered: Annotated[
        bool, typer.Option(help="Everybody, also before leaving, whose duty no emergency status covers.")
    ] = False,
    due_within: Annotated[
        int | None, typer.Option(metavar="DAYS", help="Only those who are due back within so many days.")
    ] = None,
) -> None:
    """Show who has left home and is not back, from where, and until when."""
    asked: dict[str, Any] = {"uncovered": True} if uncovered else {"out": True}
    asked |= {"overdue": overdue or None, "due_within": due_within}
    session.show(session.get("/v1/secondments", **asked), show.secondments)


@command(people, "inbox", example="inbox --as sekda")
def inbox(session: Session) -> None:
    """Show what is asked of you, by name or by your offices."""
    session.show(session.tasks(), show_tasks.inbox)


@command(people, "whoami", example="whoami --as kepala:DINKES")
def whoami(session: Session) -> None:
    """Show whose token it is, and with which offices."""
    session.show(session.get("/v1/me"), show.me)


def _offered(session: Session, placement: str | None) -> str:
    if placement:
        return session.placement(placement)
    offers = waiting(session, TaskKind.ANSWER_OFFER)
    if not offers:
        raise Trouble("no open offer waits for you; name one to be told where it stands", NOT_FOUND)
    if len(offers) > 1:
        raise Trouble(f"you have {len(offers)} open offers; name one", USAGE)
    return offers[0]


def _expected(session: Session, kind: TaskKind, site: str | None, unit: str | None) -> list[str]:
    """Return those in the actor's inbox who wait for something at a site, or of a home unit; raises Trouble for nobody."""
    asked = set(waiting(session, kind))
    rows = [row for row in session.get("/v1/secondments")["items"] if row["placement_id"] in asked]
    found = [
        str(row["placement_id"])
        for row in rows
        if site in (None, row["site"]) and unit in (None, row["unit_id"])
    ]
    if not found:
        raise Trouble(f"nobody waits for this of {' and '.join(filter(None, (site, unit)))}", NOT_FOUND)
    return found


def _all_there(session: Session, named: list[str], site: str | None, unit: str | None) -> list[str]:
    """Return the placements that are named; raises Trouble naming each that is of another site, or home unit."""
    found = [session.placement(one) for one in named]
    rows = [session.get(f"/v1/secondments/{one}") for one in found]
    told = [
        f"{row['placement_id'][: show.SHORT]} {row['name'] or ''}".strip()
        + f" is of {row['unit']} ({row['unit_id']}), for {row['site']}"
        for row in rows
        if site not in (None, row["site"]) or unit not in (None, row["unit_id"])
    ]
    if told:
        asked = " and ".join(filter(None, (site and f"--site {site}", unit and f"--unit {unit}")))
        raise Trouble(
            f"{len(told)} of {len(found)} named are not of {asked}; nobody was checked in", USAGE, tuple(told)
        )
    return found


def waiting(session: Session, kind: TaskKind) -> list[str]:
    """Return the placements in the actor's inbox that wait for something; each once, in however many offices it is asked."""
    tasks = session.tasks(kind=kind.value)["items"]
    return list(dict.fromkeys(task["case_id"].partition(":")[2] for task in tasks))


def each(
    session: Session,
    placements: list[str] | None,
    kind: TaskKind,
    door: str,
    *,
    everybody: bool,
    form: dict[str, Any] | None = None,
) -> None:
    """Decide for each; what is refused is said at once, the others go on, and the first refusal is the exit code."""
    if bool(placements) == everybody:
        raise Trouble("name people by their placements, or --all", USAGE)
    found = waiting(session, kind) if everybody else [session.placement(one) for one in placements or ()]
    if not found:
        raise Trouble("nobody in your inbox waits for this", NOT_FOUND)
    done, failed = [], []
    for placement_id in found:
        try:
            done.append(session.post(path_of(placement_id, door), form))
        except Trouble as trouble:
            failed.append((placement_id, trouble))
    session.show(done, show.decisions)
    if failed:
        told = tuple(f"{placement_id}: {trouble}" for placement_id, trouble in failed)
        first = failed[0][1]
        more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
        raise Trouble(f"{told[0]}{more}", first.code, told if len(told) > 1 else ())


def path_of(placement_id: str, door: str) -> str:
    """Return where a decision about somebody is sent."""
    return f"/v1/secondments/{placement_id}/{door}"
