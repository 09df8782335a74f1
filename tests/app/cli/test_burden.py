"""The board of burden at a terminal: what each may see of it, and the draft for a unit that lending has made thin."""

import tomllib

from tests.app.cli.typing_in import Terminal
from tests.app.kit import LiveHouse


async def test_a_thin_unit_is_seen_by_its_head_and_the_overseers_and_gets_a_draft(
    house: LiveHouse, terminal: Terminal
) -> None:
    _surge, people = await house.offered(await house.operation(), 6)
    # Somebody whose head holds no other office: the secretariat's sees all.
    lent = next(one for one in people if not one["unit_id"].endswith(".SETDA"))
    unit_id, role = lent["unit_id"], lent["home_role"]
    code = unit_id.partition(".")[2]
    head = f"kepala:{code}"
    own = (await terminal.ask("burden", who=head))["units"]
    assert {row["unit_id"] for row in own} == {unit_id}
    said = await terminal.call("burden", "--backfill", code, who=head)
    assert (said.code, "not below its redline by lending" in said.err) == (2, True), said
    async with house.books.database.reading() as connection:
        redline = "UPDATE unit_roles SET redline = headcount + $3 WHERE unit_id = $1 AND role = $2"
        await connection.execute(redline, unit_id, role, 1)
        try:
            told = await terminal.ask("burden", who="koordinator")
            first = told["units"][0]
            assert (first["unit_id"], first["thin"], told["as_of"]["log"] > 0) == (unit_id, True, True)
            assert len(told["units"]) > 100
            assert "THIN: recall" in await terminal.do("burden", "--people", who=head)
            draft = tomllib.loads(await terminal.do("burden", "--backfill", code, who=head))
            short = -next(row["margin"] for row in first["roles"] if row["role"] == role)
            assert (draft["kind"], draft["letter"]["unit"]) == ("service_demand", code)
            assert [line["quantity"] for line in draft["line"]] == [short]
            other = next(name for name in house.offices if name.startswith("kepala:") and name != head)
            assert (await terminal.call("burden", "--backfill", code, who=other)).code == 5
        finally:
            await connection.execute(redline, unit_id, role, -1)
    mine = await terminal.ask("burden", who=lent["person_id"])
    assert (mine["units"], mine["people"]) == ([], [])
