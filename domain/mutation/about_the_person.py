"""The rules about the person: M01 to M08, and M15. A fact that nobody knows is a fault, told as one that is lacking."""

from __future__ import annotations

from datetime import date

from domain.mutation.codes import Rating
from domain.mutation.dossier import Dossier
from domain.mutation.findings import Measure, told
from domain.mutation.rules import MutationRules
from domain.mutation.years import months_after, years_after
from domain.roster import EmploymentKind


def m01(dossier: Dossier, _rules: MutationRules) -> tuple[Measure, ...]:
    """Only a PNS is moved by mutation."""
    held = dossier.person.employment
    return (Measure("not_pns", held.value, EmploymentKind.PNS.value, met=held == EmploymentKind.PNS),)


def m02(dossier: Dossier, rules: MutationRules) -> tuple[Measure, ...]:
    """Whoever is to move has been in the post for the least number of years; their last day counts."""
    return (_from_when("too_short_in_post", dossier, dossier.person.post_since, rules.limits.least_years_in_post),)  # fmt: skip


def m03(dossier: Dossier, rules: MutationRules) -> tuple[Measure, ...]:
    """Whoever has been in the post for more than the most years should be rotated."""
    since = dossier.person.post_since
    if since is None:
        return (Measure("too_long_in_post", None, rules.limits.most_years_in_post, met=False),)
    last = years_after(since, rules.limits.most_years_in_post)
    return (Measure("too_long_in_post", told(dossier.asked_on), told(last), met=dossier.asked_on <= last),)


def m04(dossier: Dossier, rules: MutationRules) -> tuple[Measure, ...]:
    """The rating of each of the last whole years is good enough; of two for one year the worse one counts."""
    return tuple(
        _rated(dossier, dossier.asked_on.year - back, rules.limits.rating)
        for back in range(1, rules.limits.rated_years + 1)
    )


def _rated(dossier: Dossier, year: int, needed: Rating) -> Measure:
    found = [one.rating for one in dossier.person.ratings if one.year == year]
    if not found:
        return Measure("rating_missing", None, needed.value, met=False, about=year)
    worst = max(found, key=lambda one: one.place)
    return Measure("rating_too_low", worst.value, needed.value, met=worst.place <= needed.place, about=year)


def m05(dossier: Dossier, _rules: MutationRules) -> tuple[Measure, ...]:
    """No process and no sanction stands against the person."""
    open_ = sorted(
        {one.charge.value for one in dossier.person.processes if _stands(one.until, dossier.asked_on)}
    )
    return (Measure("process_open", ",".join(open_) or 0, 0, met=not open_),)


def m06(dossier: Dossier, _rules: MutationRules) -> tuple[Measure, ...]:
    """The person is neither on study leave nor bound to serve after it."""
    tied = sorted({one.tie.value for one in dossier.person.ties if _stands(one.until, dossier.asked_on)})
    return (Measure("bound_by_study", ",".join(tied) or 0, 0, met=not tied),)


def m07(dossier: Dossier, rules: MutationRules) -> tuple[Measure, ...]:
    """Whoever leaves an agency is cleared by its inspectorate, not too long ago."""
    if not dossier.between_agencies:
        return ()
    cleared = dossier.person.inspectorate_cleared_on
    oldest = months_after(dossier.asked_on, -rules.limits.inspectorate_months)
    if cleared is None or cleared > dossier.asked_on:
        return (Measure("not_cleared_by_inspectorate", None, told(oldest), met=False),)
    return (Measure("inspectorate_clearance_too_old", told(cleared), told(oldest), met=cleared >= oldest),)


def m08(dossier: Dossier, rules: MutationRules) -> tuple[Measure, ...]:
    """Whoever asks to leave the agency has been a PNS for long enough; else they are deemed to resign."""
    if not (dossier.own_request and dossier.between_agencies):
        return ()
    since, years = dossier.person.pns_since, rules.limits.own_request_years
    return (_from_when("deemed_to_resign", dossier, since, years),)


def m15(dossier: Dossier, rules: MutationRules) -> tuple[Measure, ...]:
    """Retirement is not near, and the person not on unpaid leave."""
    retires, soon = dossier.person.retires_on, months_after(dossier.asked_on, rules.limits.retirement_months)
    leave = dossier.person.unpaid_leave_until
    return (
        Measure("retires_soon", told(retires), told(soon), met=retires is not None and retires > soon),
        Measure("on_unpaid_leave", told(leave) or 0, told(dossier.asked_on), met=not (leave and leave >= dossier.asked_on)),
    )  # fmt: skip


def _from_when(code: str, dossier: Dossier, since: date | None, years: int) -> Measure:
    """Whether so many years have passed; `needed` is the first day on which they have."""
    if since is None:
        return Measure(code, None, years, met=False)
    first = years_after(since, years)
    return Measure(code, told(dossier.asked_on), told(first), met=dossier.asked_on >= first)


def _stands(until: date | None, on: date) -> bool:
    return until is None or until >= on
