"""What a page says of a mutation besides its row: to whoever sees the whole case, and to a head."""

import ast
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from adapters.postgres.mutation_rows import LIFE
from app.api import answers, mutation_aftermath
from app.api.mutation_told import OF_THE_POST, told
from domain.authority import Capacity
from domain.commands import Command, CommandKind, CommandState
from domain.mutation.findings import Measure
from domain.mutation.life import Life
from domain.mutation.screening import Judged, weigh
from domain.mutation.states import State, Trigger
from lab.mutation_samples import OWN_NUMBER, along, corrected, moved, said, second
from tests.domain.mutation.dossiers import CLEAN, RULES
from tests.house.source import modules

AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
JUDGED = Judged(weigh(CLEAN, RULES), CLEAN, AT)
HAND = {"person_id": "p-9", "name": "Contoh Sekda", "capacity": "SEKDA", "tenure": "DEFINITIVE"}
SAID: dict[str, Any] = {
    "overrides": [HAND | {"rule": "M02", "ground": "ORGANISATIONAL_NEED", "granted_at": AT}],
    "assessment": HAND | {"kind": "ADVISE_AGAINST_MUTATION", "because": "NOT_SUITED", "assessed_at": AT},
    "words": [HAND | {"decision": "HEAR_PERSON", "said_at": AT, "words": "Anak saya masih kecil."}],
}
HEARD = [{"party": "PERSON", "outcome": "CONSENT", "counter_date": AT.isoformat()}]


def test_who_decides_sees_what_was_measured_who_overrode_and_how_it_was_assessed() -> None:
    page = told({"state": "AWAITING_DECISION", "heard": HEARD}, JUDGED, SAID)
    rules = {row["rule"]: row["measures"] for row in page["rules"]}
    (tenure,) = rules["M02"]
    assert (tenure["found"], tenure["needed"], tenure["unit"]) == ("2026-11-25", "2025-01-02", "day")
    rated = [(one["about"], one["found"], one["needed"]) for one in rules["M04"]]
    assert rated == [(2025, "EXCELLENT", "GOOD"), (2024, "GOOD", "GOOD")]
    assert [one["unit"] for one in rules["M10"]] == ["people", "people"]
    assert (page["screened_at"], page["in_post_since"]) == (AT, date(2023, 1, 2))
    assert page["assessment"]["verdict"] == "ADVISED_AGAINST"
    assert (page["overrides"], page["words"]) == (SAID["overrides"], SAID["words"])


def test_a_head_is_told_nothing_that_was_measured_of_the_person_or_said_in_words() -> None:
    page = told({"state": "REJECTED", "because": "NOT_SUITED", "heard": HEARD}, JUDGED, None)
    assert {row["rule"] for row in page["rules"]} == {rule.value for rule in OF_THE_POST}
    assert not any(row["measures"] for row in page["rules"])
    silent = ("in_post_since", "overrides", "assessment", "words", "because")
    assert not any(page[key] for key in silent)


def test_what_came_back_is_not_assessed_yet() -> None:
    assert told({"state": "RETURNED", "heard": []}, JUDGED, SAID)["assessment"] is None


def test_of_a_case_that_has_ended_nothing_is_owed_or_awaited_any_more() -> None:
    for state, waits in (("CLEARANCE", True), ("CLEARANCE_REFUSED", False)):
        life: dict[str, Any] = {
            "state": state,
            "papers": ["HANDOVER_RECORD"],
            "counsel": {"advice": "AWAITED"},
        }
        assert bool(told(life, JUDGED, SAID)["papers_owed"]) is waits
        counsel = mutation_aftermath.told(life, SAID, None, [], ())["counsel"]
        assert (counsel is not None) is waits


def test_whoever_is_rejected_is_told_why_and_whoever_is_served_until_when_they_may_object() -> None:
    assert told({"state": "REJECTED", "because": "NOT_SUITED"}, JUDGED, SAID)["because"] == "NOT_SUITED"
    served = {"state": "SERVED", "objection_until": AT.isoformat()}
    for words in (SAID, None):
        assert told(served, JUDGED, words)["objection_until"] == AT.isoformat()


