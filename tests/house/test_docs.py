"""Documented facts, held against the program: settings, commands, authority, rules, paths, links, pictures."""

import ast
import re
import runpy
import shlex
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from app.cli.__main__ import make_app
from app.wiring import in_force, rule_packs
from domain import authority, separation, who_may
from domain.cases import CaseKind
from domain.commands import CommandKind
from domain.mutation import group_authority
from domain.mutation.authority import NOTED_BY_ANOTHER, RULINGS, THE_PROPOSERS_OWN, Part
from domain.mutation.reasons import REASONS
from domain.mutation.states import Outcome
from domain.reasons import (
    BackfillDeclined,
    CancelReason,
    ClaimExcess,
    DeclineReason,
    OverrideReason,
    RejectionReason,
    ReleaseRefusal,
    ReportWaiver,
    ReturnReason,
    SettlementWaiver,
    SurgeCancelReason,
)
from domain.secondment import State
from runtime.settings import Settings
from tests.house.source import ROOT, committed_files, modules
from workflows import policies

PAGES = tuple(path for path in committed_files() if path.suffix == ".md")
OURS = tuple(path for path in PAGES if path.parts[0] not in ("tests", "examples"))
FLOORS = (".", "adapters", "app", "docs")  # where a page may name a folder from
MADE_BY_A_RUN = ("out/", "orders/")
PICTURE_LIMIT = 250 * 1024  # bytes


