"""Lines, teams, kept people and what-if at a terminal."""

from pathlib import Path

import pytest

from app.cli.request_file import read_lines
from runtime.clock import SystemClock
from runtime.settings import ROOT
from tests.app.cli.typing_in import Terminal
from tests.app.kit import LiveHouse

pytestmark = pytest.mark.long

REQUEST = ROOT / "examples" / "permintaan-regu.toml"
LINE = """
[[line]]
role = "wash"
quantity = {quantity}
site = "Airmata"
lat = -10.1655
lon = 123.584
report_after = "24 h"
duty = "7 d"
"""


async def approved(house: LiveHouse, terminal: Terminal, file: Path = REQUEST) -> str:
    """An approved surge that has the pool to itself: whatever was asked for before is stood down."""
    for row in (await house.get("koordinator", "/v1/surges")).json()["items"]:
        if row["state"] == "APPROVED":
            await house.done("koordinator", f"/v1/surges/{row['surge_id']}/stand-down")
    operation = await house.operation()
    asked = await terminal.ask("surge", "request", file, "--operation", operation, who="koordinator")
    surge = str(asked["case_id"].removeprefix("surge:"))
    await terminal.do("surge", "approve", surge, who="sekda")
    return surge


async def test_people_are_kept_by_name_by_id_and_by_a_file(
    house: LiveHouse, terminal: Terminal, tmp_path: Path
) -> None:
    surge = await approved(house, terminal)
    plan = (await terminal.ask("surge", "plan", surge, who="koordinator"))["lines"]
    kitchen = plan[2]["picks"]
    file = tmp_path / "kept.txt"
    file.write_text(f"# the cooks\n{kitchen[0]['person_id'][:12]}\n\n{kitchen[1]['name']}  # by name\n")
    driver = f"{plan[1]['picks'][0]['person_id']}={surge[:9].lower()}/02"
    words = ("surge", "plan", surge, "--keep", file, "--keep", driver)
    printed = await terminal.do(*words, "--all", who="koordinator")
    assert "3 of them by name, as it was told (--keep)" in printed
    assert printed.count("; kept") == 3
    nobody = tmp_path / "nobody.txt"
    nobody.write_text("# the cooks\n\n")
    for text, fault in (
        (str(nobody), f"{nobody}: names nobody, expected one person a line"),
        ("Nobody At All", "--keep: Nobody At All: nobody of the newest plan is so called; name an id"),
        (f"{'0' * 8}-0000-4000-8000-{'0' * 12}=01", "is not on the roster (NOT_ON_THE_ROSTER)"),
    ):
        said = await terminal.call("surge", "plan", surge, "--keep", text, who="koordinator")
        assert (said.code, fault in said.err) == (2, True), said.err


async def test_a_change_is_tried_out_at_a_terminal_and_nothing_is_decided(
    house: LiveHouse, terminal: Terminal, tmp_path: Path
) -> None:
    surge = await approved(house, terminal)
    await terminal.do("surge", "plan", surge, who="koordinator")
    file = tmp_path / "more.toml"
    file.write_text(LINE.format(quantity=2))
    words = (
        "surge",
        "what-if",
        surge,
        "--raise",
        "3=8",
        "--close",
        "01",
        "--add",
        file,
        "--redline",
        "SETDA:driver=0",
    )
    printed = await terminal.do(*words, who="koordinator")
    assert f"{surge}: beside the newest plan, both proven optimal; nothing is written" in printed
    assert f"{surge}/03: asks 6 → 8, gets 6 → 8" in printed
    assert f"{surge}/01: asks 4 → 0, gets 4 → 0" in printed
    assert f"{surge}/new-1: asks 0 → 2, gets 0 → 2" in printed
    assert "places filled" in printed
    log = (await terminal.ask("audit", "log", f"surge:{surge}", who="koordinator"))["items"]
    assert [row["type"] for row in log] == ["RequestSubmitted", "RequestApproved", "PlanMade"]
    for given, fault in (
        (("--raise", "01"), "--raise 01: expected LINE=N, like 01=6"),
        (("--cut", "01=4"), "cut[1]: 4, expected 1 to 3"),
        (("--redline", "SETDA=3"), "--redline SETDA=3: expected UNIT:ROLE=N, like PKM01:nurse=4"),
        (("--without", "NOWHERE"), "unit: 'NOWHERE' is no unit of this government"),
    ):
        said = await terminal.call("surge", "what-if", surge, *given, who="koordinator")
        assert (said.code, said.err) == (2, f"siaga: {fault}\n")


