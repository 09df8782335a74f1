"""The question of who goes where; `domain/plans.py` has the answer.

People come as columns, one plain value
a person, so that a registry can hand over tens of thousands of rows without an object for each.

Conventions: instants are epoch seconds (UTC), intervals are half open `[start, end)`, distances are whole
kilometres, costs are integers in kilometre-equivalents. An index always points into the columns beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

NEVER = -1
"""`People.days_since_surge` of somebody who was never on a surge."""

MOST_TEAMS = 12
"""Teams decided on at once: the worst search there can be then asks 2^13 flows, and usually a few dozen."""


MOST_GIVEN = 4
"""A unit that has given more than so many times the mean is not dearer for it: the price of the most is bounded."""

HEAD = "HEAD"
"""`People.blocked` of somebody who heads a unit: no plan picks them, and a plan that is told to keep them does."""


class CannotPlan(ValueError):
    """The question is sound and cannot be answered; `code` says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class People:
    """Everybody on the roster, column by column, in any order.

    `role` is the role held in the home unit. `skills` is a 64-bit set (levels as thermometer bits: who has level 2
    also has the bit of level 1). `blocked` is the code of the first hard rule that fails for any line (`S02`, `S03`,
    ...), or "". `lat` and `lon` are degrees of the home, or of the unit where the home is not known.
    """

    ids: Sequence[str] = ()
    unit: Sequence[int] = ()
    role: Sequence[int] = ()
    skills: Sequence[int] = ()
    lat: Sequence[float] = ()
    lon: Sequence[float] = ()
    blocked: Sequence[str] = ()
    volunteer: Sequence[bool] = ()
    days_since_surge: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Busy:
    """When people cannot go: leave, training, another placement. `person` indexes `People`."""

    person: Sequence[int] = ()
    start: Sequence[int] = ()
    end: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Units:
    """The home units. `lendable` caps what the whole unit may still lend, whatever its roles allow.

    `given` are the person-days that its people were away within the year; () where none of any unit was.
    """

    ids: Sequence[str] = ()
    lendable: Sequence[int] = ()
    given: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class UnitRoles:
    """One row per unit and role.

    `headcount` are all who hold the role; `lent` of them are away already; `lendable` is how many more may leave
    now without breaking the redline (overrides that were granted are included). Of what is `critical` the roster lets
    nobody go (S04): it says why nothing is lendable, and changes no plan.
    """

    unit: Sequence[int] = ()
    role: Sequence[int] = ()
    headcount: Sequence[int] = ()
    lent: Sequence[int] = ()
    lendable: Sequence[int] = ()
    critical: Sequence[bool] = ()


@dataclass(frozen=True, slots=True)
class Accept:
    """One way to serve a line: a home role among `roles` (empty: any) and every bit of `skills`.

    A substitute costs something and carries a label ("midwife for nurse"); the plain way costs 0.
    """

    roles: tuple[str, ...] = ()
    skills: int = 0
    cost: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One request line: how many people are still open, where, from when until when.

    `priority` 1 is the most urgent, 5 the least. The cheapest of `accepts` that a person meets counts. Lines of one
    surge that name the same `team` are filled together, to the last place, or not at all.
    """

    line_id: str
    surge_id: str
    quantity: int
    priority: int
    accepts: tuple[Accept, ...]
    lat: float
    lon: float
    starts_at: int
    ends_at: int
    max_km: int | None = None
    team: str = ""


@dataclass(frozen=True, slots=True)
class Weights:
    """What one person's going costs beside the distance; from the rule pack.

    `donor_bands`: price of the next person as the unit's lendable staff is used up, in equal parts, never falling.
    `recency`: added once for each of `recency_days` that is longer than the time since the person's last surge.
    `unit_given`: added for everybody of a unit that has given as much as the mean for each whom it can lend; in
    proportion for more and for less, up to `MOST_GIVEN` times.
    """

    per_km: int = 1
    donor_bands: tuple[int, ...] = (0, 25, 75, 200)
    recency: int = 40
    recency_days: tuple[int, ...] = (90, 180)
    unit_given: int = 25
    not_volunteer: int = 20


@dataclass(frozen=True, slots=True)
class PlanningProblem:
    """Everything that decides the plan: all open surges of a government at one instant.

    `excluded` holds (person_id, line_id or surge_id): who declined, stayed silent or withdrew. `locked` holds
    (person_id, line_id) already offered or placed: quantities and lendable numbers count them already, so they are
    kept as they are and not asked again. `begun` names the teams (surge_id, team) of which somebody is kept: they must
    be completed. `salt` (the incident's id) draws lots between equals, so that not always the same people are called.
    """

    salt: str
    role_codes: tuple[str, ...] = ()
    people: People = field(default_factory=People)
    busy: Busy = field(default_factory=Busy)
    units: Units = field(default_factory=Units)
    unit_roles: UnitRoles = field(default_factory=UnitRoles)
    lines: tuple[Line, ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()
    locked: tuple[tuple[str, str], ...] = ()
    begun: tuple[tuple[str, str], ...] = ()
    weights: Weights = field(default_factory=Weights)
