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
    lines,
    mandates,
    operations,
    orphans,
    people,
    records,
    reliefs,
    road,
    subscribers,
    surges,
    tasks,
)
from app.cli.command import remember
from app.cli.demo_city import load_demo, migrate
from app.cli.session import USAGE, Trouble
from app.cli.stack import Seam, commands


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
    app.add_typer(commands(Seam(migrate=migrate, load_demo=load_demo)))
    app.add_typer(records.roster, name="roster")
    app.add_typer(operations.alert, name="alert")
    app.add_typer(operations.operation, name="operation")
    surges.surge.add_typer(lines.line, name="line")
    for name, group in surges.GROUPS.items():
        app.add_typer(group, name=name)
    app.add_typer(people.offer, name="offer")
    app.add_typer(people.people)
    app.add_typer(burden.board)
    app.add_typer(records.order, name="order")
    app.add_typer(decrees.decree, name="decree")
    app.add_typer(people.demob, name="demob")
    app.add_typer(road.road)
    app.add_typer(road.condition, name="condition")
    app.add_typer(road.rest, name="rest")
    app.add_typer(road.injury, name="injury")
    app.add_typer(extensions.extension, name="extension")
    app.add_typer(reliefs.relief, name="relief")
    app.add_typer(reliefs.handover, name="handover")
    app.add_typer(reliefs.reassign, name="reassign")
    app.add_typer(tasks.task, name="task")
    app.add_typer(mandates.substitute, name="substitute")
    app.add_typer(subscribers.subscriber, name="subscriber")
    app.add_typer(subscribers.deliveries, name="deliveries")
    app.add_typer(orphans.orphan, name="orphan")
    app.add_typer(closing.closing)
    app.add_typer(records.audit, name="audit")
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
