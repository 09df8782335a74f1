"""Sets one template as PDF, by typst: what it says comes as strings, the same strings give the same bytes.

Nothing here asks a clock, a font folder of the machine or the network. Calls block for tens of milliseconds (half a
second for 500 people) without the GIL: call them by `asyncio.to_thread`.
"""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import segno
import typst

from domain.documents import Unprintable

_TEMPLATES = Path(__file__).parent / "templates"
_TAGGED_UP_TO = 60
"""Tags help screen readers, but make a mass annex six times as big and its signature slow to verify."""


class TypesettingFailed(Unprintable):
    """The paper could not be set; the text says why, in one line. Trying again gives the same."""


class Press:
    """Sets papers of one template; one instance may serve any number of threads."""

    def __init__(self, template: str) -> None:
        # Only the fonts inside the typst wheel: a machine's own fonts would change the bytes.
        self._fonts = typst.Fonts(include_system_fonts=False)
        self._mine = threading.local()
        self._template = _TEMPLATES / template

    def set(self, called: str, said: dict[str, Any], emblem_svg: str, issued_at: datetime) -> bytes:
        """Set what is said, as PDF/A-2b; `called` names the paper where it cannot be set."""
        if issued_at.tzinfo is None:
            raise ValueError("issued_at must be aware: a paper is issued at an instant")
        try:
            inputs = {
                "said": json.dumps(said, ensure_ascii=False),
                "qr": _qr(said["verification"]["url"]) if said["verification"] else "",
                "emblem": emblem_svg or (_TEMPLATES / "emblem.svg").read_text(encoding="utf-8"),
            }
            annex = said.get("annex")
            pdf = self._compiler().compile(
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=["a-2b"],
                pdf_tags=not annex or len(annex["rows"]) <= _TAGGED_UP_TO,
                timestamp=_stamp(issued_at),
            )
        except typst.TypstError as error:
            # Not chained: the compiler's own words may quote a name.
            raise TypesettingFailed(f"{called}: {_reason(error.message, said)}") from None
        except (ValueError, RuntimeError) as error:
            # The same strings give the same fault: a case that tried again would do so for ever.
            raise TypesettingFailed(
                f"{called}: the typesetter gave up by {type(error).__name__}, whose words may quote a name"
            ) from None
        assert isinstance(pdf, bytes)
        return pdf

    def _compiler(self) -> typst.Compiler:
        # One a thread: a compiler that two threads share raises "Already borrowed".
        if not hasattr(self._mine, "compiler"):
            self._mine.compiler = typst.Compiler(
                input=str(self._template),
                root=str(_TEMPLATES),
                font_paths=self._fonts,
                ignore_system_fonts=True,
            )
        compiler: typst.Compiler = self._mine.compiler
        return compiler


def _stamp(issued_at: datetime) -> datetime:
    """Give an instant as typst takes it: a PDF's clock has no microseconds, and the compiler knows no zones by name."""
    offset = issued_at.utcoffset()
    assert offset is not None
    return issued_at.replace(microsecond=0, tzinfo=timezone(offset))


def _qr(text: str) -> str:
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False, scale=4)
    return drawn.getvalue().decode()


def _reason(complaint: str, said: dict[str, Any]) -> str:
    """Turn the compiler's complaint into one line that names the place, and no person's name."""
    unprintable = re.search(r'the text `"(.)', complaint)
    if unprintable is None:
        return " ".join(complaint.split())
    mark = unprintable.group(1)
    places = [place for place, text in _strings(said) if mark in text]
    return f"{places[0] if places else 'a field'} holds U+{ord(mark):04X}, which the fonts of the paper cannot print"


def _strings(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, f"{place}.{key}".lstrip("."))
    elif isinstance(value, list):
        for at, inner in enumerate(value, start=1):
            yield from _strings(inner, f"{place}[{at}]")
