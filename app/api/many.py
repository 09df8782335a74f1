"""Many tasks by one act: POST /v1/tasks/decisions."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints, model_validator

from app import deciding, refusals
from app.api.door import UUID, At, Door, Key, Who
from app.api.problems import errors
from app.api.verdicts import DecideTask, decision_of
from app.deciding import MOST, Act, Became, Wanted
from app.sentences import sentence
from app.tasks import Desk
from domain.moves import TaskKind

router = APIRouter(prefix="/v1/tasks", tags=["tasks"])

TaskId = Annotated[str, StringConstraints(pattern=UUID)]
CaseId = Annotated[str, StringConstraints(pattern=r"^[a-z]+:[A-Za-z0-9-]{1,40}$")]
NOT_RECORDED = "NOT_RECORDED"


class DecideMany(DecideTask):
    """Give the same verdict on many tasks: by their ids, or as what cases ask of you; a batch stands for its members."""

    tasks: tuple[TaskId, ...] = Field((), max_length=MOST)
    cases: tuple[CaseId, ...] = Field((), max_length=MOST, examples=[["mutation:MU-3F9A1C22D0"]])
    kind: TaskKind | None = Field(
        None, description="What is asked, where a case asks you more than one thing."
    )

    @model_validator(mode="after")
    def _of_something(self) -> DecideMany:
        if not (self.tasks or self.cases):
            raise ValueError("cases: name at least one, or a task")
        return self

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """Return what is to be decided, in the order in which it was named."""
        return (
            *(Wanted(task_id=one.lower()) for one in self.tasks),
            *(Wanted(case_id=one) for one in self.cases),
        )


class Decided(BaseModel):
    """What became of one of them."""

    case_id: str | None = Field(examples=["mutation:MU-3F9A1C22D0"])
    task_id: str | None
    command_id: str | None = Field(description="The decision that was recorded.")
    state: str = Field(
        description="APPLIED, REFUSED by its case, RECORDED to be applied later, or NOT_RECORDED."
    )
    code: str | None = Field(description="Why not, as a code.")
    why: str | None = Field(description="The same in a sentence.")
    faults: list[str]


class DecidedMany(BaseModel):
    """What became of each, in the order of what was asked for."""

    items: list[Decided]


@router.post(
    "/decisions",
    summary="Decide many tasks",
    response_model=DecidedMany,
    responses=errors(HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT),
)
async def decide_many(door: At, who: Who, form: DecideMany, key: Key = None) -> dict[str, object]:
    """Give one verdict on each: every case has a recorded decision of its own, its own separation of duties, its own refusal.

    The answer says of each what happened, and is 200 whatever that is. Sent again under the same key, each has the
    answer that it had. By: whoever may decide that task.
    """
    book = door.books.tasks()
    act = Act(who, form.verdict, partial(decision_of, form=form), form.kind, key)
    became = await deciding.decide_all(Desk(door.house, book), book, act, form.wanted)
    return {"items": [await _told(door, one) for one in became]}


async def _told(door: Door, one: Became) -> dict[str, object]:
    code = one.command.refusal if one.command else one.code
    why = sentence(code) if code else None
    if code and one.command:
        why = await refusals.told(door.books, one.command)
    return {
        "case_id": one.wanted.case_id,
        "task_id": one.task_id,
        "command_id": one.command.command_id if one.command else None,
        "state": one.command.state.value if one.command else NOT_RECORDED,
        "code": code,
        "why": why,
        "faults": list(one.faults),
    }
