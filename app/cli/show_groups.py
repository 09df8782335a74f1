"""Batches and swaps as tables and lines for a person at a terminal."""

from __future__ import annotations

from typing import Any

from app.cli.show import WRAPPED, as_of, grid, print_, put
from app.cli.times import clock, when

Json = Any

WRAPPED.update({"from", "to"})


def board(data: Json) -> None:
    """Where each group stands."""
    table = grid("group", "kind", "state", "formed", "until", "on the decree")
    for row in data["items"]:
        on_it = len(row["paper"]["members"]) if row["paper"] else ""
        put(
            table,
            row["group_id"],
            row["kind"],
            row["state"],
            clock(row["formed_at"]),
            clock(row["due_at"]),
            on_it,
        )
    print_(table, as_of(data))


def detail(data: Json) -> None:
    """One group: its paper, its members, its decrees."""
    one = data["group"]
    print_(
        f"{one['group_id']}  {one['kind']}  {one['state']}{' because of ' + one['because'] if one['because'] else ''}"
    )
    if paper := one["paper"]:
        print_(
            f"  decree for {len(paper['members'])}, in effect from {when(paper['effective_at'])},"
            f" {paper['initialled']} of {len(paper['initials'])} initials"
        )
        if asked := paper["asked"]:
            print_(
                f"  decree {asked['number']}: whoever holds the key is asked to sign since {when(asked['since'])}"
            )
    elif one["ready"]:
        print_("  a decree can be prepared")
    if one["effect_at"]:
        print_(f"  takes effect for all at once {when(one['effect_at'])}")
    table = grid("mutation", "name", "from", "to", "state", "goes along", "decree")
    for row in data["members"]:
        put(
            table,
            row["mutation_id"],
            row["name"],
            f"{row['from_position_name']}, {row['from_unit_name']}",
            f"{row['to_position_name']}, {row['to_unit_name']}",
            row["state"],
            "yes" if row["goes_along"] else "no",
            row["number"],
        )
    print_(table)
    for row in data["decrees"]:
        print_(f"signed: {row['number']}  {when(row['signed_at'])}  {row['decree_id']}")
    print_(as_of(data))
