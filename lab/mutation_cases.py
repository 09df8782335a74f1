"""The road of a mutation in a city, each step by whoever it is up to: for the demo."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app import actions, grouping, paperwork, proposing
from app.actions import Decision
from domain.authority import Capacity
from domain.commands import Command, CommandKind, CommandState
from domain.mutation.documents import Document
from domain.mutation.kinds import Initiative
from domain.mutation.proposing import Proposal
from domain.mutation.records import HandoverItem, HandoverKind
from domain.mutation.states import GroupKind
from lab.stage import Stage

_K, _C = CommandKind, Capacity
WITHIN_AGENCY = frozenset({Document.UNIT_PROPOSAL, Document.WORKLOAD_ANALYSIS, Document.POSITION_MAP})
OWN_REQUEST = WITHIN_AGENCY | {
    Document.APPLICATION,
    Document.RECOMMENDATION_ECHELON_II,
    Document.RECOMMENDATION_ORIGIN,
    Document.RECOMMENDATION_RECEIVING,
}
ITEMS = (
    HandoverItem(HandoverKind.WORK, "Laporan bulanan unit", "sampai dengan bulan lalu selesai"),
    HandoverItem(HandoverKind.DOCUMENT, "Arsip kegiatan tahun berjalan, dua boks", "lengkap"),
    HandoverItem(HandoverKind.ASSET, "Komputer jinjing, kode barang 02.06.03.02.001", "baik"),
)
_COLLEAGUE = """
    SELECT person_id FROM people
     WHERE unit_id = $1 AND active AND person_id <> ALL ($2::uuid[]) ORDER BY person_id LIMIT 1
"""
ANSWER = 120.0  # seconds of real time for a decision to be answered
SOON = timedelta(seconds=2)


def agreed(now: datetime) -> dict[str, Any]:
    """Return what is said of BKN's agreement of that day."""
    return {"clearance": "I_MUT", "reference": f"I-MUT/0144/{now.year}", "dated": now.date().isoformat()}


def entered(now: datetime) -> dict[str, Any]:
    """Return what is said of an entry in SIASN of that day."""
    return {"reference": f"RWJ-{now.year}-0144", "dated": now.date().isoformat()}


class Turn(StrEnum):
    """What becomes of a case."""

    GOES = "GOES"
    OBJECTS = "OBJECTS"
    WITHDRAWS = "WITHDRAWS"
    TOO_SHORT = "TOO_SHORT"
    REVERSED = "REVERSED"


class StepRefused(RuntimeError):
    """A step of the story did not stand; the text says which, and why."""


@dataclass(frozen=True)
class Officers:
    """Who holds which office of the city, and who heads which unit."""

    government_id: str
    held: dict[Capacity, str]
    heads: dict[str, str]


