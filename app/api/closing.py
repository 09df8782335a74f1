"""Closing a surge: both sides evaluate, lessons are noted, days and costs counted, report and evidence fetched."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, replace
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from app import closing, evidence
from app.actions import NoSuchCase, NotAllowed
from app.api.closing_views import (
    CostsView,
    DaysView,
    DonorView,
    Evaluate,
    Evaluation,
    Evaluations,
    LessonView,
    NoteLesson,
    OwnDays,
    PersonView,
    SkillView,
)
from app.api.door import At, CaseKey, Door, Uuid, Who, need
from app.api.papers import NO_STORE, PDF, pdf
from app.api.problems import errors
from app.api.reading import ReadAt
from app.closing import Lesson, Said
from app.web.report import render
from app.wiring import after_action
from domain.authority import Actor
from domain.closing.costs import PersonCost, cost_of
from domain.closing.days import days_of
from domain.closing.evaluation import CRITERIA
from domain.closing.experience import practised
from domain.closing.placed import Placed
from domain.closing.review_view import Review
from domain.report import ReportView
from domain.sight import OVERSEERS, sees_person

router = APIRouter(prefix="/v1", tags=["closing"])
READING = errors(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
WRITING = errors(HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)


@router.get("/secondments/{placement_id}/evaluation", responses=errors(HTTPStatus.NOT_FOUND))
async def show_evaluation(door: At, who: Who, placement_id: Uuid) -> Evaluations:
    """What both sides have said. Seen by the person, the home head and the overseers."""
    placed = await _placed(door, who, placement_id)
    return await _evaluations(door, placed)


@router.post("/secondments/{placement_id}/evaluation", status_code=HTTPStatus.CREATED, responses=WRITING)
async def evaluate(door: At, who: Who, placement_id: Uuid, form: Evaluate) -> Evaluations:
    """Evaluate: the person the posting, or for the host the person, once a side, after the person has left the site.

    Also after the return, up to the term of the rule pack. By: the person; command post or coordinator.
    """
    book, placement = door.books.closing, placement_id.lower()
    await closing.evaluate(door.house, book, who, placement, Said(form.scores, form.note))
    return await _evaluations(door, await book.placed(placement))


@router.get("/secondments/{placement_id}/days", responses=errors(HTTPStatus.NOT_FOUND))
async def show_days(door: At, who: Who, read_at: ReadAt, placement_id: Uuid) -> OwnDays:
    """One person's days, rest, attendance and per diem. Seen by the person, the home head and the overseers."""
    placed = await _placed(door, who, placement_id)
    road, terms = placed.road, door.books.closing.terms(placed.rule_pack)
    cost = cost_of(road, days_of(road, terms, placed.zone, at=door.house.clock.now()))
    if cost.reckoned is None:
        cost = replace(cost, reckoned=await door.books.closing.reckoned(placed.placement_id))
    return OwnDays(as_of=read_at, left_home=road.departed_at is not None, **_days(cost))


@router.get(
    "/secondments/{placement_id}/evidence",
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}}, **READING},
)
async def fetch_evidence(door: At, who: Who, placement_id: Uuid) -> Response:
    """The evidence pack of one person as ZIP, the same bytes for the same log. For the person, the home head, the auditor."""
    book = door.books.closing
    placed = await _of_government(door, who, placement_id)
    if not closing.may_fetch_evidence(who, subject_id=placed.person_id, home_unit_id=placed.unit_id):
        if sees_person(who, subject_id=placed.person_id, home_unit_id=placed.unit_id):
            raise NotAllowed("no_authority")
        raise NoSuchCase
    extracts = await book.extracts(placed.placement_id)
    travelled = await door.books.travelling.of(placed.placement_id)
    file = await asyncio.to_thread(evidence.pack, placed, extracts, travelled, book.terms(placed.rule_pack))
    return Response(file, media_type="application/zip", headers=NO_STORE)


@router.post("/surges/{surge_id}/lessons", status_code=HTTPStatus.CREATED, responses=READING)
async def note_lesson(door: At, who: Who, surge_id: CaseKey, form: NoteLesson) -> LessonView:
    """Note a lesson of a surge, also after it closed. By: coordinator or command post."""
    fact = await closing.note_lesson(
        door.house, door.books.closing, who, surge_id, Lesson(form.topic, form.text)
    )
    return LessonView(lesson_id=fact.data["lesson_id"], topic=form.topic, noted_at=fact.at)


