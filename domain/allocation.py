"""The question of who goes where, and the answer.

`PlanningProblem` is what the planner is asked; `Plan` is what it answers. People come as columns, one plain value
a person, so that a registry can hand over tens of thousands of rows without an object for each.

Conventions: instants are epoch seconds (UTC), intervals are half open `[start, end)`, distances are whole
kilometres, costs are integers in kilometre-equivalents. An index always points into the columns beside it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum

NEVER = -1
"""`People.days_since_surge` of somebody who was never on a surge."""


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
    """The home units. `lendable` caps what the whole unit may still lend, whatever its roles allow."""

    ids: Sequence[str] = ()
    lendable: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class UnitRoles:
    """One row per unit and role.

    `headcount` are all who hold the role; `lent` of them are away already; `lendable` is how many more may leave
    now without breaking the redline (overrides that were granted are included).
    """

    unit: Sequence[int] = ()
    role: Sequence[int] = ()
    headcount: Sequence[int] = ()
    lent: Sequence[int] = ()
    lendable: Sequence[int] = ()


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

    `priority` 1 is the most urgent, 5 the least. The cheapest of `accepts` that a person meets counts.
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


@dataclass(frozen=True, slots=True)
class Weights:
    """What one person's going costs beside the distance; from the rule pack.

    `donor_bands`: price of the next person as the unit's lendable staff is used up, in equal parts, never falling.
    `recency`: added once for each of `recency_days` that is longer than the time since the person's last surge.
    """

    per_km: int = 1
    donor_bands: tuple[int, ...] = (0, 25, 75, 200)
    recency: int = 40
    recency_days: tuple[int, ...] = (90, 180)
    not_volunteer: int = 20


@dataclass(frozen=True, slots=True)
class PlanningProblem:
    """Everything that decides the plan: all open surges of a government at one instant.

    `excluded` holds (person_id, line_id or surge_id): who declined, stayed silent or withdrew. `locked` holds
    (person_id, line_id) already offered or placed: quantities and lendable numbers count them already, so they are
    kept as they are and not asked again. `salt` (the incident's id) draws lots between equals, so that not always
    the same people are called.
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
    weights: Weights = field(default_factory=Weights)


class Filter(StrEnum):
    """The planner's own steps of the funnel; hard rules found before it keep their rule code (`S02`, ...)."""

    PEOPLE = "PEOPLE"  # everybody on the roster: where each funnel starts
    SKILL = "S06"  # role or skill is not one the line accepts
    BUSY = "S07"  # leave, training or a placement overlaps
    HELD = "HELD"  # already offered or placed
    EXCLUDED = "EXCLUDED"  # declined, silent or withdrew
    TOO_FAR = "TOO_FAR"  # beyond the line's own limit
    REDLINE = "REDLINE"  # from here on: how many of them may leave their units at once
    COMPETING = "COMPETING"  # what other lines have left: the people this line got


class ShortfallReason(StrEnum):
    """Why a line stays short: the first step of its funnel that left fewer than were asked."""

    NO_SKILL = "NO_SKILL"
    NONE_AVAILABLE = "NONE_AVAILABLE"
    DECLINED = "DECLINED"
    TOO_FAR = "TOO_FAR"
    DONORS_AT_REDLINE = "DONORS_AT_REDLINE"
    COMPETING_LINE = "COMPETING_LINE"


@dataclass(frozen=True, slots=True)
class CostParts:
    """What one pick costs, by cause."""

    distance: int
    donor_band: int
    recency: int
    not_volunteer: int
    substitute: int

    @property
    def total(self) -> int:
        return self.distance + self.donor_band + self.recency + self.not_volunteer + self.substitute


@dataclass(frozen=True, slots=True)
class Worsening:
    """By how much the whole plan would get worse, best answer to the change included.

    `fill` counts first: urgency (6 - priority) of the places lost, 0 if every place stays filled. `burden` is the
    rest, in kilometre-equivalents; it may be negative where `fill` is not 0.
    """

    fill: int
    burden: int


@dataclass(frozen=True, slots=True)
class Pick:
    """One person for one line. `without` is what it would cost to do without this person (the margin).

    `accepted_as` is the label of the substitute rule that was used, "" for the plain one.
    """

    line_id: str
    person_id: str
    unit_id: str
    role: str
    km: int
    accepted_as: str
    cost: CostParts
    without: Worsening


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """How many remain after the filter `code`."""

    code: str
    remaining: int


@dataclass(frozen=True, slots=True)
class BlockingDonor:
    """A (unit, role) with `suitable` people for the line, of whom the redline lets only `lendable` go."""

    unit_id: str
    role: str
    suitable: int
    lendable: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A line that stays short, and why. `competing_lines` hold people who would have suited this one."""

    line_id: str
    asked: int
    missing: int
    reason: ShortfallReason
    funnel: tuple[FunnelStep, ...]
    blocking_donors: tuple[BlockingDonor, ...]
    competing_lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnitUse:
    """A (unit, role) that lends: present before and after the plan, and how many it could lend before it."""

    unit_id: str
    role: str
    before: int
    after: int
    lendable: int

    @property
    def redline(self) -> int:
        """How many must stay."""
        return self.before - self.lendable


@dataclass(frozen=True, slots=True)
class Certificate:
    """The proof. From the prices alone follows a bound (`dual`) that no plan can beat; ours reaches it.

    Total cost = `fill_scale` × urgency of the places left open + burden. Prices are in the same integers:
    `line_prices` (line_id, price), `unit_prices` (unit_id, price), `unit_role_prices` (unit_id, role, price).
    """

    primal: int
    dual: int
    fill_scale: int
    line_prices: tuple[tuple[str, int], ...]
    unit_prices: tuple[tuple[str, int], ...]
    unit_role_prices: tuple[tuple[str, str, int], ...]

    @property
    def gap(self) -> int:
        return self.primal - self.dual

    @property
    def proven(self) -> bool:
        return self.primal == self.dual


@dataclass(frozen=True, slots=True)
class Statistics:
    """The size of the question: `eligible` people in `groups` of equals, joined to lines by `arcs`."""

    people: int
    eligible: int
    groups: int
    arcs: int
    lines: int
    asked: int
    filled: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The best answer, why, and the proof. The same problem gives the same plan, in whatever order it came."""

    problem_sha256: str
    urgency_left: int
    burden: int
    picks: tuple[Pick, ...]
    shortfalls: tuple[Shortfall, ...]
    unit_use: tuple[UnitUse, ...]
    certificate: Certificate
    statistics: Statistics


@dataclass(frozen=True, slots=True)
class Move:
    """One link of the chain that a wish would set off: `person_id` (or an equal) joins or leaves the line."""

    person_id: str
    line_id: str
    joins: bool


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a person does not go to a line.

    `code` is the first rule that forbids it; or "CHOSEN"; or "" when it is allowed and merely worse: then `worse`
    is exactly how much, and `moves` is the chain of changes behind that number.
    """

    person_id: str
    line_id: str
    code: str
    worse: Worsening | None = None
    moves: tuple[Move, ...] = ()


def plan_as_json(plan: Plan) -> str:
    """The plan as one line of JSON, byte for byte the same for the same plan."""
    document = asdict(plan)
    document["certificate"] |= {"gap": plan.certificate.gap, "proven": plan.certificate.proven}
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
