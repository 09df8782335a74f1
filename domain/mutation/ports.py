"""What the cases of mutations need of the world."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.cases import OpenCase
from domain.commands import Command
from domain.log import Attribution
from domain.moves import Written
from domain.mutation.asking import Asked
from domain.mutation.decree import Decree, DecreeDraft
from domain.mutation.decree_record import DecreeRecord
from domain.mutation.dossier import Dossier
from domain.mutation.extract import Extract
from domain.mutation.group_life import GroupTrigger
from domain.mutation.group_moving import GroupWritten, Judge
from domain.mutation.life import Group, Life
from domain.mutation.matter import Matter
from domain.mutation.moving import Issued, MutationMove
from domain.mutation.screening import Weighed
from domain.order_parts import Signatory
from domain.signing import Prepared, SignatureWanted, Signed


class MutationBook(Protocol):
    """Mutations, and what the rules say of them."""

    async def write(self, move: MutationMove) -> Written:
        """Write one move; where a guard forbids it, nothing is written and the answer says why."""

    async def standing(self, mutation_id: str) -> OpenCase | None:
        """Return an open mutation as the registry has it; None where it holds none such open."""

    async def matter(self, mutation_id: str) -> Matter:
        """Return what a mutation is about, as its file names it now."""

    async def stands(self, mutation_id: str) -> Life | None:
        """Return where a mutation stands by the books; None before its first move."""

    async def screen(self, mutation_id: str, command_id: str, at: datetime) -> Weighed:
        """Ask the rules as of an instant, and keep what they were asked and what they said."""

    async def circle_of(self, mutation_id: str) -> tuple[str, ...]:
        """Return the cases, itself first, that wait for each other's full posts and could be a swap; () where none do."""

    async def override_fault(self, mutation_id: str, command: Command, at: datetime) -> str | None:
        """Say what forbids the override that a command asks for, or None."""


class GroupBook(Protocol):
    """Batches and swaps."""

    async def government(self, case_id: str) -> str:
        """Return whose a group is."""

    async def standing(self, case_id: str) -> OpenCase | None:
        """Return an open group as the registry has it; None where it holds none such open."""

    async def move(
        self,
        group: Group,
        judge: Judge,
        *,
        trigger: GroupTrigger,
        by: Attribution,
        dry: bool,
        issues: Issued | None = None,
    ) -> GroupWritten:
        """Lock a group and its members, ask the judge, and write what it says in one transaction; `dry` writes nothing."""


class DecreeBook(Protocol):
    """Decrees and their numbers."""

    async def reserve(
        self,
        case_id: str,
        mutation_ids: Sequence[str],
        *,
        command_id: str,
        decree_id: str,
        effective_at: datetime,
        at: datetime,
        amends: str | None = None,
    ) -> tuple[str, str]:
        """Reserve the next number of the register: (decree id, number); `amends`: of a second decree, the first one."""

    async def draft(self, decree_id: str) -> DecreeDraft:
        """Return everything that the decree says; what is not known stays open. A signed one says what was signed."""

    async def certifier(self, decree_id: str, at: datetime) -> Signatory | None:
        """Return who certifies the extract; None where nobody heads the legal office."""

    async def keep_decree(self, decree: Decree, signed: Signed, record: DecreeRecord) -> str:
        """Keep the signed decree with its record and its words, once; return the SHA-256 in hex of the file that is kept."""

    async def facts_of(self, decree_id: str) -> str:
        """Return the hash of the facts by which a decree was issued."""

    async def has_extract(self, decree_id: str, mutation_id: str) -> bool:
        """Say whether the extract of a decree for a mutation is kept."""

    async def keep_extract(
        self, extract: Extract, sealed: Signed, record: DecreeRecord, at: datetime
    ) -> None:
        """Keep the sealed extract that somebody is served, with its record, once, and tell the log."""

    async def ask_signature(self, decree_id: str) -> None:
        """Keep that a service is to be asked for the signature."""

    async def keep_prepared(self, decree_id: str, prepared: Prepared) -> Prepared:
        """Keep what the service is asked to sign, once; return what is kept."""

    async def asked(self, decree_id: str) -> SignatureWanted:
        """Return what a service is asked to sign; raises LookupError where it is not."""

    async def refuse_signature(self, decree_id: str, code: str) -> None:
        """Keep why the signature did not come."""

    async def void(self, decree_id: str, case_id: str, reason: str, at: datetime) -> None:
        """Give the number of a case's decree up, with the reason."""

    async def given_up(self, decree_id: str) -> Prepared | None:
        """Return what a service still has to sign of a decree that is void, and has not been told of; None where there is nothing."""

    async def note_given_up(self, decree_id: str, at: datetime, *, told: bool) -> None:
        """Keep, once, that a service was told that its signature is not waited for any more, and whether it took that."""


class DecreeTypesetter(Protocol):
    """Makes the papers of a mutation; blocking. The same facts give the same bytes."""

    def decree(self, decree: Decree) -> bytes:
        """Return the whole decree as PDF."""

    def extract(self, paper: Extract) -> bytes:
        """Return one person's extract as PDF."""


class DossierBook(Protocol):
    """What the registry knows of a mutation that is asked about."""

    async def dossier(self, asked: Asked) -> Dossier:
        """Return the dossier as of the day that is asked about.

        Raises LookupError naming what it must know and does not: the person, their position or the new one, either's
        place on the position map, the province of a region.
        """
