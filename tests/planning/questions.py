"""Questions for the planner's tests: a small one to vary by hand, and random ones in any order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from domain.allocation import NEVER, Accept, Busy, Line, People, PlanningProblem, UnitRoles, Units, Weights

DAY = 86_400
ROLES = ("nurse", "midwife", "driver")
NURSE, MIDWIFE, DRIVER = range(3)
HERE = (-10.17, 123.60)


@dataclass
class Town:
    """A problem under construction: one call a row."""

    roles: tuple[str, ...] = ROLES
    weights: Weights = field(default_factory=Weights)
    people: list[tuple[str, int, int, int, float, float, str, bool, int]] = field(default_factory=list)
    units: list[tuple[str, int]] = field(default_factory=list)
    rows: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    busy: list[tuple[int, int, int]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    excluded: list[tuple[str, str]] = field(default_factory=list)
    locked: list[tuple[str, str]] = field(default_factory=list)

    def unit(self, name: str, lendable: int, roles: dict[int, tuple[int, int]]) -> int:
        """Add a unit; `roles` gives headcount and lendable staff of each role."""
        at = len(self.units)
        self.units.append((name, lendable))
        self.rows += [(at, role, head, 0, free) for role, (head, free) in roles.items()]
        return at

    def person(
        self,
        name: str,
        unit: int,
        role: int,
        *,
        skills: int = 1,
        km: float = 0.0,
        blocked: str = "",
        volunteer: bool = True,
        days: int = NEVER,
    ) -> None:
        """Add a person who lives `km` north of the disaster."""
        self.people.append(
            (name, unit, role, skills, HERE[0] + km / 111.195, HERE[1], blocked, volunteer, days)
        )

    def line(
        self,
        name: str,
        quantity: int,
        accepts: Sequence[Accept] = (Accept(("nurse",), 1),),
        *,
        surge: str = "flood",
        priority: int = 3,
        start: int = 0,
        end: int = 14 * DAY,
        max_km: int | None = None,
        team: str = "",
    ) -> None:
        """Add a request line at the disaster."""
        site = (HERE[0], HERE[1])
        self.lines.append(
            Line(name, surge, quantity, priority, tuple(accepts), *site, start, end, max_km, team)
        )

    def problem(self, salt: str = "flood") -> PlanningProblem:
        """The question in the order it was built."""
        return PlanningProblem(
            salt=salt,
            role_codes=self.roles,
            people=People(*(list(column) for column in zip(*self.people, strict=True)))
            if self.people
            else People(),
            busy=Busy(*(list(column) for column in zip(*self.busy, strict=True))) if self.busy else Busy(),
            units=Units(*(list(column) for column in zip(*self.units, strict=True)))
            if self.units
            else Units(),
            unit_roles=UnitRoles(*(list(column) for column in zip(*self.rows, strict=True)))
            if self.rows
            else UnitRoles(),
            lines=tuple(self.lines),
            excluded=tuple(self.excluded),
            locked=tuple(self.locked),
            weights=self.weights,
        )


def random_town(rng: random.Random, people: int = 6, units: int = 3, lines: int = 3) -> PlanningProblem:
    """A tiny question full of special cases: ties, caps, leave, refusals, substitutes, limits."""
    town = Town(weights=Weights(donor_bands=rng.choice(((0, 25, 75, 200), (0, 0), (7,)))))
    staff = [(rng.randrange(units), rng.randrange(3)) for _ in range(people)]
    for unit in range(units):
        roles = {}
        for role in range(3):
            head = staff.count((unit, role)) + rng.randrange(2)
            if head:
                roles[role] = (head, rng.randint(0, head))
        town.unit(f"unit-{unit}", rng.randint(0, 3), roles)
    town.rows = [(u, r, head, rng.randint(0, head - free), free) for u, r, head, _, free in town.rows]
    for at, (unit, role) in enumerate(staff):
        town.person(
            f"p{at}",
            unit,
            role,
            skills=rng.choice((0, 1, 1, 3)),
            km=rng.choice((0, 3, 3, 10, 40)),
            blocked=rng.choice(("", "", "", "", "S02")),
            volunteer=rng.random() < 0.5,
            days=rng.choice((NEVER, 20, 100, 400)),
        )
        if rng.random() < 0.2:
            town.busy.append((at, 5 * DAY, rng.choice((9, 20)) * DAY))
    for at in range(lines):
        plain = Accept((rng.choice(ROLES),) if rng.random() < 0.8 else (), rng.choice((0, 1, 3)))
        other = Accept((rng.choice(ROLES),), 1, rng.choice((5, 30)), "substitute")
        town.line(
            f"line-{at}",
            rng.randrange(3),
            (plain, other) if rng.random() < 0.5 else (plain,),
            surge=f"surge-{at % 2}",
            priority=rng.randint(1, 5),
            start=rng.choice((0, 10)) * DAY,
            end=rng.choice((14, 21)) * DAY,
            max_km=rng.choice((None, None, 20)),
        )
    town.excluded = [(f"p{rng.randrange(people)}", rng.choice(("surge-0", "line-1"))) for _ in range(2)]
    town.locked = [("p0", "line-0")] if rng.random() < 0.2 else []
    problem = town.problem(salt=str(rng.random()))
    given = [rng.choice((0, 0, 14, 90)) for _ in range(units)] if rng.random() < 0.7 else ()
    return replace(problem, units=replace(problem.units, given=given))


def in_teams(problem: PlanningProblem, rng: random.Random) -> PlanningProblem:
    """The same question, most of its lines drawn together into teams of their surge."""
    lines = [replace(line, team=rng.choice(("", "alpha", "alpha", "beta"))) for line in problem.lines]
    return replace(problem, lines=tuple(lines))


def shuffled(problem: PlanningProblem, rng: random.Random) -> PlanningProblem:
    """The same question with every table in another order."""
    people, units, roles = (
        rng.sample(range(n), n)
        for n in (len(problem.people.ids), len(problem.units.ids), len(problem.role_codes))
    )
    new_unit, new_role, new_person = (
        {old: new for new, old in enumerate(order)} for order in (units, roles, people)
    )
    old = problem.people
    table, busy = problem.unit_roles, problem.busy
    rows = rng.sample(range(len(table.unit)), len(table.unit))
    spells = rng.sample(range(len(busy.person)), len(busy.person))
    return replace(
        problem,
        role_codes=tuple(problem.role_codes[at] for at in roles),
        people=People(
            ids=[old.ids[at] for at in people],
            unit=[new_unit[old.unit[at]] for at in people],
            role=[new_role[old.role[at]] for at in people],
            skills=[old.skills[at] for at in people],
            lat=[old.lat[at] for at in people],
            lon=[old.lon[at] for at in people],
            blocked=[old.blocked[at] for at in people],
            volunteer=[old.volunteer[at] for at in people],
            days_since_surge=[old.days_since_surge[at] for at in people],
        ),
        busy=Busy(
            [new_person[busy.person[at]] for at in spells],
            [busy.start[at] for at in spells],
            [busy.end[at] for at in spells],
        ),
        units=Units(
            [problem.units.ids[at] for at in units],
            [problem.units.lendable[at] for at in units],
            [problem.units.given[at] for at in units] if problem.units.given else (),
        ),
        unit_roles=UnitRoles(
            [new_unit[table.unit[at]] for at in rows],
            [new_role[table.role[at]] for at in rows],
            [table.headcount[at] for at in rows],
            [table.lent[at] for at in rows],
            [table.lendable[at] for at in rows],
        ),
        lines=tuple(rng.sample(problem.lines, len(problem.lines))),
        excluded=tuple(rng.sample(problem.excluded, len(problem.excluded))),
        locked=tuple(rng.sample(problem.locked, len(problem.locked))),
        begun=tuple(rng.sample(problem.begun, len(problem.begun))),
    )
