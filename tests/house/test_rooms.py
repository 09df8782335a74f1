"""The table of rooms, where import-linter does not reach: single files, libraries, the environment."""

import ast
import subprocess
import sys
import warnings

import pytest

from runtime.sandbox import PASS_THROUGH
from tests.house.source import ROOMS, ROOT, Module, modules, rooms

AIM, LIMIT = 250, 300  # lines

# What a room may import beside Python itself and the rooms of the table. Rooms not named may import what they need.
LIBRARIES = {
    "domain": set[str](),
    "planning": {"numpy", "numba", "ortools", "scipy"},
    "schemas": {"pydantic"},
    "workflows": {"temporalio"},
    "activities": {"temporalio"},
}
DRIVERS = {"asyncpg", "psycopg", "aiosql", "yoyo"}


def where(module: Module, line: int) -> str:
    return f"{module.path}:{line}"


def test_the_rooms_keep_their_table() -> None:
    done = subprocess.run(
        [f"{sys.prefix}/bin/lint-imports", "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert " 0 broken" in done.stdout


def test_nobody_imports_the_composition_root_or_the_lab() -> None:
    """The lab alone runs the worker in its own process: a drill steps the clock beside it."""
    guilty = [
        f"{where(module, line)} imports {name}"
        for module in rooms()
        if module.room != "lab"
        for line, name in module.imports()
        if name.split(".")[0] in {"worker", "lab"}
    ]
    assert guilty == []


def test_nobody_imports_the_tests() -> None:
    guilty = [
        f"{where(module, line)} imports {name}"
        for module in rooms()
        for line, name in module.imports()
        if name.split(".")[0] == "tests"
    ]
    assert guilty == []


def test_the_pure_rooms_import_only_their_libraries() -> None:
    ours = {*ROOMS, "worker"}
    guilty = [
        f"{where(module, line)} imports {name}"
        for module in rooms()
        if module.room in LIBRARIES
        for line, name in module.imports()
        if name.split(".")[0] not in sys.stdlib_module_names | ours | LIBRARIES[module.room]
    ]
    assert guilty == []


def test_only_the_postgres_room_holds_a_driver() -> None:
    guilty = [
        f"{where(module, line)} imports {name}"
        for module in rooms()
        if module.room != "lab" and module.path.parts[:2] != ("adapters", "postgres")
        for line, name in module.imports()
        if name.split(".")[0] in DRIVERS
    ]
    assert guilty == []


def test_only_the_settings_read_the_environment() -> None:
    guilty = [
        where(module, node.lineno)
        for module in rooms()
        if str(module.path) != "runtime/settings.py"
        for node in ast.walk(module.tree)
        if reads_environment(node)
    ]
    assert guilty == []


def reads_environment(node: ast.AST) -> bool:
    names = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"}
    if isinstance(node, ast.Attribute):
        return node.attr in names and isinstance(node.value, ast.Name) and node.value.id == "os"
    return (
        isinstance(node, ast.ImportFrom) and node.module == "os" and any(a.name in names for a in node.names)
    )


@pytest.mark.parametrize(
    ("line", "guilty"),
    [
        ("import os\nos.environ['X']", True),
        ("import os\nos.getenv('X')", True),
        ("from os import environ", True),
        ("import os\nos.path.join('a')", False),
    ],
)
def test_the_environments_guard_bites(line: str, *, guilty: bool) -> None:
    assert any(reads_environment(node) for node in ast.walk(ast.parse(line))) is guilty


def test_the_sandbox_passes_exactly_what_workflows_may_import() -> None:
    """All or none: a room that workflows use and the sandbox copies would have its enums unequal to themselves."""
    used = {
        name.split(".")[0]
        for module in rooms()
        if module.room in PASS_THROUGH
        for _, name in module.imports()
    }
    assert used & set(ROOMS) <= set(PASS_THROUGH)


def test_a_module_tells_one_story() -> None:
    """About 250 lines is the aim, and warned of; the tables of a test may be longer."""
    sizes = {str(module.path): len(module.text.splitlines()) for module in modules()}
    for path, lines in sizes.items():
        if lines > AIM:
            warnings.warn(f"{path} has {lines} lines; about {AIM} is the aim", stacklevel=1)
    assert {
        path: lines for path, lines in sizes.items() if lines > LIMIT and not path.startswith("tests/")
    } == {}


def test_no_module_is_called_after_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [str(m.path) for m in modules() if empty & {*m.path.parts, m.path.stem}] == []


def test_the_composition_root_only_wires() -> None:
    roots = [module for module in modules() if str(module.path) == "worker.py"]
    assert all(len(module.text.splitlines()) <= 80 for module in roots)
