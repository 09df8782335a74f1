"""How the people of a scenario behave, and what they meet with: the table `[people]` of its file."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta

from lab.scenario_file import Reader, Table

NOTHING_LONGER = timedelta(0)


@dataclass(frozen=True)
class Behaviour:
    """How many of those first asked misbehave or meet with something: a count, or a share of them.

    `conditions` are granted but for `conditions_refused` of them. `extended` are to stay longer by `extended_by`.
    """

    declines: int | float = 0
    silent: int | float = 0
    overdue: int | float = 0
    conditions: int | float = 0
    conditions_refused: int | float = 0
    unfit: int | float = 0
    no_shows: int | float = 0
    injured: int | float = 0
    out_of_contact: int | float = 0
    affected: int | float = 0
    recalled: int | float = 0
    released_early: int | float = 0
    extended: int | float = 0
    extended_by: timedelta = NOTHING_LONGER


def read_behaviours(read: Reader, data: Table, surges: list[str]) -> dict[str, Behaviour]:
    if "people" not in data:
        read.fail("people", "", "a table", None)
    behaviours: dict[str, Behaviour] = {}
    for at, table in read.several(data, "people"):
        read.known(table, at, ("surge", *(one.name for one in fields(Behaviour))))
        surge = read.one_of(table, "surge", at, surges, default=surges[0])
        if surge in behaviours:
            read.fail("surge", at, "a surge that no other [[people]] is about", surge)
        behaviours[surge] = _behaviour(read, table, at)
    return behaviours


def _behaviour(read: Reader, table: Table, at: str) -> Behaviour:
    always = ("declines", "silent", "overdue")
    counted = {
        one.name: read.so_many(table, one.name, at, default=None if one.name in always else 0)
        for one in fields(Behaviour)
        if one.name != "extended_by"
    }
    longer = NOTHING_LONGER
    if counted["extended"] or "extended_by" in table:
        longer = read.span(table, "extended_by", at)
    return Behaviour(**counted, extended_by=longer)
