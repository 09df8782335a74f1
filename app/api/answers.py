"""What a decision is answered with: applied, refused, or recorded and to be applied later."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from app.api.problems import Refused, errors
from domain import cases
from domain.authority import Capacity
from domain.cases import CaseKind
from domain.commands import Command, CommandKind, CommandState

_PATHS = {
    CaseKind.OPERATION: "operations",
    CaseKind.SURGE: "surges",
    CaseKind.SECONDMENT: "secondments",
    CaseKind.MUTATION: "mutations",
    CaseKind.BATCH: "mutation-groups",
    CaseKind.SWAP: "mutation-groups",
    CaseKind.THIN: "thin-units",
}


class CommandView(BaseModel):
    """A decision, and what became of it."""

    command_id: str
    case_id: str = Field(examples=["surge:SU-3F9A1C22D0"])
    kind: str = Field(examples=["APPROVE_SURGE"])
    state: CommandState
    refusal: str | None = None
    capacity: str = Field(examples=["SEKDA"])
    tenure: str = Field(description="How the office is held: DEFINITIVE, SUBSTITUTE, PLH or PLT.")
    on_behalf_of: str | None = Field(
        None, description="Whose office it is, where it is not the author's own."
    )
    decided_at: datetime
    choice: str | None = None
    url: str = Field(description="Where to ask what became of it.", examples=["/v1/commands/…"])
    case_url: str = Field(examples=["/v1/surges/SU-3F9A1C22D0"])
    advice: str | None = Field(None, description="What follows from it for its author, in words.")


_ADVICE = {
    (
        CommandKind.OVERRIDE_MUTATION_RULE,
        Capacity.SEKDA,
    ): "whoever overrides a rule does not counsel in that case, nor does a "
    "substitute of theirs: the counsel lapses, or is waited for in vain, as the rule pack has it"
}
"""What a decision in an office keeps its holder from later in the same case, though the case asks it of that office."""


def view(command: Command) -> CommandView:
    """Return a decision as its author may see it."""
    name = cases.parse(command.case_id)
    return CommandView(
        command_id=command.command_id,
        case_id=command.case_id,
        kind=command.kind.value,
        state=command.state,
        refusal=command.refusal,
        capacity=command.capacity.value,
        tenure=command.tenure.value,
        on_behalf_of=command.on_behalf_of,
        decided_at=command.decided_at,
        choice=command.choice,
        url=f"/v1/commands/{command.command_id}",
        case_url=f"/v1/{_PATHS[name.kind]}/{name.key}",
        advice=None
        if command.state == CommandState.REFUSED
        else _ADVICE.get((command.kind, command.capacity)),
    )


def answer(command: Command, *, created: bool = False) -> JSONResponse:
    """Answer a decision: 200 or 201 applied, 202 recorded; raises Refused when its case refused it."""
    if command.state == CommandState.REFUSED:
        raise Refused(command)
    told = view(command)
    status, location = HTTPStatus.OK, told.url
    if command.state == CommandState.RECORDED:
        status = HTTPStatus.ACCEPTED
    elif created:
        status, location = HTTPStatus.CREATED, told.case_url
    return JSONResponse(told.model_dump(mode="json"), status_code=status, headers={"Location": location})


def decided(*, creates: bool = False) -> dict[str, Any]:
    """Return how a route that records a decision is documented."""
    done = HTTPStatus.CREATED if creates else HTTPStatus.OK
    recorded = {
        "model": CommandView,
        "description": "Recorded. The engine is away; the decision will be applied later, once, and its lateness "
        "is judged by now.",
    }
    return {
        "status_code": done,
        "response_model": CommandView,
        "responses": {
            HTTPStatus.ACCEPTED.value: recorded,
            **errors(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                HTTPStatus.FORBIDDEN,
                HTTPStatus.NOT_FOUND,
                HTTPStatus.CONFLICT,
                HTTPStatus.UNPROCESSABLE_ENTITY,
            ),
        },
    }
