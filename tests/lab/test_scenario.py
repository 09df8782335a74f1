"""A scenario file says everything, and what is wrong with it is told by file and line."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.feeds.roster_files import read_roster
from app.wiring import in_force, rule_packs
from domain.authority import Capacity
from domain.roster import Roster
from lab.city_files import write
from lab.drill_run import check_roles, main
from lab.rosters import MADE, roster_of
from lab.scenario import ScenarioInvalid, read_scenario
from tests.lab.small_drill import EVERYTHING

EXAMPLE = Path(__file__).parents[2] / "examples" / "banjir-kota-kupang.toml"
TEXT = EXAMPLE.read_text(encoding="utf-8")


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


def test_the_example_reads_and_asks_only_for_roles_of_the_rule_pack() -> None:
    scenario = read_scenario(EXAMPLE)
    check_roles(EXAMPLE, scenario, in_force(rule_packs()))
    assert (len(scenario.needs), len({need.role for need in scenario.needs})) == (20, 8)
    assert sum(need.quantity for need in scenario.needs) == 156


def test_a_given_seed_takes_the_place_of_the_files() -> None:
    assert (read_scenario(EXAMPLE).seed, read_scenario(EXAMPLE, seed=7).seed) == (53, 7)


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        (
            'declared_after = "90 min"',
            'declared_after = "90 minutes"',
            "incident.declared_after: found '90 minutes'",
        ),
        ("declines = 15", "declines = -1", "people.declines: found -1, expected a whole number from 0"),
        ('status = "RESPONSE"', 'status = "PANIC"', "incident.status: found 'PANIC', expected one of"),
        ("starts = 2027-02-03T03:12:00+08:00", "starts = 2027-02-03", "starts: found"),
        ("seed = 53", "seed = true", "seed: found True"),
        ("lat = -10.1636", 'lat = "selatan"', "need[1].lat: found 'selatan'"),
        ("quantity = 16", "quantity = 0", "need[6].quantity: found 0"),
    ],
)
def test_a_fault_names_file_line_key_and_what_was_expected(
    tmp_path: Path, good: str, bad: str, told: str
) -> None:
    text = TEXT.replace(good, bad, 1)
    file = tmp_path / "salah.toml"
    file.write_text(text)
    with pytest.raises(ScenarioInvalid) as error:
        read_scenario(file)
    assert str(error.value).startswith(f"{file}, line {line_of(text, bad)}: {told}")


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        (
            "no_shows = 1",
            "no_shows = 1.5",
            "people[1].no_shows: found 1.5, expected a whole number from 0, or a share",
        ),
        (
            "no_shows = 1",
            "no_show = 1",
            "people[1].no_show: found 'no_show', expected one of surge, declines",
        ),
        ('extended_by = "2 d"', 'extended_by = "2 days"', "people[1].extended_by: found '2 days'"),
        ('surge = "clinics"\ndeclines', 'surge = "clinic"\ndeclines', "people[1].surge: found 'clinic'"),
        ('incident = "province"\nasked', 'incident = "village"\nasked', "surge[2].incident: found 'village'"),
        ('asked_after = "21 h"', 'asked_after = "19 h"', "surge[2].asked_after: found"),
        ('ends_after = "30 h"', 'ends_after = "20 h"', "blackout.ends_after: found '20 h'"),
        ('key = "province"', 'key = "city"', "incident[2].key: found 'city', expected a key that no other"),
        ('duty = "2 d"', 'duty = "9 d"', "need[2].duty: found '9 d', expected an end within the status"),
        ('by = "3 d"', "by = 3", "extension[1].by: found 3, expected a span"),
        ('key = "stores"', 'key = "store"', "need[2].surge: found 'stores'"),
        (
            'paper_after = "30 h"',
            'paper_after = "21 h"',
            "surge[2].paper_after: found '21 h', expected a span",
        ),
        ('paper_after = "30 h"\n', "", "surge[2].paper_after: found nothing, expected a span"),
        (
            'after = "26 h"',
            'after = "21 h"',
            "raised[1].after: found '21 h', expected a span from the start to an hour",
        ),
        ("need = 1", "need = 2", "raised[1].need: found 2, expected one of the 1 needs of stores"),
        ('to = "onward"', 'to = "stores"', "onward[1].to: found 'stores', expected one of clinics, onward"),
    ],
)
def test_a_fault_in_what_befalls_people_names_file_line_and_key(
    tmp_path: Path, good: str, bad: str, told: str
) -> None:
    assert good in EVERYTHING
    file = tmp_path / "salah.toml"
    file.write_text(EVERYTHING.replace(good, bad, 1))
    with pytest.raises(ScenarioInvalid) as error:
        read_scenario(file)
    assert re.match(rf"{re.escape(str(file))}, line \d+: {re.escape(told)}", str(error.value))


def test_the_line_that_is_told_is_the_one_at_fault(tmp_path: Path) -> None:
    file = tmp_path / "salah.toml"
    file.write_text(EVERYTHING.replace('duty = "2 d"', 'duty = "9 d"'))
    line = line_of(file.read_text(), 'duty = "9 d"')
    with pytest.raises(ScenarioInvalid, match=rf"line {line}: need\[2\]\.duty"):
        read_scenario(file)


def test_a_plain_scenario_is_one_surge_of_one_incident() -> None:
    scenario = read_scenario(EXAMPLE)
    (incident,), (surge,) = scenario.incidents, scenario.surges
    assert (incident.key, surge.incident, surge.title) == ("incident", "incident", scenario.title)
    assert surge.asked_after == incident.declared_after


def test_a_place_is_needed_as_long_as_its_people_serve_or_longer_within_the_status(tmp_path: Path) -> None:
    file = tmp_path / "giliran.toml"

    def needed(told: str) -> timedelta:
        file.write_text(TEXT.replace('duty = "7 d"', f'duty = "7 d"\n{told}', 1))
        return read_scenario(file).needs[0].needed_for

    assert (needed(""), needed('needed_for = "10 d"')) == (timedelta(days=7), timedelta(days=10))
    for wrong in ("6 d", "40 d"):
        with pytest.raises(ScenarioInvalid, match=f"need.1..needed_for: found '{wrong}', expected"):
            needed(f'needed_for = "{wrong}"')


@pytest.mark.parametrize(
    ("name", "incidents", "surges", "people"),
    [("gorontalo-2024", 1, 3, 367), ("kupang-2021", 1, 2, 192), ("aceh-tamiang-2026", 1, 2, 1146)],
)
def test_the_real_events_read_and_ask_for_what_their_heads_say(
    name: str, incidents: int, surges: int, people: int
) -> None:
    file = EXAMPLE.parent / f"{name}.toml"
    scenario = read_scenario(file)
    check_roles(file, scenario, in_force(rule_packs()))
    assert (len(scenario.incidents), len(scenario.surges)) == (incidents, surges)
    assert sum(need.quantity for need in scenario.needs) == people
    assert "https://" in file.read_text()


def test_the_flights_to_aceh_tamiang_are_those_that_were_reported() -> None:
    scenario = read_scenario(EXAMPLE.parent / "aceh-tamiang-2026.toml")
    flights = Counter[int]()
    for need in scenario.surges[0].needs:
        flights[need.wave] += need.quantity
    assert list(flights.values()) == [132, 413, 414, 179]
    assert scenario.surges[0].behaviour.unfit == 6


@pytest.mark.parametrize("name", list(MADE))
def test_a_made_roster_is_read_as_any_other_and_is_synthetic(tmp_path: Path, name: str) -> None:
    write(MADE[name](), tmp_path)
    roster = read_roster(tmp_path)
    assert isinstance(roster, Roster)
    assert roster.government.synthetic
    held = {row.capacity for row in roster.appointments}
    assert {Capacity.COORDINATOR, Capacity.SEKDA, Capacity.SIGNATORY, Capacity.COMMAND_POST} <= held
    assert {unit.code for unit in roster.units} == {
        row.unit for row in roster.appointments if row.capacity == Capacity.UNIT_HEAD
    }


def test_a_roster_that_nobody_makes_is_told_with_those_that_are() -> None:
    scenario = replace(read_scenario(EXAMPLE), roster="kota-lain")
    with (
        pytest.raises(ScenarioInvalid, match="found 'made:kota-lain', expected a directory, or one of made:"),
        roster_of(scenario),
    ):
        pass


def test_an_unknown_role_is_found_before_anything_starts(tmp_path: Path) -> None:
    text = TEXT.replace('role = "wash"', 'role = "washing"', 1)
    file = tmp_path / "salah.toml"
    file.write_text(text)
    with pytest.raises(
        ScenarioInvalid, match=rf"line {line_of(text, 'washing')}: need.role: found 'washing'"
    ):
        check_roles(file, read_scenario(file), in_force(rule_packs()))


@pytest.mark.parametrize("content", [None, "title = [", "title = 'x'\n"])
def test_a_file_that_cannot_be_played_is_one_line_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    file = tmp_path / "salah.toml"
    if content is not None:
        file.write_text(content)
    assert main([str(file), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert str(file) in told.err
    assert not (tmp_path / "out").exists()
