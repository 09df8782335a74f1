"""What a case's own papers say, of what the registry knows: people and posts by name, by what right each one speaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from adapters.postgres.database import Connection, queries
from adapters.postgres.decree_hands import signatory_of
from adapters.postgres.decree_wording import authority_of
from adapters.postgres.order_words import BY_TENURE, ROMAN
from domain import cases
from domain.authority import Tenure
from domain.mutation.case_papers import PARTY_OF, CasePaper, paper_number, stated_at
from domain.mutation.decree_parts import CannotBeMade, PersonInWords, PostInWords, Refused
from domain.mutation.decree_words import standing_subject
from domain.mutation.reasons import HeadObjection, PersonObjection
from domain.mutation.records import (
    DecreeRef,
    DutyStart,
    Erratum,
    HandoverItem,
    HandoverKind,
    HandoverRecord,
    HearingMinutes,
    Record,
    RecordHead,
)
from domain.mutation.states import Outcome, Party
from domain.order_parts import Capacity, Letterhead, Signatory
from domain.rules import RulePack

_NOBODY = Signatory(person_id="", name="", nip="", position="", capacity=Capacity.DEFINITIVE)
"""Stands where a paper lacks somebody; what is missing is said of it."""


async def record_of(connection: Connection, row: Any, pack: RulePack, at: datetime) -> Record | Refused:
    """Return what a paper says as of an instant, or all that keeps it from being made; `row` is of `papers_to_make`."""
    paper = CasePaper(row["paper"])
    by, _ = await _hand(connection, row["command_id"])
    try:
        match paper:
            case CasePaper.HANDOVER:
                return await _handover(connection, row, pack, by)
            case CasePaper.DUTY_START:
                return _duty_start(row, pack, by, at)
            case CasePaper.ERRATUM:
                return await _erratum(connection, row, pack)
            case _:
                return await _minutes(connection, row, pack, by)
    except CannotBeMade as error:
        return Refused(error.found)


async def items_of(connection: Connection, mutation_id: str) -> tuple[HandoverItem, ...]:
    """Return what somebody hands over, as it is listed."""
    rows = await queries.handover_items_of(connection, mutation_id=mutation_id)
    return tuple(HandoverItem(HandoverKind(row["kind"]), row["what"], row["condition"]) for row in rows)


async def _minutes(connection: Connection, row: Any, pack: RulePack, by: Signatory) -> HearingMinutes:
    """Who heard is who passed the screening, and so asked all three; who spoke for a unit is who decided for it."""
    asked = await queries.asked_to_be_heard(connection, mutation_id=row["mutation_id"], at=row["filed_at"])
    heard_by, office = await _hand(connection, asked)
    party = PARTY_OF[CasePaper(row["paper"])]
    grounds = PersonObjection if party == Party.PERSON else HeadObjection
    return HearingMinutes(
        head=_head(row, pack, office, row["filed_at"]),
        person=_person(row),
        post=_left(row),
        proposed=_joined(row),
        heard_by=heard_by,
        answer_by=row["answer_by"] or row["filed_at"],
        outcome=Outcome(row["outcome"]),
        ground=grounds(row["ground"]) if row["ground"] else None,
        party=party,
        counter_date=row["counter_date"],
        spoken_by=by if party != Party.PERSON and row["command_id"] else None,
    )


async def _handover(connection: Connection, row: Any, pack: RulePack, by: Signatory) -> HandoverRecord:
    to = await queries.handover_of(connection, mutation_id=row["mutation_id"])
    told = {key: value or "" for key, value in dict(to or {}).items()}
    return HandoverRecord(
        head=_at_the_origin(row, _head(row, pack, row["from_unit_name"], row["filed_at"])),
        decree=_decree(row, pack),
        leaving=_person(row),
        taking_over=PersonInWords(
            person_id=told.get("taking_over_id", ""),
            name=told.get("name", ""),
            nip=told.get("nip", ""),
            rank=told.get("grade", ""),
        ),
        taking_over_as=PostInWords(
            position_id=told.get("position_id", ""),
            position=told.get("position", ""),
            unit=told.get("unit", ""),
        ),
        post=_left(row),
        items=await items_of(connection, row["mutation_id"]),
        known_to=by,
    )


def _duty_start(row: Any, pack: RulePack, by: Signatory, at: datetime) -> DutyStart:
    zone = ZoneInfo(row["zone"])
    said_at = stated_at(CasePaper.DUTY_START, row["filed_at"], row["effective_at"], at)
    return DutyStart(
        head=_head(row, pack, row["to_unit_name"], said_at),
        decree=_decree(row, pack),
        person=_person(row),
        post=_joined(row),
        effective_on=row["effective_at"].astimezone(zone).date(),
        began_on=said_at.astimezone(zone).date(),
        stated_by=by,
    )


async def _erratum(connection: Connection, row: Any, pack: RulePack) -> Erratum:
    """It has the number and the day that its decision says, and is signed by the right by which the decree is."""
    said = await queries.erratum_words(connection, command_id=row["command_id"])
    hand = await queries.paper_hand(connection, command_id=row["command_id"])
    decree, zone = _decree(row, pack), ZoneInfo(row["zone"])
    dated = said["dated"]
    at = datetime.combine(date.fromisoformat(dated), time.min, zone) if dated else row["filed_at"]
    signs = {
        "capacity": hand["capacity"],
        "tenure": hand["tenure"],
        "mandate_letter": hand["mandate_letter"],
        "signatory_id": hand["actor_id"],
        "signatory": hand["name"],
        "signatory_nip": hand["nip"],
        "signatory_grade": hand["grade"] or "",
        "signatory_position": hand["position"],
    }
    return Erratum(
        head=replace(_head(row, pack, decree.issuer, at), number=said["number"]),
        decree=decree,
        person=_person(row),
        written=said["written"] or "",
        meant=said["meant"] or "",
        signed_by=signatory_of(signs, pack.mutation.decree, decree.issuer),
    )


def _head(row: Any, pack: RulePack, office: str, at: datetime) -> RecordHead:
    local = at.astimezone(ZoneInfo(row["zone"]))
    paper, key, revision = CasePaper(row["paper"]), row["mutation_id"], row["revision"]
    return RecordHead(
        record_id=f"{key}/{paper}/{revision}",
        case_id=cases.mutation(key),
        government_id=row["government_id"],
        zone=row["zone"],
        letterhead=Letterhead(government=row["government"], office=office),
        number=paper_number(paper, key, revision, month=ROMAN[local.month - 1], year=local.year),
        signed_place=row["place"],
        signed_at=at,
        verification_base=pack.decree.verification_base,
        salt=row["salt"],
        synthetic=row["synthetic"],
    )


def _at_the_origin(row: Any, head: RecordHead) -> RecordHead:
    """The unit that lets go writes on its own government's paper, and by its clock."""
    letterhead = replace(head.letterhead, government=row["from_government"])
    return replace(head, letterhead=letterhead, signed_place=row["from_place"], zone=row["from_zone"])


