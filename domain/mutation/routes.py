"""The route of a mutation: who must agree and in which order, who decrees it, and which papers it takes.

The decree of another office is no appointment to the position: its word is the last one that is waited for, and then the
receiving appointing authority appoints, within a term of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.mutation.beside import Counsel
from domain.mutation.documents import Document
from domain.mutation.dossier import Dossier
from domain.mutation.findings import Rule
from domain.mutation.freezes import frozen
from domain.mutation.kinds import AgencyLevel, Kind
from domain.mutation.rules import ClearanceKind, DecreeOffice, MutationRules
from domain.mutation.states import Paper
from domain.terms import Term


@dataclass(frozen=True, slots=True)
class NeededClearance:
    """A clearance that the route needs, how long it may take, and what asks for it."""

    clearance: ClearanceKind
    within: Term
    source: str


@dataclass(frozen=True, slots=True)
class Route:
    """What a mutation has to go through. `appointed_within`: the receiving authority appoints, after the decree.

    `documents` are those of its file, `papers` those that must be there before the decree takes effect.
    `panel`: it is assessed by the minutes of a selection panel; `counsel` is the PyB's, where it is waited for.
    """

    kind: Kind
    clearances: tuple[NeededClearance, ...]
    decree: DecreeOffice
    decree_source: str
    appointed_within: Term | None
    documents: tuple[Document, ...]
    papers: tuple[Paper, ...]
    panel: bool
    counsel: Counsel | None


def route_of(dossier: Dossier, rules: MutationRules) -> Route:
    """Return the route of this mutation on the day that is asked about."""
    way = rules.routes[dossier.kind]
    needed = dict(_needed(dossier, rules))
    return Route(
        dossier.kind,
        tuple(
            NeededClearance(one, rules.clearance_terms[one], needed[one])
            for one in ClearanceKind
            if one in needed
        ),
        way.decree,
        way.decree_source,
        rules.terms.appointment if dossier.between_agencies else None,
        _documents(dossier, rules),
        tuple(paper for paper in Paper if paper != Paper.INAUGURATION or _inaugurated(dossier, rules)),
        dossier.receiving.post.kind in rules.panel_positions,
        Counsel(rules.counsel.lapses) if dossier.receiving.post.kind in rules.counsel.positions else None,
    )


def _needed(dossier: Dossier, rules: MutationRules) -> Iterator[tuple[ClearanceKind, str]]:
    way = rules.routes[dossier.kind]
    for one in way.clearances:
        # A province's appointing authority is the governor, who need not agree with themself.
        if one != ClearanceKind.GOVERNOR_CONSENT or dossier.receiving.agency.level != AgencyLevel.PROVINCE:
            yield one, way.clearances_source
    if frozen(dossier, rules.freeze):
        yield ClearanceKind.HOME_MINISTER_CONSENT, rules.rules[Rule.M12].source
    if way.decree != DecreeOffice.APPOINTING_AUTHORITY:
        yield ClearanceKind.MUTATION_DECREE, way.decree_source
    if dossier.receiving.post.kind in rules.i_mut_positions:
        yield ClearanceKind.I_MUT, rules.i_mut_source


def _inaugurated(dossier: Dossier, rules: MutationRules) -> bool:
    return dossier.receiving.post.kind in rules.inauguration_positions


def _documents(dossier: Dossier, rules: MutationRules) -> tuple[Document, ...]:
    files = rules.files
    asked = files.between_agencies if dossier.between_agencies else files.within_agency
    if dossier.own_request:
        asked += (
            files.between_agencies_own_request
            if dossier.between_agencies
            else files.within_agency_own_request
        )
    return tuple(one for one in Document if one in asked)
