"""A placement as closing sees it: whose it is, and every line that the log holds of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from domain.closing.road import Road, road_of
from domain.log import Fact
from domain.report.source import Entry


@dataclass(frozen=True)
class Line:
    """One entry of the log: as a fold reads it, as it was hashed, its hash and the one it is chained to (32 bytes)."""

    entry: Entry
    fact: Fact
    hash: bytes
    previous: bytes


@dataclass(frozen=True)
class Placed:
    """A placement, the rule pack that its surge began under, and its lines of the log, oldest first.

    `waivers` are the lines of surges by which the person's yearly cap was raised (S05), up to the newest of the own lines.
    """

    placement_id: str
    government_id: str
    person_id: str
    unit_id: str
    surge_id: str
    rule_pack: str
    zone: str
    entries: tuple[Line, ...]
    waivers: tuple[Line, ...] = ()

    @cached_property
    def road(self) -> Road:
        """Where the lines lead."""
        return road_of(line.entry for line in self.entries)
