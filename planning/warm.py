"""Compile the number loops before anybody waits for them."""

from __future__ import annotations

from domain.allocation import Accept, Busy, Line, People, PlanningProblem, UnitRoles, Units
from planning.planner import plan
from planning.why_not import why_not


def warm_up() -> None:
    """Plan a small question that reaches every kernel: some 6 s once on a machine, under 1 s in a process after that.

    For a worker's start, off the event loop.
    """
    problem = PlanningProblem(
        salt="",
        role_codes=("nurse",),
        people=People(
            ids=("a", "b", "c", "d"),
            unit=(0, 0, 0, 0),
            role=(0, 0, 0, 0),
            skills=(1, 1, 1, 1),
            lat=(0.0, 0.1, 0.2, 0.3),
            lon=(0.0, 0.0, 0.0, 0.0),
            blocked=("", "", "", ""),
            volunteer=(True, True, True, True),
            days_since_surge=(-1, -1, -1, -1),
        ),
        busy=Busy(person=(3,), start=(0,), end=(1,)),
        units=Units(ids=("unit",), lendable=(1,)),
        unit_roles=UnitRoles(unit=(0,), role=(0,), headcount=(4,), lent=(0,), lendable=(1,)),
        lines=(Line("line", "surge", 2, 1, (Accept(("nurse",), 1),), 0.0, 0.0, 0, 1, 1_000),),
    )
    why_not(problem, plan(problem), "b", "line")