def text_of(path: str | Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def rows_of(text: str, head: str) -> list[list[str]]:
    """The rows of the table under a header row that begins so, as cells."""
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {head} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


# ── settings ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_setting_is_in_the_table_with_its_default() -> None:
    table = {row[0].strip("`"): row[1] for row in rows_of(text_of("docs/settings.md"), "variable")}
    fields = {str(field.alias): field.default for field in Settings.model_fields.values()}
    assert set(table) == set(fields)
    plain = {name: default for name, default in fields.items() if isinstance(default, str | int)}
    assert {name: table[name] for name in plain} == {name: f"`{default}`" for name, default in plain.items()}


# ── the command line ──────────────────────────────────────────────────────────────────────────────────────────────


@cache
def launched() -> dict[str, str]:
    """The launcher's own commands, with the module behind each."""
    commands = runpy.run_path(str(ROOT / "siaga"))["LAB_COMMANDS"]
    return {name: module for name, (module, _lock) in commands.items()}


def calls_in(text: str) -> Iterator[str]:
    """Every `./siaga …` of a page: a line of a block (without its comment), or a span of code."""
    fenced = False
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif fenced and re.match(r"(\$ )?\./siaga\b", line):
            yield line.removeprefix("$ ").partition("  #")[0]
        elif not fenced:
            yield from re.findall(r"`(\./siaga[^`]*)`", line)


@cache
def whole_command() -> Any:
    return typer.main.get_command(make_app())


def fault_of(call: str) -> str | None:
    """Say what is wrong with a call: an unknown command, or an option that it does not have."""
    words = shlex.split(re.sub(r"\[([^\]]*)\]", r"\1", call))[1:]
    if not words or words[0] == "…":
        return None
    if words[0] in launched():
        source = text_of(launched()[words[0]].replace(".", "/") + ".py")
        if "add_options" in source:
            source += text_of("lab/drill_run.py")
        known = set(re.findall(r'"(--?[a-z-]+)"', source))
        # What `test` does not know goes to pytest.
        return None if words[0] == "test" else unknown_option(words[1:], known, call)
    command = whole_command()
    known = {option for one in command.params for option in one.opts}
    while words and hasattr(command, "commands"):
        if words[0] not in command.commands:
            return f"{call}: there is no {words[0]!r}"
        command = command.commands[words.pop(0)]
        known |= {option for one in command.params for option in one.opts}
    return unknown_option(words, known | {"--help"}, call)


def unknown_option(words: list[str], known: set[str], call: str) -> str | None:
    unknown = [word for word in words if re.match(r"--?[a-z]", word) and word not in known]
    return f"{call}: there is no option {unknown[0]}" if unknown else None


def test_every_command_on_a_page_exists_with_its_options() -> None:
    calls = [(path, call) for path in PAGES for call in calls_in(text_of(path))]
    assert len([call for path, call in calls if path == Path("README.md")]) > 20
    assert [f"{path}: {fault}" for path, call in calls if (fault := fault_of(call))] == []


@pytest.mark.parametrize(
    ("call", "wrong"),
    [
        ("./siaga surge approve SU-1 --as sekda", False),
        ("./siaga surge aprove SU-1", True),
        ("./siaga surge approve SU-1 --ass sekda", True),
        ("./siaga fly", True),
        ("./siaga demo --seed 7", False),
        ("./siaga demo --sed 7", True),
    ],
)
def test_the_guard_of_the_commands_bites(call: str, *, wrong: bool) -> None:
    assert (fault_of(call) is not None) is wrong


# ── who may ───────────────────────────────────────────────────────────────────────────────────────────────────────


def authority_table() -> str:
    """The table of docs/authority.md, as the domain has it."""
    lines = ["| decision | who may, the ordinary one first | but never |", "|---|---|---|"]
    for kind, capacities in who_may.MAY.items():
        who = [
            f"`{one}`"
            + (" (once escalated)" if (kind, one) in authority._ONLY_WHEN_ESCALATED else "")
            + (" (for a unit head)" if (kind, one) in authority._ONLY_FOR_HEADS else "")
            for one in capacities
        ]
        apart = separation.SEPARATED.get(kind, separation.Apart())
        never = ["the person whose case it is"] if apart.subject else []
        never += ["whoever made the request"] if apart.proposer else []
        never += ["whoever gave a verdict in the case in another office"] if apart.verdict else []
        never += _apart_by_part(kind) if kind in RULINGS else []
        never += ["whose case is among them"] if kind in group_authority.MAY else []
        never += ["acting officers (Plh, Plt)"] if kind in who_may.NOT_BY_ACTING else []
        lines.append(f"| `{kind}` | {', '.join(who)} | {', '.join(never)} |")
    return "\n".join(lines)


def _apart_by_part(kind: str) -> list[str]:
    part = RULINGS[kind].part
    if kind in THE_PROPOSERS_OWN:
        return ["whoever neither proposed nor holds the office that did"]
    if authority.Capacity.SUBJECT in RULINGS[kind].may:
        return []
    never = ["the person whose case it is"]
    weighs = part not in (None, Part.PROPOSER) or kind in NOTED_BY_ANOTHER
    never += ["whoever proposed"] if weighs else []
    return never + (["whoever plays another part in the case"] if part else [])


def test_the_table_of_authority_is_the_domains() -> None:
    written = re.search(
        r"<!-- authority -->\n(.*?)\n?<!-- /authority -->", text_of("docs/authority.md"), re.DOTALL
    )
    assert written
    table = authority_table()
    assert written[1].strip() == table, f"docs/authority.md must hold, between its markers:\n{table}"


def test_every_decision_has_a_row_and_every_office_is_in_the_glossary() -> None:
    assert set(who_may.MAY) == {kind.value for kind in CommandKind} | authority.NOTED
    offices = {row[1].strip("`") for row in rows_of(text_of("docs/glossary.md"), "Indonesian")}
    assert offices == {one.value for one in authority.Capacity if one != authority.Capacity.SYSTEM}


# ── rules ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def pack_in_force() -> dict[str, Any]:
    wanted = in_force(rule_packs()).id
    packs = [tomllib.loads(path.read_text()) for path in (ROOT / "rules").glob("*.toml")]
    return next(pack for pack in packs if pack["id"] == wanted)


def leaves(node: dict[str, Any], at: tuple[str, ...] = ()) -> Iterator[tuple[str, str, str]]:
    """(key, value, source) of each plain value; roles and documents have tables of their own."""
    for key, value in node.items():
        path = (*at, key)
        if path[:2] == ("surge", "roles") or path[0] == "documents":
            continue
        if isinstance(value, dict) and value.keys() == {"value", "source"}:
            yield ".".join(path), str(value["value"]), value["source"]
        elif isinstance(value, dict):
            yield from leaves(value, path)
        else:
            yield ".".join(path), str(value), ""


def test_every_rule_is_told_with_its_value_and_its_source() -> None:
    rows = rows_of(text_of("docs/rules.md"), "key")
    assert [(row[0].strip("`"), row[1], row[2]) for row in rows] == list(leaves(pack_in_force()))
    assert all(row[3] for row in rows)


def test_every_role_and_every_standing_word_is_told() -> None:
    pack, page = pack_in_force(), text_of("docs/rules.md")
    roles = [[f"`{role}`", r["label"], f"`{r['skill']}`", str(r["level"]), r["task"]]
             for role, r in pack["surge"]["roles"].items()]  # fmt: skip
    assert rows_of(page, "role") == roles
    for paper, key in (("assignment order", "assignment_order"), ("decree", "decree")):
        words = rows_of(page.partition(f"## Words of the {paper}")[2], "key")
        assert [row[0].strip("`") for row in words] == list(pack["documents"][key])


# ── patches and states ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_of_patches_is_that_of_the_code() -> None:
    listed = {row[0].strip("`") for row in rows_of(text_of("docs/patches.md"), "id")}
    used = {
        ast.literal_eval(node.args[0])
        if isinstance(node.args[0], ast.Constant)
        else ast.unparse(node.args[0])
        for module in modules()
        if module.room == "workflows"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("patched", "deprecate_patch")
    }
    assert listed == used


def test_every_state_of_a_secondment_and_every_kind_of_case_is_explained() -> None:
    glossary, design = text_of("docs/glossary.md"), text_of("docs/design.md")
    cells = " ".join(row[0] for row in rows_of(glossary, "code"))
    assert set(re.findall(r"`([A-Z_]+)`", cells)) == {state.value for state in State}
    assert all(state in design for state in State)
    assert all(f"`{kind.value}:" in design for kind in CaseKind)


def test_the_figures_beside_a_policys_name_are_its_own() -> None:
    said = [found for path in OURS for found in re.findall(r"`([A-Z_]+)` \((\d+)( s)?\)", text_of(path))]
    assert said
    for name, figure, unit in said:
        value = getattr(policies, name)
        assert int(figure) == (value.total_seconds() if unit else value), name


def test_the_coded_reasons_on_pages_exist() -> None:
    reasons = (
        *(BackfillDeclined, CancelReason, ClaimExcess, DeclineReason, OverrideReason),
        *(RejectionReason, ReleaseRefusal, ReportWaiver, ReturnReason, SettlementWaiver, SurgeCancelReason),
        *(Outcome, *REASONS.values()),
    )
    known = {one.value for enum in reasons for one in enum}
    given = {word for path in PAGES for word in re.findall(r"--reason ([A-Z_]+)", text_of(path))}
    assert given
    assert given <= known


# ── the house, its decisions, its paths ───────────────────────────────────────────────────────────────────────────


def test_every_room_has_its_row() -> None:
    rows = {row[0].strip("`/") for row in rows_of(text_of("docs/design.md"), "room")}
    tool = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]
    assert rows == {*tool["root_packages"], "worker.py"}


