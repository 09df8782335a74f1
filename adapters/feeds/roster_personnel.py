"""The tables of a roster that a mutation asks about: careers, ratings, processes, study ties, relations, position map.

As in `roster_rows`, a reader complains about what it cannot take and returns the rows that it could build.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.feeds import cells
from adapters.feeds.cells import Fault
from adapters.feeds.cross_checks import Keys, complain_of_repeats, keys_of, known
from adapters.feeds.roster_rows import NIP, UNIT
from adapters.feeds.tables import Table
from domain.mutation.codes import Charge, Education, Grade, Kinship, PositionKind, Rating, Tie
from domain.personnel import (
    CareerRow,
    Personnel,
    PositionRow,
    ProcessRow,
    RatingRow,
    RelationRow,
    TieRow,
)

TABLES = ("careers", "ratings", "processes", "study_ties", "relations", "position_map")


def read_personnel(tables: Mapping[str, Table], nips: Keys, units: Keys) -> Personnel:
    """Read those of the tables that are there; the others say nothing of anybody."""
    there = tables.keys()
    return Personnel(
        careers=_careers(tables["careers"], nips) if "careers" in there else (),
        ratings=_ratings(tables["ratings"], nips) if "ratings" in there else (),
        processes=_processes(tables["processes"], nips) if "processes" in there else (),
        ties=_ties(tables["study_ties"], nips) if "study_ties" in there else (),
        relations=_relations(tables["relations"], nips) if "relations" in there else (),
        positions=_positions(tables["position_map"], units) if "position_map" in there else (),
    )


def _careers(table: Table, nips: Keys) -> tuple[CareerRow, ...]:
    people = _people(table, nips)
    complain_of_repeats(table, "nip", people, "each person")
    columns = (
        people,
        table.column("pns_since", cells.day),
        table.column("education", cells.word("education", Education)),
        table.column("inspectorate_cleared_on", cells.day),
    )
    return tuple(
        CareerRow(nip, since, education, cleared)
        for nip, since, education, cleared in zip(*columns, strict=True)
        if nip
    )


def _ratings(table: Table, nips: Keys) -> tuple[RatingRow, ...]:
    people = _people(table, nips)
    years = table.column("year", cells.whole(1970, 2200), blank=False)
    ratings = table.column("rating", cells.word("rating", Rating), blank=False)
    complain_of_repeats(table, "rating", keys_of(people, years, ratings), "each rating of a year")
    return tuple(
        RatingRow(nip, year, rating)
        for nip, year, rating in zip(people, years, ratings, strict=True)
        if nip and year and rating
    )


def _processes(table: Table, nips: Keys) -> tuple[ProcessRow, ...]:
    people, until = _people(table, nips), table.column("until", cells.day)
    charges = table.column("charge", cells.word("charge", Charge), blank=False)
    complain_of_repeats(table, "charge", keys_of(people, charges, until), "each process")
    rows = zip(people, charges, until, strict=True)
    return tuple(ProcessRow(nip, charge, last) for nip, charge, last in rows if nip and charge)


def _ties(table: Table, nips: Keys) -> tuple[TieRow, ...]:
    people, until = _people(table, nips), table.column("until", cells.day)
    ties = table.column("tie", cells.word("study_tie", Tie), blank=False)
    complain_of_repeats(table, "tie", keys_of(people, ties, until), "each tie")
    return tuple(
        TieRow(nip, tie, last) for nip, tie, last in zip(people, ties, until, strict=True) if nip and tie
    )


def _relations(table: Table, nips: Keys) -> tuple[RelationRow, ...]:
    """Relations of two who serve here; the same two stand there once, whoever is named first."""
    people = _people(table, nips)
    others = table.column("other", known(nips, NIP, cells.nip), blank=False)
    kinships = table.column("kinship", cells.word("kinship", Kinship), blank=False)
    pairs = [frozenset(pair) if None not in pair else None for pair in zip(people, others, strict=True)]
    complain_of_repeats(table, "other", pairs, "each pair")
    for index, pair in enumerate(pairs):
        if pair and len(pair) == 1:
            table.complain(index, "other", "the same person", "somebody else")
    return tuple(
        RelationRow(nip, other, kinship)
        for nip, other, kinship in zip(people, others, kinships, strict=True)
        if nip and other and kinship
    )


def _positions(table: Table, units: Keys) -> tuple[PositionRow, ...]:
    codes = table.column("unit", known(units, UNIT), blank=False)
    names = table.column("position", cells.text, blank=False)
    roles = table.column("role", cells.word("role"), blank=False)
    complain_of_repeats(table, "position", keys_of(codes, names, roles), "each position of a unit and role")
    lowest = table.column("lowest_grade", _pns_grade)
    highest = table.column("highest_grade", _pns_grade)
    for index, (low, high) in enumerate(zip(lowest, highest, strict=True)):
        if low and high and high.step < low.step:
            table.complain(index, "highest_grade", high.value, f"{low.value} or higher")
    columns: tuple[list[Any], ...] = (
        codes,
        names,
        roles,
        table.column("kind", cells.word("position_kind", PositionKind), blank=False),
        table.column("job_class", cells.whole(1, 17), blank=False),
        [bool(heads) for heads in table.column("heads_unit", cells.yes_no)],
        table.column("need", cells.whole(0, 100_000), blank=False),
        table.column("education", cells.word("education", Education)),
        [asked or () for asked in table.column("competences", cells.words("skill"))],
        lowest,
        highest,
    )
    return tuple(PositionRow(*row) for row in zip(*columns, strict=True) if None not in row[:7])


def _people(table: Table, nips: Keys) -> list[str | None]:
    return table.column("nip", known(nips, NIP, cells.nip), blank=False)


def _pns_grade(cell: str) -> Grade | Fault:
    """A golongan ruang of a PNS; a PPPK's number is none."""
    found = cells.grade(cell)
    if isinstance(found, Fault) or found not in set(Grade):
        return Fault("a golongan of a PNS such as III/b")
    return Grade(found)
