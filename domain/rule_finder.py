"""Reading a rule pack key by key: what is missing or of the wrong form is named."""

from __future__ import annotations

from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from domain.authority import MAY, Capacity
from domain.terms import Term, parse

_Code = TypeVar("_Code", bound=StrEnum)


class RulePackInvalid(ValueError):
    """The rule pack cannot be used; the text names the key and what was expected."""


class Finder:
    """Looks a dotted key up and says by name what is missing or of the wrong form."""

    def __init__(self, pack: dict[str, Any]) -> None:
        self._pack = pack

    def raw(self, key: str) -> Any:
        node: Any = self._pack
        for part in key.split("."):
            if not isinstance(node, dict) or part not in node:
                raise RulePackInvalid(f"rule pack: {key} is missing")
            node = node[part]
        return node

    def value(self, key: str) -> Any:
        node = self.raw(key)
        if not isinstance(node, dict):
            return node
        if not str(node.get("source", "")).strip():
            raise RulePackInvalid(f'rule pack: {key} has no source (a legal source or "default")')
        return node.get("value")

    def source(self, key: str) -> str:
        """Return what a value cites."""
        self.value(key)
        return str(self.raw(key)["source"])

    def table(self, key: str) -> dict[str, Any]:
        node = self.raw(key)
        if not isinstance(node, dict):
            raise RulePackInvalid(f"rule pack: {key} must be a table")
        return node

    def text(self, key: str) -> str:
        found = self.value(key)
        if not isinstance(found, str) or not found:
            raise RulePackInvalid(f"rule pack: {key} must be a text, found {found!r}")
        return found

    def choice(self, key: str, among: tuple[str, ...]) -> str:
        found = self.text(key)
        if found not in among:
            raise RulePackInvalid(f"rule pack: {key}: {found!r} is not one of {', '.join(among)}")
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        found = self.value(key)
        if not isinstance(found, list) or not found or not all(isinstance(one, str) and one for one in found):
            raise RulePackInvalid(f"rule pack: {key} must be a list of texts, found {found!r}")
        return tuple(found)

    def offices(self, key: str, kind: str, *, first: bool = False) -> tuple[Capacity, ...]:
        """Offices that may decide the kind; with `first`, the first of them must, and the others see to it."""
        named = self.texts(key)
        unknown = [name for name in named if name not in [one.value for one in Capacity]]
        found = tuple(Capacity(name) for name in named if name not in unknown)
        unfit = [office.value for office in found[: 1 if first else None] if office not in MAY[kind]]
        if unknown or unfit:
            raise RulePackInvalid(
                f"rule pack: {key}: {(unknown + unfit)[0]!r} is no office that may {kind} ({', '.join(MAY[kind])})"
            )
        return found

    def member(self, key: str, codes: type[_Code]) -> _Code:
        """Return one of the codes."""
        return self._code(key, self.value(key), codes)

    def members(self, key: str, codes: type[_Code]) -> tuple[_Code, ...]:
        """Return a list of codes, which may be empty."""
        found = self.value(key)
        if not isinstance(found, list):
            raise RulePackInvalid(f"rule pack: {key} must be a list, found {found!r}")
        return tuple(self._code(key, one, codes) for one in found)

    @staticmethod
    def _code(key: str, found: object, codes: type[_Code]) -> _Code:
        if found not in [one.value for one in codes]:
            raise RulePackInvalid(f"rule pack: {key}: {found!r} is none of {', '.join(codes)}")
        return codes(found)

    def date(self, key: str) -> date:
        found = self.value(key)
        if not isinstance(found, date):
            raise RulePackInvalid(f"rule pack: {key} must be a date, found {found!r}")
        return found

    def flag(self, key: str) -> bool:
        """Return yes or no."""
        found = self.value(key)
        if not isinstance(found, bool):
            raise RulePackInvalid(f"rule pack: {key} must be true or false, found {found!r}")
        return found

    def number(self, key: str) -> float:
        found = self.value(key)
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise RulePackInvalid(f"rule pack: {key} must be a number, found {found!r}")
        return found

    def term(self, key: str) -> Term:
        """Return a term: hours, days or working days."""
        try:
            return parse(self.value(key))
        except ValueError as error:
            raise RulePackInvalid(f"rule pack: {key}: {error}") from None

    def whole(self, key: str, least: int = 0, most: int | None = None) -> int:
        """Return a whole number within its bounds."""
        found = self.number(key)
        if found != int(found) or found < least or (most is not None and found > most):
            to = f" to {most}" if most is not None else ""
            raise RulePackInvalid(
                f"rule pack: {key} must be a whole number from {least}{to}, found {found!r}"
            )
        return int(found)

    def duration(self, key: str) -> timedelta:
        """Return elapsed time; a key that is read so takes no working days."""
        found = self.value(key)
        try:
            elapsed = parse(found).elapsed
        except ValueError:
            elapsed = None
        if elapsed is None:
            raise RulePackInvalid(f'rule pack: {key} must be like "4 h" or "15 d", found {found!r}')
        return elapsed

    def time(self, key: str) -> time:
        found = self.value(key)
        if not isinstance(found, time):
            raise RulePackInvalid(f"rule pack: {key} must be a time of day like 16:00:00, found {found!r}")
        return found
