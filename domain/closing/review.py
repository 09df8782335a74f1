"""The after-action review of a surge: one view, every figure counted once from the report's source.

It names offices and units and no person: who is meant by a figure stays in the books.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from domain import cases
from domain.closing.costs import Costs, add_up, cost_of
from domain.closing.days import days_of
from domain.closing.evaluation import CRITERIA, EVALUATED, Criterion, Side
from domain.closing.expected import expected_of
from domain.closing.lessons import LESSON
from domain.closing.papers import papers_of
from domain.closing.review_view import (
    FEWEST,
    Answers,
    DeathReports,
    Incidents,
    Lesson,
    Need,
    Override,
    Rating,
    Review,
    ThinUnits,
)
from domain.closing.road import Road, road_of
from domain.closing.terms import ClosingTerms
from domain.closing.times import Spread, spread
from domain.closing.waivers import waivers_of
from domain.oral import ASKS, asked_at
from domain.report.fold import fold
from domain.report.needs import NEVER_FILLED
from domain.report.source import Entry, Source
from domain.report.words import role_name
from domain.secondment import Lacking, State
from domain.thin import BEGUN, OVER
from domain.thin import State as Thin


def of_surge(source: Source, surge_id: str) -> Source:
    """Return the source with this surge alone in it: lines, people, entries, its operation's and its thin units'."""
    lines = tuple(line for line in source.lines if line.surge_id == surge_id)
    ids = {line.line_id for line in lines}
    placements = tuple(one for one in source.placements if one.line_id in ids)
    own = {cases.surge(surge_id), *(cases.secondment(one.placement_id) for one in placements)}
    own |= {one.case_id for one in source.entries if one.type == BEGUN and surge_id in one.data["surges"]}

    def ours(case_id: str) -> bool:
        return case_id in own or cases.parse(case_id).kind == cases.CaseKind.OPERATION

    return replace(
        source,
        lines=lines,
        placements=placements,
        entries=tuple(entry for entry in source.entries if ours(entry.case_id)),
        tasks=tuple(task for task in source.tasks if ours(task.case_id)),
        blocked=tuple(row for row in source.blocked if row.line_id in ids),
    )


def review(
    source: Source,
    surge_id: str,
    title: str,
    terms: ClosingTerms,
    *,
    texts: Mapping[str, str],
    units: Mapping[str, str],
) -> Review:
    """Return the review of a surge, whose own `source` it is; `texts` are the lessons' by id, `units` names by id."""
    surge_case = cases.surge(surge_id)
    own = [entry for entry in source.entries if entry.case_id == surge_case]
    roads = roads_of(source)
    begun = next((asked_at(entry.at, entry.data) for entry in own if entry.type in ASKS), None)
    warned = min((one.received_at for one in source.warnings), default=None)
    alerted = warned if warned and begun and warned <= begun else None
    return Review(
        surge_id=surge_id,
        title=title,
        state=next((str(entry.data["state"]) for entry in reversed(own) if entry.data.get("state")), ""),
        requested_at=begun,
        alerted_at=alerted,
        needs=_needs(source, roads),
        answers=_answers(roads),
        times=tuple(_times(source, roads, alerted or begun)),
        incidents=_incidents(roads, source.at),
        thin=_thin(source.entries),
        overrides=tuple(_override(entry) for entry in own if entry.type == "RedlineOverridden"),
        waivers=waivers_of(own),
        ratings=_ratings(source.entries, roads),
        costs=costs_of(source, roads, terms),
        papers=papers_of(roads),
        lessons=tuple(_lesson(entry, texts) for entry in own if entry.type == LESSON),
        terms=terms,
        units=units,
        expected=expected_of(source, terms),
    )


def roads_of(source: Source) -> tuple[Road, ...]:
    """Return everybody's road, in the order of the first offer."""
    by_case: dict[str, list[Entry]] = {}
    for entry in source.entries:
        if cases.parse(entry.case_id).kind == cases.CaseKind.SECONDMENT:
            by_case.setdefault(entry.case_id, []).append(entry)
    return tuple(road_of(entries) for entries in by_case.values())


