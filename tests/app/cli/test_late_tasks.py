"""What is late is asked of the next office too: whoever was asked first still decides it, by its task and by --all."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.temporal.messenger import Messenger
from app import actions
from app.api.app import create_app
from app.api.door import Door, Engine
from app.cli.tokens import Tokens, write_tokens
from app.wiring import in_force, rule_packs
from domain.authority import Capacity
from domain.moves import Seat
from domain.secondment import Item, Trigger
from runtime.settings import Settings
from tests.adapters.postgres.kit import crew
from tests.app.cli.typing_in import Terminal
from tests.app.kit import serving
from tests.patience import PATIENCE, until
from tests.workflows.kit import case_of
from tests.workflows.test_deadlines import DAY, OUT, UNIT, SteppedTown, stepped_town

pytestmark = pytest.mark.long

POST, HEAD = "posko", "kepala:PKM-1"
DEMOB = ("demob", "sign", "--all", "--settle")


@dataclass
class LateTown:
    """A town whose time is in the test's hands, with a terminal in it."""

    town: SteppedTown
    terminal: Terminal

    async def seat(self, nth: int, *walked: Trigger) -> Seat:
        """The unit's nth person, who has come so far, and whose case runs from there."""
        books, now = self.town.registry, self.town.clock.now()
        surge_id = await books.surge(1, report_at=now + DAY)
        (seat,) = await books.hold(surge_id, crew(books.town, UNIT, 1, start=nth), at=now)
        pack = in_force(rule_packs())
        life = await books.walk(seat, *walked, at=now)
        messenger = Messenger(self.town.live.client, self.town.live.queue)
        await messenger.begin_secondment(seat, life, pack.clock, pack.basis("surge"))
        return seat

    async def until_asked(self, seat: Seat, kind: str, *offices: str) -> None:
        """Wait until a case asks these offices, and nobody else, for something."""

        async def asked() -> bool:
            return sorted(await self.town.asked(case_of(seat))) == sorted(f"{kind} {one}" for one in offices)

        await until(asked, f"{kind} of {offices}")

    async def inbox(self, who: str, kind: str) -> set[str]:
        """The cases that ask somebody for something."""
        told = await self.terminal.ask("inbox", who=who)
        return {task["case_id"] for task in told["items"] if task["kind"] == kind}


@asynccontextmanager
async def late_town(
    environment: WorkflowEnvironment, dsn: str, switchboard: Path, data: Path
) -> AsyncIterator[LateTown]:
    async with stepped_town(environment, dsn) as town:
        live, officers = town.live, town.live.town.officers
        head = live.town.heads[UNIT]
        post, sekda = officers[Capacity.COMMAND_POST], officers[Capacity.SEKDA]
        names = {POST: post, HEAD: head, "koordinator": officers[Capacity.COORDINATOR], "sekda": sekda}
        tokens = {person: f"t-{person}" for person in names.values()}
        await live.books.desk.keep_tokens(live.town.government_id, list(tokens.items()))
        write_tokens(data, Tokens(tokens, names))
        door = Door(live.books, live.stage.house, Engine(Settings.load(), live.client))

        @asynccontextmanager
        async def open_door() -> AsyncIterator[Door]:
            yield door

        async with serving(create_app(open_door)) as url:
            yield LateTown(town, Terminal(data, url, switchboard))


Open = Callable[[], Any]


