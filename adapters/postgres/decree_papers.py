"""The papers of decrees: the signed file with its record and its words, and the sealed extracts of it."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from adapters.postgres import log
from adapters.postgres.database import Connection, queries
from domain.log import Attribution, Fact
from domain.mutation.decree import Decree, DecreeDraft
from domain.mutation.decree_record import DecreeRecord
from domain.mutation.extract import Extract
from domain.signing import Signed

_WORDS = TypeAdapter(DecreeDraft)


def words_of(decree: Decree) -> dict[str, Any]:
    """Return what a decree says as JSON, names and all, without its salt."""
    said = {part.name: getattr(decree, part.name) for part in fields(DecreeDraft)}
    words: dict[str, Any] = _WORDS.dump_python(DecreeDraft(**said | {"salt": ""}), mode="json")
    return words


async def as_signed(connection: Connection, decree_id: str, salt: str) -> DecreeDraft | None:
    """Return what a decree said when it was signed; None where none is kept that was."""
    words = await queries.words_of_decree(connection, decree_id=decree_id)
    return replace(_WORDS.validate_python(words), salt=salt) if words else None


async def keep_decree(connection: Connection, decree: Decree, signed: Signed, record: DecreeRecord) -> str:
    """Keep a signed decree, once; return the SHA-256 in hex of the file that is kept."""
    kept: str = await queries.keep_decree_paper(
        connection,
        decree_id=decree.decree_id,
        sha256=signed.sha256,
        file=signed.pdf,
        record=asdict(record),
        words=words_of(decree),
    )
    return kept


async def keep_extract(
    connection: Connection, extract: Extract, sealed: Signed, record: DecreeRecord, at: datetime
) -> None:
    """Keep a sealed extract, once, and tell the log of its case which file it is."""
    mutation_id = extract.move.case_id.partition(":")[2]
    kept = await queries.keep_extract(
        connection,
        decree_id=extract.decree.decree_id,
        mutation_id=mutation_id,
        sha256=sealed.sha256,
        file=sealed.pdf,
        record=asdict(record),
    )
    await queries.forget_seal_ask(connection, paper_sha256=record.rendered_sha256)
    if kept is None:
        return
    case = await queries.mutation_by_id(connection, mutation_id=mutation_id)
    data = {
        "decree_id": extract.decree.decree_id,
        "number": extract.decree.number,
        "facts_sha256": record.facts_sha256,
        "file_sha256": sealed.sha256,
        "certifier": extract.certifier.person_id,
    }
    by = Attribution("system:mutation", "SYSTEM", f"{case['rule_pack']}#mutation")
    fact = Fact("ExtractSealed", extract.move.case_id, at, by, case["person_id"], data)
    await log.append(connection, case["government_id"], [fact])
