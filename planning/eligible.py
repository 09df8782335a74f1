"""Who could go at all, and which people are the same for every line.

People are drawn together into groups of equals: same unit and role, same skills, same days and refusals, same home.
The flow then decides how many of a group go where; who exactly is drawn by lot.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.allocation import Line
from planning.kernels import compiled
from planning.rows import Ints, Rows


class Ways(NamedTuple):
    """How lines may be served. The ways of a line are `start[line]` to `start[line + 1]`, cheapest first; `place`
    is a way's place in `Line.accepts`, `takes[way, role]` whether it takes a role, `need` the skill bits it asks.
    """

    start: Ints
    place: Ints
    need: NDArray[np.uint64]
    takes: NDArray[np.bool_]
    cost: Ints


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of equals. `members[start[g]:start[g + 1]]` are persons, cheapest first, then by lot.
    `lot` is that of the first.

    `barred[bar[g], line]` says that the group cannot go to the line: busy then, or has said no.
    """

    start: Ints
    members: Ints
    lot: NDArray[np.uint64]
    home: Ints
    role: Ints
    skills: NDArray[np.uint64]
    bar: Ints
    barred: NDArray[np.bool_]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.start) - 1


def ways_of(rows: Rows) -> Ways:
    """The ways of all lines as arrays."""
    rank = {code: at for at, code in enumerate(rows.roles)}
    ordered = [sorted(enumerate(line.accepts), key=lambda way: (way[1].cost, way[0])) for line in rows.lines]
    flat = [way for ways in ordered for way in ways]
    takes = np.zeros((len(flat), len(rank)), np.bool_)
    for at, (_, accept) in enumerate(flat):
        takes[at, [rank[code] for code in accept.roles] if accept.roles else slice(None)] = True
    return Ways(
        start=np.cumsum([0, *map(len, ordered)], dtype=np.int64),
        place=np.array([place for place, _ in flat], np.int64),
        need=np.array([accept.skills for _, accept in flat], np.uint64),
        takes=takes,
        cost=np.array([accept.cost for _, accept in flat], np.int64),
    )


@compiled
def way_in(ways, line, role, skills):  # type: ignore[no-untyped-def]
    """The cheapest way in which somebody with this role and these skills may serve the line; -1 if none."""
    for way in range(ways.start[line], ways.start[line + 1]):
        if ways.takes[way, role] and ways.need[way] & ~skills == 0:
            return way
    return -1


def groups_of(rows: Rows, apart: int = -1) -> Groups:
    """Everybody whom no rule and no redline keeps at home, in groups; the person `apart` in a group of their own."""
    people, donors = rows.people, rows.donors
    row_open = (donors.lendable > 0) & (donors.unit_lendable[donors.unit] > 0)
    may_go = (people.blocked == 0) & ~people.held & (people.home >= 0)
    may_go[may_go] = row_open[people.home[may_go]]
    free = np.flatnonzero(may_go)
    bar, barred = _bars(rows, free)
    alone = (free == apart).astype(np.int64)
    price = (people.recency + people.not_volunteer)[free]
    equal = (people.home[free], people.skills[free], bar, people.lat[free], people.lon[free], alone)
    lot = lots(rows.salt, people.ids, free)
    order = np.lexsort((lot, price, *reversed(equal)))
    new = np.arange(len(order)) == 0
    for key in equal:
        new[1:] |= key[order][1:] != key[order][:-1]
    one = free[order[new]]
    return Groups(
        start=np.append(np.flatnonzero(new), len(order)),
        members=free[order],
        lot=lot[order[new]],
        home=people.home[one],
        role=people.role[one],
        skills=people.skills[one],
        bar=bar[order[new]],
        barred=barred,
        lat=people.lat[one],
        lon=people.lon[one],
    )


def _bars(rows: Rows, free: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """For each of `free` the row of the table of barred lines; row 0 bars nothing. Equal rows are one."""
    person, start, end = rows.busy
    someone, line = rows.excluded
    place = np.full(len(rows.people.ids), -1, np.int64)
    place[person] = place[someone] = 0
    concerned = free[place[free] == 0]
    place[:] = -1
    place[concerned] = np.arange(len(concerned))
    table = np.zeros((1 + len(concerned), len(rows.lines)), np.bool_)
    mine, here = place[person] >= 0, place[someone] >= 0
    np.logical_or.at(table, 1 + place[person[mine]], overlaps(rows.lines, start[mine], end[mine]))
    table[1 + place[someone[here]], line[here]] = True
    bar = np.zeros(len(free), np.int64)
    if not table.any():
        return bar, table[:1]
    packed = np.packbits(table, axis=1)
    as_text = np.ascontiguousarray(packed).view(f"S{packed.shape[1]}").ravel()
    _, first, row_of = np.unique(as_text, return_index=True, return_inverse=True)
    bar[np.searchsorted(free, concerned)] = row_of[1:]
    return bar, table[first]


def overlaps(lines: Sequence[Line], start: Ints, end: Ints) -> NDArray[np.bool_]:
    """Which intervals (rows) overlap which lines (columns)."""
    begins = np.array([line.starts_at for line in lines], np.int64)
    ends = np.array([line.ends_at for line in lines], np.int64)
    return (start[:, None] < ends) & (end[:, None] > begins)


def lots(salt: str, ids: list[str], places: Ints) -> NDArray[np.uint64]:
    """A number for each of `ids[places]` that depends on the salt and the id alone."""
    base = hashlib.blake2b(salt.encode() + b"\0", digest_size=8)
    digests = bytearray()
    for place in places.tolist():
        lot = base.copy()
        lot.update(ids[place].encode())
        digests += lot.digest()
    return np.frombuffer(bytes(digests), "<u8").astype(np.uint64)
