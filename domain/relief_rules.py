"""What the rule pack says of taking over a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from domain.rule_finder import Finder, RulePackInvalid


@dataclass(frozen=True)
class ReliefRules:
    """How long the incoming and the outgoing are on site together, and how long before the end a relief is planned.

    A turn shorter than `shortest` is of no use, and not planned.
    """

    overlap: timedelta = timedelta(hours=12)
    lead: timedelta = timedelta(hours=72)
    shortest: timedelta = timedelta(hours=24)


def read_relief(find: Finder) -> ReliefRules:
    """Return the rules under `surge.relief`; raises RulePackInvalid naming the key that is wrong."""
    overlap, lead = find.duration("surge.relief.overlap"), find.duration("surge.relief.lead")
    if lead <= overlap:
        raise RulePackInvalid(
            f"rule pack: surge.relief.lead must be longer than surge.relief.overlap ({overlap})"
        )
    return ReliefRules(overlap, lead, find.duration("surge.relief.shortest_turn"))