def _decree(row: Any, pack: RulePack) -> DecreeRef:
    return DecreeRef(
        issuer=authority_of(row, pack),
        number=row["decree_number"],
        dated=row["decree_signed_at"].astimezone(ZoneInfo(row["zone"])).date(),
        subject=standing_subject(pack.decree.where(between=_between(row)), row["government"]),
    )


async def _hand(connection: Connection, command_id: str | None) -> tuple[Signatory, str]:
    """Return by what right somebody decided, and in which unit they serve; nobody where nobody did."""
    row = command_id and await queries.paper_hand(connection, command_id=command_id)
    if not row:
        return _NOBODY, ""
    capacity = BY_TENURE[Tenure(row["tenure"])]
    signatory = Signatory(
        person_id=row["actor_id"],
        name=row["name"],
        nip=row["nip"],
        rank=row["grade"] or "",
        position=row["position"] or "",
        capacity=capacity,
        principals=(row["holder_position"] or "",) if capacity is Capacity.ON_BEHALF else (),
        delegation_ref=row["mandate_letter"] or "",
    )
    return signatory, row["unit"] or ""


def _person(row: Any) -> PersonInWords:
    return PersonInWords(
        person_id=row["person_id"],
        name=row["person_name"],
        nip=row["person_nip"],
        rank=row["person_grade"] or "",
    )


def _between(row: Any) -> bool:
    return bool(row["from_government_id"] != row["government_id"])


def _left(row: Any) -> PostInWords:
    unit = row["from_unit_name"]
    if _between(row):
        unit = f"{unit}, {row['from_government']}"
    return PostInWords(position_id=row["from_position"], position=row["from_name"], unit=unit)


def _joined(row: Any) -> PostInWords:
    return PostInWords(position_id=row["position_id"], position=row["to_name"], unit=row["to_unit_name"])
