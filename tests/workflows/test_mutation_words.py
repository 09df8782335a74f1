"""What people say in their own words in a mutation, and what whoever reads the case is told of it."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.calendars.dated import read_calendar
from app.api import mutation_aftermath
from app.api.mutation_told import told
from app.api.mutation_views import MutationDetail
from app.wiring import in_force, rule_packs
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.mutation.decree_parts import DictumKind
from domain.terms import due
from lab.mutation_cases import agreed
from tests.workflows.mutation_kit import JOINED, LEFT, road

pytestmark = pytest.mark.long

_K = CommandKind


async def test_who_sees_the_case_reads_who_overrode_how_it_was_assessed_and_what_was_said(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        books, clock = case.live.books, case.live.stage.clock
        async with books.database.writing() as connection:
            await connection.execute("UPDATE people SET in_post_since = CURRENT_DATE - 30")
        await case.propose()
        await case.must(Capacity.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)
        needed = {"choice": "ORGANISATIONAL_NEED", "details": {"rule": "M02"}}
        office = Capacity.APPOINTING_AUTHORITY
        await case.must(office, _K.OVERRIDE_MUTATION_RULE, **needed, note="Puskesmas kekurangan perawat.")
        await case.must(Capacity.PERSONNEL_AGENCY, _K.PASS_SCREENING)
        ground = {"ground": "CARER"}
        await case.must(case.person, _K.HEAR_PERSON, choice="OBJECTS", details=ground, note="Ibu saya sakit.")
        await case.must(Capacity.SEKDA, _K.HEAR_RELEASING_HEAD, choice="CONSENT")
        await case.must(case.live.town.heads[case.joined], _K.HEAR_RECEIVING_HEAD, choice="CONSENT")
        against = {"choice": "NOT_SUITED", "note": "Belum cukup umur."}
        await case.must(Capacity.PERFORMANCE_REVIEW_TEAM, _K.ADVISE_AGAINST_MUTATION, **against)

        said = await books.mutations.words_of(case.mutation_id)
        assert [(row["decision"], row["words"]) for row in said["words"]] == [
            ("OVERRIDE_MUTATION_RULE", "Puskesmas kekurangan perawat."),
            ("HEAR_PERSON", "Ibu saya sakit."),
            ("ADVISE_AGAINST_MUTATION", "Belum cukup umur."),
        ]
        judged = await books.mutations.rules_of(case.mutation_id, clock.now())
        life = await case.live.value("SELECT life FROM mutations WHERE mutation_id = $1", case.mutation_id)
        (row,) = await books.mutations.board(case.live.town.government_id, None, case.mutation_id)
        page = MutationDetail.model_validate(
            {
                "as_of": {"at": clock.now(), "log": 1, "log_at": None, "zone": "Asia/Makassar"},
                "mutation": row,
                **told(life, judged, said),
                **mutation_aftermath.told(life, said, {}, [], ()),
                "second_decrees": await books.mutations.second_decrees(case.mutation_id),
                "papers": [],
            }
        )
        assert page.because == "NOT_SUITED"
        assert page.screened_at is not None
        (override,) = page.overrides
        assert (override.rule, override.ground, override.capacity) == ("M02", needed["choice"], office.value)
        assert page.assessment is not None
        assert page.assessment.verdict == "ADVISED_AGAINST"
        assert page.assessment.capacity == Capacity.PERFORMANCE_REVIEW_TEAM.value
        spoken = await case.live.value("SELECT string_agg(data::text, ' ') FROM events")
        assert not any(row["words"] in spoken for row in said["words"]), "no words in the log"


async def test_the_time_to_object_runs_from_the_day_of_the_service_and_a_correction_moves_the_date_that_is_shown(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        clock, agency = case.live.stage.clock, Capacity.PERSONNEL_AGENCY
        await case.propose()
        await case.screened()
        await case.heard()
        await case.approved()
        await case.signed(after=timedelta(days=30))
        later = {"served_at": (clock.now() + timedelta(hours=1)).isoformat()}
        refused = await case.decide(agency, _K.SERVE_DECREE, details=later)
        assert refused.refusal == "served_in_the_future"
        served = clock.now() - timedelta(hours=23)
        await case.must(agency, _K.SERVE_DECREE, details={"served_at": served.isoformat()})
        pack = in_force(rule_packs())
        zone = ZoneInfo(await case.live.value("SELECT zone FROM governments"))
        until = due(served, pack.mutation.terms.objection, read_calendar(pack.office), zone)
        told_of = await case.live.value("SELECT data ->> 'until' FROM events WHERE type = 'DecreeServed'")
        assert datetime.fromisoformat(told_of) == until

        await case.must(case.person, _K.FILE_OBJECTION, note="Jaraknya terlalu jauh.")
        await case.must(Capacity.LEGAL_BUREAU, _K.REVIEW_OBJECTION)
        moved = clock.now() + timedelta(days=40)
        said = {"effective_at": moved.isoformat()}
        await case.must(Capacity.APPOINTING_AUTHORITY, _K.CORRECT_DECREE, details=said)
        draft, _ = await case.live.books.paperwork.book.draft(case.mutation_id, clock.now())
        assert draft.subject.startswith("Perubahan atas Keputusan")
        assert draft.dictums[0].text.startswith("Mengubah Diktum KEEMPAT")
        await case.second_signed()
        (row,) = await case.live.books.mutations.board(case.live.town.government_id, None, case.mutation_id)
        assert row["effective_at"] == moved


async def test_a_decree_says_what_it_takes_note_of_what_was_asked_and_which_decree_it_undoes(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        books = case.live.books
        home = await case.live.value("SELECT position_id FROM people WHERE person_id = $1", case.person)
        await case.propose()
        await case.screened()
        await case.heard()
        await case.must(Capacity.PERFORMANCE_REVIEW_TEAM, _K.RECOMMEND_MUTATION)
        granted = agreed(case.live.stage.clock.now())
        await case.must(Capacity.PERSONNEL_AGENCY, _K.GRANT_CLEARANCE, details=granted)
        await case.must(Capacity.SEKDA, _K.COUNSEL_FOR_MUTATION)
        await case.must(Capacity.APPOINTING_AUTHORITY, _K.APPROVE_MUTATION)
        await case.signed()
        first = await case.live.value("SELECT number FROM decrees")
        noted = await case.live.value("SELECT notes FROM decrees")
        assert f"Badan Kepegawaian Negara Nomor {granted['reference']} tanggal " in noted[0]
        heard = await case.live.value("SELECT array_agg(number ORDER BY paper) FROM case_papers")
        assert len(noted) == 1 + len(heard)
        assert all(number in line for number, line in zip(heard, noted[1:], strict=True))
        await case.handed_over()
        await case.in_effect()

        async with books.database.writing() as connection:
            await connection.execute("UPDATE people SET in_post_since = '2023-01-02'")
        back = replace(case, position=home, left=JOINED, joined=LEFT)
        await back.propose(reverses=case.mutation_id)
        async with books.database.writing() as connection:
            await connection.execute(
                "UPDATE mutations SET initiative = 'OWN_REQUEST' WHERE mutation_id = $1", back.mutation_id
            )
        draft, _ = await books.paperwork.book.draft(back.mutation_id, case.live.stage.clock.now())
        own, undoing = draft.considerations[2:4]
        assert "permohonan pindah atas permintaan sendiri" in own
        assert first in undoing
        (revoked,) = (one.text for one in draft.dictums if one.kind == DictumKind.REVOCATION)
        assert revoked.startswith(f"Keputusan {draft.authority} Nomor {first} tanggal ")
