"""The answer to who goes where: the plan, why it is so, and the proof that none is better.

Conventions are those of the question (`domain/allocation.py`): whole kilometres, integer costs.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum


class Filter(StrEnum):
    """The planner's own steps of the funnel; hard rules found before it keep their rule code (`S02`, ...)."""

    PEOPLE = "PEOPLE"  # everybody on the roster: where each funnel starts
    SKILL = "S06"  # role or skill is not one the line accepts
    BUSY = "S07"  # leave, training or a placement overlaps
    HELD = "HELD"  # already offered or placed
    EXCLUDED = "EXCLUDED"  # declined, silent or withdrew
    TOO_FAR = "TOO_FAR"  # beyond the line's own limit
    CRITICAL = "S04"  # a unit or role of which the roster lets nobody go; counted with REDLINE in a funnel
    REDLINE = "REDLINE"  # from here on: how many of them may leave their units at once
    COMPETING = "COMPETING"  # what other lines have left: the people this line got
    TEAM = "TEAM"  # the team cannot be completed, so nobody of it goes


class ShortfallReason(StrEnum):
    """Why a line stays short: the first step of its funnel that left fewer than were asked."""

    NO_SKILL = "NO_SKILL"
    NONE_AVAILABLE = "NONE_AVAILABLE"
    DECLINED = "DECLINED"
    TOO_FAR = "TOO_FAR"
    DONORS_AT_REDLINE = "DONORS_AT_REDLINE"
    COMPETING_LINE = "COMPETING_LINE"
    TEAM_INCOMPLETE = "TEAM_INCOMPLETE"
    ENDS_SOON = "ENDS_SOON"  # not planned at all: too little is left of the duty


@dataclass(frozen=True, slots=True)
class CostParts:
    """What one pick costs, by cause; `recency` is what the person has given of late, and what the unit has."""

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

    Where there are teams, `without` lets the choice of teams stand but for the person's own, which may fall: then it is
    what the plan gets worse at most. `accepted_as` is the label of the substitute rule that was used, "" for the plain one.
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
    """A (unit, role) with `suitable` people for the line, of whom the redline lets only `lendable` go.

    `critical`: the roster lets nobody of it go (S04).
    """

    unit_id: str
    role: str
    suitable: int
    lendable: int
    critical: bool = False


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
class TeamFate:
    """Whether a team goes, all of it; where it does not, the lines that could not be filled for it (`lacking`).

    `lacking` is empty where the team could have been completed, but other lines make better use of its people.
    """

    surge_id: str
    team: str
    line_ids: tuple[str, ...]
    asked: int
    goes: bool
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One part of all the choices of teams: those `joined` go, those `left` do not, the others either way.

    No plan of this part costs less than `dual`, which follows from the prices as in the certificate; a price that is
    not told is 0 for a line or a unit, and its unit's for a role. Teams are (surge_id, team).
    """

    joined: tuple[tuple[str, str], ...]
    left: tuple[tuple[str, str], ...]
    dual: int
    line_prices: tuple[tuple[str, int], ...]
    unit_prices: tuple[tuple[str, int], ...]
    unit_role_prices: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """The proof. From the prices alone follows a bound (`dual`) that no plan can beat; ours reaches it.

    Total cost = `fill_scale` × urgency of the places left open + burden. Prices are in the same integers:
    `line_prices` (line_id, price), `unit_prices` (unit_id, price), `unit_role_prices` (unit_id, role, price).

    Where there are teams, prices and `dual` are those of the teams that go; `choices` cover every other choice, each
    with the bound that shows it to be no better.
    """

    primal: int
    dual: int
    fill_scale: int
    line_prices: tuple[tuple[str, int], ...]
    unit_prices: tuple[tuple[str, int], ...]
    unit_role_prices: tuple[tuple[str, str, int], ...]
    choices: tuple[Choice, ...] = ()

    @property
    def gap(self) -> int:
        return self.primal - self.dual

    @property
    def proven(self) -> bool:
        return self.primal == self.dual and all(choice.dual >= self.primal for choice in self.choices)


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
    """The best answer, why, and the proof. The same problem gives the same plan, in whatever order it came.

    `kept` go because the plan was told so; all the rest answers the question that they leave.
    """

    problem_sha256: str
    urgency_left: int
    burden: int
    picks: tuple[Pick, ...]
    shortfalls: tuple[Shortfall, ...]
    unit_use: tuple[UnitUse, ...]
    certificate: Certificate
    statistics: Statistics
    teams: tuple[TeamFate, ...] = ()
    kept: tuple[Pick, ...] = ()


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
    is exactly how much, and `moves` is the chain of changes behind that number. Both let the choice of teams stand;
    "TEAM" says that the line's team does not go, or that another team would be broken up.
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
