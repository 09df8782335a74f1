"""Answers as tables and lines for a person at a terminal."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.times import clock, when

Json = Any

WIDTH_OF_FILES = 200
NUMBERS = {"uncovered", "asked", "filled", "on site", "home", "people", "km", "cost", "out", "entry"} | {
    *("behind", "waiting", "delivered", "dead", "skipped", "tries", "behind it")
}
WRAPPED = {"name", "unit", "site", "title", "about", "made of", "short", "basis", "  person", "url", "types"}
SHORT = 8
"""Characters of an id that are shown; commands take them."""


def _console() -> Console:
    # Made when it is used: stdout may be another one by then. A file or a pipe is as wide as it needs to be.
    return Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_OF_FILES)


def grid(*columns: str, title: str | None = None) -> Table:
    """An empty table; numbers to the right, names may wrap."""
    table = Table(
        box=None, pad_edge=False, header_style="bold", title=title, title_justify="left", title_style="bold"
    )
    for name in columns:
        table.add_column(
            name, justify="right" if name in NUMBERS else "left", no_wrap=name not in WRAPPED, overflow="fold"
        )
    return table


def print_(*what: Any) -> None:
    """Print lines and tables."""
    console = _console()
    for one in what:
        console.print(Text(one) if isinstance(one, str) else one, soft_wrap=isinstance(one, str))


def put(table: Table, *cells: Any) -> None:
    """Add a row."""
    # Names and titles are data: nothing in them is markup.
    table.add_row(*(Text("" if cell is None else str(cell)) for cell in cells))


def people(number: int) -> str:
    """So many people."""
    return "1 person" if number == 1 else f"{number} people"


def as_of(data: Json) -> str:
    """Say at which entry of the log a board was read."""
    told = data["as_of"]
    written = f" of {when(told['log_at'])}" if told["log_at"] else ""
    return f"as of {when(told['at'])}, log entry {told['log']}{written}"


def mandate(data: Json) -> None:
    """One line: who decides for whom now."""
    unit = f" of {data['unit_id']}" if data["unit_id"] else ""
    whom = f" on behalf of {data['principal_id'][:SHORT]}" if data["principal_id"] else ""
    print_(
        f"{data['substitute_id'][:SHORT]} decides as {data['capacity']}{unit} ({data['tenure']}){whom} "
        f"until {when(data['ends'])}  mandate:{data['mandate_id']}"
    )


def mandates(data: Json) -> None:
    """Who decides for whom."""
    table = grid("mandate", "name", "as", "how", "for", "unit", "from", "until", "letter", "only", "")
    for row in data["items"]:
        put(
            table,
            row["mandate_id"][:SHORT],
            row["substitute"] or row["substitute_id"][:SHORT],
            row["capacity"],
            row["tenure"],
            row["principal"] or (row["principal_id"] or "")[:SHORT],
            row["unit_id"],
            clock(row["starts"]),
            clock(row["ends"]),
            row["letter"],
            ", ".join(row["scope"] or ()),
            f"revoked {clock(row['revoked_at'])}" if row["revoked_at"] else "",
        )
    print_(table, as_of(data))


def revoked(data: Json) -> None:
    """One line: what has ended."""
    print_(f"revoked  mandate:{data['mandate_id']}")


def decision(data: Json) -> None:
    """One line: what was decided, and what became of it."""
    print_(f"{data['kind'].lower().replace('_', ' ')}: {data['state'].lower()}  {data['case_id']}")
    if data.get("advice"):
        print_(f"  {data['advice']}")


def decisions(data: Json) -> None:
    """A line each."""
    for one in data:
        decision(one)


def _stand(status: Json) -> str:
    if status["withdrawn_at"]:
        return f"withdrawn {when(status['withdrawn_at'])}"
    return "to come" if status["coming"] else "over"


def operation(data: Json) -> None:
    """An operation, its statuses with how their ends moved, whoever is not covered, and its surges."""
    told = data["operation"]
    print_(
        f"{told['operation_id']}  {told['title']}  [{told['state']}]  {told['hazard']}, opened {when(told['opened_at'])}"
    )
    for status in data["standings"]:
        mark = "" if status["in_force"] else f"  ({_stand(status)})"
        print_(
            f"  {status['status']} ({status['level']}, {status['area']}) {when(status['starts_at'])} – "
            f"{when(status['ends_at'])}, {status['decree']} of {status['decree_date']}{mark}"
        )
        for end in status["ends"]:
            by = f" by {end['decree']} of {end['decree_date']}" if end["decree"] else ""
            print_(f"    {end['kind']} {when(end['ends_before'])} → {when(end['ends_after'])}{by}")
    if told["after_action_report"]:
        print_(f"  after-action report {told['after_action_report']}")
    if data["uncovered"]:
        print_("UNCOVERED DUTY: no status covers these people until they are due back")
        secondments({"items": data["uncovered"], "as_of": data["as_of"]})
    if data["surges"]:
        surges({"items": data["surges"], "as_of": data["as_of"]})


def operations(data: Json) -> None:
    """All operations."""
    table = grid("operation", "state", "until", "uncovered", "title")
    for row in data["items"]:
        until = clock(row["status_until"])
        put(table, row["operation_id"], row["state"], until, row["uncovered"] or "", row["title"])
    print_(table, as_of(data))


def surges(data: Json) -> None:
    """All surges, counted."""
    table = grid("surge", "state", "asked", "filled", "out", "home", "title", "why")
    for row in data["items"]:
        counts = (row["asked"], row["filled"], row["out"], row["returned"])
        why = row["back"]["code"] if row["back"] else ""
        put(table, row["surge_id"], row["state"], *counts, row["title"], why)
    print_(table, as_of(data))


def secondments(data: Json) -> None:
    """People, where from, where to, from when, until when."""
    table = grid("placement", "name", "unit", "role", "site", "state", "report at", "back by", "")
    for row in data["items"]:
        mark = "OVERDUE" if row["overdue"] else "out" if row["out"] else ""
        if row["uncovered_from"]:
            mark = f"{mark} UNCOVERED from {clock(row['uncovered_from'])}".strip()
        if row["rest_lacking"]:
            mark = f"{mark} TOO LITTLE REST ({row['rest_lacking']})".strip()
        if row["acting_wanted"]:
            mark = f"{mark} NO ACTING HEAD of {row['post_unit_id']}".strip()
        names = (row["placement_id"][:SHORT], row["name"] or row["person_id"][:SHORT], row["unit"])
        put(
            table,
            *names,
            row["role"],
            row["site"],
            row["state"],
            clock(row["report_at"]),
            clock(row["home_by"] or row["due_back"]),
            mark,
        )
    print_(table, f"{people(len(data['items']))}, {as_of(data)}")


def sign_of_life(data: Json) -> None:
    """A sign of life that was noted."""
    print_(f"seen at {when(data['seen_at'])}")


def muster(data: Json) -> None:
    """A roll call: how many answered, and who did not."""
    print_(f"{len(data['present'])} answered, {len(data['missing'])} did not ({when(data['seen_at'])})")
    if data["found"]:
        print_("found again: " + ", ".join(one[:SHORT] for one in data["found"]))
    if data["missing"]:
        print_("missing: " + ", ".join(one[:SHORT] for one in data["missing"]))


def alert(data: Json) -> None:
    """What a warning set in motion, and the drafted request."""
    operation_id = f", operation {data['operation_id']}" if data["operation_id"] else ""
    print_(
        f"alert {data['identifier']}: {data['effect'].lower()} ({data['reason']}), area {data['reach'].lower()}{operation_id}"
    )
    if data["draft"]:
        print(data["draft"]["toml"])


def imported(data: Json) -> None:
    """What was written of a roster, and who is on a surge and not where it says."""
    print_(
        f"{data['government_id']}: {people(data['people'])} in {data['units']} units, {data['skills']} skills, "
        f"{data['appointments']} appointments"
    )
    for column in data["unread_columns"]:
        print_(f"  not read: {column}")
    for one in data["astray"]:
        now = f"in {one['now_unit_id']} now" if one["now_unit_id"] else "not on the roster any more"
        print_(f"  {one['placement_id'][:8]} {one['state']} ({one['surge_id']}) from {one['unit_id']}: {now}")


def saved(data: Json) -> None:
    """Where a file went."""
    print_(f"{data['file']}: {data['bytes']:,} bytes")


def me(data: Json) -> None:
    """Whose token it is."""
    offices = ", ".join(
        f"{o['capacity']}{' ' + o['unit_id'] if o['unit_id'] else ''}" for o in data["offices"]
    )
    print_(
        f"{data['name'] or data['person_id']} ({data['person_id']}), {data['government_id']}: {offices or 'no office'}"
    )
