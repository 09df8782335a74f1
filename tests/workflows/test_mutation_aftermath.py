"""On the real engine: the PyB counsels before it is decided; what a decree leaves to be settled is asked for until it is."""

from dataclasses import replace
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from app.actions import Faulty, NotAllowed
from audit.replay import replay_case
from domain.authority import Capacity
from domain.commands import CommandKind, CommandState
from domain.mutation.states import GroupKind, State
from domain.terms import Term, Unit
from lab.mutation_cases import agreed, entered
from runtime.sandbox import strict_runner
from runtime.temporal import data_converter
from tests.patience import until
from tests.workflows.group_kit import swapped
from tests.workflows.mutation_kit import JOINED, LEFT, Road, road
from workflows import ALL

pytestmark = pytest.mark.long

_K, _C = CommandKind, Capacity
OPEN = "SELECT array_agg(kind ORDER BY kind) FROM tasks WHERE case_id = $1 AND closed_at IS NULL"
LIFE = "SELECT life FROM mutations WHERE mutation_id = $1"


async def asked(case: Road) -> list[str]:
    return await case.live.value(OPEN, case.case_id) or []


async def cleared(case: Road, **panel: str) -> None:
    await case.propose()
    await case.screened()
    await case.heard()
    details: dict[str, Any] = dict(panel)
    await case.must(_C.PERFORMANCE_REVIEW_TEAM, _K.RECOMMEND_MUTATION, details=details)
    at = case.live.stage.clock.now()
    await case.must(_C.PERSONNEL_AGENCY, _K.GRANT_CLEARANCE, details=agreed(at))


