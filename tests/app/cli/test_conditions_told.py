"""The conditions of a request through the command line: who asks says them, who approves and who is asked read them."""

from pathlib import Path

import pytest

from runtime.settings import ROOT
from tests.app.cli.test_tasks import task_of
from tests.app.cli.typing_in import Terminal
from tests.app.kit import LiveHouse

pytestmark = pytest.mark.long

NOTE = "arus deras pada malam hari"
SHARED = f"""
[conditions]
hazards = ["WATER", "ELECTRICITY"]
hazard_note = "{NOTE}"
lodging = "SITE"
food = "SITE"
transport = "HOME_UNIT"

[[line]]"""


def asking(folder: Path) -> Path:
    """Three in a kitchen that feeds them, and two with data who eat on their own and whom nothing threatens."""
    text = (ROOT / "examples" / "permintaan-kupang.toml").read_text().replace("\n[[line]]", SHARED, 1)
    file = folder / "request.toml"
    file.write_text(text + 'hazards = []\nhazard_note = ""\nfood = "PER_DIEM"\n')
    return file


@pytest.mark.timeout(300)
async def test_who_approves_and_who_is_asked_read_the_conditions_and_the_log_does_not_keep_the_note(
    house: LiveHouse, terminal: Terminal, tmp_path: Path
) -> None:
    operation = await house.operation()
    words = ("surge", "request", asking(tmp_path), "--operation", operation)
    case = (await terminal.ask(*words, who="koordinator"))["case_id"]
    surge = case.removeprefix("surge:")
    kitchen = f"01: hazards: WATER, ELECTRICITY ({NOTE}); lodging by the site; food by the site; transport by the home unit"
    data = "02: lodging by the site; food by yourself, out of the per diem; transport by the home unit"
    days = (await terminal.ask("surge", "show", surge, who="sekda"))["estimate"]
    rate, fed = 170_000, 119_000
    each = {line["line_id"][-2:]: line["days"] for line in days["lines"]}
    assert days["rupiah"] == 3 * each["01"] * fed + 2 * each["02"] * rate
    assert (days["rate"], days["basis"], days["source"]) == (rate, "2026-1#closing.per_diem", "default")
    task = await task_of(terminal, "sekda", "APPROVE_SURGE", case)
    for printed in (
        await terminal.do("surge", "show", surge, who="sekda"),
        await terminal.do("task", "show", task, who="sekda"),
    ):
        plain = " ".join(printed.split())
        assert kitchen in plain
        assert data in plain
        assert f"estimate: Rp{days['rupiah']:,}".replace(",", ".") in plain
    await terminal.do("surge", "approve", surge, who="sekda")
    await terminal.do("surge", "plan", surge, who="koordinator")
    await terminal.do("surge", "confirm", surge, who="koordinator")
    people = await house.until_people(surge, "OFFERED", 5)
    for person in people:
        who = person["person_id"]
        offer = await task_of(terminal, who, "ANSWER_OFFER", person["case_id"])
        terms = " ".join((await terminal.do("task", "show", offer, who=who)).split())
        cooks = person["role"] == "field_kitchen"
        assert (NOTE in terms, "food by the site" in terms) == (cooks, cooks)
    cases = [case, *(person["case_id"] for person in people)]
    logs = [(await house.get("auditor", "/v1/log", case_id=one)).json()["items"] for one in cases]
    food = [row["data"].get("food") for log in logs for row in log if row["type"] == "OfferSent"]
    assert sorted(food) == ["PER_DIEM"] * 2 + ["SITE"] * 3
    assert NOTE not in str(logs)


async def test_what_is_wrong_with_them_is_told_as_it_stands_in_the_file(
    house: LiveHouse, terminal: Terminal, tmp_path: Path
) -> None:
    operation = await house.operation()
    file = asking(tmp_path)
    sound = file.read_text()
    for good, bad, said in (
        ('lodging = "SITE"', 'lodging = "HOTEL"', "line[1].lodging: "),
        ('"ELECTRICITY"', '"WATER"', "line[1].hazards: WATER twice"),
        (NOTE, "x" * 201, "line[1].hazard_note: "),
        (NOTE, "a\\u001b[2Jb", "line[1].hazard_note: "),
    ):
        file.write_text(sound.replace(good, bad, 1))
        told = await terminal.call("surge", "request", file, "--operation", operation, who="koordinator")
        assert (told.code, said in told.err) == (2, True), told.err
