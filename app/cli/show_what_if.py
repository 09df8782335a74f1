"""The difference between two plans at a terminal."""

from __future__ import annotations

from app.cli.show import SHORT, Json, as_of, grid, print_, put

FIGURES = {
    "filled": "places filled",
    "short": "places short",
    "donors": "units that lend",
    "km": "km in all",
    "burden": "burden",
    "at_redline": "units and roles at their redline",
}


def difference(data: Json) -> None:
    """What the change does: figures, lines, donors, people."""
    against = "the newest plan" if data["same_question"] else "a plan made now"
    proof = "both proven optimal" if data["proven"] else "NOT PROVEN"
    print_(f"{data['surge_id']}: beside {against}, {proof}; nothing is written")
    table = grid("", "before", "after", "change")
    for key, name in FIGURES.items():
        before, after = data["before"][key], data["after"][key]
        put(table, name, before, after, f"{after - before:+d}" if after != before else "")
    print_(table)
    for line in data["lines"]:
        why = f"; {line['sentence']}" if line["sentence"] else ""
        print_(
            f"{line['line_id']}: asks {line['asked'][0]} → {line['asked'][1]}, gets "
            f"{line['filled'][0]} → {line['filled'][1]}{why}"
        )
    for donor in data["donors"]:
        print_(
            f"{donor['unit']}, {donor['role']}: lends {donor['lends'][0]} → {donor['lends'][1]}, may lend "
            f"{donor['lendable'][0]} → {donor['lendable'][1]}"
        )
    for word, people in (("joins", data["joining"]), ("leaves", data["leaving"])):
        for one in people:
            print_(f"{one['name'] or one['person_id'][:SHORT]} {word} {one['line_id']}")
    print_(as_of(data))
