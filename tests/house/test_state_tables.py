"""The pages that show whole machines are those of the code, and every refusal on them can be told to a person."""

from datetime import UTC, datetime

import pytest

from app.sentences import SENTENCES
from domain import surge
from domain.secondment import ENDS, TRANSITIONS, State
from domain.state_table import Goes, Never, Refuses, Table, cell_of, codes_of, render, tabulate
from lab.state_tables import OPERATION_EVENTS, OPERATION_STATES, PAGES, operation_cell
from lab.state_tables_mutation import mutation_table
from lab.state_tables_road import secondment_table, surge_table
from runtime.settings import ROOT

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OPERATION = tabulate(OPERATION_STATES, OPERATION_EVENTS, operation_cell)


@pytest.mark.parametrize("path", PAGES)
def test_the_page_is_that_of_the_code(path: str) -> None:
    written = (ROOT / path).read_text(encoding="utf-8")
    assert written == PAGES[path](), "made anew by `python -m lab.state_tables`"


def test_every_cell_of_an_operation_is_a_move_a_refusal_or_impossible_and_every_refusal_has_a_sentence() -> (
    None
):
    cells = [cell for row in OPERATION.values() for cell in row.values()]
    assert len(cells) == len(OPERATION_STATES) * len(OPERATION_EVENTS)
    assert {type(cell) for cell in cells} == {Goes, Refuses, Never}
    assert set(codes_of(OPERATION)) <= set(SENTENCES)


@pytest.mark.parametrize(
    "table",
    [secondment_table(), surge_table(), mutation_table()],
    ids=["secondment", "surge", "mutation"],
)
def test_every_cell_is_a_move_a_refusal_or_impossible_and_every_refusal_has_a_sentence(table: Table) -> None:
    assert {len(row) for row in table.values()} == {len(next(iter(table.values())))}
    assert set(codes_of(table)) <= set(SENTENCES)


def test_every_transition_of_the_table_is_on_the_page() -> None:
    shown = {
        (state, trigger): cell
        for trigger, row in secondment_table().items()
        for state, cell in row.items()
        if isinstance(cell, Goes)
    }
    for (state, trigger), target in TRANSITIONS.items():
        if state not in ENDS - {State.RETURNED}:  # which stands for every end
            assert shown[state.value, trigger.value] == Goes(target.value), (state, trigger)


def test_what_is_archived_answers_every_decision_with_the_same_refusal() -> None:
    answers = {event: row["ARCHIVED"] for event, row in OPERATION.items()}
    for event, cell in answers.items():
        assert cell == (Never() if event.startswith("clock") else Refuses("already_ended")), event


def test_a_machine_that_changed_makes_another_page() -> None:
    changed = tabulate(OPERATION_STATES, OPERATION_EVENTS, lambda _life, _event: Goes("ENDED"))
    assert render(changed) != render(OPERATION)


def test_another_machine_is_shown_in_the_same_way() -> None:
    lives = {state.value: surge.Life(state, 0, NOW, plan_id="plan") for state in surge.State}
    events = {trigger.value: trigger for trigger in surge.Trigger}
    table = tabulate(
        lives, events, lambda life, trigger: cell_of(surge.decide(life, trigger, now=NOW, plan_id="plan"))
    )
    assert table["APPROVE"]["SUBMITTED"] == Goes("APPROVED")
    assert table["APPROVE"]["CLOSED"] == Refuses("already_ended")
    assert render(table).count("\n") == len(events) + 1