def test_decisions_are_numbered_listed_and_say_context_decision_and_consequences() -> None:
    pages = sorted(path for path in PAGES if path.parts[:2] == ("docs", "adr") and path.name != "README.md")
    assert [path.name[:4] for path in pages] == [f"{n:04}" for n in range(1, len(pages) + 1)]
    index = re.findall(r"\]\(([^)]+)\) \| (.+) \|", text_of("docs/adr/README.md"))
    assert [name for name, _ in index] == [path.name for path in pages]
    for path, (_, title) in zip(pages, index, strict=True):
        text = text_of(path)
        assert all(f"**{part}.**" in text for part in ("Context", "Decision", "Consequences")), path
        assert text.startswith(f"# {path.name[:4]} {title}"), path


def functions_of(path: Path) -> set[str]:
    return {
        node.name
        for module in modules()
        if module.path == path
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def missing_in(text: str) -> Iterator[str]:
    """Files and tests of the repository that a page names in code and that are not there."""
    for span in re.findall(r"`([^`\n]+)`", text):
        path, _, test = span.partition("::")
        if re.fullmatch(r"[\w.-]+(/[\w.*-]+)+\.(py|sql|toml|md|json|xml|csv|typ)", path):
            there = any(ROOT.glob(path)) and (not test or test in functions_of(Path(path)))
        elif re.fullmatch(r"[a-z]+(/[a-z_]+)*/", path) and path not in MADE_BY_A_RUN:
            there = any((ROOT / floor / path).is_dir() for floor in FLOORS)
        else:
            there = True
        if not there:
            yield span


def test_every_file_and_every_test_that_a_page_names_is_there() -> None:
    assert [f"{path}: {span}" for path in OURS for span in missing_in(text_of(path))] == []


@pytest.mark.parametrize(
    ("span", "wrong"),
    [
        ("`domain/surge.py`", False),
        ("`domain/surges.py`", True),
        ("`nowhere/`", True),
        ("`tests/house/test_docs.py::test_every_room_has_its_row`", False),
        ("`tests/house/test_docs.py::test_every_room_has_two_rows`", True),
    ],
)
def test_the_guard_of_the_paths_bites(span: str, *, wrong: bool) -> None:
    assert bool(list(missing_in(span))) is wrong


def broken_links(path: Path) -> Iterator[str]:
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(path)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (ROOT / path.parent / name).resolve() if name else ROOT / path
        if not file.exists() or (anchor and anchor not in anchors_of(file)):
            yield target


def anchors_of(file: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_relative_link_leads_somewhere() -> None:
    assert [f"{path}: {link}" for path in PAGES for link in broken_links(path)] == []


def test_every_page_of_the_docs_can_be_reached_from_the_readme() -> None:
    seen, todo = set[Path](), [Path("README.md")]
    while todo:
        page = todo.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        links = re.findall(r"\]\(([^)#\s]+)", text_of(page))
        pages = [ROOT / page.parent / link for link in links if not re.match(r"[a-z]+:", link)]
        todo += [linked.resolve().relative_to(ROOT) for linked in pages]
    assert {path for path in PAGES if path.parts[0] == "docs"} <= seen


def test_pictures_are_small_and_shown() -> None:
    pictures = [path for path in committed_files() if path.parts[:2] == ("docs", "pictures")]
    shown = " ".join(text_of(path) for path in PAGES)
    assert pictures
    for path in pictures:
        assert (ROOT / path).stat().st_size <= PICTURE_LIMIT, path
        assert path.name in shown, path
