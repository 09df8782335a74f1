"""`surge …`, `redline …` and `yearly-cap …`."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from app.cli import show, show_plan, show_surges
from app.cli.command import command
from app.cli.keeping import Kept, kept
from app.cli.operations import instant
from app.cli.request_file import faults_of, read_request
from app.cli.session import USAGE, Session, Trouble
from app.cli.times import INSTANT
from domain.reasons import CapWaiver, OverrideReason, RejectionReason, ReturnReason, SurgeCancelReason
from runtime.clock import SystemClock

surge = typer.Typer(help="Surges: from asking for people to the last one home.", no_args_is_help=True)
redline = typer.Typer(help="Redlines of units.", no_args_is_help=True)
yearly_cap = typer.Typer(help="The yearly cap on days of duty.", no_args_is_help=True)
GROUPS = {"surge": surge, "redline": redline, "yearly-cap": yearly_cap}

SurgeId = Annotated[str, typer.Argument(metavar="SURGE", help="Its id, or the beginning of it.")]
Words = Annotated[str | None, typer.Option("--note", help="Free text; kept apart from the case.")]


@command(
    surge,
    "request",
    example="surge request examples/permintaan-kupang.toml --operation OP-1B --as koordinator",
)
def request(
    session: Session,
    file: Annotated[
        Path, typer.Argument(metavar="FILE.toml", help="The request; see examples/permintaan-kupang.toml.")
    ],
    operation: Annotated[
        str | None, typer.Option(help="The operation, where the file does not name it.")
    ] = None,
    oral_order_by: Annotated[
        str | None,
        typer.Option(
            metavar="PERSON",
            help="Who ordered it by word of mouth: a stored name, or the beginning of an id. It goes ahead at "
            "once, and must be ratified in writing.",
        ),
    ] = None,
    given_at: Annotated[
        datetime | None,
        typer.Option(**INSTANT, help="When that was, with its offset (else now)."),
    ] = None,
) -> None:
    """Ask for people, line by line: on paper, or on an oral order that you heard."""
    now = SystemClock().now()
    form = read_request(file, operation, now)
    if form["operation_id"]:
        form["operation_id"] = session.operation(str(form["operation_id"]))
    if oral_order_by:
        heard = {"by": session.person(oral_order_by), "given_at": (given_at or now).isoformat()}
        form["oral_order"] = heard
    elif given_at:
        raise Trouble("--given-at: expected together with --oral-order-by", USAGE)
    with faults_of(file):
        session.show(session.post("/v1/surges", form), show.decision)


@command(surge, "return", example="surge return SU-3F9 --reason TOO_MANY --as sekda")
def send_back(
    session: Session,
    surge_id: SurgeId,
    reason: Annotated[ReturnReason, typer.Option(help="The coded reason.")],
    note: Words = None,
) -> None:
    """Send a request back to whoever made it, to be changed."""
    form = {"code": reason.value, "note": note}
    session.show(session.post(path_of(session, surge_id, "return"), form), show.decision)


@command(surge, "resubmit", example="surge resubmit SU-3F9 examples/permintaan-kupang.toml --as koordinator")
def resubmit(
    session: Session,
    surge_id: SurgeId,
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="The changed request.")],
) -> None:
    """Send a request again that was sent back: the file replaces it."""
    path = path_of(session, surge_id)
    stands = session.get(path)["surge"]
    form = read_request(file, stands["operation_id"], SystemClock().now())
    session.show(session.post(f"{path}/resubmission", form), show.decision)


@command(surge, "ratify", example="surge ratify SU-3F9 --letter 360/21/XI/2026 --as kepala-daerah")
def ratify(
    session: Session,
    surge_id: SurgeId,
    letter: Annotated[str, typer.Option(help="The number of the written order.")],
    dated: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="Its date (else today, by the government's calendar)."),
    ] = None,
) -> None:
    """Confirm in writing what you ordered by word of mouth."""
    form = {"letter": letter, "dated": dated or session.today()}
    session.show(session.post(path_of(session, surge_id, "ratification"), form), show.decision)


@command(
    surge,
    "prolong",
    example="surge prolong SU-3F9 --letter 440/12/III/2027 --until 2027-04-30T00:00+08:00 --as sekda",
)
def prolong(
    session: Session,
    surge_id: SurgeId,
    letter: Annotated[str, typer.Option(help="The number of the new letter.")],
    until: Annotated[str, typer.Option(help="Until when it asks for help now, with its zone.")],
    dated: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="Its date (else today, by the government's calendar)."),
    ] = None,
) -> None:
    """Let a demand for service go on by a new letter; longer duties are then agreed and ordered as ever."""
    form = {"letter": letter, "dated": dated or session.today(), "until": instant(until)}
    session.show(session.post(path_of(session, surge_id, "letter"), form), show.decision)


@command(surge, "cancel", example="surge cancel SU-3F9 --reason NO_LONGER_NEEDED --as koordinator")
def cancel(
    session: Session,
    surge_id: SurgeId,
    reason: Annotated[SurgeCancelReason, typer.Option(help="The coded reason.")],
    note: Words = None,
) -> None:
    """Take a request back before anybody has left; who was asked is told."""
    form = {"code": reason.value, "note": note}
    session.show(session.post(path_of(session, surge_id, "cancellation"), form), show.decision)


@command(surge, "list", example="surge list --as koordinator")
def list_surges(session: Session) -> None:
    """List the surges, the newest first."""
    session.show(session.get("/v1/surges"), show.surges)


@command(surge, "show", example="surge show SU-3F9 --as koordinator")
def show_surge(session: Session, surge_id: SurgeId) -> None:
    """Show a surge: its lines, its orders, and how many people stand where."""
    session.show(session.get(path_of(session, surge_id)), show_surges.surge)


@command(surge, "people", example="surge people SU-3F9 --as posko")
def people(session: Session, surge_id: SurgeId) -> None:
    """List the people of a surge, where each stands, and until when."""
    session.show(session.get("/v1/secondments", surge_id=session.surge(surge_id)), show.secondments)


@command(surge, "approve", example="surge approve SU-3F9 --as sekda")
def approve(session: Session, surge_id: SurgeId) -> None:
    """Approve a request; never one's own."""
    session.show(session.post(path_of(session, surge_id, "approval")), show.decision)


