"""The dossier of a mutation, gathered from the registry in one snapshot. What nobody recorded is left out of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from adapters.postgres.database import Connection, Database, queries
from domain.authority import Appointment, Capacity, Tenure
from domain.mutation.asking import Asked
from domain.mutation.codes import Charge, Education, Grade, Kinship, PositionKind, Rating, Tie
from domain.mutation.dossier import (
    Dossier,
    Person,
    Post,
    Process,
    Relation,
    Requirements,
    Side,
    StudyTie,
    Work,
    YearRating,
)
from domain.mutation.hands import Holder, approver_of, signer_of
from domain.mutation.kin import Place, in_line
from domain.mutation.kinds import Agency, AgencyLevel, Election
from domain.roster import EmploymentKind, Role

_LEVELS = {
    "city": AgencyLevel.REGENCY_CITY,
    "regency": AgencyLevel.REGENCY_CITY,
    "province": AgencyLevel.PROVINCE,
    "national": AgencyLevel.CENTRAL,
}
_OFFICES = (Capacity.APPOINTING_AUTHORITY, Capacity.SIGNATORY)


class DossierBook:
    """Reads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def dossier(self, asked: Asked) -> Dossier:
        """Return what the registry knows of a mutation; raises LookupError naming what it must know and does not."""
        async with (
            self._database.reading() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            return await _dossier(connection, asked)


async def _dossier(connection: Connection, asked: Asked) -> Dossier:
    row = await queries.dossier_person(
        connection, person_id=asked.person_id, government_id=asked.government_id, asked_on=asked.asked_on
    )
    if row is None:
        raise LookupError(f"no such person: {asked.person_id}")
    if row["position_id"] is None:
        raise LookupError(f"person {asked.person_id} is in no position")
    left, joined = [await _position(connection, one) for one in (row["position_id"], asked.position_id)]
    where = Place(tuple(joined["line"]), PositionKind(joined["kind"]), _headed(joined))
    holders = await _holders(connection, joined["government_id"], asked.asked_on)
    involved = frozenset({asked.person_id, asked.proposer_id})
    approver = approver_of(holders, involved)
    deciding = {approver.person_id, approver.principal_id} if approver else set()
    return Dossier(
        case_id=asked.case_id,
        asked_on=asked.asked_on,
        initiative=asked.initiative,
        proposer_id=asked.proposer_id,
        person=_person(row, asked.person_id, await _relations(connection, asked, where)),
        origin=Side(
            await agency_of(connection, left["government_id"]),
            _post(left),
            # Whose work it is says the person, not the position: that is how the workload is counted.
            await _work(connection, row["unit_id"], row["role"], asked.left_by_same_decree),
        ),
        receiving=Side(
            await agency_of(connection, joined["government_id"]),
            _post(joined, asked.reserved_by, asked.vacated_by),
            await _work(connection, joined["unit_id"], joined["role"], asked.joined_by_same_decree),
        ),
        signer=signer_of(holders, involved | frozenset(one for one in deciding if one)),
        approvers=frozenset({approver} if approver else ()),
        documents=asked.documents,
        restores=asked.restores,
    )


async def _position(connection: Connection, position_id: str) -> Any:
    row = await queries.dossier_post(connection, position_id=position_id)
    if row is None:
        raise LookupError(f"no such position: {position_id}")
    if row["kind"] is None:
        raise LookupError(f"position {position_id} is not on the position map")
    return row


def _person(row: Any, person_id: str, relations: frozenset[Relation]) -> Person:
    grades = {grade.value for grade in Grade}
    return Person(
        person_id=person_id,
        employment=EmploymentKind(row["employment"]),
        pns_since=row["pns_since"],
        post_since=row["in_post_since"],
        # A PPPK's Roman number is no grade of a PNS.
        grade=Grade(row["grade"]) if row["grade"] in grades else None,
        education=Education(row["education"]) if row["education"] else None,
        competences=frozenset(row["competences"]),
        ratings=frozenset(YearRating(year, Rating(rating)) for year, rating in row["ratings"]),
        processes=frozenset(Process(Charge(charge), until) for charge, until in row["processes"]),
        ties=frozenset(StudyTie(Tie(tie), until) for tie, until in row["ties"]),
        inspectorate_cleared_on=row["inspectorate_cleared_on"],
        retires_on=row["leaves_on"],
        unpaid_leave_until=row["unpaid_leave_until"],
        relations=relations,
    )


def _post(
    row: Any, reserved_by: frozenset[str] = frozenset(), vacated_by: frozenset[str] = frozenset()
) -> Post:
    return Post(
        position_id=row["position_id"],
        unit_id=row["unit_id"],
        kind=PositionKind(row["kind"]),
        job_class=row["job_class"],
        heads_unit=row["heads_unit"],
        need=row["need"],
        incumbents=row["incumbents"],
        requirements=Requirements(
            Education(row["education"]) if row["education"] else None,
            frozenset(row["competences"]),
            Grade(row["lowest_grade"]) if row["lowest_grade"] else None,
            Grade(row["highest_grade"]) if row["highest_grade"] else None,
        ),
        reserved_by=reserved_by,
        vacated_by=vacated_by,
    )


def _headed(row: Any) -> frozenset[str]:
    return frozenset({row["unit_id"]} if row["heads_unit"] else ())


async def _work(connection: Connection, unit_id: str, role: str, by_same_decree: int) -> Work:
    row = await queries.dossier_work(connection, unit_id=unit_id, role=role)
    minutes = _minutes(row["tasks"])
    return Work(unit_id, Role(role), minutes, row["headcount"], row["minimum"], by_same_decree)


def _minutes(tasks: Sequence[tuple[float, float]]) -> Fraction | None:
    """Return the minutes of a year; the shortest spelling of a float is the decimal number that was imported."""
    exact = [Fraction(repr(volume)) * Fraction(repr(each)) for volume, each in tasks]
    return sum(exact, Fraction()) if exact else None


async def agency_of(connection: Connection, government_id: str) -> Agency:
    """Return one side of a mutation; raises LookupError where nobody knows in which province it lies."""
    row = await queries.dossier_agency(connection, government_id=government_id)
    level, code = _LEVELS[row["level"]], row["region_code"]
    if code is None and level != AgencyLevel.CENTRAL:
        raise LookupError(f"government {government_id} says not in which province it lies (region_code)")
    return Agency(
        agency_id=government_id,
        level=level,
        province=code[:2] if code else None,
        head_since=row["head_since"],
        elections=frozenset(Election(candidates_on, ends) for candidates_on, ends in row["elections"]),
    )


async def _relations(connection: Connection, asked: Asked, where: Place) -> frozenset[Relation]:
    rows = await queries.dossier_relations(connection, person_id=asked.person_id, asked_on=asked.asked_on)
    return frozenset(
        Relation(row["person_id"], Kinship(row["kinship"]), in_line(where, _place(row))) for row in rows
    )


def _place(row: Any) -> Place:
    kind = PositionKind(row["kind"]) if row["kind"] else None
    return Place(tuple(row["line"]), kind, frozenset(row["heads"]))


async def _holders(connection: Connection, government_id: str, asked_on: date) -> list[Holder]:
    rows = await queries.dossier_offices(
        connection,
        government_id=government_id,
        capacities=[office.value for office in _OFFICES],
        asked_on=asked_on,
    )
    return [
        Holder(
            row["person_id"],
            Appointment(
                Capacity(row["capacity"]),
                None,
                Tenure(row["tenure"]),
                row["principal_id"],
                row["written_by"],
                row["mandate_id"],
                None if row["scope"] is None else frozenset(row["scope"]),
            ),
        )
        for row in rows
    ]
