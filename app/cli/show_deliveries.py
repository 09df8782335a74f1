"""Subscribers and deliveries as tables and lines for a person at a terminal."""

from __future__ import annotations

from typing import Any

from app.cli.show import SHORT, as_of, grid, print_, put
from app.cli.times import clock, when

Json = Any


def secret(data: Json) -> None:
    """The secret, and until when the one before it holds."""
    print_(f"subscriber:{data['subscriber_id']}", f"secret  {data['secret']}  (shown this once)")
    if data["old_until"]:
        print_(f"the secret before it signs too until {when(data['old_until'])}")


def subscribers(data: Json) -> None:
    """Who is told."""
    told = grid("subscriber", "url", "types", "state", "behind", "waiting", "delivered", "dead", "skipped")
    for one in data["items"]:
        put(
            told,
            one["subscriber_id"][:SHORT],
            one["url"],
            ", ".join(one["types"]) if one["types"] else "all but by name",
            one["state"],
            *(one[name] for name in ("behind", "waiting", "delivered", "dead", "skipped")),
        )
    print_(told, as_of(data))


def subscriber(data: Json) -> None:
    """One of them, and what was done to it."""
    subscribers({"items": [data["subscriber"]], "as_of": data["as_of"]})
    if data["subscriber"]["old_until"]:
        print_(f"two secrets sign until {when(data['subscriber']['old_until'])}")
    done_ = grid("entry", "when", "what", "by", "as", "about", title="history")
    for act in data["history"]:
        about = ", ".join(f"{key} {value}" for key, value in act["data"].items() if value is not None)
        put(done_, act["seq"], clock(act["at"]), act["type"], act["actor"][:SHORT], act["authority"], about)
    print_(done_)


def deliveries(data: Json) -> None:
    """What became of telling."""
    told = grid(
        "subscriber", "entry", "type", "case", "state", "tries", "last", "outcome", "next", "behind it"
    )
    for one in data["items"]:
        put(
            told,
            one["subscriber_id"][:SHORT],
            one["seq"],
            one["type"],
            one["case_id"],
            one["state"],
            one["attempts"],
            clock(one["tried_at"]),
            one["outcome"],
            clock(one["next_at"]),
            one["held_back"],
        )
    print_(told, as_of(data))


def revived(data: Json) -> None:
    """One line: which entries."""
    entries = ", ".join(str(seq) for seq in data["seqs"])
    print_(f"{data['done']}: entry {entries}  subscriber:{data['subscriber_id']}")


def done(data: Json) -> None:
    """One line: what was done."""
    print_(f"{data['done']}  subscriber:{data['subscriber_id']}")
