"""`task list|show|claim|unclaim|take-over|decide|decide-all|comment|attach|evidence`: what is asked of whom."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli import show, show_tasks
from app.cli.command import command
from app.cli.operations import read
from app.cli.session import NOT_FOUND, REFUSED, USAGE, Session, Trouble
from domain.moves import TaskKind
from domain.reasons import ErasureReason
from domain.verdicts import Verdict

task = typer.Typer(help="What is asked of whom.", no_args_is_help=True)

TaskId = Annotated[
    str, typer.Argument(metavar="TASK", help="Its id, or the beginning or end of it among the open ones.")
]
LISTED = "items"
"""The detail that is a list."""


@command(task, "list", example="task list --overdue --as sekda")
def list_tasks(
    session: Session,
    *,
    kind: Annotated[TaskKind | None, typer.Option(help="Only this kind.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what should have been done.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="All that you may see, not only what is asked of you.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many a page.")] = 100,
    after: Annotated[str | None, typer.Option(metavar="NEXT", help="The page that begins there.")] = None,
) -> None:
    """List open tasks, the most urgent first, page by page."""
    asked = {"kind": kind.value if kind else None, "overdue": overdue or None, "limit": limit, "after": after}
    session.show(session.get("/v1/tasks", mine=not everything, **asked), show_tasks.page)


@command(task, "show", example="task show 5f2a9c01 --as sekda")
def show_task(session: Session, task_id: TaskId) -> None:
    """Show a task: what it asks, who works on it, what was said and attached."""
    session.show(session.get(_path(session, task_id)), show_tasks.detail)


@command(task, "claim", example="task claim 5f2a9c01 --as posko")
def claim(session: Session, task_id: TaskId) -> None:
    """Take a task upon yourself: nobody else of your office decides it."""
    session.show(session.post(_path(session, task_id, "claim")), show_tasks.claim)


@command(task, "unclaim", example="task unclaim 5f2a9c01 --as posko")
def unclaim(session: Session, task_id: TaskId) -> None:
    """Give a task back to its office."""
    path = _path(session, task_id)
    session.delete(f"{path}/claim")
    session.show(session.get(path), show_tasks.claim)


@command(task, "take-over", example="task take-over 5f2a9c01 --to 5b0f91c2 --as koordinator")
def take_over(
    session: Session,
    task_id: TaskId,
    to: Annotated[str | None, typer.Option(metavar="PERSON", help="Who is to work on it (else you).")] = None,
) -> None:
    """Hand a claimed task on, as the office above, the operator, or the holder for whom it was claimed."""
    form = {"to": session.person(to)} if to else None
    session.show(session.post(_path(session, task_id, "take-over"), form), show_tasks.claim)


@command(task, "decide", example="task decide 5f2a9c01 reject --reason NO_FUNDS --as sekda")
def decide(
    session: Session,
    task_id: TaskId,
    verdict: Annotated[
        Verdict, typer.Argument(metavar="VERDICT", case_sensitive=False, help="approve, return or reject.")
    ],
    *,
    reason: Annotated[str | None, typer.Option(help="The coded reason, where the verdict has codes.")] = None,
    note: Annotated[str | None, typer.Option(help="The reason in words; kept apart.")] = None,
    details: Annotated[
        list[str] | None,
        typer.Option(
            "--with", metavar="NAME=VALUE", help="What else the decision says: plan_id=…, until=…, items=A,B."
        ),
    ] = None,
) -> None:
    """Give a verdict on a task; each kind has its own, and to return or reject mostly needs a reason."""
    form = {"verdict": verdict.value, "reason": reason, "note": note, "details": _details(details or [])}
    session.show(session.post(_path(session, task_id, "decision"), form), show.decision)


@command(task, "decide-all", example="task decide-all approve MU-3F9 MU-41A --as kepala-daerah")
def decide_all(
    session: Session,
    verdict: Annotated[
        Verdict, typer.Argument(metavar="VERDICT", case_sensitive=False, help="approve, return or reject.")
    ],
    of: Annotated[
        list[str],
        typer.Argument(
            metavar="CASE…",
            help="Mutations, batches or swaps (for their members), or tasks; each by its beginning.",
        ),
    ],
    *,
    kind: Annotated[
        TaskKind | None, typer.Option(help="What is asked, where a case asks you more than one thing.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="The coded reason, where the verdict has codes.")] = None,
    note: Annotated[str | None, typer.Option(help="The reason in words; kept apart.")] = None,
    details: Annotated[
        list[str] | None, typer.Option("--with", metavar="NAME=VALUE", help="What else each decision says.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="Called again with the same key, nothing is decided twice.")
    ] = None,
) -> None:
    """Give one verdict on many tasks; each case answers for itself."""
    cases, tasks = _of(session, of)
    said = {"verdict": verdict.value, "reason": reason, "note": note, "details": _details(details or [])}
    form = said | {"kind": kind.value if kind else None, "cases": cases, "tasks": tasks}
    told = session.post("/v1/tasks/decisions", form, key=key)
    session.show(told, show_tasks.became)
    left = [one for one in told["items"] if one["state"] not in ("APPLIED", "RECORDED")]
    session.recorded |= any(one["state"] == "RECORDED" for one in told["items"])
    if left:
        raise Trouble(f"{len(left)} of {len(told['items'])} were not decided so", REFUSED)


def _of(session: Session, names: list[str]) -> tuple[list[str], list[str]]:
    """Return the cases and the tasks that are meant."""
    cases, tasks = [], []
    for name in names:
        short = name.rpartition(":")[2].upper()
        if short.startswith("MU-"):
            cases.append(f"mutation:{session.mutation(short)}")
        elif short.startswith(("BA-", "SW-")):
            kind = "swap" if short.startswith("SW-") else "batch"
            cases.append(f"{kind}:{session.group(short)}")
        else:
            tasks.append(session.task(name))
    return cases, tasks


@command(task, "comment", example='task comment 5f2a9c01 "menunggu konfirmasi puskesmas" --as posko')
def comment(session: Session, task_id: TaskId, text: Annotated[str, typer.Argument(metavar="TEXT")]) -> None:
    """Say something to a task; it stays out of the log."""
    session.show(session.post(_path(session, task_id, "comments"), {"text": text}), show_tasks.detail)


@command(task, "attach", example="task attach 5f2a9c01 laporan.pdf --as koordinator")
def attach(
    session: Session,
    task_id: TaskId,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="PDF, PNG, JPEG, CSV, TXT, ODS or XLSX, at most 10 MB.")
    ],
) -> None:
    """Attach a file to a task."""
    path = _path(session, task_id, "evidence")
    told = session.upload(path, read(file), "application/octet-stream", name=file.name)
    session.show(told, show_tasks.detail)


@command(task, "evidence", example="task evidence 5f2a9c01 8d1e33b0 -o laporan.pdf --as sekda")
def evidence(
    session: Session,
    task_id: TaskId,
    file: Annotated[
        str | None,
        typer.Argument(metavar="EVIDENCE", help="Its id, or the beginning of it; else all are listed."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Save it there.")
    ] = None,
    erase: Annotated[
        ErasureReason | None,
        typer.Option(help="Erase its content, with this reason; the log keeps its hash."),
    ] = None,
) -> None:
    """List what is attached to a task, save one file, or erase its content."""
    path = _path(session, task_id)
    told = session.get(path)
    if file is None:
        if output or erase:
            raise Trouble("name the evidence that is meant", USAGE)
        session.show(told, show_tasks.evidence)
        return
    found = [row["evidence_id"] for row in told["evidence"] if row["evidence_id"].startswith(file.lower())]
    if len(found) != 1:
        raise Trouble(f"{file}: {len(found)} files of this task begin so", USAGE if found else NOT_FOUND)
    if (output is None) == (erase is None):
        raise Trouble("either save it (-o FILE) or erase it (--erase REASON)", USAGE)
    if erase:
        session.delete(f"{path}/evidence/{found[0]}", reason=erase.value)
        session.show(session.get(path), show_tasks.evidence)
    elif output:
        session.save(f"{path}/evidence/{found[0]}", output)


def _details(given: list[str]) -> dict[str, str | list[str]]:
    told: dict[str, str | list[str]] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or name in told:
            raise Trouble(f"--with {text}: expected NAME=VALUE, each name once", USAGE)
        told[name] = value.split(",") if name == LISTED else value
    return told


def _path(session: Session, task_id: str, door: str | None = None) -> str:
    path = f"/v1/tasks/{session.task(task_id)}"
    return f"{path}/{door}" if door else path
