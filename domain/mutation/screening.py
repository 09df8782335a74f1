"""The screening of a mutation: what the fifteen rules and the file say together, and whether the case may go on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.authority import ACTING, CaseFacts, Hat, parted
from domain.mutation.canonical import dossier_sha256
from domain.mutation.documents import Document
from domain.mutation.dossier import Approver, Dossier
from domain.mutation.eligibility import judge
from domain.mutation.findings import Effect, Finding, Rule
from domain.mutation.reasons import OverrideGround
from domain.mutation.routes import Route, route_of
from domain.mutation.rules import MutationRules
from domain.mutation.workloads import Changes, changes
from domain.separation import Apart


@dataclass(frozen=True, slots=True)
class Override:
    """A named person lets a rule's block not count in this case, in an office and for a reason."""

    rule: Rule
    by: Approver
    ground: OverrideGround


class Outcome(StrEnum):
    """Whether the case may go on, the best first."""

    ELIGIBLE = "ELIGIBLE"
    NEEDS_OVERRIDE = "NEEDS_OVERRIDE"
    INCOMPLETE = "INCOMPLETE"
    INELIGIBLE = "INELIGIBLE"


@dataclass(frozen=True, slots=True)
class Screening:
    """What was found: each rule in order, the route, the documents that are missing, and both units' loads."""

    pack: str
    dossier_sha256: str
    findings: tuple[Finding, ...]
    route: Route
    missing: tuple[Document, ...]
    changes: Changes

    def of(self, *effects: Effect) -> tuple[Finding, ...]:
        """Return the findings that bite so."""
        return tuple(one for one in self.findings if one.effect in effects)

    def finding(self, rule: Rule) -> Finding:
        """Return what one rule says."""
        return next(one for one in self.findings if one.rule == rule)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A screening with the overrides that were recorded: what they lift, which do not stand, and why."""

    screening: Screening
    outcome: Outcome
    lifted: tuple[Rule, ...]
    open: tuple[Rule, ...]
    refused: tuple[tuple[Override, str], ...]

    @property
    def may_go_on(self) -> bool:
        """Whether nothing keeps the case from its next step; clearances are asked for later."""
        return self.outcome == Outcome.ELIGIBLE


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say of a mutation, of which dossier; `screened_at` is None where they are asked as of now."""

    weighed: Weighed
    dossier: Dossier
    screened_at: datetime | None


def screen(dossier: Dossier, rules: MutationRules) -> Screening:
    """Say all that the rules have to say of a mutation; every dossier has an answer."""
    route = route_of(dossier, rules)
    return Screening(
        rules.pack,
        dossier_sha256(dossier),
        tuple(judge(rule, dossier, rules) for rule in Rule),
        route,
        tuple(one for one in route.documents if one not in dossier.documents),
        changes(dossier, rules.releasing),
    )


def weigh(dossier: Dossier, rules: MutationRules, overrides: Iterable[Override] = ()) -> Weighed:
    """Say whether the case may go on, with the overrides that stand."""
    screening = screen(dossier, rules)
    judged = [(one, override_fault(one, screening.finding(one.rule), dossier, rules)) for one in overrides]
    lifted = {one.rule for one, fault in judged if fault is None}
    biting = [one.rule for one in screening.of(Effect.OVERRIDABLE)]
    still = tuple(rule for rule in biting if rule not in lifted)
    return Weighed(
        screening,
        _outcome(screening, still),
        tuple(rule for rule in biting if rule in lifted),
        (*(one.rule for one in screening.of(Effect.BLOCK)), *still),
        tuple((one, fault) for one, fault in judged if fault),
    )


def override_fault(
    override: Override, finding: Finding, dossier: Dossier, rules: MutationRules
) -> str | None:
    """Say why an override of what a rule found does not stand, or None."""
    if finding.effect == Effect.BLOCK:
        return "never_overridden"
    if finding.effect != Effect.OVERRIDABLE:
        return "nothing_to_override"
    by = override.by
    if by.capacity not in rules.rules[override.rule].overridden_by:
        return "no_authority"
    if by.tenure in ACTING:
        return "not_by_acting"
    facts = CaseFacts(
        dossier.receiving.agency.agency_id,
        dossier.person.person_id,
        None,
        dossier.proposer_id,
        hats=tuple(Hat(one.person_id, one.capacity) for one in dossier.approvers),
    )
    return parted(Apart(subject=True, proposer=True, verdict=True), by.person_id, by.office, facts)


def _outcome(screening: Screening, still: tuple[Rule, ...]) -> Outcome:
    """What is only lacking sends a file back; a fault ends it, whatever else is lacking."""
    blocks = screening.of(Effect.BLOCK)
    if any(not one.lacking for one in blocks):
        return Outcome.INELIGIBLE
    if blocks or screening.missing:
        return Outcome.INCOMPLETE
    return Outcome.NEEDS_OVERRIDE if still else Outcome.ELIGIBLE
