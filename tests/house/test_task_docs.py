"""docs/tasks.md, held against the program."""

import re
from collections.abc import Iterator
from enum import EnumType
from typing import Any, get_args

from app.api.verdicts import FORMS, UNREASONED, takes
from app.instead import INSTEAD, instead
from domain import who_may
from domain.commands import CommandKind
from domain.evidence import MOST_BYTES, Media
from domain.moves import TaskKind
from domain.tasks import MOST_COMMENTS, MOST_EVIDENCE
from domain.verdicts import TERM_OF, Verdict, verdicts
from tests.house.test_docs import fault_of, leaves, pack_in_force, text_of

PAGE = text_of("docs/tasks.md")


def codes_of(annotation: Any) -> tuple[str, ...]:
    """The codes that a form's field takes."""
    found = [annotation] if isinstance(annotation, EnumType) else get_args(annotation)
    return tuple(one.value for enum in found if isinstance(enum, EnumType) for one in enum)  # type: ignore[attr-defined]


def reason_of(command: CommandKind, verdict: Verdict) -> str:
    field = FORMS[command].model_fields.get("code") if command in FORMS else None
    if field is not None and (field.is_required() or verdict != Verdict.APPROVE):
        return ", ".join(f"`{code}`" for code in codes_of(field.annotation))
    if command in UNREASONED:
        return "in words (if need be)"
    return "in words" if verdict != Verdict.APPROVE else ""


def details_of(command: CommandKind) -> str:
    fields = FORMS[command].model_fields if command in FORMS else {}
    named = sorted(takes(command) - {"code", "note"})
    return ", ".join(f"`{name}`{'' if fields[name].is_required() else ' (if need be)'}" for name in named)


def rows() -> Iterator[str]:
    """The table of docs/tasks.md, as the program has it."""
    yield "| task | asked until | verdict | records | who may | reason | says besides |"
    yield "|---|---|---|---|---|---|---|"
    for kind in TaskKind:
        said = [(verdict, command) for verdict, command in verdicts(kind, by_name=False).items()]
        said += [pair for pair in verdicts(kind, by_name=True).items() if pair not in said]
        for verdict, command in said:
            until = f"`{TERM_OF[kind]}`" if TERM_OF[kind] else ""
            may = ", ".join(f"`{office}`" for office in who_may.MAY[command])
            parts = (reason_of(command, verdict), details_of(command))
            yield f"| `{kind}` | {until} | `{verdict}` | `{command}` | {may} | {' | '.join(parts)} |"


def test_the_table_of_verdicts_is_the_programs() -> None:
    written = re.search(r"<!-- tasks -->\n(.*?)\n?<!-- /tasks -->", PAGE, re.DOTALL)
    table = "\n".join(rows())
    assert written
    assert written[1].strip() == table, f"docs/tasks.md must hold, between its markers:\n{table}"


def test_a_task_that_no_verdict_settles_says_which_command_does() -> None:
    without = {
        kind for kind in TaskKind if not verdicts(kind, by_name=False) and not verdicts(kind, by_name=True)
    }
    assert set(INSTEAD) == without
    for kind, said in INSTEAD.items():
        calls = re.findall(r"\./siaga [^);]*", instead(kind, "surge:SU-1") or "")
        assert calls, said
        assert [fault for call in calls if (fault := fault_of(call.strip()))] == []


def test_every_term_is_a_key_of_the_rule_pack() -> None:
    keys = {key for key, _, _ in leaves(pack_in_force())}
    assert {key for key in TERM_OF.values() if key} <= keys


def test_the_limits_and_kinds_of_files_are_told() -> None:
    page = " ".join(PAGE.split())
    assert f"at most {MOST_BYTES // 1_000_000} MB" in page
    assert f"takes {MOST_EVIDENCE} files and {MOST_COMMENTS} comments" in page
    *most, last = [media.name for media in Media]
    assert f"{', '.join(most)} and {last}" in page