async def test_lines_are_added_raised_cut_and_closed_at_a_terminal(
    house: LiveHouse, terminal: Terminal, tmp_path: Path
) -> None:
    surge = await approved(house, terminal)
    file = tmp_path / "more.toml"
    file.write_text(LINE.format(quantity=2) + LINE.format(quantity=1))
    assert (await terminal.do("surge", "line", "add", surge, file, who="sekda")).count(
        "add line: applied"
    ) == 2
    await terminal.do("surge", "line", "raise", surge, "04", "5", who="sekda")
    await terminal.do("surge", "line", "cut", surge, "3", "2", who="koordinator")
    await terminal.do("surge", "line", "close", surge, "05", who="koordinator")
    told = (await terminal.ask("surge", "show", surge, who="koordinator"))["lines"]
    quantity = {row["line_id"][-2:]: row["quantity"] for row in told}
    assert quantity == {"01": 4, "02": 1, "03": 2, "04": 5, "05": 0}
    assert "closed" in await terminal.do("surge", "show", surge, who="koordinator")
    said = await terminal.call("surge", "line", "raise", surge, "01", "9", who="koordinator")
    assert said.code == 4
    file.write_text(LINE.format(quantity=2).replace("wash", "pilot"))
    said = await terminal.call("surge", "line", "add", surge, file, who="sekda")
    assert said.err.startswith(f"siaga: {file}: line.role: 'pilot' is not one of")
    file.write_text("")
    said = await terminal.call("surge", "line", "add", surge, file, who="sekda")
    assert (said.code, said.err) == (2, f"siaga: {file}: line: missing, expected [[line]] tables\n")


async def test_the_request_with_every_field_is_sent_and_its_team_goes(
    house: LiveHouse, terminal: Terminal
) -> None:
    surge = await approved(house, terminal)
    printed = await terminal.do("surge", "plan", surge, "--all", who="koordinator")
    assert "11 of 11 places" in printed
    assert "team Regu medis 1: all 5 go" in printed
    assert "proven optimal" in printed
    shown = await terminal.do("surge", "show", surge, who="koordinator")
    assert shown.count("Regu medis 1") == 2
    await terminal.do("surge", "confirm", surge, who="koordinator")
    await house.until_people(surge, "OFFERED", 11)
    directed = "SELECT count(*) FROM placements WHERE surge_id = $1 AND directed"
    async with house.books.database.reading() as connection:
        assert await connection.fetchval(directed, surge) == 4


def test_lines_take_their_times_from_their_wave_unless_they_say_them(tmp_path: Path) -> None:
    file, now = tmp_path / "waves.toml", SystemClock().now()
    lines = LINE.format(quantity=1).replace('report_after = "24 h"', "wave = 2") + LINE.format(
        quantity=1
    ).replace('duty = "7 d"', "wave = 2")
    file.write_text('[wave.2]\nreport_after = "72 h"\nduty = "3 d"\n' + lines)
    first, second = read_lines(file, now)
    hours = [(row["report_at"], row["due_back"]) for row in (first, second)]
    spans = [
        tuple((moment - now).total_seconds() / 3600 for moment in map(type(now).fromisoformat, pair))
        for pair in hours
    ]
    assert spans == [(72.0, 240.0), (24.0, 96.0)]
