"""The tokens that are kept on this machine, and the names by which `--as` picks one. A file for its owner alone."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from domain.authority import Capacity
from runtime.private_file import write_private

SHORTEST_PREFIX = 4
HEAD = "kepala"

ALIASES: dict[Capacity, str] = {
    Capacity.COORDINATOR: "koordinator",
    Capacity.SEKDA: "sekda",
    Capacity.SIGNATORY: "penandatangan",
    Capacity.COMMAND_POST: "posko",
    Capacity.AUDITOR: "auditor",
    Capacity.OPERATOR: "operator",
    Capacity.APPOINTING_AUTHORITY: "kepala-daerah",
    Capacity.FINANCE_OFFICER: "bendahara",
    Capacity.PERSONNEL_AGENCY: "bkpsdm",
    Capacity.PERFORMANCE_REVIEW_TEAM: "tim-penilai",
    Capacity.LEGAL_BUREAU: "bagian-hukum",
}
"""What the holder of an office is called; a head of unit is `kepala:<unit code>`."""


def named(capacity: Capacity, unit_code: str | None, taken: Container[str]) -> str | None:
    """Return what the holder of an office is called; whoever else holds the same one has a number: `bkpsdm-2`.

    None for an office that nobody is picked by.
    """
    if capacity == Capacity.UNIT_HEAD:
        return f"{HEAD}:{unit_code}" if unit_code else None
    first = ALIASES.get(capacity)
    if first is None or first not in taken:
        return first
    return next(name for number in count(2) if (name := f"{first}-{number}") not in taken)


class NoToken(LookupError):
    """No stored token, or more than one, goes by that name; the message is one line."""


@dataclass
class Tokens:
    """Tokens by person, and persons by alias; of every government but the `first` one an alias begins with whose it is."""

    people: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    first: str | None = None

    def keep_aliases(self, government_id: str, aliases: Mapping[str, str]) -> dict[str, str]:
        """Keep who holds the offices of a government; return by which names: `kota-lain:sekda`, where it is not the first one."""
        self.first = self.first or government_id
        before = "" if self.first == government_id else f"{government_id}:"
        named = {f"{before}{alias}": person for alias, person in aliases.items()}
        self.aliases.update(named)
        return named

    def pick(self, name: str) -> str:
        """Return the token that goes by a name: an alias, or the beginning of a person's id. Raises NoToken."""
        try:
            return self.people[self.person(name)]
        except NoToken as error:
            raise NoToken(f"--as {error}") from None

    def person(self, name: str) -> str:
        """Return the person who goes by a name: an alias, or the beginning of an id. Raises NoToken."""
        wanted = name.lower()
        for alias, person_id in self.aliases.items():
            if alias.lower() == wanted:
                return person_id
        found = (
            [person for person in self.people if person.startswith(wanted)] if _long_enough(wanted) else []
        )
        if len(found) == 1:
            return found[0]
        if found:
            raise NoToken(f"{name}: {len(found)} people's ids begin so; write more of it")
        known = ", ".join(alias for alias in self.aliases if f"{HEAD}:" not in alias)
        raise NoToken(
            f"{name}: no stored token; known are {known or 'none'}, {HEAD}:<unit code>, a person's id"
        )


def read_tokens(data: Path) -> Tokens:
    """Return the tokens of a data directory; none where there is no file."""
    try:
        kept: Mapping[str, Any] = json.loads(file_of(data).read_text())
    except FileNotFoundError:
        return Tokens()
    return Tokens(dict(kept["people"]), dict(kept["aliases"]), kept.get("first"))


def write_tokens(data: Path, tokens: Tokens) -> None:
    """Keep the tokens, mode 0600."""
    told = {"first": tokens.first, "aliases": tokens.aliases, "people": tokens.people}
    text = json.dumps(told, indent=1)
    write_private(file_of(data), text + "\n")


def file_of(data: Path) -> Path:
    """Return where the tokens of a data directory lie."""
    return data / "tokens.json"


def _long_enough(wanted: str) -> bool:
    return len(wanted) >= SHORTEST_PREFIX
