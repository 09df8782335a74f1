"""The road of a mutation on the real engine: proposed, screened, heard, decided, decreed, in force, reported."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.rebuild import boards_hold
from app import actions, refusals
from app.wiring import in_force
from audit.replay import replay_case
from domain.authority import Capacity
from domain.commands import CommandKind, CommandState
from domain.rules import RulePack
from domain.terms import Term, Unit
from lab import small_town
from runtime.sandbox import strict_runner
from runtime.temporal import data_converter
from tests.patience import until
from tests.workflows.kit import rules
from tests.workflows.mutation_kit import FILE, JOINED, LEFT, road
from workflows import ALL

pytestmark = pytest.mark.long

_K = CommandKind


async def test_somebody_is_moved_by_a_decree_and_holds_the_new_position_from_its_date_on(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        proposed = await case.propose()
        assert proposed.state == CommandState.APPLIED, proposed.refusal
        await case.screened()
        await case.heard("OBJECTS", ground="DISTANCE")
        await case.approved()
        assert await case.live.value("SELECT reserves FROM mutations")
        await case.signed(after=timedelta(seconds=3))
        assert await case.live.value("SELECT state FROM decrees") == "ISSUED"
        assert await case.checked() == set()
        kept = await case.live.books.mutations.paper(case.mutation_id, "DECREE", whole=True)
        assert kept is not None
        assert kept[1] is not None
        approved = await case.live.value(
            "SELECT dossier_sha256 FROM mutation_screenings WHERE outcome = 'ELIGIBLE'"
        )
        assert [one["dossier_sha256"] for one in kept[1]["facts"]["moves"]] == [approved]
        held = await boards_hold(
            case.live.books.database, case.live.town.government_id, case.live.stage.clock.now()
        )
        assert (held.rows > 0, held.violations) == (True, 0)
        await case.handed_over()

        async def in_effect() -> bool:
            return await case.state() == "EFFECTIVE"

        await until(in_effect)
        unit = "SELECT unit_id FROM people WHERE person_id = $1"
        assert await case.live.value(unit, case.person) == JOINED
        heads = "SELECT headcount FROM unit_roles WHERE unit_id = $1 AND role = 'nurse'"
        assert [await case.live.value(heads, one) for one in (LEFT, JOINED)] == [7, 9]
        await case.reported()
        assert await case.state() == "REPORTED"
        assert await case.live.runs(case.case_id), "the person may still object"


async def test_what_ends_a_case_ends_it_and_a_case_that_nothing_carries_is_taken_up_again(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        await case.propose()
        for who, code in (
            (case.live.town.heads[JOINED], "no_authority"),
            (Capacity.PERSONNEL_AGENCY, "not_the_proposer"),
        ):
            with pytest.raises(actions.NotAllowed, match=code):
                await case.decide(who, _K.WITHDRAW_MUTATION)
        await case.must(case.live.town.heads[LEFT], _K.WITHDRAW_MUTATION)
        assert await case.live.handle(case.case_id).result() == "WITHDRAWN"
        late = await case.decide(Capacity.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)
        assert (late.state, late.refusal) == (CommandState.REFUSED, "already_ended")

        await case.propose(documents=frozenset())
        await case.must(Capacity.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)
        for kind, code in (
            (_K.FIND_INELIGIBLE, "rules_do_not_forbid"),
            (_K.PASS_SCREENING, "file_incomplete"),
        ):
            refused = await case.decide(Capacity.PERSONNEL_AGENCY, kind)
            assert refused.refusal == code
        lacking = await refusals.told(case.live.books, refused)
        assert lacking.endswith("; documents: UNIT_PROPOSAL, WORKLOAD_ANALYSIS, POSITION_MAP"), lacking
        await case.must(Capacity.PERSONNEL_AGENCY, _K.RETURN_MUTATION, choice="INCOMPLETE")
        await case.live.handle(case.case_id).terminate("lost")
        starter = case.live.books.starter(case.live.client, case.live.queue)
        assert case.case_id in await starter.reconcile()
        home = await case.live.value("SELECT position_id FROM people WHERE person_id = $1", case.person)
        for position, code in ((home, "same_post"), ("nowhere", "no_such_position")):
            elsewhere = {"position_id": position}
            sent = await case.decide(case.live.town.heads[LEFT], _K.RESUBMIT_MUTATION, details=elsewhere)
            assert sent.refusal == code
        handed_in = {"documents": " ".join(FILE)}
        await case.must(case.live.town.heads[LEFT], _K.RESUBMIT_MUTATION, details=handed_in)
        await case.must(Capacity.PERSONNEL_AGENCY, _K.PASS_SCREENING)
        await case.heard()
        await case.must(Capacity.PERFORMANCE_REVIEW_TEAM, _K.ADVISE_AGAINST_MUTATION, choice="NOT_SUITED")
        assert await case.live.handle(case.case_id).result() == "REJECTED"

        charged = "INSERT INTO processes VALUES ($1, 'kota-kecil', 'COURT_PROCESS', NULL)"
        async with case.live.books.database.writing() as connection:
            await connection.execute(charged, case.person)
        await case.propose()
        await case.must(Capacity.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)
        assert (await case.decide(Capacity.PERSONNEL_AGENCY, _K.PASS_SCREENING)).refusal == "rules_forbid"
        await case.must(Capacity.PERSONNEL_AGENCY, _K.FIND_INELIGIBLE)
        assert await case.live.handle(case.case_id).result() == "INELIGIBLE"
        kept = (
            "SELECT array_agg(outcome ORDER BY screened_at) FROM mutation_screenings WHERE mutation_id = $1"
        )
        assert await case.live.value(kept, case.mutation_id) == ["INELIGIBLE", "INELIGIBLE"]


async def test_the_secretary_who_heads_a_unit_proposes_nobody_of_it_and_is_heard_where_another_does(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        town, clerk = case.live.town, case.live.town.staff[JOINED][3]
        secretary = town.officers[Capacity.SEKDA]
        async with case.live.books.database.writing() as connection:
            await connection.execute(
                "UPDATE appointments SET person_id = $1 WHERE capacity = 'UNIT_HEAD' AND unit_id = $2",
                secretary,
                LEFT,
            )
            await connection.execute(
                "INSERT INTO appointments (person_id, government_id, capacity, valid)"
                " SELECT $1, government_id, capacity, valid FROM appointments WHERE capacity = 'PERSONNEL_AGENCY'",
                clerk,
            )
        town.heads[LEFT] = secretary
        with pytest.raises(actions.Faulty, match="nobody would be left to speak for the unit"):
            await case.propose()
        assert await case.live.value("SELECT count(*) FROM mutations") == 0

        town.heads[LEFT] = clerk
        await case.propose()
        await case.screened()
        await case.must(secretary, _K.HEAR_RELEASING_HEAD, choice="CONSENT")
        await case.must(case.person, _K.HEAR_PERSON, choice="CONSENT")
        await case.must(town.heads[JOINED], _K.HEAR_RECEIVING_HEAD, choice="CONSENT")
        await case.approved()
        assert await case.state() == "APPROVED"


async def test_a_rule_is_overridden_by_whom_the_pack_names_and_a_place_goes_to_one_case_only(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        async with case.live.books.database.writing() as connection:
            await connection.execute("UPDATE people SET in_post_since = CURRENT_DATE - 30")
        other = replace(case, person=case.live.town.staff[LEFT][1])
        for one in (case, other):
            await one.propose()
            await one.must(Capacity.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)
        passing = await case.decide(Capacity.PERSONNEL_AGENCY, _K.PASS_SCREENING)
        assert passing.refusal == "override_missing"
        words: dict[str, Any] = {"choice": "ORGANISATIONAL_NEED", "details": {"rule": "M02"}}
        by_secretary = await case.decide(Capacity.SEKDA, _K.OVERRIDE_MUTATION_RULE, **words)
        assert by_secretary.refusal == "no_authority"
        nothing = words | {"details": {"rule": "M05"}}
        refused = await case.decide(Capacity.APPOINTING_AUTHORITY, _K.OVERRIDE_MUTATION_RULE, **nothing)
        assert refused.refusal == "nothing_to_override"
        for one in (case, other):
            await one.must(Capacity.APPOINTING_AUTHORITY, _K.OVERRIDE_MUTATION_RULE, **words)
            await one.must(Capacity.PERSONNEL_AGENCY, _K.PASS_SCREENING)
            await one.heard()
        await case.approved()
        with pytest.raises(AssertionError, match="position_taken"):
            await other.approved()
        assert await other.state() == "AWAITING_DECISION"
        await case.must(Capacity.APPOINTING_AUTHORITY, _K.CANCEL_MUTATION, choice="NO_LONGER_NEEDED")
        await other.must(Capacity.APPOINTING_AUTHORITY, _K.APPROVE_MUTATION)


async def test_a_decree_in_force_is_undone_by_another_decree_and_both_replay_strictly(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with road(temporal_env.client, fresh_database) as case:
        home = await case.live.value("SELECT position_id FROM people WHERE person_id = $1", case.person)
        await case.whole_way()
        first = case.case_id
        back = replace(case, position=home, left=JOINED, joined=LEFT)
        async with (
            case.live.books.database.writing() as connection
        ):  # charged and not rated, which keeps nobody from going home; and not needed back
            charged = "INSERT INTO processes VALUES ($1, 'kota-kecil', 'COURT_PROCESS', NULL)"
            await connection.execute(charged, case.person)
            await connection.execute("DELETE FROM ratings")
            await connection.execute("UPDATE workload_lines SET volume_per_year = 12, minutes_each = 75000")
            await connection.execute("DELETE FROM workload_lines WHERE unit_id = 'kota-kecil.PKM-2'")
            await connection.execute("UPDATE unit_roles SET minimum = 0")
        await back.propose(reverses=case.mutation_id)
        await back.must(Capacity.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)
        await back.must(
            Capacity.APPOINTING_AUTHORITY,
            _K.OVERRIDE_MUTATION_RULE,
            choice="REORGANISATION",
            details={"rule": "M10"},
        )
        await back.whole_way(screen=False)
        assert await case.live.handle(first).result() == "REVERSED"
        assert (
            await case.live.value("SELECT position_id FROM people WHERE person_id = $1", case.person) == home
        )
        numbers = await case.live.value(
            "SELECT array_agg(sequence ORDER BY sequence) FROM decrees WHERE state = 'ISSUED'"
        )
        assert numbers == [1, 2]
        for one in (first, back.case_id):
            reports = await replay_case(
                case.live.client, one, workflows=ALL, runner=strict_runner(), data_converter=data_converter()
            )
            assert all(report.ok for report in reports), [
                line for report in reports for line in report.lines()
            ]
            history = (await case.live.handle(one).fetch_history()).to_json()
            roster = case.live.town.roster.people
            assert [word for word in (*roster.name, *roster.nip) if word in history] == []


async def test_a_proposal_that_does_not_stand_any_more_is_put_away_and_keeps_nobody_from_the_next_one(
    temporal_env: WorkflowEnvironment, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ANSWER_WITHIN", 0.0)
    async with road(temporal_env.client, fresh_database) as case:
        await case.live.stop_relay()
        proposed = await case.propose()
        heads = "UPDATE appointments SET valid = {} WHERE unit_id = 'kota-kecil.PKM-1'"
        async with case.live.books.database.writing() as connection:
            await connection.execute(heads.format("'empty'"))
        case.live.start_relay()
        refused = await small_town.answered(case.live.stage, proposed)
        assert (refused.state, refused.refusal) == (CommandState.REFUSED, "no_authority")
        assert await case.live.handle(case.case_id).result() == "WITHDRAWN"
        async with case.live.books.database.writing() as connection:
            await connection.execute(heads.format("daterange(NULL, NULL)"))
        again = await small_town.answered(case.live.stage, await case.propose())
        assert again.state == CommandState.APPLIED


def in_no_time() -> dict[str, RulePack]:
    """The pack in force, with no time for what follows a signature: whoever is asked is urged at once."""
    pack = in_force(rules())
    terms = replace(pack.mutation.terms, service=Term(0, Unit.HOURS))
    return {pack.id: replace(pack, mutation=replace(pack.mutation, terms=terms))}


async def test_whoever_can_see_to_it_is_told_when_the_books_refuse_an_effect_and_once_for_each_code(
    temporal_env: WorkflowEnvironment, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.mutation.EFFECT_AGAIN", timedelta(seconds=1))
    async with road(temporal_env.client, fresh_database, packs=in_no_time()) as case:
        holds = "UPDATE people SET position_id = $2 WHERE person_id = $1"
        home = await case.live.value("SELECT position_id FROM people WHERE person_id = $1", case.person)
        await case.propose()
        await case.screened()
        await case.heard()
        await case.approved()
        await case.signed()
        async with case.live.books.database.writing() as connection:
            await connection.execute(holds, case.person, None)
        await case.handed_over()

        async def asked() -> set[tuple[str, str]]:
            async with case.live.books.database.reading() as connection:
                rows = await connection.fetch("SELECT kind, capacity FROM tasks WHERE closed_at IS NULL")
            return {(row["kind"], row["capacity"]) for row in rows}

        settle, chase = ("SETTLE_EFFECT", "PERSONNEL_AGENCY"), ("CHASE_MUTATION", "SEKDA")

        async def told_and_urged() -> bool:
            return {settle, chase} <= await asked()

        await until(told_and_urged)
        told = "SELECT count(*) FROM tasks_told WHERE kind = 'SETTLE_EFFECT' AND reason = 'holds_another_position'"
        assert await case.live.value(told) == 1
        await asyncio.sleep(3)
        refused = "SELECT count(*) FROM events WHERE type = 'EffectRefused' AND data ->> 'reason' = $1"
        assert await case.live.value(refused, "holds_another_position") == 1, (
            "told once, and tried again meanwhile"
        )
        assert await case.state() == "HANDOVER"
        held = await boards_hold(
            case.live.books.database, case.live.town.government_id, case.live.stage.clock.now()
        )
        assert held.violations == 0

        async with case.live.books.database.writing() as connection:
            await connection.execute(holds, case.person, home)

        async def in_effect() -> bool:
            return await case.state() == "EFFECTIVE"

        await until(in_effect)
        assert settle not in await asked()
        history = (await case.live.handle(case.case_id).fetch_history()).to_json()
        people = case.live.town.roster.people
        assert [word for word in (*people.name, *people.nip) if word in history] == []
