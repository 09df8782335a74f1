"""Workload analysis (ABK): how many a unit needs, how loaded it is, and whom it could lend.

need = yearly minutes / effective minutes of one person; load ratio EJ = yearly minutes / (headcount x effective
minutes). Effective time and the grade bands: PermenPANRB 1/2020; the reserve is a default of this project.
Sums are exact fractions: a person more or less must not hang on a rounding error.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil

from domain.roster import RedlineRow, WorkloadRow


@dataclass(frozen=True, slots=True)
class WorkloadRules:
    """The numbers of the analysis; a government's rule pack may set others."""

    effective_minutes: int = 75_000  # a person's working minutes a year: 1,250 h
    reserve: Fraction = Fraction(1, 10)  # kept on top of the need before anyone is lent

    def __post_init__(self) -> None:
        if self.effective_minutes <= 0 or self.reserve < 0:
            raise ValueError("effective_minutes must be positive and reserve not negative")


class LoadGrade(StrEnum):
    """A: overloaded. B: in balance. C to E: ever more idle, so ever better a lender."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


# The published bands have two decimals (C is 0.70-0.89, B starts at 0.90), so the ratio is rounded first.
_LOWER_BOUNDS = ((90, LoadGrade.B), (70, LoadGrade.C), (50, LoadGrade.D))


def need(minutes: Fraction | int, rules: WorkloadRules = WorkloadRules()) -> Fraction:
    """How many people the yearly minutes ask for."""
    return Fraction(minutes) / rules.effective_minutes


def load_ratio(
    minutes: Fraction | int, headcount: int, rules: WorkloadRules = WorkloadRules()
) -> Fraction | None:
    """EJ; None where nobody is there to do the work."""
    return Fraction(minutes) / (headcount * rules.effective_minutes) if headcount else None


def grade(ratio: Fraction | None) -> LoadGrade:
    """The grade of a load ratio; work without anyone to do it counts as overload."""
    if ratio is None:
        return LoadGrade.A
    hundredths = (ratio * 100 + Fraction(1, 2)).__floor__()
    if hundredths > 100:
        return LoadGrade.A
    return next((letter for bound, letter in _LOWER_BOUNDS if hundredths >= bound), LoadGrade.E)


def redline(
    minutes: Fraction | int | None, minimum: int, headcount: int, rules: WorkloadRules = WorkloadRules()
) -> int:
    """How many must stay: the need with its reserve, but never fewer than the minimum service.

    Where nobody measured the work (`minutes` is None) all must stay: unmeasured is not idle.
    """
    if minutes is None:
        return max(headcount, minimum)
    return max(ceil(need(minutes, rules) * (1 + rules.reserve)), minimum)


@dataclass(frozen=True, slots=True)
class Load:
    """The load of a unit and role, `out` of whose `headcount` are already lent."""

    unit: str
    role: str
    headcount: int
    minutes: Fraction | None
    redline: int
    out: int = 0
    rules: WorkloadRules = WorkloadRules()

    @property
    def need(self) -> Fraction | None:
        return None if self.minutes is None else need(self.minutes, self.rules)

    @property
    def ratio(self) -> Fraction | None:
        return None if self.minutes is None else load_ratio(self.minutes, self.headcount, self.rules)

    @property
    def grade(self) -> LoadGrade | None:
        """None where the work was never measured."""
        return None if self.minutes is None else grade(self.ratio)

    @property
    def lendable(self) -> int:
        """How many more may be lent now without anyone's override."""
        return max(0, self.headcount - self.redline - self.out)

    @property
    def at_redline(self) -> bool:
        return self.lendable == 0


def role_loads(
    headcounts: Mapping[tuple[str, str], int],
    workload: Iterable[WorkloadRow],
    redlines: Iterable[RedlineRow] = (),
    out: Mapping[tuple[str, str], int] | None = None,
    rules: WorkloadRules = WorkloadRules(),
    *,
    critical: Container[tuple[str, str]] = (),
) -> dict[tuple[str, str], Load]:
    """The load of every (unit, role) that has people, work or a redline; sorted, so that its order is stable.

    Of what is `critical` everybody must stay, however idle (S04).
    """
    minutes: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for line in workload:
        minutes[line.unit, line.role.value] += line.minutes
    minimum = {(row.unit, row.role.value): row.minimum for row in redlines}
    away = out or {}
    loads = {}
    for key in sorted(headcounts.keys() | minutes.keys() | minimum.keys()):
        head, work = headcounts.get(key, 0), minutes.get(key)
        keep = redline(work, minimum.get(key, 0), head, rules)
        keep = max(keep, head) if key in critical else keep
        loads[key] = Load(key[0], key[1], head, work, keep, away.get(key, 0), rules)
    return loads


@dataclass(frozen=True, slots=True)
class UnitLoad:
    """A whole unit: the sum over its roles. A surplus in one role does not make up for a shortage in another."""

    unit: str
    roles: tuple[Load, ...]

    @property
    def headcount(self) -> int:
        return sum(load.headcount for load in self.roles)

    @property
    def out(self) -> int:
        return sum(load.out for load in self.roles)

    @property
    def redline(self) -> int:
        return sum(load.redline for load in self.roles)

    @property
    def lendable(self) -> int:
        return sum(load.lendable for load in self.roles)

    @property
    def ratio(self) -> Fraction | None:
        """EJ over the measured roles; None where none was measured or nobody is there."""
        measured = [(load.minutes, load.headcount) for load in self.roles if load.minutes is not None]
        if not measured:
            return None
        return load_ratio(sum(m for m, _ in measured), sum(h for _, h in measured), self.roles[0].rules)

    @property
    def grade(self) -> LoadGrade | None:
        measured = any(load.minutes is not None for load in self.roles)
        return grade(self.ratio) if measured else None


def unit_loads(loads: Iterable[Load]) -> dict[str, UnitLoad]:
    """The roles' loads gathered by unit, sorted by unit code."""
    by_unit: dict[str, list[Load]] = defaultdict(list)
    for load in loads:
        by_unit[load.unit].append(load)
    return {unit: UnitLoad(unit, tuple(roles)) for unit, roles in sorted(by_unit.items())}
