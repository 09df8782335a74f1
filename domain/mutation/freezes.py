"""When a region's head may replace officials by written leave of the Home Minister only (UU 10/2016)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from domain.mutation.dossier import Dossier, Post, Side
from domain.mutation.rules import FreezeRules
from domain.mutation.years import months_after

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Freeze:
    """A span of days, the first and the last included, in an agency; `code` says what it is for."""

    code: str
    agency_id: str
    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether it stands on that day."""
        return self.first <= day <= self.last


def freezes(dossier: Dossier, rules: FreezeRules) -> tuple[Freeze, ...]:
    """Return the freezes that this mutation must look at, past and to come ones too, in one order."""
    found = {freeze for side in (dossier.origin, dossier.receiving) for freeze in _of(side, rules)}
    return tuple(sorted(found, key=lambda one: (one.code, one.agency_id, one.first, one.last)))


def frozen(dossier: Dossier, rules: FreezeRules) -> bool:
    """Whether one stands on the day that is asked about."""
    return any(one.holds(dossier.asked_on) for one in freezes(dossier, rules))


def _of(side: Side, rules: FreezeRules) -> Iterator[Freeze]:
    """The freezes of a side: whoever leaves such a post is replaced in it, whoever joins it replaces somebody."""
    agency = side.agency
    if not agency.regional or not _is_held(side.post, rules):
        return
    for election in agency.elections:
        begins = months_after(election.candidates_on, -rules.election_months)
        yield Freeze("election_freeze", agency.agency_id, begins, election.term_ends)
    if agency.head_since and rules.new_head_months:
        ends = months_after(agency.head_since, rules.new_head_months) - _DAY
        yield Freeze("new_head", agency.agency_id, agency.head_since, ends)


def _is_held(post: Post, rules: FreezeRules) -> bool:
    return post.kind in rules.positions or (post.heads_unit and post.kind in rules.positions_heading)
