"""Places and handover notes, for a person at a terminal."""

from __future__ import annotations

from app.cli.show import NUMBERS, SHORT, WRAPPED, Json, as_of, grid, print_, put
from app.cli.times import clock, when

NUMBERS.update({"together", "nobody"})
WRAPPED.add("note")


def chain(data: Json) -> None:
    """Who holds a place in turn, and how each follows the one before."""
    first = data["turns"][0]
    print_(f"{first['role']} at {first['site']}; together for {data['overlap_asked_hours']:g} h by the rules")
    table = grid("placement", "name", "unit", "state", "from", "until", "together", "nobody", "note")
    for turn in data["turns"]:
        together = "" if turn["overlap_hours"] is None else f"{turn['overlap_hours']:g} h"
        nobody = f"{turn['gap_hours']:g} h" if turn["gap_hours"] else ""
        mark = "" if turn["enough"] is not False or turn["gap_hours"] else " short"
        put(
            table,
            turn["placement_id"][:SHORT],
            turn["name"],
            turn["unit"],
            f"{turn['state']} {turn['leaving'] or ''}".strip(),
            clock(turn["arrived_at"] or turn["report_at"]),
            clock(turn["leaves_at"]),
            together + mark,
            nobody,
            "handed over" if turn["handed_over"] else "",
        )
    print_(table, as_of(data))


def handover(data: Json) -> None:
    """The notes that were left to somebody, and those that they left."""
    if data["received_from"]:
        print_(f"left by {data['received_from'][:SHORT]}, who was here before:")
        _notes(data["received"])
    print_(f"left by {data['placement_id'][:SHORT]}:")
    _notes(data["written"])


def _notes(notes: list[Json]) -> None:
    for note in notes:
        author = note["author"] or "somebody"
        print_(f"  {when(note['written_at'])} {author} as {note['capacity']}: {note['text'] or '(erased)'}")
    if not notes:
        print_("  nothing yet")


def due(data: Json) -> None:
    """Places that will fall empty, and of which lines somebody must say what becomes of them."""
    table = grid("leaves", "placement", "name", "role", "site", "line", "asked")
    for row in data["items"]:
        asked = f"{row['relief_state']} {row['relieved_by'][:SHORT]}" if row["relieved_by"] else "nobody"
        names = (row["placement_id"][:SHORT], row["name"], row["role"], row["site"], row["line_id"])
        put(table, clock(row["due_back"]), *names, asked)
    if data["items"]:
        print_(table)
    elif not data["to_settle"]:
        print_("no place falls empty within the time to find somebody")
    print_(as_of(data))
    for row in data["to_settle"]:
        print_(
            f"{row['line_id']} {row['role']} falls empty {when(row['falls_empty_at'])}: {row['sentence']}",
            f"  relief ask {row['line_id']}, relief end {row['line_id']}, or propose an extension",
        )
    if len(data["to_settle"]) > 1:
        print_("relief end SURGE --all-lines lets every line of a surge end")