@router.get("/surges/{surge_id}/costs", responses=READING)
async def show_costs(door: At, who: Who, read_at: ReadAt, surge_id: CaseKey) -> CostsView:
    """A surge's days, per diem and claims paid, by person, donor unit and in all, as of the newest entry. For the overseers."""
    _, review = await _after_action(door, who, surge_id)
    costs = review.costs

    def donor(one: Any) -> DonorView:
        return DonorView(**asdict(one), difference=one.difference, unit=review.units.get(one.unit_id))

    return CostsView(
        surge_id=surge_id,
        as_of=read_at,
        people=[DaysView(**_days(one)) for one in costs.people],
        donors=[donor(one) for one in costs.donors],
        total=donor(costs.total),
    )


@router.get(
    "/surges/{surge_id}/after-action",
    response_class=HTMLResponse,
    responses={200: {"content": {"text/html": {}}}, **READING},
)
async def show_after_action(door: At, who: Who, surge_id: CaseKey) -> HTMLResponse:
    """The after-action report as one HTML page, as of the newest entry. For the overseers; it names no person."""
    view, review = await _after_action(door, who, surge_id)
    return HTMLResponse(await asyncio.to_thread(render, view, review), headers=NO_STORE)


@router.get(
    "/surges/{surge_id}/after-action.pdf",
    response_class=Response,
    responses={**PDF, **READING},
)
async def fetch_after_action(door: At, who: Who, surge_id: CaseKey) -> Response:
    """The after-action report as PDF, as of the newest entry. For the overseers; it names no person."""
    view, review = await _after_action(door, who, surge_id)
    file = await asyncio.to_thread(after_action, view, review)
    return pdf(file)


@router.get("/people/{person_id}", responses=errors(HTTPStatus.NOT_FOUND))
async def show_person(door: At, who: Who, read_at: ReadAt, person_id: Uuid) -> PersonView:
    """One person of the roster, with skills and experience. Seen by the person, the unit's head and the overseers."""
    row = await door.books.closing.person(person_id.lower())
    if row is None or row["government_id"] != who.government_id:
        raise NoSuchCase
    if not sees_person(who, subject_id=row["person_id"], home_unit_id=row["unit_id"]):
        raise NoSuchCase
    rules = door.house.rules
    skills = practised(
        [(one["skill"], one["level"], one["expires_on"]) for one in row["skills"]],
        [(one["role"], one["duty"]) for one in row["experience"]],
        {role: rule.skill for role, rule in rules.roles.items()},
        after=rules.closing.practised_after,
    )
    told = [
        SkillView(
            skill=one.skill, level=one.practised, by_practice=one.by_practice, expires_on=one.expires_on
        )
        for one in skills
    ]
    return PersonView(as_of=read_at, **row | {"skills": told})


def _days(cost: PersonCost) -> dict[str, Any]:
    told: dict[str, Any] = asdict(cost)
    days: dict[str, Any] = told.pop("days")
    return told | days | {"difference": cost.difference}


async def _evaluations(door: Door, placed: Placed) -> Evaluations:
    rows: list[Mapping[str, Any]] = list(await door.books.closing.evaluations(placed.placement_id))
    return Evaluations(
        placement_id=placed.placement_id,
        sides=[Evaluation(**row) for row in rows],
        criteria={side: [one.value for one in criteria] for side, criteria in CRITERIA.items()},
    )


async def _of_government(door: Door, who: Actor, placement_id: str) -> Placed:
    try:
        placed = await door.books.closing.placed(placement_id.lower())
    except LookupError:
        raise NoSuchCase from None
    if placed.government_id != who.government_id:
        raise NoSuchCase
    return placed


async def _placed(door: Door, who: Actor, placement_id: str) -> Placed:
    placed = await _of_government(door, who, placement_id)
    if not sees_person(who, subject_id=placed.person_id, home_unit_id=placed.unit_id):
        raise NoSuchCase
    return placed


async def _after_action(door: Door, who: Actor, surge_id: str) -> tuple[ReportView, Review]:
    need(who, OVERSEERS)
    try:
        return await door.books.closing.after_action(who.government_id, surge_id)
    except LookupError:
        raise NoSuchCase from None
