"""What the audit shows: the log of a case, its replay, the boards rebuilt from the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.api.views import AsOf


class LogEntry(BaseModel):
    """One fact of a case."""

    seq: int
    type: str
    at: datetime
    case_id: str
    person_id: str | None
    actor: str
    on_behalf_of: str | None
    authority: str
    basis: str
    command_id: str | None
    command: str | None = Field(None, description="The kind of that decision.", examples=["APPROVE_SURGE"])
    data: dict[str, Any]


class Run(BaseModel):
    """One replayed run of a case."""

    run_id: str
    workflow_type: str
    ok: bool
    events: int
    commands: int
    completed: bool
    lines: list[str]


class Replay(BaseModel):
    """A case replayed strictly: every input, option and result of today's code against what was recorded."""

    case_id: str
    ok: bool
    runs: list[Run]


class Difference(BaseModel):
    """One value that a board shows and the log does not give."""

    board: str = Field(examples=["placement"])
    row: str
    column: str = Field(description="Empty where only one of the two has the row.")
    log: Any
    books: Any


class Rebuilt(BaseModel):
    """The boards rebuilt from the log alone, and compared with the books."""

    as_of: AsOf
    ok: bool
    entries: int
    rows: dict[str, int] = Field(description="Rows that were compared, by board.")
    missing: list[int] = Field(description="Numbers that no entry of the log has; the first hundred.")
    differences: list[Difference] = Field(description="The first hundred of them.")
    faults: int
    sentences: list[str]
