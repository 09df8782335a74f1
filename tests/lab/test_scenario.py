"""A scenario file says everything, and what is wrong with it is told by file and line."""

from pathlib import Path

import pytest

from app.wiring import in_force, rule_packs
from lab.drill_run import check_roles, main
from lab.scenario import ScenarioInvalid, read_scenario

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
