"""The rules about the post and both units: M09 and M10."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from domain.mutation.codes import LADDER
from domain.mutation.dossier import Dossier
from domain.mutation.findings import Measure, Scalar
from domain.mutation.rules import MutationRules
from domain.mutation.workloads import Change, changes, within_one_role


def m09(dossier: Dossier, rules: MutationRules) -> tuple[Measure, ...]:
    """The post is another one and vacant, and the person fits what it asks, its class and the career pattern."""
    old, new = dossier.origin.post, dossier.receiving.post
    taken = new.incumbents + len(new.reserved_by - {dossier.case_id})
    free = new.need + len(new.vacated_by - {dossier.case_id}) - taken
    apart = abs(new.job_class - old.job_class)
    most, steps = rules.limits.class_difference, _steps(dossier)
    return (
        Measure("same_post", int(old.position_id != new.position_id), 1, met=old.position_id != new.position_id),
        Measure("position_taken", free, 1, met=free >= 1),
        *_required(dossier),
        Measure("class_too_far", apart, most, met=apart <= most),
        Measure("ladder_step_too_wide", steps, rules.limits.ladder_steps, met=steps <= rules.limits.ladder_steps),
    )  # fmt: skip


def _required(dossier: Dossier) -> Iterator[Measure]:
    person, asked = dossier.person, dossier.receiving.post.requirements
    if asked.education:
        held = person.education
        met = held is not None and held.level >= asked.education.level
        yield Measure("education_too_low", held and held.value, asked.education.value, met=met)
    for competence in sorted(asked.competences):
        there = competence in person.competences
        yield Measure("competence_missing", int(there), 1, met=there, about=competence)
    grade = person.grade
    if asked.lowest_grade:
        met = grade is not None and grade.step >= asked.lowest_grade.step
        yield Measure("grade_too_low", grade and grade.value, asked.lowest_grade.value, met=met)
    if asked.highest_grade:
        met = grade is not None and grade.step <= asked.highest_grade.step
        yield Measure("grade_too_high", grade and grade.value, asked.highest_grade.value, met=met)


def _steps(dossier: Dossier) -> int:
    """How many steps up or down the ladder of those who lead it goes; none from or to a functional position."""
    kinds = (dossier.origin.post.kind, dossier.receiving.post.kind)
    if not all(kind in LADDER for kind in kinds):
        return 0
    old, new = map(LADDER.index, kinds)
    return abs(new - old)


def m10(dossier: Dossier, rules: MutationRules) -> tuple[Measure, ...]:
    """The receiving unit is short of people, and the releasing one keeps those whom it needs.

    A side that the whole decree leaves with as many as it has, as a swap does, neither gains nor spares anybody.
    """
    if within_one_role(dossier):
        return ()
    both = changes(dossier, rules.releasing)
    gains, loses = dossier.receiving.work.by_same_decree >= 0, dossier.origin.work.by_same_decree <= 0
    percent = rules.limits.receiving_load_percent
    return (_short(both.receiving, percent, gains=gains), _kept(both.releasing, loses=loses))


def _short(change: Change, percent: int, *, gains: bool) -> Measure:
    load = change.before
    if load.need is None:
        return Measure("receiving_not_short", None, None, met=not gains, about=load.unit)
    short = not gains or load.need > load.headcount * Fraction(percent, 100)
    return Measure("receiving_not_short", load.headcount, _exact(load.need), met=short, about=load.unit)


def _kept(change: Change, *, loses: bool) -> Measure:
    load = change.after
    # Asked of those before: where the books say that nobody is there to leave, nobody is spared.
    kept = not loses or change.before.headcount > load.redline
    have = load.headcount if kept or load.minutes is not None else None
    return Measure("releasing_below_need", have, load.redline, met=kept, about=load.unit)


def _exact(number: Fraction) -> Scalar:
    return int(number) if number.denominator == 1 else str(number)
