"""A dossier's one spelling in JSON, its hash, and reading it back years later."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from domain.log import canonical
from domain.mutation.dossier import Dossier

FORMAT = 1
"""Of the spelling; a field that is added has a default and needs no other one."""

_NUMBER_OF_A_PERSON = re.compile(r"\d{16}|\d{18}", re.ASCII)


class DossierUnreadable(ValueError):
    """The JSON is no dossier; the text says where and what was expected."""


def dossier_as_json(dossier: Dossier) -> bytes:
    """Return the dossier's one spelling, the same for the same facts; raises ValueError where a NIP or NIK stands in it."""
    return canonical({"format": FORMAT, "dossier": _plain(dossier)})


def dossier_sha256(dossier: Dossier) -> str:
    """Return the hash, in hex, by which a screening says what it was about."""
    return hashlib.sha256(dossier_as_json(dossier)).hexdigest()


def read_dossier(text: bytes) -> Dossier:
    """Return the dossier that was spelt so; raises DossierUnreadable."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise DossierUnreadable(f"a dossier is JSON: {error}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise DossierUnreadable(f"expected a dossier of format {FORMAT}")
    dossier = _read(document.get("dossier"), Dossier, "dossier")
    assert isinstance(dossier, Dossier)
    return dossier


def _plain(value: object) -> Any:
    if isinstance(value, frozenset):
        return sorted((_plain(one) for one in value), key=canonical)
    if is_dataclass(value) and not isinstance(value, type):
        found = {field: getattr(value, field.name) for field in fields(value)}
        return {
            field.name: _plain(one)
            for field, one in found.items()
            if not (field.metadata.get("later") and one == field.default)
        }
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, str) and _NUMBER_OF_A_PERSON.fullmatch(value):
        raise ValueError("a dossier holds opaque ids; this is the number of a person")
    return value


def _read(value: Any, wanted: Any, at: str) -> Any:
    if get_origin(wanted) is UnionType:
        (one,) = (kind for kind in get_args(wanted) if kind is not type(None))
        return None if value is None else _read(value, one, at)
    if get_origin(wanted) is frozenset:
        (one,) = get_args(wanted)
        _must(isinstance(value, list), at, "a list", value)
        return frozenset(_read(item, one, f"{at}[{place}]") for place, item in enumerate(value))
    if is_dataclass(wanted):
        return _read_fields(value, wanted, at)
    return _read_scalar(value, wanted, at)


def _read_fields(value: Any, wanted: Any, at: str) -> Any:
    hints = _hints(wanted)
    _must(isinstance(value, dict), at, "an object", value)
    _must(
        set(value) <= set(hints),
        at,
        f"no other fields than {', '.join(hints)}",
        sorted(set(value) - set(hints)),
    )
    given = {name: _read(value[name], kind, f"{at}.{name}") for name, kind in hints.items() if name in value}
    lacking = [one.name for one in fields(wanted) if one.name not in given and one.default is MISSING]
    _must(not lacking, at, "every field", f"none of {', '.join(lacking)}")
    try:
        return wanted(**given)
    except ValueError as error:
        raise DossierUnreadable(f"{at}: {error}") from None


def _read_scalar(value: Any, wanted: type, at: str) -> Any:
    spelt = wanted if wanted in (bool, int) else str
    _must(type(value) is spelt, at, spelt.__name__, value)
    try:
        return date.fromisoformat(value) if wanted is date else wanted(value)
    except (ValueError, ZeroDivisionError):
        raise DossierUnreadable(f"{at}: {value!r} is no {wanted.__name__}") from None


def _must(holds: bool, at: str, expected: str, found: object) -> None:  # noqa: FBT001 - reads like an assertion
    if not holds:
        raise DossierUnreadable(f"{at}: expected {expected}, found {found!r}")


@cache
def _hints(wanted: type) -> dict[str, Any]:
    return get_type_hints(wanted)
