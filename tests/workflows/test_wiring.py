"""Whatever a workflow schedules is there to be done: read from the source, not from what a run happened to reach."""

import ast
import importlib
import inspect
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest
from temporalio import activity, workflow

import workflows
from adapters.postgres import Database
from app.relay import _DECIDE
from app.wiring import Books, rule_packs
from domain import lines, thin
from domain.cases import CARRIED
from domain.commands import STARTS, CommandKind
from domain.mutation import group_authority
from domain.operation import BY_CLOCK
from domain.operation_duties import EVENT_OF as EVENT_OF_OPERATION
from runtime.settings import ROOT
from workflows import mutation, operation, secondment, surge

FILES = sorted((ROOT / "workflows").glob("*.py"))


def module_of(path: Path) -> ModuleType:
    return importlib.import_module(f"workflows.{path.stem}" if path.stem != "__init__" else "workflows")


def scheduled(path: Path) -> list[tuple[int, str]]:
    """Every activity that a file schedules, as (line, name)."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("execute_activity_method", "start_activity_method"):
                found.append((node.lineno, name_of(path, node.args[0])))
            elif node.func.attr in ("execute_activity", "start_activity", "execute_local_activity"):
                found.append((node.lineno, f"by another way: {ast.unparse(node.func)}"))
    return found


def name_of(path: Path, method: ast.expr) -> str:
    """The activity's name behind `SomeActivities.method`."""
    assert isinstance(method, ast.Attribute), ast.unparse(method)
    holder = getattr(module_of(path), ast.unparse(method.value))
    definition = activity._Definition.must_from_callable(getattr(holder, method.attr))
    return str(definition.name)


def registered() -> set[str]:
    """The names that the program's worker serves; no port is touched by wiring them."""
    nothing = Database.__new__(Database)
    books = Books(**{one.name: nothing for one in fields(Books)} | {"rules": rule_packs()})
    made = books.activities(None, "queue")  # type: ignore[arg-type]
    return {str(activity._Definition.must_from_callable(one).name) for one in made}  # type: ignore[arg-type]


def test_every_activity_that_a_workflow_schedules_is_registered() -> None:
    asked = {name: f"{path.name}:{line}" for path in FILES for line, name in scheduled(path)}
    assert len(asked) >= 12
    assert {where: name for name, where in asked.items() if name not in registered()} == {}


def test_every_registered_activity_is_scheduled_by_somebody() -> None:
    assert registered() - {name for path in FILES for _, name in scheduled(path)} == set()


def test_every_activity_is_called_with_a_policy() -> None:
    """Without one, nothing says how long it may take; Temporal would refuse it only when a case gets there."""
    bare = [
        f"{path.name}:{node.lineno}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "execute_activity_method"
        and not any(keyword.arg is None for keyword in node.keywords)
    ]
    assert bare == []


def test_every_workflow_class_is_served() -> None:
    defined = {
        thing
        for path in FILES
        for _, thing in inspect.getmembers(module_of(path), inspect.isclass)
        if workflow._Definition.from_class(thing)
    }
    assert defined == set(workflows.ALL)


@pytest.mark.parametrize("case", workflows.ALL)
def test_no_workflow_fails_by_an_exception(case: type) -> None:
    """An obligation that could fail would leave somebody out there: what is wrong parks the task and is seen."""
    assert not workflow._Definition.must_from_class(case).failure_exception_types


def test_every_kind_of_decision_reaches_a_case() -> None:
    cases = (
        secondment.TRIGGER_OF,
        surge.TRIGGER_OF,
        operation.TRIGGER_OF,
        mutation.TRIGGER_OF,
        group_authority.TRIGGER_OF_KIND,
        thin.EVENT_OF,
    )
    heard = {*STARTS, *(kind for one in cases for kind in one)}
    assert heard == set(CommandKind)
    assert set(_DECIDE) == CARRIED


def test_every_move_of_an_operation_has_its_name_in_the_log() -> None:
    assert set(EVENT_OF_OPERATION) == set(operation.Trigger)
    assert set(operation.TRIGGER_OF.values()) == set(operation.Trigger) - BY_CLOCK


def test_every_move_of_a_surge_has_its_name_in_the_log() -> None:
    by_kind = {surge.Trigger.CHANGE_LINE}  # each change of a line has a name of its own
    assert set(surge.EVENT_OF) == set(surge.Trigger) - by_kind
    assert {kind for kind, trigger in surge.TRIGGER_OF.items() if trigger in by_kind} == set(lines.EVENT_OF)
    assert set(surge.TRIGGER_OF.values()) == set(surge.Trigger)
