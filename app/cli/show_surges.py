"""Surges and their orders, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from app.cli import show_asks, show_conditions
from app.cli.show import SHORT, Json, as_of, grid, people, print_, put
from app.cli.times import clock, when
from domain.report.words import rupiah


def surge(data: Json) -> None:
    """A surge: lines, people by state, orders."""
    told = data["surge"]
    print_(f"{told['surge_id']}  {told['title']}  [{told['state']}]  {told['funding']}")
    print_(*_basis(told), *(show_asks.back(told["back"]) if told["back"] else ()))
    table = grid(
        "line",
        "wave",
        "team",
        "role",
        "site",
        "report",
        "back",
        "needed",
        "asked",
        "filled",
        "on site",
        "home",
        "short",
    )
    for line in data["lines"]:
        counts = (line["quantity"], line["filled"], line["on_site"], line["returned"])
        number = line["line_id"].rpartition("/")[2]
        times = (clock(line["report_at"]), clock(line["due_back"]), clock(line["needed_until"]))
        short = "closed" if line["closed_at"] else line["short_sentence"]
        names = (number, line["wave"], line["team"], line["role"], line["site"])
        put(table, *names, *times, *counts, short)
    by_state = ", ".join(f"{state} {count}" for state, count in data["people"].items())
    print_(table, *show_conditions.of_lines(data["lines"]), *show_conditions.estimate(data["estimate"]))
    print_(f"people: {by_state or 'nobody was asked yet'}")
    if told["unrested"]:
        print_(f"too little rest by the log: {people(told['unrested'])} (`who-is-out` says who)")
    if told["returned"] or told["outstanding"] or told["reported"]:
        papers = f"{told['reported']} reported, {told['reimbursed']} reimbursed ({rupiah(told['claimed'])})"
        open_ = f"{told['outstanding']} owe papers (`settle due`), {told['waived']} let off some"
        print_(f"home: {people(told['returned'])}, {papers}, {open_}")
    for order in data["orders"]:
        print_(
            f"order {order['number']} {order['state']}, {people(order['people'])}, id {order['order_id'][:SHORT]}"
        )
    if told["plan_id"]:
        print_(f"newest plan {told['plan_id']}")
    print_(as_of(data))


def orders(data: Json) -> None:
    """Orders, in the order of their signing."""
    table = grid("number", "surge", "state", "people", "signed", "order")
    for row in data["items"]:
        state = f"{row['state']} {row['void_reason'] or ''}".strip()
        put(
            table,
            row["number"],
            row["surge_id"],
            state,
            row["people"],
            clock(row["signed_at"]),
            row["order_id"][:SHORT],
        )
    print_(table if data["items"] else "no order was made yet", *([as_of(data)] if data["as_of"] else ()))


def _basis(told: Json) -> Iterator[str]:
    """What a surge stands on, where that is not a declared status alone."""
    if told["letter_number"]:
        letter = f"{told['letter_number']} of {told['letter_office']}, for {told['unit_id']}"
        yield f"by letter {letter}, until {when(told['letter_until'])}"
    if told["oral_by"]:
        ratified = f"ratified {when(told['ratified_at'])}" if told["ratified_at"] else "NOT RATIFIED"
        given = f"{told['oral_office']} {told['oral_by'][:SHORT]} at {when(told['oral_at'])}"
        heard = f"heard by {told['heard_by'][:SHORT]}, paper due {when(told['paper_by'])}"
        yield f"oral order of {given}, {heard}; {ratified}"
