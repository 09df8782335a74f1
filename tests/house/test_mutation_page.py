"""The page of the rules of mutation, held against the rules: effects, codes, routes."""

import ast
import re

from app.wiring import in_force, rule_packs
from domain.mutation.findings import BITES
from tests.house.source import ROOT, modules

PAGE = (ROOT / "docs" / "mutation.md").read_text(encoding="utf-8")
RULES = in_force(rule_packs()).mutation


def rows() -> list[list[str]]:
    """The rows of the tables of rules and of routes; both have four columns."""
    lines = [line for line in PAGE.splitlines() if line.startswith(("| M", "| `"))]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if len(row) == 4]


def coded(text: str) -> list[str]:
    return re.findall(r"`(\w+)`", text)


def test_every_rule_stands_there_with_how_it_bites() -> None:
    told = {row[0]: row[1].strip("`") for row in rows() if row[0].startswith("M")}
    assert told == {rule.value: RULES.rules[rule].effect.value for rule in BITES}


def test_the_codes_are_those_that_the_rules_give() -> None:
    told = [code for row in rows() if row[0].startswith("M") for code in coded(row[3])]
    given = {
        node.args[0].value
        for module in modules()
        if module.path.parts[:2] == ("domain", "mutation")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ("Measure", "_from_when", "Freeze")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert len(told) == len(set(told))
    assert set(told) == given


def test_every_route_stands_there_with_its_decree_and_its_clearances() -> None:
    told = {row[0].strip("`"): (row[2].strip("`"), coded(row[3])) for row in rows() if row[0].startswith("`")}
    assert told == {
        kind.value: (way.decree.value, [one.value for one in way.clearances])
        for kind, way in RULES.routes.items()
    }
