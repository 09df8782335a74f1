"""The book of decrees: a number reserved first, then the paper, then issued with the move it carries, or void."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.postgres import decree_papers, log, second_decrees
from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.decree_hands import signatory_of
from adapters.postgres.decree_notes import notes_of
from adapters.postgres.decree_wording import is_between, worded
from adapters.postgres.mutation_moves import Forbidden
from adapters.postgres.order_words import ROMAN
from adapters.postgres.seals import prepared_of
from domain.log import Attribution, Fact
from domain.mutation.believing import Answer
from domain.mutation.decree import Decree, DecreeDraft
from domain.mutation.decree_record import DecreeRecord
from domain.mutation.decrees import SignatureAsked
from domain.mutation.extract import Extract
from domain.mutation.moving import Issued
from domain.mutation.rules import DecreeRules
from domain.order_parts import Capacity, Signatory
from domain.rebuild.said import STANDS, WORDS
from domain.rebuild.sealed import sealed
from domain.rules import RulePack
from domain.signing import Prepared, SignatureWanted, Signed


class DecreeBook:
    """Decrees and their numbers."""

    def __init__(self, database: Database, rules: Mapping[str, RulePack]) -> None:
        self._database = database
        self._rules = rules

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
        """Reserve the next number of the register for the decree of these mutations: (decree id, number).

        `amends` is the decree of a mutation that this second one undoes or corrects.
        Asking twice for one decision gives the same decree. The year and month are those of the government's zone.
        """
        async with self._database.writing() as connection:
            known = await queries.decree_of_command(connection, command_id=command_id)
            if known:
                return known["decree_id"], known["number"]
            row = await queries.mutation_by_id(connection, mutation_id=mutation_ids[0])
            command = await queries.command_by_id(connection, command_id=command_id)
            government = await queries.government_by_id(connection, government_id=row["government_id"])
            rules = self._rules[row["rule_pack"]].mutation.decree
            local = at.astimezone(ZoneInfo(government["zone"]))
            register = {"government_id": row["government_id"], "register": rules.register, "year": local.year}
            drawn = await queries.next_number(connection, **register)
            number = _number(rules, drawn["last"], local)
            reserved = await queries.reserve_decree(
                connection,
                **register,
                decree_id=decree_id,
                case_id=case_id,
                mutation_ids=list(mutation_ids),
                rule_pack=row["rule_pack"],
                sequence=drawn["last"],
                number=number,
                command_id=command_id,
                salt=secrets.token_hex(16),
                signatory_id=command["actor_id"],
                signed_at=at,
                effective_at=effective_at,
                amends=amends,
                ordered_by=await queries.order_of_second(connection, case_id=case_id) if amends else None,
                notes=()
                if amends
                else await notes_of(
                    connection, mutation_ids, self._rules[row["rule_pack"]], government["zone"]
                ),
            )
            told: dict[str, Any] = {"by_case": case_id, "number": number, "people": len(mutation_ids)}
            told[STANDS] = reserved_of(reserved) | {"members": sorted(mutation_ids)}
            fact = _of_register("NumberReserved", decree_id, row["rule_pack"], at, told)
            await log.append(connection, row["government_id"], [fact])
        return decree_id, number

    async def draft(self, decree_id: str) -> DecreeDraft:
        """Return everything that the decree says; what is not known stays open. A signed one says what was signed."""
        async with self._database.reading() as connection:
            head = await queries.decree_head(connection, decree_id=decree_id)
            if signed := await decree_papers.as_signed(connection, decree_id, head["salt"]):
                return signed
            people = await queries.decree_people(connection, decree_id=head["amends"] or decree_id)
            amended = head["amends"] and await queries.amended(
                connection, decree_id=head["amends"], ordered_by=head["ordered_by"]
            )
            first = amended and await decree_papers.as_signed(connection, head["amends"], "")
        pack = self._rules[head["rule_pack"]]
        draft = worded(head, people, pack, tuple(head["notes"]))
        if amended:
            draft = second_decrees.worded(
                draft, head["case_id"], amended, pack, signed=first, between=is_between(people)
            )
        return replace(
            draft,
            decree_id=str(decree_id),
            number=head["number"],
            signed_at=head["signed_at"],
            signatory=signatory_of(head, pack.mutation.decree, draft.authority),
            salt=head["salt"],
        )

    async def certifier(self, decree_id: str, at: datetime) -> Signatory | None:
        """Return who certifies the extract; None where nobody heads the legal office."""
        async with self._database.reading() as connection:
            head = await queries.decree_head(connection, decree_id=decree_id)
            row = await queries.certifier_of(connection, government_id=head["government_id"], at=at)
        if row is None:
            return None
        return Signatory(
            person_id=row["person_id"],
            name=row["name"],
            nip=row["nip"],
            rank=row["grade"],
            position=row["position"] or "",
            capacity=Capacity.DEFINITIVE,
        )

    async def keep_decree(self, decree: Decree, signed: Signed, record: DecreeRecord) -> str:
        """Keep the signed decree with its record and its words, once; return the SHA-256 in hex of the file that is kept."""
        async with self._database.reading() as connection:
            return await decree_papers.keep_decree(connection, decree, signed, record)

    async def facts_of(self, decree_id: str) -> str:
        """Return the hash of the facts by which a decree was issued."""
        async with self._database.reading() as connection:
            return str((await queries.decree_head(connection, decree_id=decree_id))["facts_sha256"])

    async def has_extract(self, decree_id: str, mutation_id: str) -> bool:
        """Say whether the extract of a decree for a mutation is kept."""
        async with self._database.reading() as connection:
            return bool(await queries.has_extract(connection, decree_id=decree_id, mutation_id=mutation_id))

    async def keep_extract(
        self, extract: Extract, sealed: Signed, record: DecreeRecord, at: datetime
    ) -> None:
        """Keep the sealed extract that somebody is served, with its record, once, and tell the log."""
        async with self._database.writing() as connection:
            await decree_papers.keep_extract(connection, extract, sealed, record, at)

    async def ask_signature(self, decree_id: str) -> None:
        """Keep that a service is to be asked for the signature."""
        async with self._database.reading() as connection:
            pack = await queries.pack_of_decree(connection, decree_id=decree_id)
            within = self._rules[pack].mutation.second_signature
            await queries.ask_signature(connection, decree_id=decree_id, second_within=within)

    async def keep_prepared(self, decree_id: str, prepared: Prepared) -> Prepared:
        """Keep what the service is asked to sign, once; return what is kept."""
        async with self._database.reading() as connection:
            kept = await queries.keep_prepared(connection, decree_id=decree_id, prepared=asdict(prepared))
        return prepared_of(kept)

    async def asked(self, decree_id: str) -> SignatureWanted:
        """Return what a service is asked to sign; raises LookupError where it is not."""
        async with self._database.reading() as connection:
            row = await queries.signature_ask(connection, decree_id=decree_id)
        if row is None:
            raise LookupError(f"nobody is asked to sign decree {decree_id}")
        prepared = prepared_of(row["prepared"]) if row["prepared"] else None
        return SignatureWanted(prepared, row["until"], row["refusal"])

    async def refuse_signature(self, decree_id: str, code: str) -> None:
        """Keep why the signature did not come."""
        async with self._database.reading() as connection:
            await queries.refuse_signature(connection, decree_id=decree_id, code=code)

    async def void(self, decree_id: str, case_id: str, reason: str, at: datetime) -> None:
        """Give the number of a case's decree up, with the reason that the register keeps."""
        async with self._database.writing() as connection:
            row = await queries.void_decree(connection, decree_id=decree_id, case_id=case_id, reason=reason)
            if row is None:
                return
            told = {
                "by_case": row["case_id"],
                "number": row["number"],
                "reason": reason.partition(":")[0],
            }
            fact = _of_register("NumberVoided", decree_id, row["rule_pack"], at, told)
            await log.append(connection, row["government_id"], [fact])

    async def given_up(self, decree_id: str) -> Prepared | None:
        """Return what a service still has to sign of a decree that is void, and has not been told of; None where there is nothing."""
        async with self._database.reading() as connection:
            untold = await queries.given_up_untold(connection, decree_id=decree_id)
        return (await self.asked(decree_id)).prepared if untold else None

    async def note_given_up(self, decree_id: str, at: datetime, *, told: bool) -> None:
        """Keep, once, that a service was told that its signature is not waited for any more, and whether it took that."""
        async with self._database.writing() as connection:
            row = await queries.note_given_up(connection, decree_id=decree_id, at=at, told=told)
            if row is None:
                return
            said = {"by_case": row["case_id"], "number": row["number"], "told": "TAKEN" if told else "AWAY"}
            fact = _of_register("SignatureCancelled", decree_id, row["rule_pack"], at, said)
            await log.append(connection, row["government_id"], [fact])