@pytest.fixture
def opened(
    time_skipping_env: WorkflowEnvironment,
    fresh_database: str,
    switchboard: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Open:
    monkeypatch.setattr(actions, "ANSWER_WITHIN", PATIENCE)
    return lambda: late_town(time_skipping_env, fresh_database, switchboard, tmp_path)


async def test_a_head_releases_the_late_ones_with_the_others(opened: Open) -> None:
    async with opened() as late:
        first = await late.seat(0, Trigger.ACCEPT)
        await late.town.pass_to(late.town.clock.now() + DAY)
        await late.until_asked(first, "DECIDE_RELEASE", "UNIT_HEAD", "SEKDA")
        second = await late.seat(1, Trigger.ACCEPT)
        await late.until_asked(second, "DECIDE_RELEASE", "UNIT_HEAD")
        assert await late.inbox(HEAD, "DECIDE_RELEASE") == {case_of(first), case_of(second)}
        assert await late.inbox("sekda", "DECIDE_RELEASE") == {case_of(first)}
        said = await late.terminal.do("release", "--all", who=HEAD)
        assert said.count("applied") == 2
        for seat in (first, second):
            assert await late.town.live.state(seat) == "RELEASED"
            assert await late.town.asked(case_of(seat)) == []
        assert await late.inbox("sekda", "DECIDE_RELEASE") == set()


async def test_the_command_post_and_the_head_bring_the_late_ones_home_with_the_others(opened: Open) -> None:
    async with opened() as late:
        first = await late.seat(0, *OUT, Trigger.RELEASE_EARLY)
        home_by = await late.town.live.value("SELECT home_by FROM placements")
        await late.town.pass_to(home_by + timedelta(hours=1))
        await late.until_asked(first, "SIGN_DEMOB", "COMMAND_POST", "COORDINATOR")
        second = await late.seat(1, *OUT, Trigger.RELEASE_EARLY)
        await late.until_asked(second, "SIGN_DEMOB", "COMMAND_POST")
        assert await late.inbox("koordinator", "SIGN_DEMOB") == {case_of(first)}
        assert (await late.terminal.do(*DEMOB, who=POST)).count("applied") == 2
        await late.until_asked(first, "CONFIRM_RETURN", "UNIT_HEAD", "SEKDA")
        await late.until_asked(second, "CONFIRM_RETURN", "UNIT_HEAD")
        assert await late.inbox("sekda", "CONFIRM_RETURN") == {case_of(first)}
        assert (await late.terminal.do("return", "--all", who=HEAD)).count("applied") == 2
        assert [await late.town.live.state(seat) for seat in (first, second)] == ["RETURNED"] * 2


async def test_whoever_was_asked_first_decides_late_by_the_task(opened: Open) -> None:
    async with opened() as late:
        seat = await late.seat(0, *OUT, Trigger.LOSE_CONTACT)
        await late.town.pass_to(late.town.clock.now() + DAY + timedelta(hours=1))
        await late.until_asked(seat, "FIND_PERSON", "COMMAND_POST", "COORDINATOR")
        (task,) = (await late.terminal.ask("inbox", who=POST))["items"]
        decided = await late.terminal.ask("task", "decide", task["task_id"], "approve", who=POST)
        assert decided["state"] == "APPLIED"
        assert await late.town.live.state(seat) == "ON_DUTY"
        assert await late.inbox("koordinator", "FIND_PERSON") == set()


async def test_whoever_holds_both_offices_is_asked_each_thing_once(opened: Open) -> None:
    async with opened() as late:
        live = late.town.live
        post = live.town.officers[Capacity.COMMAND_POST]
        async with live.books.database.writing() as connection:
            await connection.execute(
                """INSERT INTO appointments (government_id, person_id, capacity, valid)
                   VALUES ($1, $2, 'COORDINATOR', daterange('2026-01-01', NULL))""",
                *(live.town.government_id, post),
            )
        seats = [await late.seat(nth, *OUT, Trigger.RELEASE_EARLY) for nth in range(2)]
        home_by = await live.value("SELECT max(home_by) FROM placements")
        await late.town.pass_to(home_by + timedelta(hours=1))
        for seat in seats:
            await late.until_asked(seat, "SIGN_DEMOB", "COMMAND_POST", "COORDINATOR")
        assert len((await late.terminal.ask("inbox", who=POST))["items"]) == 4
        form = {"verdict": "APPROVE", "cases": [case_of(seats[0])], "details": {"items": [*Item]}}
        headers = {"Authorization": f"Bearer t-{post}"}
        async with httpx.AsyncClient(base_url=late.terminal.api or "", timeout=PATIENCE + 10) as http:
            said = await http.post("/v1/tasks/decisions", json=form, headers=headers)
        assert [one["state"] for one in said.json()["items"]] == ["APPLIED"], said.text
        assert (await late.terminal.do(*DEMOB, who=POST)).count("applied") == 1
        assert [await live.state(seat) for seat in seats] == ["TRAVELLING_HOME"] * 2
