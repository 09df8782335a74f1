"""The record of a signed decree as JSON: what the registry writes, and what whoever checks a file is given."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.mutation.decree_record import DecreeRecord

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class RecordUnreadable(ValueError):
    """The JSON is no record of a decree; the text says where and what was expected, in one line."""


class DecreeRecordFile(BaseModel):
    """One decree; a field that is added later has a default."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: Literal[1] = 1
    number: Annotated[str, Field(min_length=1)]
    file_sha256: Sha256
    rendered_sha256: Sha256
    rendered_bytes: Annotated[int, Field(gt=0)]
    facts_sha256: Sha256
    facts: dict[str, Any]

    @classmethod
    def of(cls, record: DecreeRecord) -> DecreeRecordFile:
        """Spell a record."""
        return cls(
            number=record.number,
            file_sha256=record.file_sha256,
            rendered_sha256=record.rendered_sha256,
            rendered_bytes=record.rendered_bytes,
            facts_sha256=record.facts_sha256,
            facts=record.facts,
        )

    def record(self) -> DecreeRecord:
        """Return what the record says."""
        return DecreeRecord(**self.model_dump(exclude={"format"}))


def read_record(text: bytes) -> DecreeRecord:
    """Return the record that was spelt so; raises RecordUnreadable."""
    try:
        return DecreeRecordFile.model_validate_json(text).record()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "it"
        raise RecordUnreadable(f"no record of a decree: {where}: {first['msg']}") from None
