"""Mutations as tables and lines for a person at a terminal."""

from __future__ import annotations

from typing import Any

from app.cli.show import as_of, grid, print_, put, when

Json = Any


def board(data: Json) -> None:
    """Who is to go where, and where each case stands."""
    table = grid("mutation", "name", "from", "to", "state", "until", "decree")
    for row in data["items"]:
        put(
            table,
            row["mutation_id"],
            row["name"],
            row["from_unit_name"],
            row["to_unit_name"],
            row["state"],
            when(row["due_at"]),
            row["number"],
        )
    print_(table, as_of(data))


def detail(data: Json) -> None:
    """All that a decision about one is made of."""
    one = data["mutation"]
    print_(
        f"{one['mutation_id']}  {one['name']}  {one['state']} since {when(one['since'])}",
        f"  from {one['from_position_name']}, {one['from_unit_name']}",
        f"  to   {one['to_position_name']}, {one['to_unit_name']}",
    )
    _decree(data)
    rules = grid("rule", "effect", "why", "basis", title=f"rules: {data['outcome']}")
    for row in data["rules"]:
        put(rules, row["rule"], row["effect"], ", ".join(row["codes"]), row["source"])
    loads = grid("unit", "role", "need", "before", "after", title="people of the role")
    for row in data["loads"]:
        need = "" if row["need"] is None else f"{row['need']:.1f}"
        put(loads, row["unit_id"], row["role"], need, row["headcount_before"], row["headcount_after"])
    print_(rules, loads)
    for row in data["heard"]:
        print_(f"heard: {row['party']} {row['outcome']} {row['reason'] or ''}".rstrip())
    for row in data["clearances"]:
        print_(f"clearance: {row['code']} {row['verdict']}{' (held as incomplete)' if row['held'] else ''}")
    for what in ("missing", "papers_owed", "impediments"):
        if data[what]:
            print_(f"{what.replace('_', ' ')}: {', '.join(data[what])}")
    if data["held_up"]:
        print_(f"the registry refuses the effect: {data['held_up']}; it is tried again each hour")
    for row in data["papers"]:
        lacks = ", ".join(row["missing"])
        how = "made" if row["sha256"] else f"not made: {lacks}" if lacks else "not made yet"
        print_(f"paper: {row['paper'].lower().replace('_', '-')} {how}")
    print_(as_of(data))


def _decree(data: Json) -> None:
    """The decree, or what it waits for."""
    one = data["mutation"]
    if one["number"]:
        print_(f"  decree {one['number']}, in effect from {when(one['effective_at'])}")
    if asked := data["signature_asked"]:
        print_(
            f"  decree {asked['number']}: whoever holds the key is asked to sign since {when(asked['since'])}"
        )
    if data["because"]:
        print_(f"  it came back: {data['because']}")
