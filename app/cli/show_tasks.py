"""Tasks as tables and lines for a person at a terminal."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from app.cli import show_asks, show_conditions
from app.cli.show import SHORT, as_of, grid, print_, put
from app.cli.times import clock, when

Json = Any


def inbox(data: Json) -> None:
    """What is asked of me."""
    table = grid("due", "id", "task", "case", "about")
    for row in data["items"]:
        kind, _, key = row["case_id"].partition(":")
        case = key[:SHORT] if kind == "secondment" else key
        span = f"{clock(row['report_at'])} to {clock(row['due_back'])}" if row["report_at"] else None
        parts = (
            row["person"],
            row["unit"],
            row["role"],
            row["site"],
            span,
            row["title"],
            *show_asks.asked(row),
        )
        due = clock(row["due_at"]) + (" LATE" if row["late"] else "")
        put(table, due, row["task_id"][-SHORT:], row["kind"], case, " · ".join(filter(None, parts)))
    print_(table if data["items"] else "nothing is asked of you", as_of(data))


def page(data: Json) -> None:
    """A page of open tasks."""
    table = grid("due", "task", "kind", "asked of", "claimed by", "about")
    for row in data["items"]:
        late = " LATE" if row["late"] else ""
        # Ids of tasks begin with their time: their ends differ.
        put(
            table,
            clock(row["due_at"]) + late,
            row["task_id"][-SHORT:],
            row["kind"],
            _asked(row),
            _claimer(row),
            _wholly(row),
        )
    print_(table if data["items"] else "nothing is asked here")
    if data["next"]:
        print_(f"there is more: --after {data['next']}")
    print_(as_of(data))


def became(data: Json) -> None:
    """What became of each of many decisions, and why not."""
    table = grid("case", "task", "became", "why")
    for row in data["items"]:
        why = "; ".join(row["faults"]) or row["why"] or ""
        put(table, row["case_id"], (row["task_id"] or "")[-SHORT:], row["state"], why)
    print_(table)


def detail(data: Json) -> None:
    """One task with everything that belongs to it."""
    row = data["task"]
    due = f"due {when(row['due_at'])}{' LATE' if row['late'] else ''}" if row["due_at"] else "due at no date"
    step = f", escalated {row['escalation']}" if row["escalation"] else ""
    end = f", closed {when(row['closed_at'])}" if row["closed_at"] else ""
    print_(
        f"{row['kind']}  {row['case_id']}  task {row['task_id']}",
        f"  {_about(row)}",
        f"  asked of {_asked(row)}{step}, {due}{end}",
    )
    print_(*(f"  {told}" for told in show_asks.asked(row)))
    if data["terms"]:
        terms(data["terms"])
    if data["missing"]:
        print_(f"  not settled: {', '.join(data['missing'])} (./siaga checklist --help)")
    if data["requested"]:
        requested(data["requested"])
    if row["instead"]:
        print_(f"  {_claimed(row)}; no verdict settles it: {row['instead']}")
    else:
        print_(f"  {_claimed(row)}; verdicts: {', '.join(row['verdicts'])}")
        print_(f"  you may: {', '.join(data['open_to_you']) or 'not decide it'}")
    for one in data["comments"]:
        who = one["author"] or one["author_id"][:SHORT]
        print_(f"  {when(one['written_at'])}  {who} ({one['capacity']}): {one['text']}")
    if data["evidence"]:
        print_(_attached(data))
    print_(as_of(data))


def terms(data: Json) -> None:
    """What an offer asks: the work, the place, the days, and whether one may decline."""
    may = "an order: it may not be declined" if data["directed"] else "it may be declined"
    shifts = (
        f", {data['shift_on']} h on duty and {data['shift_off']} h off by turns" if data["shift_on"] else ""
    )
    print_(
        f"  {data['label']}: {data['work']}",
        f"  at {data['site']} ({data['lat']:.4f}, {data['lon']:.4f})",
        f"  report {when(data['report_at'])}, back by {when(data['due_back'])}{shifts}; {may}",
        f"  for {data['title']}, paid from {data['funding']}",
        *(f"  {told}" for told in show_conditions.of_line(data["conditions"])),
    )


def requested(data: Json) -> None:
    """What a request asks for, under which conditions, and what it is likely to cost."""
    for line in data["lines"]:
        needed = f", needed until {when(line['needed_until'])}" if line["needed_until"] else ""
        print_(
            f"  {line['line_id'].rpartition('/')[2]}: {line['quantity']} × {line['role_label']} at {line['site']}, "
            f"{when(line['report_at'])} to {when(line['due_back'])}{needed}"
        )
    print_(*show_conditions.of_lines(data["lines"]))
    print_(*(f"  {told}" for told in show_conditions.estimate(data["estimate"])))


def claim(data: Json) -> None:
    """One line: who works on it now."""
    row = data["task"]
    print_(f"{row['kind']}: {_claimed(row)}  task {row['task_id']}")


def evidence(data: Json) -> None:
    """What is attached."""
    print_(_attached(data) if data["evidence"] else "nothing is attached", as_of(data))


def _attached(data: Json) -> Table:
    table = grid("evidence", "name", "bytes", "by", "at", "sha256", "")
    for row in data["evidence"]:
        erased = f"erased {clock(row['erased_at'])}, {row['erased_for']}" if row["erased_at"] else ""
        by = row["attached_by_name"] or row["attached_by"][:SHORT]
        cells = (row["evidence_id"][:SHORT], row["name"] or "", row["bytes"], by, clock(row["attached_at"]))
        put(table, *cells, row["sha256"][:16], erased)
    return table


def _about(row: Json) -> str:
    parts = ("person", "unit", "role", "site", "title", "reason")
    return " · ".join(filter(None, (row[part] for part in parts)))


def _wholly(row: Json) -> str:
    return " · ".join([_about(row), *show_asks.asked(row)])


def _asked(row: Json) -> str:
    if row["capacity"] is None:
        return "the person"
    return f"{row['capacity']}{' ' + row['unit_id'] if row['unit_id'] else ''}"


def _claimer(row: Json) -> str:
    return (row["claimed_by_name"] or row["claimed_by"][:SHORT]) if row["claimed_by"] else ""


def _claimed(row: Json) -> str:
    return (
        f"claimed by {_claimer(row)} since {when(row['claimed_at'])}"
        if row["claimed_by"]
        else "claimed by nobody"
    )