@dataclass
class Case:
    """One person's mutation."""

    stage: Stage
    officers: Officers
    person: str
    position: str
    left: str
    joined: str
    turn: Turn
    case_id: str = field(default="")
    undoes: bool = False

    @property
    def mutation_id(self) -> str:
        """Return the key of the case."""
        return self.case_id.partition(":")[2]

    @property
    def goes(self) -> bool:
        """Whether a decree comes of it."""
        return self.turn not in (Turn.TOO_SHORT, Turn.WITHDRAWS)

    async def begin(self) -> None:
        """Propose it, and have it received; raises StepRefused, as every step."""
        own = self.turn == Turn.TOO_SHORT
        await self.propose(Initiative.OWN_REQUEST if own else Initiative.ORGANISATION)
        await self._by(_C.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)

    async def decided(self) -> None:
        """From the screening to the approval, or to the end to which its turn leads."""
        if self.turn == Turn.TOO_SHORT:
            await self._by(_C.PERSONNEL_AGENCY, _K.FIND_INELIGIBLE)
            return
        await self._by(_C.PERSONNEL_AGENCY, _K.PASS_SCREENING)
        if self.turn == Turn.WITHDRAWS:
            await self._decide(self.officers.heads[self.left], _K.WITHDRAW_MUTATION)
            return
        await self.heard_and_approved()

    async def undone(self, home: str) -> Case:
        """Move the person back by another decree, where the city overrides what the rules have against it."""
        back = Case(
            self.stage, self.officers, self.person, home, self.joined, self.left, Turn.GOES, undoes=True
        )
        await back.propose(Initiative.ORGANISATION, reverses=self.mutation_id)
        await back._by(_C.PERSONNEL_AGENCY, _K.RECEIVE_MUTATION)
        # Nobody keeps the person from going home; whether the units need that move is asked all the same.
        override: dict[str, Any] = {"choice": "REORGANISATION", "details": {"rule": "M10"}}
        await back._by(_C.APPOINTING_AUTHORITY, _K.OVERRIDE_MUTATION_RULE, **override)
        await back._by(_C.PERSONNEL_AGENCY, _K.PASS_SCREENING)
        await back.heard_and_approved()
        await back.decreed()
        await back.into_force()
        return back

    async def grouped(self, cases: Sequence[Case]) -> Case:
        """Put cases together with this one as a batch; what is decreed for it is decreed for all of them."""
        officer = await self._actor(self.officers.held[_C.PERSONNEL_AGENCY])
        ids = [one.mutation_id for one in cases]
        command = await grouping.form(self.stage.house, officer, GroupKind.BATCH, ids)
        self._stands(await self._answered(command))
        return replace(self, case_id=command.case_id)

    async def propose(self, initiative: Initiative, reverses: str | None = None) -> None:
        """Propose it: the head of the unit that is left, or the person."""
        own = initiative == Initiative.OWN_REQUEST
        who = await self._actor(self.person if own else self.officers.heads[self.left])
        documents = OWN_REQUEST if own else WITHIN_AGENCY
        proposal = Proposal(self.person, self.position, initiative, documents, reverses)
        command = await proposing.propose(self.stage.house, who, proposal)
        self.case_id = command.case_id
        self._stands(await self._answered(command))

    async def heard_and_approved(self) -> None:
        """From the hearing to the approval."""
        answer: dict[str, Any] = {"choice": "CONSENT"}
        if self.turn == Turn.OBJECTS:
            answer = {"choice": "OBJECTS", "details": {"ground": "DISTANCE"}}
        await self._decide(self.person, _K.HEAR_PERSON, **answer)
        await self._by(_C.SEKDA, _K.HEAR_RELEASING_HEAD, choice="CONSENT")
        await self._decide(self.officers.heads[self.joined], _K.HEAR_RECEIVING_HEAD, choice="CONSENT")
        await self._by(_C.PERFORMANCE_REVIEW_TEAM, _K.RECOMMEND_MUTATION)
        await self._by(_C.PERSONNEL_AGENCY, _K.GRANT_CLEARANCE, details=agreed(self.stage.clock.now()))
        await self._by(_C.SEKDA, _K.COUNSEL_FOR_MUTATION)
        await self._by(_C.APPOINTING_AUTHORITY, _K.APPROVE_MUTATION)

    async def decreed(self) -> None:
        """Let the decree be drafted, initialled in turn, and signed: of one case, or of a batch."""
        effective: datetime = self.stage.clock.now() + SOON
        details: dict[str, Any] = {"effective_at": effective.isoformat()}
        await self._by(_C.LEGAL_BUREAU, _K.PREPARE_DECREE, details=details)
        for office in self.stage.house.rules.mutation.decree.initials:
            await self._by(office, _K.INITIAL_DECREE)
        await self._by(_C.SIGNATORY, _K.SIGN_DECREE)

    async def into_force(self) -> None:
        """From the service of the extract to the decree in force, and its report."""
        await self._by(_C.PERSONNEL_AGENCY, _K.SERVE_DECREE)
        await self._decide(self.officers.heads[self.left], _K.BEGIN_HANDOVER)
        await self._list_handover()
        await self._decide(self.officers.heads[self.left], _K.FILE_HANDOVER_RECORD)
        await self._decide(self.officers.heads[self.joined], _K.FILE_DUTY_START)
        await self._in_effect()
        of_siasn = entered(self.stage.clock.now())
        await self._by(_C.PERSONNEL_AGENCY, _K.REPORT_MUTATION, details=of_siasn)
        if self.undoes:
            retracted: dict[str, Any] = {"choice": "RETRACTED", "details": of_siasn}
            await self._by(_C.PERSONNEL_AGENCY, _K.RETRACT_ENTRY, **retracted)

    async def _list_handover(self) -> None:
        """Let the head list what a colleague takes over."""
        head = self.officers.heads[self.left]
        async with self.stage.books.database.reading() as connection:
            colleague = await connection.fetchval(_COLLEAGUE, self.left, [self.person, head])
        who, work = await self._actor(head), self.stage.books.paperwork
        await paperwork.list_handover(
            self.stage.house, work, who, self.mutation_id, taking_over=colleague, items=ITEMS
        )

    async def _in_effect(self) -> None:
        for _ in range(1200):
            row = (
                await self.stage.books.mutations.board(self.officers.government_id, None, self.mutation_id)
            )[0]
            if row["state"] == "EFFECTIVE":
                return
            await asyncio.sleep(0.1)
        raise StepRefused(f"{self.case_id}: the decree did not take effect")

    async def _by(self, office: Capacity, kind: CommandKind, **said: Any) -> None:
        await self._decide(self.officers.held[office], kind, **said)

    async def _decide(self, person: str, kind: CommandKind, **said: Any) -> None:
        decision = Decision(kind, self.case_id, **said)
        command = await actions.decide(self.stage.house, await self._actor(person), decision)
        self._stands(await self._answered(command))

    async def _answered(self, command: Command) -> Command:
        return await self.stage.books.desk.answer(command.command_id, ANSWER)

    async def _actor(self, person: str) -> Any:
        return await self.stage.actor(person, self.officers.government_id)

    def _stands(self, command: Command) -> None:
        if command.state != CommandState.APPLIED:
            raise StepRefused(f"{self.case_id}: {command.kind} is {command.state}: {command.refusal}")
