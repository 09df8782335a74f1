"""Reading `mutation` of a rule pack; whatever cannot be is refused with its key."""

from __future__ import annotations

from fractions import Fraction

from domain.authority import Capacity
from domain.mutation.authority import MAY
from domain.mutation.codes import PositionKind, Rating
from domain.mutation.documents import Document
from domain.mutation.findings import BITES, Effect, Rule
from domain.mutation.kinds import Kind
from domain.mutation.rules import (
    ClearanceKind,
    CounselRules,
    DecreeOffice,
    DecreeRules,
    FileRules,
    FreezeRules,
    Limits,
    MutationRules,
    RouteRules,
    RuleTerms,
    SiasnRules,
    StepTerms,
    SwapRest,
    UrgingRules,
)
from domain.rule_finder import Finder, RulePackInvalid
from domain.workload import WorkloadRules

_OVERRIDING = (Capacity.APPOINTING_AUTHORITY, Capacity.SEKDA)
"""The offices that a pack may let override a rule."""
_INITIALLING = MAY["INITIAL_DECREE"]
"""The offices that a pack may let initial a decree."""


def read_mutation(find: Finder) -> MutationRules:
    """Return the rules under `mutation`; raises RulePackInvalid naming the key that is wrong."""
    return MutationRules(
        pack=find.text("id"),
        rules=_rules(find),
        limits=_limits(find),
        releasing=WorkloadRules(
            find.whole("workload.effective_minutes_per_year", 1),
            Fraction(find.whole("mutation.limits.releasing_reserve_percent", 0, 100), 100),
        ),
        freeze=_freeze(find),
        routes={kind: _route(find, kind) for kind in Kind},
        files=_files(find),
        i_mut_positions=find.members("mutation.i_mut.positions", PositionKind),
        i_mut_source=find.source("mutation.i_mut.positions"),
        inauguration_positions=find.members("mutation.inauguration.positions", PositionKind),
        panel_positions=find.members("mutation.selection_panel.positions", PositionKind),
        counsel=CounselRules(
            find.members("mutation.counsel.positions", PositionKind),
            find.flag("mutation.counsel.lapses"),
        ),
        siasn=SiasnRules(
            {one: find.text(f"mutation.siasn.positions.{one}") for one in PositionKind},
            {one: find.text(f"mutation.siasn.kinds.{one}") for one in Kind},
            find.text("mutation.siasn.entry.unit_alone"),
            find.text("mutation.siasn.entry.definitive"),
        ),
        clearance_terms={one: find.term(f"mutation.clearances.{one}") for one in ClearanceKind},
        terms=_terms(find),
        urging=_urging(find),
        second_signature=find.duration("mutation.deadlines.second_signature"),
        decree=_decree(find),
        swap_rest=find.member("mutation.swap.rest", SwapRest),
    )


def _rules(find: Finder) -> dict[Rule, RuleTerms]:
    found = {}
    for rule in Rule:
        key = f"mutation.rules.{rule}"
        effect = find.member(key, Effect)
        if effect not in BITES[rule]:
            raise RulePackInvalid(f"rule pack: {key} must be one of {', '.join(BITES[rule])}, found {effect}")
        by = _overriding(find, rule) if effect == Effect.OVERRIDABLE else ()
        found[rule] = RuleTerms(effect, find.source(key), by)
    for named in find.table("mutation.overrides"):
        if named not in [rule.value for rule, terms in found.items() if terms.overridden_by]:
            raise RulePackInvalid(f"rule pack: mutation.overrides.{named}: nobody may override this")
    return found


def _overriding(find: Finder, rule: Rule) -> tuple[Capacity, ...]:
    key = f"mutation.overrides.{rule}"
    offices = find.members(key, Capacity)
    if not offices or set(offices) - set(_OVERRIDING):
        raise RulePackInvalid(f"rule pack: {key} must name offices of {', '.join(_OVERRIDING)}")
    return offices


def _limits(find: Finder) -> Limits:
    def whole(name: str, least: int = 0) -> int:
        return find.whole(f"mutation.limits.{name}", least)

    least, most = whole("least_years_in_post"), whole("most_years_in_post")
    if most <= least:
        raise RulePackInvalid(
            f"rule pack: mutation.limits.most_years_in_post must be more than least_years_in_post ({least})"
        )
    return Limits(
        least_years_in_post=least,
        most_years_in_post=most,
        rated_years=whole("rated_years", 1),
        rating=find.member("mutation.limits.rating", Rating),
        inspectorate_months=whole("inspectorate_months", 1),
        own_request_years=whole("own_request_years"),
        class_difference=whole("class_difference"),
        ladder_steps=whole("ladder_steps"),
        receiving_load_percent=whole("receiving_load_percent"),
        retirement_months=whole("retirement_months"),
    )


def _freeze(find: Finder) -> FreezeRules:
    at = "mutation.freeze"
    return FreezeRules(
        election_months=find.whole(f"{at}.election_months"),
        new_head_months=find.whole(f"{at}.new_head_months"),
        positions=find.members(f"{at}.positions", PositionKind),
        positions_heading=find.members(f"{at}.positions_heading", PositionKind),
    )


def _route(find: Finder, kind: Kind) -> RouteRules:
    at = f"mutation.routes.{kind}"
    clearances = find.members(f"{at}.clearances", ClearanceKind)
    # The order is that of the procedure and not the pack's: BKN weighs a file in which the origin has agreed.
    in_order = tuple(one for one in ClearanceKind if one in clearances)
    return RouteRules(
        find.member(f"{at}.decree", DecreeOffice),
        find.source(f"{at}.decree"),
        in_order,
        find.source(f"{at}.clearances"),
    )


def _files(find: Finder) -> FileRules:
    def documents(name: str) -> tuple[Document, ...]:
        return find.members(f"mutation.documents.{name}", Document)

    return FileRules(
        within_agency=documents("within_agency"),
        between_agencies=documents("between_agencies"),
        within_agency_own_request=documents("within_agency_own_request"),
        between_agencies_own_request=documents("between_agencies_own_request"),
    )


def _terms(find: Finder) -> StepTerms:
    return StepTerms(
        **{name: find.term(f"mutation.deadlines.{name}") for name in StepTerms.__dataclass_fields__}
    )


def _urging(find: Finder) -> UrgingRules:
    at = "mutation.urging"
    return UrgingRules(
        find.whole(f"{at}.reminder_percent", 1, 99),
        find.term(f"{at}.escalation"),
        find.duration(f"{at}.repeat"),
    )


def _decree(find: Finder) -> DecreeRules:
    at = "mutation.decree"
    initials = find.members(f"{at}.initials", Capacity)
    if not initials or set(initials) - set(_INITIALLING) or len(set(initials)) < len(initials):
        raise RulePackInvalid(
            f"rule pack: {at}.initials must name offices of {', '.join(_INITIALLING)}, each once"
        )
    return DecreeRules(
        find.text(f"{at}.register"),
        find.text(f"{at}.number_class"),
        find.text(f"{at}.unit_code"),
        find.text(f"{at}.authority"),
        find.text(f"{at}.delegation"),
        initials,
    )
