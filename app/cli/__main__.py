"""The command line. Every error is one line on stderr (what more there is to list follows), and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from app.cli import (
    burden,
    closing,
    decrees,
    extensions,
    groups,
    lines,
    mandates,
    musters,
    mutations,
    operations,
    orphans,
    people,
    records,
    reliefs,
    road,
    roster,
    subscribers,
    surges,
    tasks,
)
from app.cli.command import remember
from app.cli.demo_city import load_demo, migrate
from app.cli.session import USAGE, Trouble
from app.cli.stack import Seam, commands

GROUPS: dict[str, typer.Typer] = {
    "roster": roster.roster,
    "alert": operations.alert,
    "operation": operations.operation,
    **surges.GROUPS,
    "offer": people.offer,
    "order": records.order,
    "decree": decrees.decree,
    "demob": people.demob,
    "condition": road.condition,
    "rest": road.rest,
    "injury": road.injury,
    "extension": extensions.extension,
    "relief": reliefs.relief,
    "handover": reliefs.handover,
    "reassign": reliefs.reassign,
    "mutation": mutations.mutation,
    "group": groups.group,
    "task": tasks.task,
    "substitute": mandates.substitute,
    "subscriber": subscribers.subscriber,
    "deliveries": subscribers.deliveries,
    "orphan": orphans.orphan,
    "audit": records.audit,
}
"""Commands that stand under a word of their own."""


def make_app() -> typer.Typer:
    """Return all commands."""
    app = typer.Typer(
        name="siaga",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(remember)
    surges.surge.add_typer(lines.line, name="line")
    app.add_typer(commands(Seam(migrate=migrate, load_demo=load_demo)))
    for group in (people.people, burden.board, road.road, musters.musters, closing.closing):
        app.add_typer(group)
    for name, group in GROUPS.items():
        app.add_typer(group, name=name)
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    command = typer.main.get_command(make_app())
    try:
        code = command.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="./siaga",
            standalone_mode=False,
        )
    except Trouble as trouble:
        _say(str(trouble), *trouble.details)
        return trouble.code
    except typer.TyperException as error:
        _usage(error)
        return USAGE
    except typer.Abort:
        return 130
    except BrokenPipeError:
        return 1
    return code if isinstance(code, int) else 0


def _usage(error: typer.TyperException) -> None:
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    if type(error).__name__ == "NoArgsIsHelpError":
        print(message, file=sys.stderr)
    else:
        _say(" ".join(message.split()))


def _say(message: str, *details: str) -> None:
    print(f"siaga: {message}", file=sys.stderr)
    for detail in details:
        print(f"  {detail}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