def costs_of(source: Source, roads: Iterable[Road], terms: ClosingTerms) -> Costs:
    """Return the days and the money of everybody, as of the source."""
    return add_up(cost_of(road, days_of(road, terms, source.operation.zone, at=source.at)) for road in roads)


def _needs(source: Source, roads: Iterable[Road]) -> tuple[Need, ...]:
    """Every role that was asked for, the largest need first; a second person on a seat does not fill two."""
    arrived = Counter(road.line_id for road in roads if road.served)
    shorts = fold(source).shorts
    asked: Counter[str] = Counter()
    filled: Counter[str] = Counter()
    causes: dict[str, Counter[str]] = {}
    for line in source.lines:
        there = min(line.quantity, arrived[line.line_id])
        asked[line.role] += line.quantity
        filled[line.role] += there
        short, empty = shorts.get(line.line_id), line.quantity - there
        known = min(empty, short.missing) if short else 0
        why = causes.setdefault(line.role, Counter())
        if short and known:
            why[short.reason] += known
        if empty > known:
            why[NEVER_FILLED] += empty - known
    needs = [
        Need(role, role_name(role, source.role_names), asked[role], filled[role], _ranked(causes[role]))
        for role in asked
    ]
    return tuple(sorted(needs, key=lambda need: (-need.asked, need.name)))


def _answers(roads: Iterable[Road]) -> Answers:
    asked = [road for road in roads if not road.moved_in]
    declined = Counter(
        code or "OTHER" for road in asked for code in road.codes_of(f"OfferAnswered:{State.DECLINED}")
    )
    refused = Counter(
        code or "OTHER" for road in asked for code in road.codes_of(f"ReleaseDecided:{State.REFUSED}")
    )
    accepted = sum(road.accepted_at is not None for road in asked)
    silent = sum(bool(road.codes_of("OfferLapsed")) for road in asked)
    waiting = sum(road.state == State.OFFERED for road in asked)
    return Answers(
        asked=len(asked),
        accepted=accepted,
        on_condition=sum(bool(road.codes_of(f"OfferAnswered:{State.CONDITION_PENDING}")) for road in asked),
        silent=silent,
        waiting=waiting,
        dropped=len(asked) - accepted - silent - waiting - declined.total(),
        declined=_ranked(declined),
        refused=_ranked(refused),
    )


def _times(source: Source, roads: Iterable[Road], begun: datetime | None) -> Iterable[Spread]:
    """From the warning, or else the request, to each step; arrivals wave by wave, since later waves are to come later."""
    if begun is None:
        return
    roads = tuple(roads)
    waves = {line.line_id: line.wave for line in source.lines}
    steps = {
        "OFFER": [road.offered_at for road in roads if not road.moved_in],
        "ACCEPT": [road.accepted_at for road in roads if not road.moved_in],
    }
    for wave in sorted(set(waves.values())):
        steps[f"ARRIVE:{wave}"] = [road.arrived_at for road in roads if waves[road.line_id] == wave]
    for code, instants in steps.items():
        found = spread(code, (at - begun for at in instants if at is not None))
        if found is not None:
            yield found


