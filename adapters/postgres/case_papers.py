"""The book of a case's own papers: owed with the move that they are of, made of what the registry knows, kept once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from adapters.postgres import decree_papers, log, second_decrees
from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.decree_hands import signatory_of
from adapters.postgres.decree_notes import notes_of
from adapters.postgres.decree_wording import is_between, worded
from adapters.postgres.paper_words import items_of, record_of
from domain import cases
from domain.authority import Capacity as Office
from domain.authority import Tenure
from domain.log import Attribution, Fact
from domain.mutation.case_papers import SEAL, CasePaper, ToMake, owed_by
from domain.mutation.decree import DecreeDraft
from domain.mutation.decree_parts import Refused
from domain.mutation.decree_record import DecreeRecord
from domain.mutation.moving import MutationMove
from domain.mutation.records import HandoverItem, HandoverRecord
from domain.rebuild.said import STANDS
from domain.rebuild.sealed import sealed
from domain.rules import RulePack
from domain.signing import Signed

_OWED = ("command_id", "position_id", "filed_at", "outcome", "ground", "answer_by")
"""What a paper is of; the rest of its row comes with the paper."""


class CasePaperBook:
    """The papers of cases, and what is handed over."""

    def __init__(self, database: Database, rules: Mapping[str, RulePack]) -> None:
        self._database = database
        self._rules = rules

    async def to_make(self, mutation_id: str, at: datetime) -> tuple[ToMake, ...]:
        """Return the papers of a case that are not made: what each would say as of an instant, or what it lacks."""
        async with self._database.reading() as connection:
            rows = await queries.papers_to_make(connection, mutation_id=mutation_id)
            return tuple(
                [
                    ToMake(
                        mutation_id,
                        CasePaper(row["paper"]),
                        row["revision"],
                        await record_of(connection, row, self._rules[row["rule_pack"]], at),
                    )
                    for row in rows
                ]
            )

    async def keep(self, made: ToMake, code: str, sealed: Signed, record: DecreeRecord, at: datetime) -> None:
        """Keep a paper with its record and tell the log, once; not where another list of what is handed over came in between."""
        assert not isinstance(made.record, Refused)
        sha256, number = sealed.sha256, made.record.head.number
        async with self._database.writing() as connection:
            case = await queries.lock_handover(connection, mutation_id=made.mutation_id)
            await queries.forget_seal_ask(connection, paper_sha256=record.rendered_sha256)
            if isinstance(made.record, HandoverRecord) and not await _still_listed(
                connection, made.record, made.mutation_id
            ):
                return
            kept = await queries.keep_case_paper(
                connection, **_key(made), number=number, code=code, sha256=sha256, record=asdict(record)
            )
            if kept is None:
                return
            await queries.keep_case_paper_file(connection, **_key(made), file=sealed.pdf)
            stands = {"revision": made.revision, "code": code, "facts_sha256": record.facts_sha256}
            data = {"paper": made.paper.value, "number": number, "file_sha256": sha256, STANDS: stands}
            fact = _fact(case, made, "CasePaperMade", at, data)
            await log.append(connection, case["government_id"], [fact])

    async def lacks(self, paper: ToMake, missing: tuple[str, ...], at: datetime) -> None:
        """Note which parts a paper lacks, and tell the log, once for the same parts."""
        async with self._database.writing() as connection:
            case = await queries.lock_handover(connection, mutation_id=paper.mutation_id)
            noted = await queries.note_missing_parts(connection, **_key(paper), missing=list(missing))
            if noted is not None:
                data = {"paper": paper.paper.value, "missing": ", ".join(missing)}
                fact = _fact(case, paper, "CasePaperPostponed", at, data)
                await log.append(connection, case["government_id"], [fact])

    async def want(self, mutation_id: str) -> None:
        """Ask for the papers of a case, of whoever can make them."""
        async with self._database.reading() as connection:
            await queries.want_papers(connection, mutation_id=mutation_id)

    async def waiting(self, before: datetime) -> tuple[tuple[str, int], ...]:
        """Return the cases of which papers are asked for (and how often), or wait for a seal, or were not tried since a move.

        Of the last, those whose move was before an instant.
        """
        async with self._database.reading() as connection:
            rows = await queries.papers_waiting(connection, seal=[SEAL], before=before)
        return tuple((row["mutation_id"], row["wanted"]) for row in rows)

    async def attended(self, mutation_id: str, asked: int) -> None:
        """Say that the papers of a case were seen to, so often as they were asked for."""
        async with self._database.reading() as connection:
            await queries.papers_attended(connection, mutation_id=mutation_id, asked=asked)

    async def is_wanted(self, mutation_id: str) -> bool:
        """Say whether papers of a case are asked for and nobody has seen to it."""
        async with self._database.reading() as connection:
            return bool(await queries.are_papers_wanted(connection, mutation_id=mutation_id))

    async def papers(self, mutation_id: str) -> list[dict[str, Any]]:
        """Return the newest paper of each kind of a case, and all its errata: its hash once it is made, else what it lacks."""
        async with self._database.reading() as connection:
            rows = await queries.case_papers_of(connection, mutation_id=mutation_id)
        return [dict(row) for row in rows]

    async def draft(self, mutation_id: str, at: datetime) -> tuple[DecreeDraft, datetime]:
        """Return the decree of a mutation as it would be, if it were signed as of an instant; and since when it stands so."""
        async with self._database.reading() as connection:
            head = await queries.draft_head(connection, mutation_id=mutation_id, at=at)
            pack = self._rules[head["rule_pack"]]
            draft = await self._second_draft(connection, mutation_id, head, pack) or await _first_draft(
                connection, mutation_id, head, pack
            )
        if head["signatory_id"] is not None:
            by = dict(head) | {
                "capacity": Office.SIGNATORY,
                "tenure": Tenure.DEFINITIVE,
                "mandate_letter": None,
            }
            draft = replace(draft, signatory=signatory_of(by, pack.mutation.decree, draft.authority))
        return draft, head["since"]

    @staticmethod
    async def _second_draft(
        connection: Connection, mutation_id: str, head: Any, pack: RulePack
    ) -> DecreeDraft | None:
        """Return the second decree as it would be; None where none is on its way."""
        if head["amends"] is None:
            return None
        people = await queries.decree_people(connection, decree_id=head["amends"])
        case_id = cases.mutation(mutation_id)
        ordered_by = await queries.order_of_second(connection, case_id=case_id)
        amended = await queries.amended(connection, decree_id=head["amends"], ordered_by=ordered_by)
        signed = await decree_papers.as_signed(connection, head["amends"], "")
        # From when on it is in force its signature says.
        first = worded(dict(head) | {"effective_at": None}, people, pack, ())
        return second_decrees.worded(first, case_id, amended, pack, signed=signed, between=is_between(people))

    async def file(self, mutation_id: str, paper: CasePaper, number: str | None = None) -> bytes | None:
        """Return the newest paper of a kind, or the erratum of that number; None where it is not made."""
        async with self._database.reading() as connection:
            file: bytes | None = await queries.case_paper_file(
                connection, mutation_id=mutation_id, paper=paper.value, number=number
            )
        return file

    async def record(
        self, mutation_id: str, paper: CasePaper, number: str | None = None
    ) -> DecreeRecord | None:
        """Return the record of the same; None where it is not made, or was before papers were sealed."""
        async with self._database.reading() as connection:
            record = await queries.case_paper_record(
                connection, mutation_id=mutation_id, paper=paper.value, number=number
            )
        return DecreeRecord(**record) if record else None

    async def taking_over(self, mutation_id: str) -> str | None:
        """Return to whom somebody hands over, as it is listed."""
        async with self._database.reading() as connection:
            row = await queries.handover_of(connection, mutation_id=mutation_id)
        return row["taking_over_id"] if row else None

    async def list_handover(
        self, mutation_id: str, taking_over: str, items: Sequence[HandoverItem], by: Attribution, at: datetime
    ) -> bool:
        """List what is handed over, and to whom, and tell the log how much; False once the record is made."""
        async with self._database.writing() as connection:
            case = await queries.lock_handover(connection, mutation_id=mutation_id)
            if case["made"]:
                return False
            await queries.list_handover(
                connection, mutation_id=mutation_id, taking_over_id=taking_over, listed_by=by.actor, at=at
            )
            await queries.forget_handover_items(connection, mutation_id=mutation_id)
            await queries.list_handover_items(
                connection,
                mutation_id=mutation_id,
                kinds=[one.kind.value for one in items],
                whats=[one.what for one in items],
                conditions=[one.state for one in items],
            )
            listed = await queries.handover_listed(connection, mutation_id=mutation_id)
            stands = {"listed_sha256": listed_sha256(listed)}
            data = {"items": len(items), "taking_over": taking_over, STANDS: stands}
            fact = Fact("HandoverListed", cases.mutation(mutation_id), at, by, case["person_id"], data)
            await log.append(connection, case["government_id"], [fact])
        return True


async def owe(connection: Connection, move: MutationMove) -> list[dict[str, Any]]:
    """Owe the papers of a move, in the transaction that writes it: whatever happens next, they are not forgotten.

    Returns what the log must say of them: which, and the hash of what each is of, by the paper's own salt.
    """
    owes = []
    for owed in owed_by(move):
        row = await queries.owe_paper(
            connection,
            mutation_id=move.matter.mutation_id,
            paper=owed.paper.value,
            revision=move.life.revision,
            command_id=move.fact.by.command_id,
            position_id=move.life.position_id,
            at=move.fact.at,
            outcome=owed.heard and owed.heard.outcome.value,
            ground=owed.heard and owed.heard.reason,
            salt=secrets.token_hex(16),
        )
        owes.append({"paper": row["paper"], "revision": row["revision"], "sha256": owed_sha256(row)})
    return owes


def owed_sha256(row: Any) -> str:
    """Return the hash of what a paper of a case is of, as it was when its move owed it."""
    return sealed(row["salt"], row, _OWED)


def listed_sha256(row: Any) -> str:
    """Return the hash of what is handed over, to whom and by whose list, by the salt of whoever hands over."""
    return sealed(row["subject_salt"], row, ("taking_over_id", "listed_by", "listed_at", "items"))


async def _still_listed(connection: Connection, record: HandoverRecord, mutation_id: str) -> bool:
    to = await queries.handover_of(connection, mutation_id=mutation_id)
    same = to["taking_over_id"] == record.taking_over.person_id
    return same and await items_of(connection, mutation_id) == record.items


async def _first_draft(connection: Connection, mutation_id: str, head: Any, pack: RulePack) -> DecreeDraft:
    people = await queries.draft_people(connection, mutation_id=mutation_id)
    notes = await notes_of(connection, (mutation_id,), pack, head["zone"])
    return worded(head, people, pack, notes)


def _fact(case: Any, paper: ToMake, event: str, at: datetime, data: dict[str, Any]) -> Fact:
    """The case does it by itself, for a move that stands."""
    by = Attribution("system:mutation", "SYSTEM", f"{case['rule_pack']}#mutation")
    return Fact(event, cases.mutation(paper.mutation_id), at, by, case["person_id"], data)


def _key(paper: ToMake) -> dict[str, Any]:
    return {
        "mutation_id": paper.mutation_id,
        "paper": paper.paper.value,
        "revision": paper.revision,
    }