async def test_a_jpt_is_assessed_by_a_panel_and_counselled_against_and_its_decree_takes_note_of_both(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        async with case.live.books.database.writing() as connection:
            await connection.execute("UPDATE position_map SET kind = 'JPT'")
        today = case.live.stage.clock.now().date().isoformat()
        await case.propose()
        await case.screened()
        await case.heard()
        without = await case.decide(_C.PERFORMANCE_REVIEW_TEAM, _K.RECOMMEND_MUTATION)
        assert without.refusal == "panel_minutes_missing"
        minutes = {"reference": "BA/PANSEL/7", "dated": "2026-01-05", "panel": 1}
        await case.must(_C.PERFORMANCE_REVIEW_TEAM, _K.RECOMMEND_MUTATION, details=minutes)
        at = case.live.stage.clock.now()
        await case.must(_C.PERSONNEL_AGENCY, _K.GRANT_CLEARANCE, details=agreed(at))

        assert (await case.state(), await asked(case)) == ("COUNSEL", ["COUNSEL_MUTATION"])
        assert (await case.decide(_C.APPOINTING_AUTHORITY, _K.APPROVE_MUTATION)).refusal == "not_now"
        with pytest.raises(NotAllowed, match="no_authority"):
            await case.decide(_C.APPOINTING_AUTHORITY, _K.COUNSEL_FOR_MUTATION)
        paper = {"reference": "800/SEKDA/9", "dated": today}
        await case.must(_C.SEKDA, _K.COUNSEL_AGAINST_MUTATION, choice="BELOW_NEED", details=paper)
        assert await asked(case) == ["DECIDE_MUTATION"]
        told = await case.live.books.mutations.words_of(case.mutation_id)
        assert told["counsel"]["because"] == "BELOW_NEED"
        assert told["counsel"]["person_id"] == case.live.town.officers[_C.SEKDA]

        await case.must(_C.APPOINTING_AUTHORITY, _K.APPROVE_MUTATION)
        await case.signed()
        notes = await case.live.value("SELECT notes FROM decrees")
        assert [note.partition(" tanggal ")[0] for note in notes][1:3] == [
            "Berita Acara Panitia Seleksi Nomor BA/PANSEL/7",
            "Pertimbangan Pejabat yang Berwenang Nomor 800/SEKDA/9",
        ]


async def test_whoever_overrode_a_rule_does_not_counsel_and_counsel_that_does_not_come_is_no_approval(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await case.live.stop_worker()
        hurried = {}
        for name, pack in case.live.books.rules.items():
            terms = replace(pack.mutation.terms, counsel=Term(0, Unit.HOURS))
            hurried[name] = replace(pack, mutation=replace(pack.mutation, terms=terms))
        patient, case.live.books = case.live.books, replace(case.live.books, rules=hurried)
        case.live.start_worker()
        await cleared(case)

        async def waived() -> bool:
            return await case.state() == State.AWAITING_DECISION

        await until(waived)
        life = await case.live.value(LIFE, case.mutation_id)
        assert (life["counsel"]["advice"], life["decided_by"]) == ("WAIVED", None)
        assert await asked(case) == ["DECIDE_MUTATION"]
        late = await case.decide(_C.SEKDA, _K.COUNSEL_FOR_MUTATION)
        assert late.refusal == "not_now"

        await case.live.stop_worker()
        case.live.books = patient
        case.live.start_worker()
        async with case.live.books.database.writing() as connection:
            await connection.execute("UPDATE workload_lines SET minutes_each = 1")
        other = replace(case, person=case.live.town.staff[LEFT][1])
        await other.propose()
        await other.must(_C.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)
        words: dict[str, Any] = {"choice": "ORGANISATIONAL_NEED", "details": {"rule": "M10"}}
        await other.must(_C.SEKDA, _K.OVERRIDE_MUTATION_RULE, **words)
        await other.must(_C.PERSONNEL_AGENCY, _K.PASS_SCREENING)
        head = other.live.town.heads[JOINED]
        await other.must(other.person, _K.HEAR_PERSON, choice="CONSENT")
        await other.must(head, _K.HEAR_RECEIVING_HEAD, choice="CONSENT")
        with pytest.raises(NotAllowed, match="two_parts"):
            await other.decide(_C.SEKDA, _K.COUNSEL_FOR_MUTATION)


async def test_an_absence_is_answered_before_the_case_can_be_taken_back(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await case.propose()
        await case.screened()
        await case.heard()
        await case.approved()
        await case.signed()
        head = case.live.town.heads
        await case.must(_C.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        await case.must(head[LEFT], _K.BEGIN_HANDOVER)
        await case.must(head[JOINED], _K.REPORT_DUTY_NOT_STARTED)
        assert await asked(case) == ["SETTLE_ABSENCE", "SETTLE_NO_SHOW"], "the head has proposed"
        taken_back: dict[str, Any] = {"choice": "DID_NOT_BEGIN", "details": {"number": "821.2/900/BKPSDM"}}
        early = await case.decide(_C.APPOINTING_AUTHORITY, _K.CANCEL_MUTATION, **taken_back)
        assert early.refusal == "absence_unanswered"
        with pytest.raises(NotAllowed, match="no_authority"):
            await case.decide(head[JOINED], _K.EXCUSE_ABSENCE, choice="HEALTH")
        await case.must(head[LEFT], _K.EXCUSE_ABSENCE, choice="HEALTH")
        assert await asked(case) == ["SETTLE_NO_SHOW"]
        again = await case.decide(_C.PERSONNEL_AGENCY, _K.OPEN_DISCIPLINE_CASE)
        assert again.refusal == "no_absence"
        await case.must(_C.APPOINTING_AUTHORITY, _K.CANCEL_MUTATION, **taken_back)
        await case.second_signed()
        await case.second_final()
        assert await case.live.handle(case.case_id).result() == "CANCELLED_BEFORE_EFFECT"


async def test_what_undoes_a_decree_retracts_its_entry_and_knows_its_lawsuit_and_whoever_pays_is_told(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        books = case.live.books.mutations
        home = await case.live.value("SELECT position_id FROM people WHERE person_id = $1", case.person)
        await case.whole_way()
        unproven = await case.decide(_C.PERSONNEL_AGENCY, _K.REPORT_MUTATION)
        assert unproven.refusal == "entry_unproven"
        await case.reported()
        today = case.live.stage.clock.now().date().isoformat()
        suit = {"reference": "12/G/2026/PTUN.KPG", "dated": today}
        await case.must(_C.LEGAL_BUREAU, _K.NOTE_LAWSUIT, details=suit)
        judged = await books.rules_of(case.mutation_id, case.live.stage.clock.now())
        (pack,) = case.live.books.rules
        entry = await books.entry_of(case.mutation_id, judged.dossier, pack)
        assert entry is not None
        number = await case.live.value("SELECT number FROM decrees")
        assert (entry["nomorSk"], entry["jenisJabatan"], entry["unorId"]) == (number, "4", "PKM-2")
        paid = "SELECT data FROM events WHERE type = 'PayrollNoticed' AND case_id = $1"
        notice = await case.live.value(paid, case.case_id)
        assert (notice["from_position"], notice["to_position"]) == (home, case.position)
        assert (notice["to_unit"], notice["job_class"]) == (JOINED, 7)

        back = replace(case, position=home, left=JOINED, joined=LEFT)
        await back.propose(reverses=case.mutation_id)

        async def undone_by() -> str | None:
            (row,) = await books.board(case.live.town.government_id, None, case.mutation_id)
            told: str | None = row["undone_by"]
            return told

        assert await undone_by() is None, "not before the decree that undoes it has effect"
        assert await books.lawsuits_of_undone(back.mutation_id) == [
            {"number": suit["reference"], "dated": suit["dated"]}
        ]
        await back.must(_C.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)
        words: dict[str, Any] = {"choice": "REORGANISATION", "details": {"rule": "M10"}}
        await back.must(_C.APPOINTING_AUTHORITY, _K.OVERRIDE_MUTATION_RULE, **words)
        await back.whole_way(screen=False)
        assert await case.live.handle(case.case_id).result() == "REVERSED"
        assert await undone_by() == back.mutation_id
        assert await asked(back) == ["REPORT_MUTATION", "RETRACT_ENTRY"]
        await back.reported()
        assert await asked(back) == ["RETRACT_ENTRY"]
        never = await back.decide(_C.PERSONNEL_AGENCY, _K.RETRACT_ENTRY, choice="NEVER_ENTERED")
        assert never.refusal == "entered_already"
        at = case.live.stage.clock.now()
        await back.must(_C.PERSONNEL_AGENCY, _K.RETRACT_ENTRY, choice="RETRACTED", details=entered(at))
        assert await asked(back) == []
        for one in (case.case_id, back.case_id):
            reports = await replay_case(
                case.live.client, one, workflows=ALL, runner=strict_runner(), data_converter=data_converter()
            )
            assert all(report.ok for report in reports), [
                line for report in reports for line in report.lines()
            ]


async def test_who_wait_for_each_others_full_posts_are_told_to_form_a_swap_and_are_no_batch(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as first:
        pair = await swapped(first)
        one, other = pair.roads
        books = first.live.books.mutations
        assert await books.circle_of(one.mutation_id) == (), "both posts have a place"
        async with first.live.books.database.writing() as connection:
            await connection.execute(
                "UPDATE position_map m SET need = (SELECT count(*) FROM people p WHERE p.position_id = m.position_id)"
            )
        assert await books.circle_of(one.mutation_id) == (one.mutation_id, other.mutation_id)
        assert await books.circle_of(other.mutation_id) == (other.mutation_id, one.mutation_id)
        await one.must(_C.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)
        passed = await one.decide(_C.PERSONNEL_AGENCY, _K.PASS_SCREENING)
        assert passed.refusal == "waits_in_a_circle"
        with pytest.raises(Faulty, match=f"group form SWAP .*{one.mutation_id}"):
            await pair.form(GroupKind.BATCH)
        formed = await pair.form(GroupKind.SWAP)
        assert formed.state == CommandState.APPLIED
        assert await books.circle_of(one.mutation_id) == ()
        again = await one.decide(_C.PERSONNEL_AGENCY, _K.PASS_SCREENING)
        assert again.refusal in (None, "override_missing")