@command(surge, "reject", example="surge reject SU-3F9 --reason NOT_NEEDED --as sekda")
def reject(
    session: Session,
    surge_id: SurgeId,
    reason: Annotated[RejectionReason, typer.Option(help="The coded reason.")],
    note: Words = None,
) -> None:
    """Reject a request, with a reason."""
    form = {"code": reason.value, "note": note}
    session.show(session.post(path_of(session, surge_id, "rejection"), form), show.decision)


@command(surge, "plan", example="surge plan SU-3F9 --as koordinator")
def plan(
    session: Session,
    surge_id: SurgeId,
    everybody: Annotated[bool, typer.Option("--all", help="Show everybody who is picked.")] = False,
    newest: Annotated[bool, typer.Option("--newest", help="Show the newest plan and make none.")] = False,
    keep: Kept = None,
) -> None:
    """Make a plan and show it: who would go, from where, at what cost, and why places stay empty."""
    path = path_of(session, surge_id, "plan")
    if not newest:
        session.post(path, {"keep": kept(session, path, keep)} if keep else None)
        if session.recorded:
            return
    session.show(session.get(path), partial(show_plan.plan, everybody=everybody))


@command(surge, "confirm", example="surge confirm SU-3F9 6d1c0f2a --as koordinator")
def confirm(
    session: Session,
    surge_id: SurgeId,
    plan_id: Annotated[
        str | None, typer.Argument(metavar="PLAN", help="The plan that you saw, or the beginning of its id.")
    ] = None,
) -> None:
    """Confirm a plan: everybody picked is asked. Without PLAN, the newest one."""
    newest = session.get(path_of(session, surge_id, "plan"))["plan_id"]
    if plan_id and not newest.startswith(plan_id.lower()):
        if len(plan_id) != len(newest):
            raise Trouble(
                f"{plan_id}: the newest plan is {newest}; look at it with: surge plan --newest", USAGE
            )
        newest = plan_id
    session.show(session.post(path_of(session, surge_id, "confirmation"), {"plan_id": newest}), show.decision)


@command(surge, "withdraw-plan", example="surge withdraw-plan SU-3F9 --as koordinator")
def withdraw_plan(session: Session, surge_id: SurgeId) -> None:
    """Take a new plan of a running surge back: its empty places are offered to the next best people again."""
    session.show(session.post(path_of(session, surge_id, "plan-withdrawal")), show.decision)


@command(surge, "stand-down", example="surge stand-down SU-3F9 --as koordinator")
def stand_down(session: Session, surge_id: SurgeId) -> None:
    """Call everybody home and ask nobody any more."""
    session.show(session.post(path_of(session, surge_id, "stand-down")), show.decision)


@command(surge, "close", example="surge close SU-3F9 --as koordinator")
def close(session: Session, surge_id: SurgeId) -> None:
    """Close a surge; refused while one person is not home."""
    session.show(session.post(path_of(session, surge_id, "closure")), show.decision)


@command(redline, "override", example="redline override SU-3F9 PKM01 nurse 1 --reason LIFE_SAVING --as sekda")
def override(
    session: Session,
    surge_id: SurgeId,
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="The unit's code.")],
    role: Annotated[str, typer.Argument(metavar="ROLE", help="The role that these people hold at home.")],
    extra: Annotated[int, typer.Argument(metavar="EXTRA", min=1, max=100, help="How many more may go.")],
    *,
    reason: Annotated[OverrideReason, typer.Option(help="The coded reason.")],
    note: Words = None,
) -> None:
    """Let a unit lend more of a role than its redline allows, for one surge."""
    form = {"unit": unit, "role": role, "extra": extra, "code": reason.value, "note": note}
    session.show(session.post(path_of(session, surge_id, "overrides"), form), show.decision)


@command(
    yearly_cap, "waive", example="yearly-cap waive SU-3F9 5b0f91c2 10 --reason NO_OTHER_SOURCE --as sekda"
)
def waive(
    session: Session,
    surge_id: SurgeId,
    person: Annotated[
        str, typer.Argument(metavar="PERSON", help="A stored name, or the beginning of an id.")
    ],
    days: Annotated[
        int, typer.Argument(metavar="DAYS", min=1, max=365, help="By how many days the cap is raised.")
    ],
    *,
    reason: Annotated[CapWaiver, typer.Option(help="The coded reason.")],
    note: Words = None,
) -> None:
    """Let somebody be asked who has served enough in a year (S05): once within a year, by so many days."""
    form = {"person_id": session.person(person), "days": days, "code": reason.value, "note": note}
    session.show(session.post(path_of(session, surge_id, "cap-waivers"), form), show.decision)


def path_of(session: Session, surge_id: str, door: str | None = None) -> str:
    path = f"/v1/surges/{session.surge(surge_id)}"
    return f"{path}/{door}" if door else path
