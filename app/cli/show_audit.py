"""What the audit tells, as lines and tables for a person at a terminal."""

from __future__ import annotations

from app.cli.show import Json, as_of, grid, print_, put
from app.cli.times import clock


def replay(data: Json) -> None:
    """Whether a case's history is what today's code would do."""
    for run in data["runs"]:
        print_(*run["lines"])
    print_(f"{data['case_id']}: {'ok' if data['ok'] else 'NOT as recorded'}, {len(data['runs'])} runs")


def rebuilt(data: Json) -> None:
    """Whether the boards are what the log alone gives."""
    counted = ", ".join(f"{board} {rows}" for board, rows in data["rows"].items() if rows)
    print_(f"{data['entries']} entries folded; rows compared: {counted or 'none'}", *data["sentences"])
    verdict = "every board is what the log gives" if data["ok"] else f"{data['faults']} faults"
    print_(verdict if data["entries"] else "the log is empty: nothing was compared", as_of(data))


def log(data: Json) -> None:
    """What happened in a case."""
    table = grid("entry", "at", "fact", "by", "state", "why", "basis")
    for row in data["items"]:
        by = row["authority"] if row["authority"] != "SYSTEM" else row["actor"]
        put(
            table,
            row["seq"],
            clock(row["at"]),
            row["type"],
            by,
            row["data"].get("state"),
            _why(row),
            row["basis"],
        )
    print_(table, as_of(data))


def _why(row: Json) -> str:
    """The coded reason that was given; of a refusal which decision was refused, and why."""
    data = row["data"]
    if row["type"] == "CommandRefused":
        return f"{row['command']}: {data['reason']}"
    return data.get("reason") or data.get("choice") or data.get("code") or ""
