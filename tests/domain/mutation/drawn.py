"""Dossiers drawn at random, whole and odd ones alike, from what their classes say of their fields."""

from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from domain.mutation.dossier import Dossier
from domain.mutation.kinds import Agency

_IDS = st.sampled_from(["p-1", "p-2", "p-3", "post-1", "post-2", "unit-1", "unit-2", "mutation:MU-1", "73"])
_SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(0, 12) | st.integers(2022, 2027),
    str: _IDS,
    date: st.dates(date(2014, 1, 1), date(2032, 1, 1)),
    Fraction: st.fractions(0, 2_000_000),
}


def drawn(wanted: Any) -> st.SearchStrategy[Any]:
    """Values of a type."""
    if get_origin(wanted) is UnionType:
        (one,) = (kind for kind in get_args(wanted) if kind is not type(None))
        return st.none() | drawn(one)
    if get_origin(wanted) is frozenset:
        return st.frozensets(drawn(get_args(wanted)[0]), max_size=3)
    if is_dataclass(wanted):
        hints = get_type_hints(wanted)
        parts = {field.name: drawn(hints[field.name]) for field in fields(wanted)}
        if wanted is Agency:
            parts["province"] = st.sampled_from(["53", "75"])
        return st.builds(wanted, **parts)
    if issubclass(wanted, StrEnum):
        return st.sampled_from(list(wanted))
    return _SCALARS[wanted]


DOSSIERS = drawn(Dossier)
