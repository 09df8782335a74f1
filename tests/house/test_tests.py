"""The tests themselves: each asserts something and says a fact by its name; what waits long says that it lives."""

import ast
import importlib
from datetime import timedelta

import pytest

from tests.house.source import Module, modules

ASSERTING = ("assert", "check", "expect", "raises", "warns", "fail", "compare", "verify", "refuse")


def cases_in(module: Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]


def asserts(test: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    for node in ast.walk(test):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name.lower().lstrip("_").startswith(ASSERTING):
                return True
    return False


def test_the_tests_are_found() -> None:
    assert any(cases_in(module) for module in modules())


def test_every_test_asserts_something() -> None:
    silent = [
        f"{module.path}:{test.lineno} {test.name}"
        for module in modules()
        if module.path.name.startswith("test_") and module.room == "tests"
        for test in cases_in(module)
        if not asserts(test)
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("body", "asserting"),
    [("x = 1", False), ("assert x", True), ("with pytest.raises(E): f()", True), ("print(assertion)", False)],
)
def test_the_guard_of_the_tests_bites(body: str, *, asserting: bool) -> None:
    (test,) = ast.parse(f"def test_x():\n    {body}").body
    assert isinstance(test, ast.FunctionDef)
    assert asserts(test) is asserting


def test_no_test_is_put_aside() -> None:
    """A test that the machine cannot run carries `needs`; one that does not hold is mended or removed."""
    aside = [
        f"{module.path}:{node.lineno}"
        for module in modules()
        if module.room == "tests"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in ("skip", "skipif", "xfail", "importorskip")
        if module.path.name != "conftest.py" or module.path.parts[1] != "conftest.py"
    ]
    assert aside == []


def test_whatever_may_run_longer_than_half_a_minute_heartbeats() -> None:
    """Without, a dead worker is noticed only when the whole time is up, and no cancellation is ever heard."""
    policies = vars(importlib.import_module("workflows.policies"))
    configs = {
        name: value
        for name, value in policies.items()
        if isinstance(value, dict) and "start_to_close_timeout" in value
    }
    assert configs, "workflows/policies.py names no activity policy"
    deaf = [
        name
        for name, config in configs.items()
        if config["start_to_close_timeout"] > timedelta(seconds=30) and not config.get("heartbeat_timeout")
    ]
    assert deaf == []
