"""What may be asked for: each field of a line, and what is said of one that is wrong."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.wiring import in_force, rule_packs
from domain.allocation import MOST_TEAMS
from domain.requests import LineRequest, Mode, Shift, Substitute, SurgeRequest

RULES = in_force(rule_packs())
NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAY = timedelta(days=1)
LINE = LineRequest("health_post_nurse", 2, 1, "Pos 1", -10.0, 123.0, NOW + DAY, NOW + 8 * DAY)
ROLES = ", ".join(sorted(RULES.roles))


def faults(*lines: LineRequest, funding: str = "BTT") -> tuple[str, ...]:
    return SurgeRequest("OP-1", "Banjir", funding, lines).faults(RULES)


def test_a_line_with_every_field_is_sound() -> None:
    full = replace(
        LINE,
        substitutes=(
            Substitute(30, role="psychosocial"),
            Substitute(50, skill="midwifery_str", level=2, home_role="midwife"),
            Substitute(0, home_role="doctor"),
        ),
        max_km=0,
        shift=Shift(12, 12),
        mode=Mode.DIRECTED,
        team="Tim Medis 1",
    )
    assert faults(full) == ()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"role": "pilot"}, f".role: 'pilot' is not one of {ROLES}"),
        ({"quantity": 0}, ".quantity: 0, expected 1 or more"),
        ({"priority": 6}, ".priority: 6, expected 1 (most urgent) to 5"),
        ({"due_back": NOW + DAY}, ".due_back: not after report_at"),
        ({"lat": 91.0}, ": lat 91.0, lon 123.0 is not a place on earth"),
        ({"max_km": -1}, ".max_km: -1, expected 0 to 20100"),
        ({"shift": Shift(13, 24)}, ".shift: 13 h on duty, expected 1 to 12 (surge.limits.longest_shift)"),
        ({"shift": Shift(6, 7)}, ".shift: 7 h of rest, expected 8 or more (surge.limits.shortest_rest)"),
        ({"shift": Shift(12, 8)}, ".shift: 12 h on and 8 h off are more than 12 h of duty in 24 h"),
        (
            {"substitutes": (Substitute(-1, role="wash"),)},
            ".substitutes[1].penalty: -1, expected 0 to 10000 km",
        ),
        (
            {"substitutes": (Substitute(5),)},
            ".substitutes[1].role: missing, expected role, skill or home_role",
        ),
        ({"substitutes": (Substitute(5, role="x"),)}, f".substitutes[1].role: 'x' is not one of {ROLES}"),
        (
            {"substitutes": (Substitute(5, role="health_post_nurse"),)},
            ".substitutes[1].role: 'health_post_nurse' is what the line asks for; expected another one",
        ),
        (
            {"substitutes": (Substitute(5, role="wash", skill="wash"),)},
            ".substitutes[1].skill: 'wash' beside a role, which has its own: expected one of them",
        ),
        ({"substitutes": (Substitute(5, skill="x", level=4),)}, ".substitutes[1].level: 4, expected 1 to 3"),
    ],
)
def test_a_wrong_field_is_named_with_what_was_expected(change: dict[str, Any], fault: str) -> None:
    assert faults(LINE, replace(LINE, **change)) == (f"lines[2]{fault}",)


def test_a_shift_that_the_rules_of_rest_allow_is_within_both_limits() -> None:
    allowed = {
        (on, off) for on in range(1, 25) for off in range(73) if not list(Shift(on, off).faults(RULES))
    }
    assert allowed == {(on, off) for on in range(1, 13) for off in range(max(8, on), 73)}


def test_a_wave_does_not_report_before_an_earlier_one() -> None:
    second = replace(LINE, wave=2, report_at=NOW + DAY / 2)
    assert faults(second, LINE) == ("lines[1].wave: 2 reports before wave 1 does",)
    assert faults(replace(second, report_at=LINE.report_at), LINE) == ()


def test_there_are_no_more_teams_than_can_be_decided_on() -> None:
    lines = [replace(LINE, team=f"regu {n}") for n in range(MOST_TEAMS + 1)]
    assert faults(*lines[1:]) == ()
    assert faults(*lines) == (f"lines: {MOST_TEAMS + 1} teams, expected {MOST_TEAMS} at most",)


def test_a_request_needs_a_line_and_a_fund() -> None:
    assert faults(funding=" ") == ("lines: at least one is needed", "funding: a source is needed (S10)")
