"""The API as one application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from app.api import (
    burden,
    closing,
    feeds,
    groups,
    lines,
    mandates,
    many,
    musters,
    mutations,
    operations,
    orphans,
    records,
    reliefs,
    secondments,
    staff,
    subscribers,
    surges,
    tasks,
    thin,
)
from app.api.door import Door
from app.api.limits import SmallBodies
from app.api.problems import MEDIA, add_problems

DESCRIPTION = """\
Siaga seconds civil servants of idle units to an emergency, and brings each of them home.

A decision is recorded first and applied once. The usual answer says what became of it (200, 201, or 409 with the
case's reason); when the engine is away the answer is 202 and `GET /v1/commands/{id}` tells later. The actor comes
from the bearer token and from nothing else. Errors are RFC 9457 problem JSON.
"""

TAGS = [
    {"name": "alerts", "description": "Public warnings (CAP 1.2). They deploy nobody."},
    {"name": "operations", "description": "Emergencies and the statuses declared in them."},
    {"name": "surges", "description": "From asking for people to the last one home."},
    {"name": "secondments", "description": "One person each; and who is out."},
    {"name": "mutations", "description": "One person each: from a proposal to a decree in force."},
    {"name": "reliefs", "description": "Places: who takes over from whom, and what is handed over."},
    {"name": "musters", "description": "Roll calls and signs of life from the sites."},
    {"name": "boards", "description": "Who carries the surges, and which unit is thin for it."},
    {"name": "orders", "description": "Assignment orders (surat tugas) as PDF."},
    {"name": "inbox", "description": "What is asked of the actor, and what became of own decisions."},
    {"name": "tasks", "description": "What is asked of whom: claimed, decided, commented, with evidence."},
    {"name": "mandates", "description": "Substitution: who decides for whom, from when until when."},
    {"name": "subscribers", "description": "Who is told of events, and what became of telling them."},
    {
        "name": "closing",
        "description": "Evaluations, lessons, days and costs, the after-action report, evidence.",
    },
    {"name": "roster", "description": "Who serves where."},
    {"name": "audit", "description": "The log and the strict replay of a case."},
    {"name": "orphans", "description": "Workflows that run with no open case behind, ended by hand."},
    {"name": "health", "description": "Whether the house stands."},
]


def create_app(open_door: Callable[[], AbstractAsyncContextManager[Door]]) -> FastAPI:
    """Return the application; `open_door` is entered when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_door() as door:
            app.state.door = door
            yield

    app = FastAPI(
        title="Siaga",
        version="1",
        description=DESCRIPTION,
        openapi_tags=TAGS,
        lifespan=lifespan,
        # The pages of these tools fetch scripts from other hosts; the document itself is at /openapi.json.
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(SmallBodies)
    add_problems(app)
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]
    first = (feeds, operations, surges, lines, secondments, records, mandates)
    for part in (
        *first,
        reliefs,
        burden,
        thin,
        orphans,
        musters,
        subscribers,
        many,
        tasks,
        closing,
        staff,
        mutations,
        groups,
    ):
        app.include_router(part.router)
    return app


def _document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, in which every error is a problem and its media type is named."""
    if app.openapi_schema is None:
        document = FastAPI.openapi(app)
        problem = {"content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
        for operations in document["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= HTTPStatus.BAD_REQUEST and "content" in answer:
                        answer.update(problem)
        for theirs in ("HTTPValidationError", "ValidationError"):
            document["components"]["schemas"].pop(theirs, None)
    return app.openapi_schema or {}
