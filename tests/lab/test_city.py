"""The example city: the same bytes from the same seed, and a flood that it can answer, but for its nurses."""

from collections import Counter
from datetime import date
from pathlib import Path

import networkx as nx
import pytest

from adapters.feeds.roster_files import read_roster
from domain.roster import Roster
from domain.sizing import Figures, SurgeRole, draft_lines
from domain.workload import LoadGrade, role_loads, unit_loads
from lab.city import build, crowd
from lab.city_files import write

CITY = Path(__file__).parents[2] / "examples" / "kota-kupang"
FLOOD = Figures(displaced=1_400, shelters=12, kelurahan=10, days=14)
ARRIVE, LEAVE = date(2026, 11, 21), date(2026, 12, 6)
ASKED = {
    SurgeRole.SHELTER_MANAGER: "shelter_management",
    SurgeRole.FIELD_KITCHEN: "field_kitchen",
    SurgeRole.HEALTH_POST_NURSE: "nursing_str",
    SurgeRole.DATA_OFFICER: "data_collection",
    SurgeRole.LOGISTICS: "warehouse",
    SurgeRole.RAPID_ASSESSMENT: "rapid_assessment",
    SurgeRole.WASH: "wash",
    SurgeRole.PSYCHOSOCIAL: "psychosocial",
}


@pytest.fixture(scope="module")
def city() -> Roster:
    return build(53)


def test_the_committed_files_are_what_the_generator_makes(city: Roster, tmp_path: Path) -> None:
    write(city, tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {name: (CITY / name).read_bytes() for name in made} == made


def test_the_reader_gives_back_what_the_generator_wrote(city: Roster) -> None:
    assert read_roster(CITY) == city


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_seed_makes_another_city_that_is_as_right(seed: int, tmp_path: Path, city: Roster) -> None:
    other = build(seed)
    write(other, tmp_path)
    assert read_roster(tmp_path) == other
    assert other.people.name != city.people.name


def test_a_crowd_of_any_size_reads_back_as_it_was_written(tmp_path: Path) -> None:
    many = crowd(5, 6_000)
    write(many, tmp_path)
    assert len(many.people) == 6_000
    assert read_roster(tmp_path) == many


def test_the_city_has_the_shape_of_kota_kupang(city: Roster) -> None:
    kinds = Counter(unit.kind.value for unit in city.units)
    assert (kinds["kecamatan"], kinds["kelurahan"], kinds["puskesmas"], kinds["school"]) == (6, 51, 11, 25)
    assert 3_800 <= len(city.people) <= 4_400
    assert "Kecamatan Maulafa" in {unit.name for unit in city.units}
    assert sum(path.stat().st_size for path in CITY.iterdir()) < 2_000_000


def test_everything_is_marked_synthetic(city: Roster) -> None:
    assert city.government.synthetic
    assert all(int(nip[-3:]) > 900 for nip in city.people.nip)
    assert all(email.endswith(".example") for email in city.people.email)
    assert "invented" in (CITY / "README.md").read_text(encoding="utf-8")


def test_every_unit_has_a_head_who_works_there_and_nobody_has_retired(city: Roster) -> None:
    works_in = dict(zip(city.people.nip, city.people.unit, strict=True))
    assert all(works_in[unit.head_nip] == unit.code for unit in city.units)
    assert min(city.people.service_end) > date(2026, 11, 1)


def test_no_two_offices_of_a_case_are_held_by_one_person(city: Roster) -> None:
    deciding = {
        "COORDINATOR",
        "SEKDA",
        "SIGNATORY",
        "COMMAND_POST",
        "AUDITOR",
        "OPERATOR",
        "APPOINTING_AUTHORITY",
    }
    holders = [office.nip for office in city.appointments if office.capacity in deciding]
    assert len(holders) == len(set(holders)) == len(deciding)


def test_some_units_drown_and_some_idle(city: Roster) -> None:
    loads = role_loads(city.headcounts(), city.workload, city.redlines)
    grades = Counter(unit.grade for unit in unit_loads(loads.values()).values())
    assert all(grades[grade] for grade in LoadGrade)
    assert sum(load.lendable for load in loads.values()) > 300
    assert sum(load.at_redline for load in loads.values()) > 100


def test_a_flood_is_answered_from_twenty_units_or_more_and_only_nurses_run_short(city: Roster) -> None:
    filled, donors = best_answer(city)
    asked = {line.role: line.quantity for line in draft_lines(FLOOD)}
    assert 120 <= sum(asked.values()) <= 160
    short = {role for role, quantity in asked.items() if filled[role] < quantity}
    assert short == {SurgeRole.HEALTH_POST_NURSE}
    assert filled[SurgeRole.HEALTH_POST_NURSE] >= 4
    assert donors >= 20


def best_answer(city: Roster) -> tuple[Counter[SurgeRole], int]:
    """People per role, and donor units, of a largest answer that breaks no redline: a maximum flow."""
    loads = role_loads(city.headcounts(), city.workload, city.redlines)
    graph = nx.DiGraph()
    for key, load in loads.items():
        graph.add_edge("source", key, capacity=load.lendable)
    for line in draft_lines(FLOOD):
        graph.add_edge(line.role, "sink", capacity=line.quantity)
    able = skills_until(city, LEAVE)
    away = {row.nip for row in city.leave if row.start <= LEAVE and row.end >= ARRIVE}
    for nip, unit, role, exempt in zip(
        city.people.nip, city.people.unit, city.people.role, city.people.exempt_until, strict=True
    ):
        if nip in away or (exempt and exempt >= ARRIVE):
            continue
        graph.add_edge((unit, role), nip, capacity=1)
        for surge_role, skill in ASKED.items():
            if (nip, skill) in able and (surge_role != SurgeRole.HEALTH_POST_NURSE or role == "nurse"):
                graph.add_edge(nip, surge_role, capacity=1)
    _, flow = nx.maximum_flow(graph, "source", "sink")
    filled = Counter({role: flow[role]["sink"] for role in ASKED})
    return filled, len({key[0] for key, amount in flow["source"].items() if amount})


def skills_until(city: Roster, day: date) -> set[tuple[str, str]]:
    return {(row.nip, row.skill.value) for row in city.skills if row.expires is None or row.expires >= day}
