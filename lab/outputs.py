"""What a drill leaves behind: papers, report, plan, log and invariants; the whole folder replaced at once."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from adapters.documents.after_action import after_action
from adapters.postgres.database import queries
from adapters.postgres.invariants import InvariantResult
from adapters.postgres.report import ReportReader
from app.web.report import render
from lab.drill import Drill
from lab.outcome import telling_moment
from lab.stage import Stage
from lab.storybook import StoryBook

MARK = "invariants.json"
"""Every folder of ours holds it: a folder without is not ours to replace."""


class FolderTaken(ValueError):
    """The folder cannot be written, or holds what is not ours."""


class Folder:
    """A folder that appears whole or not at all; what an earlier drill left there goes at the same moment."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._half = path.absolute().parent / f".{path.absolute().name}.{uuid.uuid4().hex[:8]}"

    def __enter__(self) -> Self:
        if self.path.is_symlink() or (self.path.exists() and not self.path.is_dir()):
            raise FolderTaken(f"{self.path} is not a folder; choose another with --out")
        if self.path.is_dir() and any(self.path.iterdir()) and not (self.path / MARK).exists():
            raise FolderTaken(
                f"{self.path} holds other things than a drill's papers; choose another with --out"
            )
        try:
            self._half.mkdir(parents=True)
        except OSError as error:
            raise FolderTaken(f"{self.path} cannot be written: {error.strerror}") from error
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._half, ignore_errors=True)

    def write(self, name: str, content: bytes | str) -> None:
        """Put a file into the folder that is being made."""
        file = self._half / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def contents(self) -> list[str]:
        """Return what stands in the published folder, folders with the number of their files."""
        return [
            f"{one.name}/ ({sum(file.is_file() for file in one.rglob('*'))} files)"
            if one.is_dir()
            else one.name
            for one in sorted(self.path.iterdir())
        ]

    def publish(self) -> None:
        """Let the folder appear in place of the earlier one."""
        old = self._half.with_suffix(".old")
        if self.path.exists():
            self.path.rename(old)
        self._half.rename(self.path)
        shutil.rmtree(old, ignore_errors=True)


async def write_all(
    folder: Folder, stage: Stage, book: StoryBook, found: Sequence[InvariantResult], drill: Drill
) -> None:
    """Write everything that a drill leaves behind."""
    for one in drill.played:
        await _orders(folder, stage, one.surge_id)
    await _reports(folder, stage, book, drill)
    folder.write("plan.json", _json(_plans(book)))
    folder.write("events.jsonl", "".join(f"{_compact(entry)}\n" for entry in book.entries))
    folder.write("invariants.json", _json([asdict(result) | {"checked": result.checked} for result in found]))
    folder.write("invariants.txt", "\n".join(invariants_table(found)) + "\n")


async def _reports(folder: Folder, stage: Stage, book: StoryBook, drill: Drill) -> None:
    """Write a report on each operation and an after-action report on each surge; the first ones bear no key."""
    reader = ReportReader(stage.books.database)
    operations = {one.operation_id: one.incident for one in drill.played}
    for number, (operation_id, key) in enumerate(operations.items()):
        surges = [one.surge_id for one in drill.played if one.operation_id == operation_id]
        ending = f"-{key}" if number else ""
        at = telling_moment(book, set(surges) if len(operations) > 1 else None)
        folder.write(
            f"report{ending}.html",
            render(await reader.surge_report(drill.government_id, operation_id, at=at)),
        )
        for at_surge, surge_id in enumerate(surges):
            name = f"report{ending}-akhir" + (f"-{at_surge + 1}" if at_surge else "")
            view, review = await stage.books.closing.after_action(drill.government_id, surge_id)
            folder.write(f"{name}.html", render(view, review))
            folder.write(f"{name}.pdf", await asyncio.to_thread(after_action, view, review))


def invariants_table(found: Sequence[InvariantResult]) -> list[str]:
    """Return the report on the invariants as lines of text."""
    lines = [f"Invariants{'rows checked':>24}{'violations':>12}"]
    for result in found:
        if result.checked:
            lines.append(f"  {result.code}{result.rows:>30,}{result.violations:>12,}  {result.promise}")
            lines += [f"{'':>48}violated by {one}" for one in result.sample]
        else:
            lines.append(f"  {result.code}{'not checked yet':>42}  {result.promise}")
    return lines


async def _orders(folder: Folder, stage: Stage, surge_id: str) -> None:
    """Write each issued order, and in a folder of its number the extract and the travel order of each person."""
    for order in await stage.boards.orders(surge_id):
        whole = await stage.boards.document(order["order_id"], None)
        if whole is None:
            continue
        name = order["number"].replace("/", "-")
        folder.write(f"orders/{name}.pdf", whole)
        async with stage.books.database.reading() as connection:
            people = await queries.order_people(connection, order_id=order["order_id"])
        papers = (_papers_of(stage, order["order_id"], str(person["placement_id"])) for person in people)
        for number, (person, found) in enumerate(zip(people, await asyncio.gather(*papers), strict=True), 1):
            called = f"orders/{name}/{number:03}-{_slug(person['name'])}"
            for ending, paper in zip(("", "-spd"), found, strict=True):
                if paper is not None:
                    folder.write(f"{called}{ending}.pdf", paper)


async def _papers_of(stage: Stage, order_id: str, placement_id: str) -> tuple[bytes | None, bytes | None]:
    """Return one person's extract and travel order."""
    extract = await stage.boards.document(order_id, placement_id)
    return extract, await stage.books.travelling.fetch(order_id, placement_id)


def _plans(book: StoryBook) -> dict[str, Any]:
    """The plans that were confirmed, surge by surge, and those made for seats that fell empty, with what their ids mean."""
    plans = [
        {
            "plan_id": plan_id,
            "made_at": plan["made_at"],
            "problem_sha256": plan["problem_sha256"],
            **plan["plan"],
        }
        for plan_id, plan in book.plans.items()
    ]
    return {
        "confirmed": next((plan for plan in plans if plan["plan_id"] == book.first_plan), None),
        "confirmed_too": [plan for plan in plans if plan["plan_id"] in book.first_plans[1:]],
        "made_again": [plan for plan in plans if plan["plan_id"] not in book.first_plans],
        "lines": list(book.lines.values()),
        "units": book.units,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_plain) + "\n"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value).__name__} has no place in a file of ours")


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "tanpa-nama"
