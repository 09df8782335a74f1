"""Nobody is named where nothing can be erased: not in a history, not in the log, not in a command."""

import json

import pytest
from temporalio.testing import WorkflowEnvironment

from app.actions import Decision
from domain import cases
from domain.commands import CommandKind
from lab import small_town
from tests import golden_kit
from tests.patience import until
from tests.workflows.kit import LiveTown, case_of, live_town

NOTE = "Anak saya demam berdarah, mohon pengertian Ibu Camat"
FOR_EVER = (
    "events",
    "effects",
    "commands",
    "outbox",
    "placements",
    "plans",
    "tasks",
    "surges",
    "request_lines",
)


@pytest.mark.usefixtures("brisk")
async def test_no_name_number_or_note_reaches_a_history_or_the_log(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    async with live_town(temporal_env.client, fresh_database) as live:
        surge_id, seats = await live.on_site(2)
        await live.close(surge_id)
        _, (unwilling,) = await live.offered(1)
        decline = Decision(CommandKind.DECLINE_OFFER, case_of(unwilling), choice="CARER", note=NOTE)
        await small_town.must(live.stage, unwilling.person_id, decline)

        people = live.town.roster.people
        secrets = [*people.name, *people.nip, "demam berdarah"]
        told = await everything_for_ever(live)
        for case_id in [cases.surge(surge_id), *map(case_of, (*seats, unwilling))]:
            await until(lambda case_id=case_id: live.known(case_id))
            told[case_id] = await history_of(live, case_id)
        for operation_id in await live.value("SELECT array_agg(operation_id) FROM operations"):
            told[operation_id] = await history_of(live, cases.operation(operation_id))
        assert all(seat.person_id in told["events"] for seat in seats)  # it is told of them, by opaque id
        assert {where: who for where, text in told.items() for who in secrets if who in text} == {}
        kept = await live.value("SELECT string_agg(body, '') FROM notes")
        assert kept == NOTE
        named = await live.value("SELECT string_agg(name || nip, ' ') FROM person_identities")
        assert all(name in named for name in people.name)  # the secrets are the ones that are kept


async def everything_for_ever(live: LiveTown) -> dict[str, str]:
    """Each table that is never erased, as text."""
    return {
        table: str(await live.value(f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM {table} t"))
        for table in FOR_EVER
    }


async def history_of(live: LiveTown, case_id: str) -> str:
    """All that the engine holds of a case: its history with decoded payloads, memo and search attributes."""
    handle = live.handle(case_id)
    history = await handle.fetch_history()
    described = await handle.describe()
    decoded = json.dumps([golden_kit._scrubbed(event) for event in json.loads(history.to_json())["events"]])
    return f"{decoded}\n{await described.memo()}\n{described.typed_search_attributes}\n{case_id}"


@pytest.mark.usefixtures("brisk")
async def test_the_search_would_find_a_name(temporal_env: WorkflowEnvironment, fresh_database: str) -> None:
    """The negative control: a coded choice that holds a name is found in the history and in the log."""
    async with live_town(temporal_env.client, fresh_database) as live:
        _, (seat,) = await live.offered(1)
        name = live.town.roster.people.name[0]
        await live.must(seat.person_id, CommandKind.DECLINE_OFFER, case_of(seat), choice=name)
        assert name in (await everything_for_ever(live))["events"]
        assert name in await history_of(live, case_of(seat))
