"""What a registry keeps of a signed decree, and holding a file against it.

A signature says that the file is the signer's. Only the record says that it is this decree, whole: what was approved
(the facts), what was made of them (the file as it was typeset, which a signed file begins with), what was signed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from domain.mutation.decree import Decree, decree_facts
from domain.paper_codes import sha256
from domain.signing import Check, CheckName, SignatureAsk, Signed

_MARK = "facts-sha256:"
_EXTRACT = "PETIKAN "
_UNREAD = "how the file describes itself could not be read"


def names_facts(facts_sha256: str) -> str:
    """Give the keyword by which a decree names its facts, for programs: it stands in the file's own description."""
    return f"{_MARK}{facts_sha256}"


def facts_named(keywords: str) -> str | None:
    """Return the hash of facts that these keywords name."""
    found = [word.strip(",;") for word in keywords.split() if word.startswith(_MARK)]
    return found[0].removeprefix(_MARK) if len(found) == 1 else None


@dataclass(frozen=True, kw_only=True)
class DecreeRecord:
    """The record of one signed decree; its facts are those of `decree_facts`, without personal data."""

    number: str
    file_sha256: str
    rendered_sha256: str
    rendered_bytes: int
    facts_sha256: str
    facts: dict[str, Any]


def ask_for(decree: Decree) -> SignatureAsk:
    """Return the signature that a decree asks for."""
    return SignatureAsk(
        paper_id=decree.decree_id,
        reason="Penetapan Keputusan",
        place=decree.signed_place,
        at=decree.signed_at,
    )


def record_decree(decree: Decree, rendered: bytes, signed: Signed) -> DecreeRecord:
    """Make the record of a decree, of the file that was typeset from it, and of what was signed."""
    return DecreeRecord(
        number=decree.number,
        file_sha256=signed.sha256,
        rendered_sha256=hashlib.sha256(rendered).hexdigest(),
        rendered_bytes=len(rendered),
        facts_sha256=decree.facts_sha256,
        facts=decree_facts(decree),
    )


@dataclass(frozen=True)
class Described:
    """How a signed file describes itself, in the part that the signature covers."""

    title: str
    keywords: str

    @property
    def facts(self) -> str | None:
        """The hash of facts that it names."""
        return facts_named(self.keywords)

    @property
    def is_extract(self) -> bool:
        """Whether it calls itself one person's extract."""
        return self.title.startswith(_EXTRACT)


def hold_against(record: DecreeRecord, pdf: bytes, described: Described | None) -> tuple[Check, ...]:
    """Compare a file with its record; `described` is None where it could not be read."""
    return (
        _facts(record, described),
        _file(record, pdf),
        _rendered(record, pdf),
        _number(record, described),
    )


def of_extract(record: DecreeRecord | None, described: Described, *, signed: bool) -> tuple[Check, ...]:
    """Say what an extract is, and whether it is of the decree that the record is of.

    The record holds the decree's bytes and not the extract's: an extract that nobody signed is only told from the decree
    by what it names.
    """
    title = described.title.removeprefix(_EXTRACT)
    paper = Check.right(CheckName.PAPER, f"an extract (petikan) for one person of {title!r}, not the decree")
    unsigned = Check.unasked(
        CheckName.SIGNATURE,
        "nobody signed it: an extract is certified on paper, and nothing in it proves that its words are unaltered",
    )
    own = "an extract has a file of its own, and the record is of the decree's"
    facts, _, _, number = without_record(described)
    return (
        paper,
        *([] if signed else [unsigned]),
        _facts(record, described) if record else facts,
        Check.unasked(CheckName.FILE, f"not compared with the hash in the registry: {own}"),
        Check.unasked(CheckName.RENDERED, f"not compared with what was typeset: {own}"),
        _number(record, described) if record else number,
    )


def without_record(described: Described | None) -> tuple[Check, ...]:
    """Say what cannot be known of a file without its record."""
    named = described.facts if described else None
    facts = f"it names the facts {named}, and nothing to compare them with" if named else "it names no facts"
    return (
        Check.unasked(CheckName.FACTS, f"not compared with what was approved: {facts}"),
        Check.unasked(CheckName.FILE, "not compared with the hash in the registry: no record was given"),
        Check.unasked(CheckName.RENDERED, "not compared with what was typeset: no record was given"),
        Check.unasked(CheckName.NUMBER, "the number was not compared: no record was given"),
    )


def _facts(record: DecreeRecord, described: Described | None) -> Check:
    if sha256(record.facts) != record.facts_sha256:
        return Check.wrong(
            CheckName.FACTS, "the record contradicts itself: its facts do not have its hash of facts"
        )
    if described is None:
        return Check.unasked(CheckName.FACTS, _UNREAD)
    if described.facts is None:
        return Check.wrong(CheckName.FACTS, "the file names no facts; the record has some")
    if described.facts != record.facts_sha256:
        return Check.wrong(
            CheckName.FACTS,
            f"other facts were approved: the file names {described.facts[:16]}…, "
            f"the record {record.facts_sha256[:16]}…",
        )
    return Check.right(
        CheckName.FACTS, f"what was approved is what the file names (facts {described.facts[:16]}…)"
    )


def _file(record: DecreeRecord, pdf: bytes) -> Check:
    found = hashlib.sha256(pdf).hexdigest()
    if found != record.file_sha256:
        return Check.wrong(
            CheckName.FILE,
            f"not the file of the registry: its hash is {found[:16]}…, the record's {record.file_sha256[:16]}…",
        )
    return Check.right(CheckName.FILE, f"every byte is that of the registry's file ({found[:16]}…)")


def _rendered(record: DecreeRecord, pdf: bytes) -> Check:
    opening = hashlib.sha256(pdf[: record.rendered_bytes]).hexdigest()
    if opening != record.rendered_sha256:
        return Check.wrong(
            CheckName.RENDERED,
            "it does not begin with the paper that was typeset from the approved facts",
        )
    return Check.right(
        CheckName.RENDERED, f"its first {record.rendered_bytes:,} bytes are the paper as it was typeset"
    )


def _number(record: DecreeRecord, described: Described | None) -> Check:
    if record.facts.get("number") != record.number:
        return Check.wrong(
            CheckName.NUMBER, "the record contradicts itself: its number is not that of its facts"
        )
    if described is None:
        return Check.unasked(CheckName.NUMBER, _UNREAD)
    if not described.title.endswith(f" {' '.join(record.number.split())}"):
        return Check.wrong(
            CheckName.NUMBER,
            f"another decree: the record is of number {record.number}, the file is titled {described.title!r}",
        )
    return Check.right(CheckName.NUMBER, f"the decree of number {record.number}")