def reserved_of(row: Any) -> dict[str, Any]:
    """Return what a number of the decrees was drawn for, as the log says it of a row; salt and notes by their hash."""
    return {
        **{name: row[name] for name in ("rule_pack", "command_id", "signatory_id", "amends", "ordered_by")},
        **{name: row[name].isoformat() for name in ("signed_at", "effective_at")},
        "salt_sha256": hashlib.sha256(row["salt"].encode()).hexdigest(),
        "notes_sha256": sealed(row["salt"], row, ("notes",)),
    }


async def answer_of(connection: Connection, asked: SignatureAsked | None) -> Answer | None:
    """Return what became of the signature that a service was asked for; None while it has not answered."""
    row = asked and await queries.answer_of_signature(connection, decree_id=asked.decree_id)
    return Answer(row["decree_id"], row["sha256"]) if row else None


async def issue(
    connection: Connection,
    made: Issued,
    case_id: str,
    mutation_ids: Sequence[str],
    *,
    amends: str | None = None,
) -> dict[str, str]:
    """Issue the decree in the transaction of the move that it carries: from here on its number is used.

    Returns what the log must say of it besides: the hash of its words, by its salt. Raises Forbidden where it is not this case's, about just these (of a second one, and about the decree that it `amends`),
    reserved still, and its file the one that is kept.
    """
    issued = await queries.issue_decree(
        connection,
        decree_id=made.decree_id,
        case_id=case_id,
        mutation_ids=list(mutation_ids),
        amends=amends,
        facts_sha256=made.facts_sha256,
        file_sha256=made.file_sha256,
        code=made.code,
    )
    if issued is None:
        raise Forbidden("decree_void")
    return {WORDS: sealed(issued["salt"], issued, ("words",))}


def _number(rules: DecreeRules, sequence: int, local: datetime) -> str:
    return f"{rules.number_class}/{sequence}/{rules.unit_code}/{ROMAN[local.month - 1]}/{local.year}"


def _of_register(event: str, decree_id: str, rule_pack: str, at: datetime, told: dict[str, Any]) -> Fact:
    """Return the entry for a number that is drawn or given up: the register does it, for a decision that stands."""
    by = Attribution("system:register", "SYSTEM", f"{rule_pack}#mutation.decree")
    return Fact(event, f"decree:{decree_id}", at, by, None, told)
