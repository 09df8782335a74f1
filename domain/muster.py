"""A roll call at the site: who was seen or heard, and who was not."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from domain import cases
from domain.authority import Actor, Capacity, Granted
from domain.log import Attribution, Fact
from domain.secondment import ON_SITE, State

MUSTERED = ON_SITE | {State.OUT_OF_CONTACT}
"""Who is expected to answer a roll call."""


@dataclass(frozen=True)
class OnSite:
    """Somebody who is expected at the site."""

    placement_id: str
    person_id: str
    state: State
    site: str = ""
    unit_id: str = ""


@dataclass(frozen=True)
class Among:
    """Of whom the roll is called: of everybody, or only at one site, or of one home unit."""

    site: str | None = None
    unit_id: str | None = None

    def of(self, expected: tuple[OnSite, ...]) -> tuple[OnSite, ...]:
        """Return those whose names are called."""
        return tuple(
            one for one in expected if self.site in (None, one.site) and self.unit_id in (None, one.unit_id)
        )

    def faults(self, expected: tuple[OnSite, ...]) -> tuple[str, ...]:
        """Return `where: what` of each limit by which nobody is left, with what there is instead."""
        asked = (
            ("site", self.site, {one.site for one in expected}),
            ("unit_id", self.unit_id, {one.unit_id for one in expected}),
        )
        known = [(key, said, of) for key, said, of in asked if said is not None]
        unknown = [
            f"{key}: nobody is expected of {said!r}, but of {', '.join(sorted(of)) or 'no other'}"
            for key, said, of in known
            if said not in of
        ]
        if unknown or not known or self.of(expected):
            return tuple(unknown)
        return (f"unit_id: nobody of {self.unit_id!r} is expected at {self.site!r}",)


EVERYBODY = Among()


@dataclass(frozen=True)
class Muster:
    """A roll call that was taken: the placements that answered, and those that did not, of those that were called."""

    surge_id: str
    government_id: str
    seen_at: datetime
    present: tuple[str, ...]
    missing: tuple[str, ...]
    found: tuple[str, ...] = ()
    """Of those who answered, who had been out of contact."""
    among: Among = EVERYBODY


@dataclass(frozen=True)
class NotExpected:
    """These were named and are not expected at this site."""

    placements: tuple[str, ...]


def call_the_roll(
    surge_id: str,
    government_id: str,
    expected: tuple[OnSite, ...],
    *,
    present: tuple[str, ...] | None,
    absent: tuple[str, ...],
    seen_at: datetime,
    among: Among = EVERYBODY,
) -> Muster | NotExpected:
    """Return the roll call; `present` None means everybody but the absent ones, `among` of whom it is taken."""
    expected = among.of(expected)
    known = {one.placement_id for one in expected}
    if strangers := (set(present or ()) | set(absent)) - known:
        return NotExpected(tuple(sorted(strangers)))
    here = (known if present is None else set(present)) - set(absent)
    lost = {one.placement_id for one in expected if one.state == State.OUT_OF_CONTACT}
    return Muster(
        surge_id,
        government_id,
        seen_at,
        present=tuple(sorted(here)),
        missing=tuple(sorted(known - here)),
        found=tuple(sorted(here & lost)),
        among=among,
    )


def muster_fact(muster: Muster, who: Actor, granted: Granted, basis: str, at: datetime) -> Fact:
    """Return the fact for the log; placements are opaque ids."""
    data = {
        "seen_at": muster.seen_at.isoformat(),
        "present": list(muster.present),
        "missing": list(muster.missing),
    }
    data |= {key: told for key, told in asdict(muster.among).items() if told is not None}
    by = Attribution(who.person_id, granted.authority, basis, on_behalf_of=granted.on_behalf_of)
    return Fact("MusterTaken", cases.surge(muster.surge_id), at, by, None, data)


def sign_of_life(seat_of: OnSite, seen_at: datetime, basis: str, at: datetime) -> Fact:
    """Return the fact that somebody has reported from the site."""
    by = Attribution(seat_of.person_id, Capacity.SUBJECT.value, basis)
    case = cases.secondment(seat_of.placement_id)
    return Fact("SignOfLife", case, at, by, seat_of.person_id, {"seen_at": seen_at.isoformat()})
