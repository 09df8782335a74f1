"""The rule packs that come with the program, and which of them is in force."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from domain.rule_finder import RulePackInvalid
from domain.rules import RulePack, read
from runtime.settings import ROOT


def rule_packs(directory: Path = ROOT / "rules") -> dict[str, RulePack]:
    """Return every rule pack, by id; raises RulePackInvalid naming the file and the key that is wrong. A process reads them once."""
    return dict(_read(directory))


@cache
def _read(directory: Path) -> dict[str, RulePack]:
    packs = [_pack(path) for path in sorted(directory.glob("*.toml"))]
    return {pack.id: pack for pack in packs}


def _pack(path: Path) -> RulePack:
    """Return the pack of one file, by whose name a fault is told: the rules themselves know of no files."""
    name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    try:
        return read(tomllib.loads(path.read_text()))
    except tomllib.TOMLDecodeError as error:
        raise RulePackInvalid(f"{name}: not TOML: {error}") from None
    except RulePackInvalid as error:
        raise RulePackInvalid(f"{name}: {str(error).removeprefix('rule pack: ')}") from None


def in_force(packs: dict[str, RulePack]) -> RulePack:
    """Return the newest pack."""
    return max(packs.values(), key=lambda pack: pack.effective_from)
