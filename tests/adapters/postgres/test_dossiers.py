"""Gathering a dossier: what is recorded is in it, what nobody recorded is not, and of nobody else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from fractions import Fraction

import asyncpg
import pytest

from adapters.postgres.dossiers import DossierBook
from domain.authority import Capacity, Tenure
from domain.mutation.asking import Asked
from domain.mutation.canonical import dossier_as_json, read_dossier
from domain.mutation.codes import Charge, Education, Grade, Kinship, Rating, Tie
from domain.mutation.documents import Document
from domain.mutation.dossier import (
    Approver,
    Dossier,
    Person,
    Process,
    Relation,
    Requirements,
    Signer,
    StudyTie,
    Work,
    YearRating,
)
from domain.mutation.kinds import Agency, AgencyLevel, Election, Initiative
from domain.roster import EmploymentKind, Role
from tests.adapters.postgres.kit import Registry, registry

TOWN, LEFT, JOINED = "kota-kecil", "kota-kecil.PKM-1", "kota-kecil.PKM-2"
TODAY = date(2026, 11, 25)
POSITION = "SELECT position_id FROM positions WHERE unit_id = $1"
MAPPED = """INSERT INTO position_map (position_id, government_id, kind, job_class, heads_unit, need)
            SELECT position_id, government_id, 'GENERAL', 7, false, 9 FROM positions WHERE unit_id = ANY ($1)"""


@asynccontextmanager
async def mapped(dsn: str) -> AsyncIterator[tuple[Registry, Asked]]:
    """Give a town whose clinics are on the position map, and a nurse of the first who is to move to the second."""
    async with registry(dsn) as books:
        await books.execute(MAPPED, [LEFT, JOINED])
        person, position = books.town.staff[LEFT][0], await books.value(POSITION, JOINED)
        proposer = books.town.officers[Capacity.OPERATOR]
        yield (
            books,
            Asked(TOWN, "mutation:MU-1", person, position, Initiative.ORGANISATION, proposer, TODAY),
        )


async def dossier(books: Registry, asked: Asked) -> Dossier:
    return await DossierBook(books.database).dossier(asked)


async def test_what_nobody_recorded_is_not_in_it(fresh_database: str) -> None:
    async with mapped(fresh_database) as (books, asked):
        found = await dossier(books, asked)
        assert found.person == Person(
            asked.person_id,
            EmploymentKind.PNS,
            grade=Grade.III_B,
            competences=frozenset({"nursing_str"}),
        )
        assert found.origin.work == Work(LEFT, Role.NURSE, Fraction(0), 8, 3)
        assert found.receiving.post.requirements == Requirements()
        assert (found.receiving.post.incumbents, found.receiving.post.need) == (8, 9)
        assert found.receiving.agency == Agency(TOWN, AgencyLevel.REGENCY_CITY, "53")
        assert found.signer == Signer(books.town.officers[Capacity.SIGNATORY], Tenure.DEFINITIVE)
        authority = books.town.officers[Capacity.APPOINTING_AUTHORITY]
        assert found.approvers == {Approver(authority, Capacity.APPOINTING_AUTHORITY)}
        assert read_dossier(dossier_as_json(found)) == found
        await books.execute("DELETE FROM workload_lines")
        await books.execute("UPDATE unit_roles SET minimum = NULL, redline = 5")
        unmeasured = await dossier(books, asked)
        assert unmeasured.receiving.work == Work(JOINED, Role.NURSE, None, 8, 5)


async def test_what_is_recorded_is_in_it(fresh_database: str) -> None:
    async with mapped(fresh_database) as (books, asked):
        person = asked.person_id
        await books.execute(
            "UPDATE people SET in_post_since = '2023-01-02', leaves_on = '2045-01-01' WHERE person_id = $1",
            person,
        )
        for table, values in {
            "careers": "('2010-03-01'::date, 'S1', '2026-10-01'::date)",
            "ratings": "(2024, 'GOOD'), (2025, 'EXCELLENT'), (2025, 'POOR')",
            "processes": "('COURT_PROCESS', NULL::date), ('DISCIPLINARY_SANCTION', '2026-01-31')",
            "study_ties": "('SERVICE_BOND', '2027-06-30'::date)",
        }.items():
            await books.execute(
                f"INSERT INTO {table} SELECT $1::uuid, '{TOWN}', facts.* FROM (VALUES {values}) AS facts",
                person,
            )
        for kind, period in (("unpaid", "[2026-11-01,2026-11-25]"), ("study", "[2026-11-26,2026-12-31]")):
            await books.execute(
                "INSERT INTO absences VALUES ($1, $2, $3::text::daterange)", person, kind, period
            )
        await books.execute(
            """UPDATE position_map SET education = 'D3', competences = '{nursing_str}', lowest_grade = 'II/c',
                                       highest_grade = 'III/d' WHERE position_id = $1""",
            asked.position_id,
        )
        await books.execute("UPDATE governments SET head_since = '2025-02-20'")
        await books.execute("INSERT INTO elections VALUES ($1, '2024-09-22', '2025-02-19')", TOWN)
        await books.execute(
            """UPDATE workload_lines SET volume_per_year = 3, minutes_each = 0.1;
               INSERT INTO workload_lines SELECT unit_id, role, 'jaga', 2, 35.5 FROM workload_lines"""
        )
        found = await dossier(
            books,
            replace(
                asked,
                documents=frozenset({Document.UNIT_PROPOSAL}),
                reserved_by=frozenset({"mutation:MU-2"}),
                vacated_by=frozenset({"mutation:MU-3"}),
                joined_by_same_decree=-1,
            ),
        )
        assert found.person == Person(
            person,
            EmploymentKind.PNS,
            pns_since=date(2010, 3, 1),
            post_since=date(2023, 1, 2),
            grade=Grade.III_B,
            education=Education.S1,
            competences=frozenset({"nursing_str"}),
            ratings=frozenset(
                {
                    YearRating(2024, Rating.GOOD),
                    YearRating(2025, Rating.EXCELLENT),
                    YearRating(2025, Rating.POOR),
                }
            ),
            processes=frozenset(
                {
                    Process(Charge.COURT_PROCESS),
                    Process(Charge.DISCIPLINARY_SANCTION, date(2026, 1, 31)),
                }
            ),
            # The leave to study begins tomorrow.
            ties=frozenset({StudyTie(Tie.SERVICE_BOND, date(2027, 6, 30))}),
            inspectorate_cleared_on=date(2026, 10, 1),
            retires_on=date(2045, 1, 1),
            unpaid_leave_until=TODAY,
        )
        tomorrow = await dossier(books, replace(asked, asked_on=date(2026, 11, 26)))
        assert StudyTie(Tie.STUDY_LEAVE, date(2026, 12, 31)) in tomorrow.person.ties
        assert tomorrow.person.unpaid_leave_until is None
        assert found.receiving.post.requirements == Requirements(
            Education.D3, frozenset({"nursing_str"}), Grade.II_C, Grade.III_D
        )
        assert found.receiving.agency.elections == {Election(date(2024, 9, 22), date(2025, 2, 19))}
        assert found.receiving.agency.head_since == date(2025, 2, 20)
        assert found.receiving.work == Work(JOINED, Role.NURSE, Fraction(713, 10), 8, 3, -1)
        assert (found.receiving.post.reserved_by, found.receiving.post.vacated_by) == (
            frozenset({"mutation:MU-2"}),
            frozenset({"mutation:MU-3"}),
        )
        assert found.documents == {Document.UNIT_PROPOSAL}


async def test_a_relative_is_in_line_by_where_both_would_serve(fresh_database: str) -> None:
    async with mapped(fresh_database) as (books, asked):
        head, mate = books.town.heads[JOINED], books.town.staff[JOINED][0]
        for other, kinship in ((head, "SPOUSE"), (mate, "RELATIVE")):
            await books.execute(
                "INSERT INTO relations VALUES (least($1, $2)::uuid, greatest($1, $2)::uuid, $3, $4)",
                *(asked.person_id, other, TOWN, kinship),
            )
        related = {Relation(head, Kinship.SPOUSE, True), Relation(mate, Kinship.RELATIVE, False)}
        assert (await dossier(books, asked)).person.relations == related
        # The head of another clinic is above nobody here; a supervisor's place is above a colleague's.
        await books.execute("UPDATE appointments SET unit_id = $2 WHERE person_id = $1", head, LEFT)
        await books.execute(
            "UPDATE position_map SET kind = 'SUPERVISOR' WHERE position_id = $1", asked.position_id
        )
        turned = {Relation(head, Kinship.SPOUSE, False), Relation(mate, Kinship.RELATIVE, False)}
        assert (await dossier(books, asked)).person.relations == turned
        await books.execute("UPDATE position_map SET heads_unit = true")
        above = {
            one.in_line for one in (await dossier(books, asked)).person.relations if one.person_id == mate
        }
        assert above == {True}


async def test_a_mandate_fills_an_office_on_the_days_that_it_covers(fresh_database: str) -> None:
    async with mapped(fresh_database) as (books, asked):
        holder, deputy = books.town.officers[Capacity.SIGNATORY], books.town.staff[JOINED][0]
        mandate = await books.value(
            """INSERT INTO mandates (mandate_id, government_id, tenure, substitute_id, capacity, valid, written_by, letter,
                                     written_at)
               VALUES (gen_random_uuid(), $1, 'PLT', $2, 'SIGNATORY', $4::text::tstzrange, $3, '821/1/2026', now())
               RETURNING mandate_id""",
            *(TOWN, deputy, holder, "[2026-11-25 00:00+08,2026-11-26 00:00+08)"),
        )
        assert (await dossier(books, asked)).signer == Signer(holder, Tenure.DEFINITIVE)
        await books.execute("UPDATE appointments SET valid = '(,2026-11-24]'")
        for day, signer, approvers in ((24, holder, 1), (25, deputy, 0), (26, None, 0)):
            found = await dossier(books, replace(asked, asked_on=date(2026, 11, day)))
            assert (found.signer and found.signer.person_id) == signer
            assert len(found.approvers) == approvers
        acting = (await dossier(books, asked)).signer
        assert acting == Signer(deputy, Tenure.PLT, mandate)


async def test_what_must_be_known_and_is_not_is_named(fresh_database: str) -> None:
    async with mapped(fresh_database) as (books, asked):
        elsewhere = replace(asked, government_id="kota-lain")
        nowhere = replace(asked, position_id="nowhere")
        for wrong, said in ((elsewhere, f"person: {asked.person_id}"), (nowhere, "position: nowhere")):
            with pytest.raises(LookupError, match=said):
                await dossier(books, wrong)
        for change, said in (
            ("DELETE FROM position_map WHERE job_class = 7", "is not on the position map"),
            ("UPDATE people SET position_id = NULL", "is in no position"),
            ("UPDATE people SET active = false", "no such person"),
        ):
            await books.execute(change)
            with pytest.raises(LookupError, match=said):
                await dossier(books, asked)


async def test_a_region_must_say_in_which_province_it_lies(fresh_database: str) -> None:
    async with mapped(fresh_database) as (books, asked):
        await books.execute("UPDATE governments SET region_code = NULL")
        with pytest.raises(LookupError, match="region_code"):
            await dossier(books, asked)
        await books.execute("UPDATE governments SET level = 'national'")
        assert (await dossier(books, asked)).receiving.agency == Agency(TOWN, AgencyLevel.CENTRAL)


@pytest.mark.parametrize(
    "values",
    [
        "careers VALUES ($1::uuid, 'kota-lain', NULL, NULL, NULL)",
        "careers VALUES ($1::uuid, 'kota-kecil', NULL, 'SEKOLAH', NULL)",
        "ratings VALUES ($1::uuid, 'kota-kecil', 2025, 'FINE')",
        "processes VALUES ($1::uuid, 'kota-kecil', 'RUMOUR', NULL)",
        "relations VALUES ($1::uuid, $1::uuid, 'kota-kecil', 'SPOUSE')",
        """position_map SELECT position_id, 'kota-kecil', 'GENERAL', 7, false, 1, NULL, '{}', 'III/a', 'II/d'
             FROM positions WHERE $1::uuid IS NOT NULL LIMIT 1""",
    ],
)
async def test_no_fact_is_written_that_no_rule_could_read(fresh_database: str, values: str) -> None:
    async with registry(fresh_database) as books:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await books.execute(f"INSERT INTO {values}", books.town.staff[LEFT][0])
