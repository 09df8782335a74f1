"""Every board says as of which entry of the log it was read; and all of them can be rebuilt from the log."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.api.app import create_app
from tests.app.cli.typing_in import Terminal
from tests.app.kit import GOVERNMENT, LiveHouse
from tests.undecided import let_undecided

NO_BOARD = {
    "/healthz": "of the machine, not of a government",
    "/v1/me": "whose token it is",
    "/v1/commands/{command_id}": "one decision of one's own, with its own instant",
    "/v1/audit/{case_id}/replay": "of the engine's histories",
    "/v1/burden/{unit}/backfill": "a request that is drafted, to be corrected by a person",
    "/v1/mutations/{mutation_id}/record": "what was signed, once and for all",
    "/v1/mutations/{mutation_id}/second-record": "what was signed, once and for all",
    "/v1/mutations/{mutation_id}/{paper}.json": "what was signed or sealed, once and for all",
    "/v1/mutation-groups/{group_id}/decrees/{decree_id}/record": "what was signed, once and for all",
    "/v1/secondments/{placement_id}/evaluation": "what one person said of another",
    "/v1/secondments/{placement_id}/handover": "what one person wrote for the next",
}
"""Answers that show nothing counted from the log."""


def readings() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each route that reads, with the schema of its answer in JSON."""
    document = create_app(lambda: None).openapi()  # type: ignore[arg-type,return-value]
    for path, operations in document["paths"].items():
        content = operations.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        if name := schema.get("$ref", "").rpartition("/")[2]:
            yield path, document["components"]["schemas"][name]


def test_every_board_says_as_of_which_entry_of_the_log_it_is() -> None:
    told = dict(readings())
    silent = {path for path, schema in told.items() if "as_of" not in schema["required"]}
    assert silent == set(NO_BOARD)
    assert len(told) > len(NO_BOARD) + 12


async def test_a_board_names_the_newest_entry_and_its_instant(house: LiveHouse) -> None:
    await house.operation()
    board = (await house.get("koordinator", "/v1/operations")).json()
    log, log_at, _ = await house.books.boards.log_head(GOVERNMENT)
    assert log_at is not None
    assert (board["as_of"]["log"], board["as_of"]["log_at"]) == (
        log,
        log_at.isoformat().replace("+00:00", "Z"),
    )
    assert (await house.get("lain:koordinator", "/v1/operations")).json()["as_of"]["log_at"] is None


@pytest.fixture(scope="module")
async def staffed(house: LiveHouse) -> str:
    surge_id, people = await house.offered(await house.operation(), 3)
    await house.done(people[0]["person_id"], f"/v1/secondments/{people[0]['placement_id']}/acceptance")
    await house.until_people(surge_id, "RELEASE_PENDING", 1)
    return surge_id


async def test_the_boards_of_a_running_house_are_what_its_log_gives(house: LiveHouse, staffed: str) -> None:
    told = (await house.get("auditor", "/v1/audit/rebuild")).json()
    assert told["sentences"] == []
    assert told["ok"]
    assert told["entries"] == told["as_of"]["log"]
    assert (
        min(told["rows"][board] for board in ("operation", "standing", "surge", "line", "placement", "task"))
        > 0
    )
    line = (await house.get("koordinator", f"/v1/surges/{staffed}")).json()["lines"][0]
    assert line["filled"] == 1


async def test_a_row_that_the_databases_owner_changed_is_told_at_the_terminal(
    house: LiveHouse, staffed: str, terminal: Terminal
) -> None:
    assert "every board is what the log gives" in await terminal.do("audit", "rebuild", who="auditor")
    await let_undecided(house.books.database, "request_lines")  # as the owner can
    async with house.books.database.writing() as connection:
        await connection.execute("UPDATE request_lines SET quantity = 7 WHERE surge_id = $1", staffed)
    try:
        told = await terminal.call("audit", "rebuild", who="auditor")
    finally:
        async with house.books.database.writing() as connection:
            await connection.execute("UPDATE request_lines SET quantity = 3 WHERE surge_id = $1", staffed)
    assert told.code == 1
    assert f"line {staffed}/01: quantity is 7 in the books, 3 by the log" in told.out
    assert "faults" in told.out
    assert "log entry" in told.out
