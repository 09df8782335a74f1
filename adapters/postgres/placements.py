"""The seat and the life that a placement's row describes."""

from __future__ import annotations

from typing import Any

from domain.moves import Seat
from domain.requests import RequestKind
from domain.secondment import (
    Amendment,
    Condition,
    Death,
    Hearing,
    Lacking,
    Leaving,
    Life,
    Paper,
    Party,
    Post,
    Rest,
    Settling,
    State,
    point_of,
)


def seat_of(row: Any) -> Seat:
    """Return the seat that a placement's row describes."""
    return Seat(
        placement_id=row["placement_id"],
        government_id=row["government_id"],
        surge_id=row["surge_id"],
        line_id=row["line_id"],
        person_id=row["person_id"],
        unit_id=row["unit_id"],
        home_role=row["role"],
        role=row["surge_role"],
        site=row["site"],
        kind=RequestKind(row["surge_kind"]),
    )


def life_of(row: Any) -> Life:
    """Return the life that a placement's row describes."""
    return Life(
        state=State(row["state"]),
        revision=row["revision"],
        since=row["since"],
        report_at=row["report_at"],
        due_back=row["due_back"],
        home_by=row["home_by"],
        notices=row["notices"],
        escalation=row["escalation"],
        directed=row["directed"],
        leaving=row["leaving"] and Leaving(row["leaving"]),
        seen_at=max(filter(None, (row["seen_at"], row["sighted_at"])), default=None),
        uncovered_from=row["uncovered_from"],
        condition=Condition(row["condition_code"], row["condition_report_at"])
        if row["condition_code"]
        else None,
        amendment=_amendment_of(row),
        extensions=row["extensions"],
        lapsed=row["lapsed"],
        checklist=tuple(point_of(item) for item in row["checklist"]),
        accident=row["accident"],
        accident_by=row["accident_by"],
        stay_from=row["stay_from"],
        handed_over=row["handed_over"],
        post=_post_of(row),
        rest=_rest_of(row),
        settling=_settling_of(row),
        arrived_at=row["arrived_at"],
        served_until=row["served_until"],
        death=_death_of(row),
    )


def rest_columns(rest: Rest | None) -> dict[str, object]:
    """Return the columns of a placement's row that hold the log of rests."""
    return {
        "day_off_at": rest and rest.day_off_at,
        "awake_since": rest and rest.awake_since,
        "rest_began_at": rest and rest.began_at,
        "rest_lacking": rest and rest.lacking and rest.lacking.value,
    }


def _death_of(row: Any) -> Death | None:
    if row["death_was"] is None:
        return None
    was, by = State(row["death_was"]), tuple(row["death_by"])
    return Death(was, by, row["death_accident"], row["death_accident_by"])


def _settling_of(row: Any) -> Settling:
    received, waived, owed = (
        tuple(Paper(paper) for paper in row[f"papers_{name}"]) for name in ("received", "waived", "owed")
    )
    return Settling(
        received, waived, owed, row["report_by"], row["claim_by"], row["urge_at"], row["papers_urged"]
    )


def _rest_of(row: Any) -> Rest | None:
    if row["day_off_at"] is None:
        return None
    lacking = row["rest_lacking"] and Lacking(row["rest_lacking"])
    return Rest(row["day_off_at"], row["awake_since"], row["rest_began_at"], lacking)


def _post_of(row: Any) -> Post | None:
    if row["post_unit_id"] is None:
        return None
    return Post(
        row["post_unit_id"],
        row["acting_mandate_id"],
        row["acting_until"],
        row["acting_asked_at"],
        row["acting_urged"],
    )


def _amendment_of(row: Any) -> Amendment | None:
    if row["extend_until"] is None:
        return None
    agreed = tuple(Party(party) for party in row["extend_agreed"])
    return Amendment(
        row["extend_until"],
        agreed,
        row["extend_waiver"],
        line_id=row["extend_line_id"],
        since=row["extend_since"],
        heard=row["hearing"] and Hearing(row["hearing"]),
        by=tuple(row["extend_by"]),
        side=row["extend_side"] and Party(row["extend_side"]),
    )
