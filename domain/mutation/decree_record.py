"""What a registry keeps of a signed decree, an extract of it or a paper of the case, and holding a file against it.

A signature says that the file is the signer's. Only the record says that it is this paper, whole: what was approved
(the facts), what was made of them (the file as it was typeset, which a signed file begins with), what was signed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from domain.mutation.decree import Decree, decree_facts
from domain.mutation.extract import EXTRACT_KIND, Extract, extract_facts
from domain.mutation.records import Record, record_facts
from domain.paper_codes import sha256
from domain.signing import Check, CheckName, SignatureAsk, Signed

_MARK = "facts-sha256:"
_OWN_MARK = "extract-sha256:"
_EXTRACT = "PETIKAN "
_CONTRADICTS = "the record contradicts itself: its facts do not have its hash of facts"
_UNREAD = "how the file describes itself could not be read"


def names_facts(facts_sha256: str) -> str:
    """Give the keyword by which a paper names its facts, for programs: it stands in the file's own description."""
    return f"{_MARK}{facts_sha256}"


def names_extract(facts_sha256: str) -> str:
    """Give the keyword by which an extract names its own facts, beside those of its decree."""
    return f"{_OWN_MARK}{facts_sha256}"


def facts_named(keywords: str, mark: str = _MARK) -> str | None:
    """Return the hash of facts that these keywords name."""
    found = [word.strip(",;") for word in keywords.split() if word.startswith(mark)]
    return found[0].removeprefix(mark) if len(found) == 1 else None


@dataclass(frozen=True, kw_only=True)
class DecreeRecord:
    """The record of one signed file; its facts are those of its kind (`decree_facts` …), without personal data."""

    number: str
    file_sha256: str
    rendered_sha256: str
    rendered_bytes: int
    facts_sha256: str
    facts: dict[str, Any]

    @property
    def of_extract(self) -> bool:
        """Whether it is the record of one person's extract."""
        return self.facts.get("kind") == EXTRACT_KIND


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
    return _record(decree.number, decree_facts(decree), rendered, signed)


def record_extract(extract: Extract, rendered: bytes, sealed: Signed) -> DecreeRecord:
    """Make the record of an extract: of its own file, with its own line alone."""
    return _record(extract.decree.number, extract_facts(extract), rendered, sealed)


def record_paper(paper: Record, rendered: bytes, sealed: Signed) -> DecreeRecord:
    """Make the record of a paper of the case."""
    return _record(paper.head.number, record_facts(paper), rendered, sealed)


def _record(number: str, facts: dict[str, Any], rendered: bytes, signed: Signed) -> DecreeRecord:
    return DecreeRecord(
        number=number,
        file_sha256=signed.sha256,
        rendered_sha256=hashlib.sha256(rendered).hexdigest(),
        rendered_bytes=len(rendered),
        facts_sha256=sha256(facts),
        facts=facts,
    )


@dataclass(frozen=True)
class Described:
    """How a signed file describes itself, in the part that the signature covers."""

    title: str
    keywords: str

    @property
    def facts(self) -> str | None:
        """The hash of facts that it names: of an extract, those of its decree."""
        return facts_named(self.keywords)

    @property
    def own_facts(self) -> str | None:
        """The hash of facts that an extract names as its own."""
        return facts_named(self.keywords, _OWN_MARK)

    @property
    def is_extract(self) -> bool:
        """Whether it calls itself one person's extract."""
        return self.title.startswith(_EXTRACT)


def hold_against(record: DecreeRecord, pdf: bytes, described: Described | None) -> tuple[Check, ...]:
    """Compare a file with its record; `described` is None where it could not be read. The file is no extract."""
    if record.of_extract and described is not None:
        other = (
            "the record is that of an extract (petikan), and the file is none: it takes the record of its own"
        )
        return (
            Check.wrong(CheckName.FACTS, other),
            Check.unasked(CheckName.FILE, f"not compared with the hash in the registry: {other}"),
            Check.unasked(CheckName.RENDERED, f"not compared with what was typeset: {other}"),
            _number(record, described),
        )
    return (
        _facts(record, described),
        _file(record, pdf),
        _rendered(record, pdf),
        _number(record, described),
    )


def of_extract(
    record: DecreeRecord | None, pdf: bytes, described: Described, *, signed: bool
) -> tuple[Check, ...]:
    """Say that it is an extract, and hold it against its own record, or against that of the decree, which knows no extract's bytes."""
    title = described.title.removeprefix(_EXTRACT)
    paper = Check.right(CheckName.PAPER, f"an extract (petikan) for one person of {title!r}, not the decree")
    unsigned = Check.wrong(
        CheckName.SIGNATURE, "nobody sealed it: nothing in it proves that its words are unaltered"
    )
    return (paper, *([] if signed else [unsigned]), *_compared(record, pdf, described))


def _compared(record: DecreeRecord | None, pdf: bytes, described: Described) -> tuple[Check, ...]:
    if record is None:
        return without_record(described)
    if record.of_extract:
        return (
            _facts_of_extract(record, described),
            _file(record, pdf),
            _rendered(record, pdf),
            _number(record, described),
        )
    own = "an extract has a file of its own, and the record is of the decree's"
    return (
        _facts(record, described),
        Check.unasked(CheckName.FILE, f"not compared with the hash in the registry: {own}"),
        Check.unasked(CheckName.RENDERED, f"not compared with what was typeset: {own}"),
        _number(record, described),
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


def _facts_of_extract(record: DecreeRecord, described: Described) -> Check:
    """Hold an extract against its own facts, which name those of its decree; the file names both."""
    if sha256(record.facts) != record.facts_sha256:
        return Check.wrong(CheckName.FACTS, _CONTRADICTS)
    if described.own_facts != record.facts_sha256:
        return Check.wrong(
            CheckName.FACTS,
            f"another extract: the file names {(described.own_facts or 'no facts of its own')[:19]}…, "
            f"the record {record.facts_sha256[:16]}…",
        )
    decreed = record.facts.get("decree_facts_sha256")
    if described.facts != decreed:
        return Check.wrong(CheckName.FACTS, "the file names the facts of another decree than its record does")
    return Check.right(
        CheckName.FACTS,
        f"one person's line of what was approved (facts {str(decreed)[:16]}…), as the file names it",
    )


def _facts(record: DecreeRecord, described: Described | None) -> Check:
    if sha256(record.facts) != record.facts_sha256:
        return Check.wrong(CheckName.FACTS, _CONTRADICTS)
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
