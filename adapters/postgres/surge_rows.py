"""The life and the case that a surge's row describes."""

from __future__ import annotations

from typing import Any

from domain import cases, surge
from domain.authority import Capacity
from domain.cases import OpenCase
from domain.oral import Oral
from domain.unmet import Unmet


def life_of(row: Any) -> surge.Life:
    """Return where a surge stands, of its row; how much of its plan has been offered is kept by its case alone."""
    oral = row["paper_by"] and Oral(
        by=row["oral_by"],
        capacity=Capacity(row["oral_capacity"]),
        given_at=row["oral_at"],
        paper_by=row["paper_by"],
        ratified=row["ratified_at"] is not None,
        notices=row["oral_notices"],
    )
    unmet = row["unmet_since"] and Unmet(
        row["unmet_since"], row["idle"], row["unmet_escalation"], row["unmet_notices"]
    )
    return surge.Life(
        surge.State(row["state"]),
        row["revision"],
        row["stands_since"],
        row["plan_id"],
        escalation=row["escalation"],
        signing_since=row["signing_since"],
        notices=row["notices"],
        oral=oral,
        sign_by=row["sign_by"],
        sign_warned=row["sign_warned"],
        letter_until=row["letter_until"],
        letter_warned=row["letter_warned"],
        relief_by=row["relief_by"],
        relief_warned=row["relief_warned"],
        unmet=unmet,
        proposed_until=row["proposed_until"],
    )


def case_of(row: Any) -> OpenCase:
    """Return an open surge, of its row; one whose request has not been received has no life yet."""
    life = None if row["state"] == "DRAFT" else life_of(row)
    return OpenCase(
        cases.surge(row["surge_id"]), row["government_id"], row["command_id"], row["rule_pack"], life
    )
