"""What the audit tells, as lines and tables for a person at a terminal."""

from __future__ import annotations

from app.cli.show import Json, as_of, grid, print_, put, when


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
    table = grid("entry", "at", "fact", "by", "state", "basis")
    for row in data["items"]:
        by = row["authority"] if row["authority"] != "SYSTEM" else row["actor"]
        put(table, row["seq"], when(row["at"]), row["type"], by, row["data"].get("state"), row["basis"])
    print_(table, as_of(data))
