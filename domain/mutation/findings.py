"""What a rule of eligibility says of a dossier: how it bites, why, and by which numbers it was judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Rule(StrEnum):
    """The rules of a mutation, in the order in which they are told; docs/mutation.md says each in full."""

    M01 = "M01"  # only a PNS is moved by mutation
    M02 = "M02"  # long enough in the post
    M03 = "M03"  # not too long in it
    M04 = "M04"  # performance
    M05 = "M05"  # no discipline or court process
    M06 = "M06"  # no study leave or service bond
    M07 = "M07"  # cleared by the inspectorate
    M08 = "M08"  # not too early to another agency by own request
    M09 = "M09"  # fit for a post that is vacant
    M10 = "M10"  # workload of both units
    M11 = "M11"  # no conflict of interest
    M12 = "M12"  # election freeze, new head
    M13 = "M13"  # who signs
    M14 = "M14"  # who approves
    M15 = "M15"  # retirement, unpaid leave


class Effect(StrEnum):
    """What a finding does to a case, the mildest first."""

    PASS = "PASS"  # noqa: S105 - no password
    FLAG = "FLAG"
    WARN = "WARN"
    NEEDS_CLEARANCE = "NEEDS_CLEARANCE"
    OVERRIDABLE = "OVERRIDABLE"
    BLOCK = "BLOCK"

    @property
    def weight(self) -> int:
        """Return more for whatever bites harder."""
        return tuple(Effect).index(self)


_E, _R = Effect, Rule
BITES: dict[Rule, tuple[Effect, ...]] = {
    _R.M01: (_E.BLOCK,),
    _R.M02: (_E.OVERRIDABLE, _E.BLOCK),
    _R.M03: (_E.FLAG, _E.WARN),
    _R.M04: (_E.BLOCK,),
    _R.M05: (_E.BLOCK,),
    _R.M06: (_E.BLOCK,),
    _R.M07: (_E.BLOCK,),
    _R.M08: (_E.BLOCK,),
    _R.M09: (_E.BLOCK,),
    _R.M10: (_E.OVERRIDABLE, _E.BLOCK),
    _R.M11: (_E.BLOCK,),
    _R.M12: (_E.NEEDS_CLEARANCE, _E.BLOCK),
    _R.M13: (_E.BLOCK,),
    _R.M14: (_E.BLOCK,),
    _R.M15: (_E.WARN, _E.FLAG),
}
"""How a rule may bite, by a rule pack's choice: no pack makes a block that the law knows into something milder."""

MET = "met"
Scalar = str | int | None


def told(value: date | Scalar) -> Scalar:
    """Return a value as findings and logs keep it."""
    return value.isoformat() if isinstance(value, date) else value


_DAYS = frozenset(
    {
        "too_short_in_post",
        "too_long_in_post",
        "not_cleared_by_inspectorate",
        "inspectorate_clearance_too_old",
        "deemed_to_resign",
        "retires_soon",
        "on_unpaid_leave",
        "election_freeze",
        "new_head",
    }
)
_COUNTED = {
    "position_taken": "places",
    "class_too_far": "classes",
    "ladder_step_too_wide": "steps",
    **dict.fromkeys(("receiving_not_short", "releasing_below_need"), "people"),
    **dict.fromkeys(
        ("relative_in_line", "relative_decides", "own_case", "own_proposal", "two_hats"), "people"
    ),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that a rule measures: what there is, what there must be (`code` names the fault), of what.

    `have` is None where the dossier does not say.
    """

    code: str
    have: Scalar
    needed: Scalar
    met: bool
    about: Scalar = None

    @property
    def unit(self) -> str | None:
        """In what it is told; None where it is a code, or 1 for yes and 0 for no."""
        if self.code in _DAYS:
            return "day" if isinstance(self.needed, str) else "years"
        return _COUNTED.get(self.code)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says, by all that it measured; `source` is what the rule pack cites."""

    rule: Rule
    effect: Effect
    measures: tuple[Measure, ...]
    source: str

    @property
    def faults(self) -> tuple[Measure, ...]:
        """Return what is not met."""
        return tuple(one for one in self.measures if not one.met)

    @property
    def reason(self) -> str:
        """Return the code of the first fault, or that all is met."""
        return next((one.code for one in self.faults), MET)

    @property
    def lacking(self) -> bool:
        """Whether it bites only because something is not known or not shown yet."""
        return bool(self.faults) and all(one.have is None for one in self.faults)
