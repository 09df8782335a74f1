"""Synthetic questions for the planner, by size and seed: units, their people, and lines that want more than there is."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from domain.allocation import NEVER, Accept, Busy, Line, People, PlanningProblem, UnitRoles, Units

WEEK = 7 * 86_400
ROLES = (
    "teacher",
    "administrator",
    "nurse",
    "midwife",
    "driver",
    "data_officer",
    "social_worker",
    "engineer",
    "doctor",
    "logistics_officer",
    "sanitarian",
    "rescuer",
)
ROLE_SHARES = (30, 20, 12, 8, 6, 6, 5, 4, 3, 3, 2, 1)
HARD_RULES = ("S02", "S03", "S05", "S07")
SKILLS = 20


@dataclass(frozen=True)
class Size:
    """How big a synthetic question is. `km` is half the side of the area."""

    name: str
    people: int
    units: int
    lines: int
    surges: int
    km: float


TOWN = Size("town", 2_000, 60, 40, 2, 12.0)
PROVINCE = Size("province", 30_000, 1_000, 500, 6, 180.0)


def question(size: Size, seed: int) -> PlanningProblem:
    """A synthetic question; the same size and seed give the same one."""
    rng = random.Random(f"{size.name}:{seed}")
    places = [_place(rng, size.km) for _ in range(max(4, size.units // 12))]
    homes = [_near(rng, rng.choice(places), 4.0) for _ in range(size.units)]
    people, unit_roles = _staff(rng, size, homes)
    lendable = [0] * size.units
    for unit, free in zip(unit_roles.unit, unit_roles.lendable, strict=True):
        lendable[unit] += free
    return PlanningProblem(
        salt=f"drill-{size.name}-{seed}",
        role_codes=ROLES,
        people=people,
        busy=_busy(rng, size.people),
        units=Units([f"unit-{at:04d}" for at in range(size.units)], [-(-free * 3 // 4) for free in lendable]),
        unit_roles=unit_roles,
        lines=_lines(rng, size, places),
        excluded=_refusals(rng, size),
    )


def _place(rng: random.Random, km: float) -> tuple[float, float]:
    return -9.5 + rng.uniform(-km, km) / 111.0, 124.0 + rng.uniform(-km, km) / 110.0


def _near(rng: random.Random, place: tuple[float, float], km: float) -> tuple[float, float]:
    return place[0] + rng.gauss(0, km / 111.0), place[1] + rng.gauss(0, km / 110.0)


def _staff(rng: random.Random, size: Size, homes: Sequence[tuple[float, float]]) -> tuple[People, UnitRoles]:
    """People over units, and per unit and role what a workload of 70 to 130 % of the staff leaves to lend."""
    unit_of = [rng.randrange(size.units) for _ in range(size.people)]
    role_of = rng.choices(range(len(ROLES)), ROLE_SHARES, k=size.people)
    count: dict[tuple[int, int], int] = {}
    for pair in zip(unit_of, role_of, strict=True):
        count[pair] = count.get(pair, 0) + 1
    load = [rng.uniform(0.70, 1.30) for _ in range(size.units)]
    free = {pair: max(0, int(n - n * load[pair[0]] * rng.uniform(0.8, 1.1))) for pair, n in count.items()}
    lent = {pair: rng.choice((0, 0, 0, 1)) if n > free[pair] else 0 for pair, n in count.items()}
    at_home = [rng.random() < 0.7 for _ in range(size.people)]
    spots = [
        homes[u] if same else _near(rng, homes[u], 6.0) for u, same in zip(unit_of, at_home, strict=True)
    ]
    people = People(
        ids=[f"synthetic-{at:06d}" for at in range(size.people)],
        unit=unit_of,
        role=role_of,
        skills=[_skills(rng, role) for role in role_of],
        lat=[spot[0] for spot in spots],
        lon=[spot[1] for spot in spots],
        blocked=[rng.choice(HARD_RULES) if rng.random() < 0.15 else "" for _ in range(size.people)],
        volunteer=[rng.random() < 0.4 for _ in range(size.people)],
        days_since_surge=[rng.choice((NEVER, NEVER, NEVER, 30, 120, 300)) for _ in range(size.people)],
    )
    pairs = sorted(count)
    return people, UnitRoles(
        unit=[unit for unit, _ in pairs],
        role=[role for _, role in pairs],
        headcount=[count[pair] for pair in pairs],
        lent=[lent[pair] for pair in pairs],
        lendable=[free[pair] for pair in pairs],
    )


def _skills(rng: random.Random, role: int) -> int:
    """The skill that goes with the role at level 1 to 3, and up to two others; three thermometer bits a skill."""
    bits = 0
    for skill in (role, *rng.sample(range(len(ROLES), SKILLS), rng.choice((0, 0, 1, 2)))):
        bits |= ((1 << rng.choice((1, 2, 2, 3))) - 1) << (3 * skill)
    return bits


def _busy(rng: random.Random, people: int) -> Busy:
    """One person in twelve is on leave or in training for one or two weeks of the next eight."""
    person = sorted(rng.sample(range(people), people // 12))
    start = [rng.randrange(8) * WEEK for _ in person]
    return Busy(person, start, [begin + rng.choice((1, 2)) * WEEK for begin in start])


def _lines(rng: random.Random, size: Size, places: Sequence[tuple[float, float]]) -> tuple[Line, ...]:
    sites = [rng.choice(places) for _ in range(size.surges)]
    lines = []
    for at in range(size.lines):
        surge = rng.randrange(size.surges)
        lat, lon = _near(rng, sites[surge], 8.0)
        start = rng.randrange(4) * WEEK
        lines.append(
            Line(
                line_id=f"line-{at:04d}",
                surge_id=f"surge-{surge}",
                quantity=rng.choice((1, 2, 3, 4, 6, 8)),
                priority=rng.choice((1, 2, 2, 3, 3, 4, 5)),
                accepts=_accepts(rng),
                lat=lat,
                lon=lon,
                starts_at=start,
                ends_at=start + 2 * WEEK,
                max_km=rng.choice((None, None, 150)),
            )
        )
    return tuple(lines)


def _accepts(rng: random.Random) -> tuple[Accept, ...]:
    role = rng.choices(range(len(ROLES)), [share + 4 for share in ROLE_SHARES])[0]
    level = ((1 << rng.choice((1, 1, 2))) - 1) << (3 * role)
    other = (1 << (3 * rng.randrange(len(ROLES), SKILLS))) if rng.random() < 0.3 else 0
    plain = Accept((ROLES[role],), level | other)
    if ROLES[role] == "nurse":
        return plain, Accept(("midwife",), other, 30, "midwife for nurse")
    if rng.random() < 0.1:
        return (Accept((), 1 << (3 * rng.randrange(len(ROLES), SKILLS))),)
    return (plain,)


def _refusals(rng: random.Random, size: Size) -> tuple[tuple[str, str], ...]:
    return tuple(
        (f"synthetic-{rng.randrange(size.people):06d}", f"surge-{rng.randrange(size.surges)}")
        for _ in range(size.people // 100)
    )