def _incidents(roads: Iterable[Road], now: datetime) -> Incidents:
    roads = tuple(roads)

    def told(event: str) -> tuple[str, ...]:
        return tuple(code for road in roads for code in road.codes_of(event))

    late = [by for road in roads if (by := late_by(road, now))]
    uncovered = [
        sum(((end or now) - start for start, end in road.uncovered), timedelta(0))
        for road in roads
        if road.uncovered
    ]
    return Incidents(
        arrived=sum(road.served for road in roads),
        unfit=len(told("FoundUnfit")),
        no_show=sum(road.leaving == State.NO_SHOW.value and not road.served for road in roads),
        cancelled=len(told("OrderCancelled")),
        out_of_contact=sum(bool(road.codes_of("ContactLost")) for road in roads),
        injuries=len(told("InjuryReported")),
        serious=told("InjuryReported").count("SERIOUS"),
        deaths=len(told("DeathReported")),
        reports=_death_reports(roads),
        extensions=sum(road.extensions for road in roads),
        recalled_by_unit=_ranked(Counter(code or "OTHER" for code in told("RecalledByUnit"))),
        released_early=_ranked(Counter(code or "OTHER" for code in told("ReleasedEarly"))),
        late=len(late),
        latest=max(late, default=None),
        uncovered=len(uncovered),
        no_day_off=sum(Lacking.DAY_OFF in road.lacked for road in roads),
        long_shifts=sum(Lacking.REST in road.lacked for road in roads),
        reassigned=len(told("Reassigned")),
        converted=len(told("Converted")),
        affected=sum(bool(road.codes_of("AffectedConfirmed")) for road in roads),
        uncovered_days=-(-sum(uncovered, timedelta(0)) // timedelta(days=1)),
    )


def _death_reports(roads: Iterable[Road]) -> DeathReports:
    """Only of whoever had left; whoever died before is counted among the deaths and owes nobody a report."""
    roads = tuple(roads)
    took = [road.death_filed_at - road.died_at for road in roads if road.died_at and road.death_filed_at]
    return DeathReports(
        filed=len(took),
        slowest=max(took, default=None),
        waived=sum(bool(road.died_at and road.codes_of("AccidentReportWaived")) for road in roads),
        owed=sum(road.state == State.ACCIDENT_REPORT_OWED for road in roads),
    )


def late_by(road: Road, now: datetime) -> timedelta | None:
    """Return how late somebody came home, or is still out; None when in time. As the report's teams tell it."""
    limit = road.home_by or road.due_back
    if not road.travelled or limit is None or (road.over and road.returned_at is None):
        return None
    end = road.returned_at or now
    return end - min(limit, road.due_back or limit) if end > limit else None


def _thin(entries: Iterable[Entry]) -> ThinUnits:
    """Units that were below their redline while somebody of theirs was promised or away; an answer counts as last given."""
    said: dict[str, str] = {}
    over: set[str] = set()
    for entry in entries:
        if entry.type == OVER:
            over.add(entry.case_id)
        elif cases.parse(entry.case_id).kind == cases.CaseKind.THIN and "state" in entry.data:
            said[entry.case_id] = str(entry.data["state"])
    count = Counter(said.values())
    return ThinUnits(len(said), count[Thin.DRAFTED], count[Thin.DECLINED], len(said.keys() - over))


def _override(entry: Entry) -> Override:
    data = entry.data
    return Override(
        entry.at,
        entry.authority,
        str(data.get("unit_id", "")),
        str(data.get("role", "")),
        int(data.get("extra", 0)),
        str(data.get("choice") or ""),
    )


def _ratings(entries: Iterable[Entry], roads: Iterable[Road]) -> tuple[Rating, ...]:
    owed = sum(road.served and road.left_site_at is not None for road in roads)
    given: dict[Side, list[Mapping[str, int]]] = {side: [] for side in Side}
    for entry in entries:
        if entry.type == EVALUATED:
            given[Side(entry.data["side"])].append(entry.data["scores"])
    return tuple(Rating(side, len(rows), owed, _means(side, rows)) for side, rows in given.items())


def _means(side: Side, rows: list[Mapping[str, int]]) -> tuple[tuple[Criterion, int], ...] | None:
    if len(rows) < FEWEST:
        return None
    return tuple(
        (one, (200 * sum(row[one.value] for row in rows) + len(rows)) // (2 * len(rows)))
        for one in CRITERIA[side]
    )


def _lesson(entry: Entry, texts: Mapping[str, str]) -> Lesson:
    data = entry.data
    return Lesson(entry.at, entry.authority, str(data["topic"]), texts.get(str(data["lesson_id"]), ""))


def _ranked(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
