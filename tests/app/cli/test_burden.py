"""The board of burden at a terminal: what each may see of it, and what is asked where lending has made a unit thin."""

import asyncio
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pytest

from app import thin
from runtime.clock import SystemClock
from tests.app.cli.typing_in import Terminal
from tests.app.kit import LiveHouse
from tests.patience import until


@dataclass(frozen=True)
class Lender:
    """A unit that lends somebody, and may be made thin."""

    house: LiveHouse
    lent: dict[str, Any]

    @property
    def code(self) -> str:
        return str(self.lent["unit_id"].partition(".")[2])

    @property
    def head(self) -> str:
        return f"kepala:{self.code}"

    @asynccontextmanager
    async def thin(self) -> AsyncIterator[None]:
        """Let more of the lent role have to be there than there are."""
        async with self.house.books.database.reading() as connection:
            redline = "UPDATE unit_roles SET redline = headcount + $3 WHERE unit_id = $1 AND role = $2"
            own = (self.lent["unit_id"], self.lent["home_role"])
            await connection.execute(redline, *own, 1)
            try:
                yield
            finally:
                await connection.execute(redline, *own, -1)


@pytest.fixture(scope="module")
async def lender(house: LiveHouse) -> Lender:
    _surge, people = await house.offered(await house.operation(), 6)
    # Somebody whose head holds no other office: the secretariat's sees all.
    return Lender(house, next(one for one in people if not one["unit_id"].endswith(".SETDA")))


async def test_a_thin_unit_is_seen_by_its_head_and_the_overseers_and_gets_a_draft(
    house: LiveHouse, lender: Lender, terminal: Terminal
) -> None:
    unit_id, role, head = lender.lent["unit_id"], lender.lent["home_role"], lender.head
    own = (await terminal.ask("burden", who=head))["units"]
    assert {row["unit_id"] for row in own} == {unit_id}
    said = await terminal.call("burden", "--backfill", lender.code, who=head)
    assert (said.code, "not below its redline by lending" in said.err) == (2, True), said
    async with lender.thin():
        told = await terminal.ask("burden", who="koordinator")
        first = told["units"][0]
        assert (first["unit_id"], first["thin"], told["as_of"]["log"] > 0) == (unit_id, True, True)
        assert len(told["units"]) > 100
        assert "THIN: recall" in await terminal.do("burden", "--people", who=head)
        draft = tomllib.loads(await terminal.do("burden", "--backfill", lender.code, who=head))
        short = -next(row["margin"] for row in first["roles"] if row["role"] == role)
        assert (draft["kind"], draft["letter"]["unit"]) == ("service_demand", lender.code)
        assert [line["quantity"] for line in draft["line"]] == [short]
        unit = await house.books.boards.unit("kota-kupang", lender.code)
        assert unit
        (asks,) = draft["line"]
        assert (asks["lat"], asks["lon"]) == (unit["lat"], unit["lon"]) != (0, 0)
        other = next(name for name in house.offices if name.startswith("kepala:") and name != head)
        assert (await terminal.call("burden", "--backfill", lender.code, who=other)).code == 5
    mine = await terminal.ask("burden", who=lender.lent["person_id"])
    assert (mine["units"], mine["people"]) == ([], [])


@pytest.fixture
async def watched(house: LiveHouse, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The worker looks at the units, and need not be waited for."""
    monkeypatch.setattr(thin, "EVERY", 0.1)
    watching = asyncio.create_task(thin.watch(house.books.thin, SystemClock()))
    yield
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching


@pytest.mark.usefixtures("watched")
async def test_a_thin_units_head_is_asked_once_answers_by_name_or_by_the_draft_and_it_closes_by_itself(
    house: LiveHouse, lender: Lender, terminal: Terminal
) -> None:
    head, code = lender.head, lender.code

    async def unit(who: str = head, *options: str) -> dict[str, Any]:
        rows = (await terminal.ask("thin", "list", *options, who=who))["items"]
        assert len(rows) == 1, rows
        return dict(rows[0])

    async def until_it_is(state: str) -> dict[str, Any]:
        async def it_is() -> dict[str, Any]:
            rows = (await house.get("auditor", "/v1/thin-units", over=True)).json()["items"]
            return dict(rows[0]) if rows and rows[0]["state"] == state else {}

        return await until(it_is, f"a unit that is {state}", every=0.1)

    async with lender.thin():
        case_id = (await until_it_is("THIN"))["case_id"]
        (task,) = (await terminal.ask("task", "list", "--kind", "BACKFILL_OR_DECLINE", who=head))["items"]
        assert (task["case_id"], task["role"], task["late"]) == (case_id, lender.lent["home_role"], False)
        (known,) = (await terminal.ask("task", "list", "--kind", "KNOW_THIN_UNIT", who="koordinator"))[
            "items"
        ]
        assert "./siaga thin list" in known["instead"]
        assert [(await unit(who))["yours"] for who in (head, "koordinator", "sekda")] == [True, False, False]

        decline = ("thin", "decline", code, "--reason", "SOON_BACK")
        other = next(name for name in house.offices if name.startswith("kepala:") and name != head)
        codes = [(await terminal.call(*decline, who=who)).code for who in ("koordinator", "sekda", other)]
        assert codes == [4, 4, 5]
        decide = ("task", "decide", task["task_id"])
        assert (await terminal.call(*decide, "reject", who=head)).code == 2, "a reason is needed"
        await terminal.do(*decide, "reject", "--reason", "SOON_BACK", who=head)
        assert ((await unit())["state"], (await unit())["reason"]) == ("DECLINED", "SOON_BACK")
        again = await terminal.call(*decline, who=head)
        assert (again.code, "asks for no help" in again.err) == (3, True), again
        assert "no help, SOON_BACK" in await terminal.do("thin", "list", who="koordinator")

        assert (await terminal.ask("burden", "--backfill", code, who="koordinator"))["noted"] == []
        assert (await terminal.ask("burden", "--backfill", code, who=head))["noted"] == [task["role"]]
        assert (await unit())["state"] == "DRAFTED"
        assert (await terminal.ask("task", "list", "--kind", "BACKFILL_OR_DECLINE", who=head))["items"] == []
    over = await until_it_is("RECOVERED")
    assert (over["case_id"], over["recovered_at"] > over["since"]) == (case_id, True)
    assert (await terminal.ask("thin", "list", who=head))["items"] == []
    assert (await terminal.ask("task", "list", "--kind", "KNOW_THIN_UNIT", who="koordinator"))["items"] == []
    told = await terminal.ask("audit", "log", case_id, who=head)
    assert [entry["type"] for entry in told["items"]] == [
        "UnitThinned", "BackfillDeclined", "CommandRefused", "BackfillDrafted", "UnitRecovered",
    ]  # fmt: skip
    path = f"/v1/thin-units/{case_id.partition(':')[2]}"
    assert (await house.get(head, path)).json()["thin_unit"]["state"] == "RECOVERED"
    for hidden, asked in ((path, {}), ("/v1/log", {"case_id": case_id})):
        assert (await house.get(other, hidden, **asked)).status_code == 404
    stranger = await house.post("lain:kepala:SETDA", f"{path}/backfill")
    assert stranger.json() == (await house.post("lain:kepala:SETDA", f"{path[:-4]}0000/backfill")).json()
    assert stranger.status_code == 404
    rebuilt = await terminal.ask("audit", "rebuild", who="auditor")
    assert (rebuilt["rows"]["thin"], rebuilt["differences"]) == (1, [])
