"""Batches and swaps: `group form | list | show | paper`, and one command for every decision about one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli import show, show_groups
from app.cli.command import command
from app.cli.mutations import VERBS
from app.cli.session import Session
from app.cli.verbs import Verb, say
from domain.mutation.states import GroupKind

group = typer.Typer(no_args_is_help=True, help="Batches and swaps: mutations with one decree.")

One = Annotated[str, typer.Argument(metavar="GROUP", help="Its id, or the beginning.")]


@command(group, "form", example="group form BATCH MU-3F9 MU-41A MU-77B --as bkpsdm")
def form(
    session: Session,
    kind: Annotated[GroupKind, typer.Argument(help="One decree for all who are ready, or all or none.")],
    mutations: Annotated[
        list[str], typer.Argument(metavar="MUTATION...", help="Which, by id or its beginning.")
    ],
) -> None:
    """Let mutations go together; those of a swap before the rules are asked."""
    said = {"kind": kind.value, "mutations": [session.mutation(one) for one in mutations]}
    session.show(session.post("/v1/mutation-groups", said), show.decision)


@command(group, "list", example="group list --as bkpsdm")
def list_(session: Session) -> None:
    """List the batches and swaps."""
    session.show(session.get("/v1/mutation-groups"), show_groups.board)


@command(group, "show", example="group show BA-3F9 --as kepala-daerah")
def show_(session: Session, one: One) -> None:
    """Show where a group stands, whose decree goes round, and where each member's own case stands."""
    session.show(session.get(f"/v1/mutation-groups/{session.group(one)}"), show_groups.detail)


@command(group, "paper", example="group paper BA-3F9 sk.pdf --record sk.json --as bkpsdm")
def paper(
    session: Session,
    one: One,
    out: Annotated[Path, typer.Argument(metavar="FILE", help="Where to.")],
    record: Annotated[Path | None, typer.Option(metavar="FILE", help="Where its record goes.")] = None,
    number: Annotated[str | None, typer.Option(help="Which decree, where several were signed.")] = None,
) -> None:
    """Fetch the newest decree that was signed for a group, and its record to check it by."""
    group_id = session.group(one)
    signed = session.get(f"/v1/mutation-groups/{group_id}")["decrees"]
    wanted = [row for row in signed if number in (None, row["number"])]
    if not wanted:
        raise typer.BadParameter(f"no decree {number or ''} was signed for {group_id}".replace("  ", " "))
    path = f"/v1/mutation-groups/{group_id}/decrees/{wanted[-1]['decree_id']}"
    session.save(f"{path}.pdf", out)
    if record is not None:
        session.save(f"{path}/record", record)


_SHARED = {verb.name: verb for verb in VERBS if verb.name in ("prepare", "initial", "return-decree", "sign")}
GROUP_VERBS = (
    *_SHARED.values(),
    Verb("dissolve", "dissolution", "Dissolve the group: who has no decree yet goes on alone."),
)
"""Every decision about one group, in the order of its road."""

for _verb in GROUP_VERBS:
    _say = say(_verb, One, lambda session, one: f"/v1/mutation-groups/{session.group(one)}")
    command(group, _verb.name, example=f"group {_verb.name} BA-3F9 --as bagian-hukum")(_say)
