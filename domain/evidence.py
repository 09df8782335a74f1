"""Files that people attach to tasks: what kind one is, told from its content, and the hash that stays when it is gone."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from enum import Enum

MOST_BYTES = 10_000_000
"""Of one file."""

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_SEPARATORS = ",;\t"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Media(Enum):
    """The kinds of file that are taken: how each is called on the wire, and the ending of its name."""

    PDF = ("application/pdf", ".pdf")
    PNG = ("image/png", ".png")
    JPEG = ("image/jpeg", ".jpg")
    CSV = ("text/csv", ".csv")
    TXT = ("text/plain", ".txt")
    ODS = (_ODS.decode(), ".ods")
    XLSX = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")

    @property
    def type(self) -> str:
        """Return the media type."""
        return self.value[0]

    @property
    def suffix(self) -> str:
        """Return the ending of a name."""
        return self.value[1]


@dataclass(frozen=True)
class File:
    """A file to be kept with a task, and the salt of its hash."""

    evidence_id: str
    name: str
    media: Media
    salt: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Return the salted hash."""
        return salted_sha256(self.salt, self.content)


def sniff(content: bytes) -> Media | None:
    """Return what kind of file this is by its content, or None where it is none that is taken.

    Nothing is unpacked: of an archive only the list of its parts is read. Sheets with macros are none.
    """
    if content.startswith(b"%PDF-"):
        return Media.PDF
    if content.startswith(_PNG):
        return Media.PNG
    if content.startswith(_JPEG):
        return Media.JPEG
    if content.startswith(b"PK\x03\x04"):
        return _sheet(content)
    return _text(content)


def salted_sha256(salt: str, content: bytes) -> str:
    """Return the SHA-256, in hex, that the log keeps: without the salt it tells nothing of the content."""
    return hashlib.sha256(salt.encode() + content).hexdigest()


def name_for(name: str, media: Media) -> str:
    """Return the name under which a file is handed out: its own, with the ending that its content has."""
    stem, dot, ending = name.rpartition(".")
    known = f".{ending.lower()}" in {media.suffix, *({".jpeg"} if media == Media.JPEG else ())}
    return name if dot and known else f"{stem if dot and stem else name}{media.suffix}"


def _sheet(content: bytes) -> Media | None:
    # An OpenDocument file begins with its type, uncompressed, so that it can be told without unpacking.
    if content[30:38] == b"mimetype" and content[38 : 38 + len(_ODS)] == _ODS:
        wanted, media = {"content.xml"}, Media.ODS
    else:
        wanted, media = {"[Content_Types].xml", "xl/workbook.xml"}, Media.XLSX
    try:
        parts = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except (zipfile.BadZipFile, UnicodeDecodeError, ValueError, OverflowError, NotImplementedError):
        return None
    macros = any(part.endswith("vbaProject.bin") or part.startswith("Basic/") for part in parts)
    return media if wanted <= parts and not macros else None


def _text(content: bytes) -> Media | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if not text.strip() or _CONTROL.search(text):
        return None
    lines = [line for line in text.splitlines() if line.strip()]
    for separator in _SEPARATORS:
        counts = {line.count(separator) for line in lines}
        if len(lines) > 1 and len(counts) == 1 and counts != {0}:
            return Media.CSV
    return Media.TXT