def test_a_page_says_what_goes_round_and_who_has_initialled_it() -> None:
    offices = ["LEGAL_BUREAU", "SEKDA"]
    paper = {"effective_at": AT.isoformat(), "initials": offices, "initialled": 1, "asked": None}
    prepared = {"state": "DECREE_PREPARED", "decree": paper}
    assert told(prepared, JUDGED, SAID)["draft"] == {
        "effective_at": AT.isoformat(),
        "initials": offices,
        "initialled": 1,
    }
    undone = {"state": "SERVED", "decree": paper, "second": prepared | {"does": "CANCELS"}}
    assert told(undone, JUDGED, SAID)["draft"]["initialled"] == 1
    for state in ("APPROVED", "DECREE_SIGNED"):
        assert told({"state": state, "decree": paper}, JUDGED, SAID)["draft"] is None


def test_whatever_measures_days_or_heads_says_so_and_where_nobody_knows_since_when_it_counts_years() -> None:
    unknown = replace(CLEAN, person=replace(CLEAN.person, post_since=None))
    page = told({}, Judged(weigh(unknown, RULES), unknown, None), SAID)
    (tenure,) = next(row["measures"] for row in page["rules"] if row["rule"] == "M02")
    assert (tenure["found"], tenure["needed"], tenure["unit"]) == (None, 2, "years")
    told_of = {
        node.value for one in modules() for node in ast.walk(one.tree) if isinstance(node, ast.Constant)
    }
    units = [Measure(str(code), 1, 1, met=True).unit for code in told_of]
    assert {"people", "places", "classes", "steps", "years"} <= set(units)


def _life(life: Life) -> dict[str, Any]:
    """As the books keep it."""
    kept: dict[str, Any] = LIFE.dump_python(life, mode="json")
    return kept


def _told(life: Life) -> dict[str, Any]:
    return told(_life(life), JUDGED, SAID)


def test_what_is_corrected_is_objected_to_anew_and_the_page_says_until_when_and_what_had_corrected_it() -> (
    None
):
    once = corrected()
    page = _told(once)
    assert (page["objection"], page["objection_until"]) == (None, _life(once)["objection_until"])
    assert (page["second"]["objection_until"], page["second"]["corrections"]) == (None, [])
    filed = _told(moved(once, Trigger.FILE_OBJECTION))
    assert filed["objection"] == "FILED"
    again = _told(corrected(once))
    assert (again["objection"], again["second"]["corrections"]) == ("CORRECTED", [OWN_NUMBER])


def test_the_page_says_to_which_decree_the_person_may_object() -> None:
    """To the one that undoes, unless they asked for it; once the first one stands again, to that one."""
    cancelled = second(Trigger.SERVE)
    assert _told(cancelled)["second"]["objection_until"]
    objected = moved(moved(along(State.SERVED), Trigger.FILE_OBJECTION), Trigger.REVIEW_OBJECTION)
    granted = second(Trigger.SIGN_DECREE, objected, Trigger.REVOKE_DECREE)
    granted = moved(granted, Trigger.SERVE, said(Trigger.SERVE))
    assert _told(granted)["second"]["objection_until"] is None
    taken_back = moved(
        moved(objected, Trigger.REVOKE_DECREE, said(Trigger.REVOKE_DECREE)), Trigger.WITHDRAW_OBJECTION
    )
    assert _told(second(Trigger.SERVE, taken_back))["second"]["objection_until"]
    stands = second(Trigger.SERVE, moved(cancelled, Trigger.CANCEL, said(Trigger.CANCEL)))
    page = _told(stands)
    assert (page["second"]["objection_until"], page["second"]["undone_by"]["objection_until"]) == (None, None)
    assert page["objection_until"]


@pytest.mark.parametrize(
    ("office", "state", "told"),
    [
        (Capacity.SEKDA, CommandState.APPLIED, True),
        (Capacity.SEKDA, CommandState.REFUSED, False),
        (Capacity.APPOINTING_AUTHORITY, CommandState.APPLIED, False),
    ],
)
def test_a_secretary_who_overrides_is_told_that_they_counsel_no_more(
    office: Capacity, state: CommandState, told: bool
) -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    command = Command(
        "c", "kota", "mutation:MU-1", CommandKind.OVERRIDE_MUTATION_RULE, "p", office, at, state=state
    )
    advice = answers.view(command).advice
    assert (advice is not None and "does not counsel in that case" in advice) == told
