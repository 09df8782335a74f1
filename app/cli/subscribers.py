"""`subscriber …` and `deliveries …`: who is told of events, and what became of telling them."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli import show_deliveries as show
from app.cli.command import command
from app.cli.session import NOT_FOUND, USAGE, Session, Trouble
from domain.deliveries import DeliveryState

subscriber = typer.Typer(help="Who is told of events (docs/events.md). By: operator.", no_args_is_help=True)
deliveries = typer.Typer(help="What became of telling them. By: operator.", no_args_is_help=True)

Which = Annotated[str, typer.Argument(metavar="SUBSCRIBER", help="Its id, or the beginning of it.")]
Whose = Annotated[
    str | None,
    typer.Option("--of", metavar="SUBSCRIBER", help="Only of this one (its id, or the beginning)."),
]
Most = Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")]


@command(
    subscriber,
    "add",
    example="subscriber add https://subscriber.example/siaga --type CheckedIn --as operator",
)
def add(
    session: Session,
    url: Annotated[str, typer.Argument(metavar="URL", help="Where events are POSTed.")],
    types: Annotated[
        list[str] | None, typer.Option("--type", help="Only this type; may be given again (else all).")
    ] = None,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="Tell all that is in the log already, first.")
    ] = False,
) -> None:
    """Tell somebody of events from now on. Prints the secret that signs them, this once."""
    form = {"url": url, "types": types or None, "from_start": from_start}
    session.show(session.post("/v1/subscribers", form), show.secret)


@command(subscriber, "list", example="subscriber list --as operator")
def list_(session: Session) -> None:
    """Show who is told, and how many deliveries wait or are dead."""
    session.show(session.get("/v1/subscribers"), show.subscribers)


@command(subscriber, "show", example="subscriber show 3f1d --as operator")
def show_(session: Session, which: Which) -> None:
    """Show a subscriber, and what was done to it."""
    session.show(session.get(f"/v1/subscribers/{_whole(session, which)}"), show.subscriber)


@command(subscriber, "pause", example="subscriber pause 3f1d --as operator")
def pause(session: Session, which: Which) -> None:
    """Tell it nothing for a time; what happens meanwhile is told later."""
    _tell(session, which, "pause", "paused")


@command(subscriber, "resume", example="subscriber resume 3f1d --as operator")
def resume(session: Session, which: Which) -> None:
    """Tell it again, from where it was paused."""
    _tell(session, which, "resumption", "resumed")


@command(subscriber, "remove", example="subscriber remove 3f1d --as operator")
def remove(session: Session, which: Which) -> None:
    """Tell it nothing any more; address and secrets are erased."""
    whole = _whole(session, which)
    session.delete(f"/v1/subscribers/{whole}")
    session.show({"subscriber_id": whole, "done": "removed"}, show.done)


@command(subscriber, "rotate", example="subscriber rotate 3f1d --overlap 48 --as operator")
def rotate(
    session: Session,
    which: Which,
    overlap: Annotated[
        int, typer.Option(min=0, max=720, metavar="HOURS", help="How long the secret before it signs too.")
    ] = 24,
) -> None:
    """Give it a new secret, printed this once."""
    form = {"overlap_hours": overlap}
    session.show(session.post(f"/v1/subscribers/{_whole(session, which)}/rotation", form), show.secret)


@command(deliveries, "list", example="deliveries list --of 3f1d --state WAITING --as operator")
def list_deliveries(
    session: Session,
    of: Whose = None,
    state: Annotated[DeliveryState | None, typer.Option(help="Only those that stand so.")] = None,
    most: Most = 100,
) -> None:
    """Show deliveries, those of the newest entries first."""
    _show(session, of, state, most)


@command(deliveries, "dead", example="deliveries dead --as operator")
def dead(session: Session, of: Whose = None, most: Most = 100) -> None:
    """Show dead letters: what was given up, and how much waits behind each."""
    _show(session, of, DeliveryState.DEAD, most)


@command(deliveries, "resend", example="deliveries resend 3f1d --entry 42 --as operator")
def resend(
    session: Session,
    which: Which,
    entry: Annotated[
        int | None, typer.Option(min=1, help="Only the dead letter of this log entry (else all).")
    ] = None,
    skip: Annotated[
        bool, typer.Option("--skip", help="Give it up for good instead: the rest goes on without.")
    ] = False,
) -> None:
    """Send dead letters of a subscriber again: each before what waits behind it."""
    if skip and entry is None:
        raise Trouble("--skip: expected --entry, since what is skipped is never told", USAGE)
    path = f"/v1/subscribers/{_whole(session, which)}"
    if skip:
        told = session.post(f"{path}/deliveries/{entry}/skip")
    else:
        told = session.post(f"{path}/resending", {"seq": entry})
    session.show({**told, "done": "skipped" if skip else "sent again"}, show.revived)


def _tell(session: Session, which: str, path: str, done: str) -> None:
    whole = _whole(session, which)
    session.tell(f"/v1/subscribers/{whole}/{path}")
    session.show({"subscriber_id": whole, "done": done}, show.done)


def _show(session: Session, of: str | None, state: DeliveryState | None, most: int) -> None:
    whole = _whole(session, of) if of else None
    found = session.get("/v1/deliveries", subscriber_id=whole, state=state and state.value, most=most)
    session.show(found, show.deliveries)


def _whole(session: Session, text: str) -> str:
    """Return the whole id of a subscriber of which the beginning is given; those that were removed count last."""
    if len(text) == 36:
        return text.lower()
    rows = session.get("/v1/subscribers")["items"]
    begin = [row for row in rows if row["subscriber_id"].startswith(text.lower())]
    found = [row for row in begin if row["state"] != "REMOVED"] or begin
    if len(found) != 1:
        raise Trouble(f"{text}: {len(found)} subscribers begin so", USAGE if found else NOT_FOUND)
    return str(found[0]["subscriber_id"])
