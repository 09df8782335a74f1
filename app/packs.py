"""The rule packs that come with the program, and which of them is in force."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from domain.rules import RulePack, read
from runtime.settings import ROOT


def rule_packs(directory: Path = ROOT / "rules") -> dict[str, RulePack]:
    """Return every rule pack, by id; raises RulePackInvalid naming the key that is wrong. A process reads them once."""
    return dict(_read(directory))


@cache
def _read(directory: Path) -> dict[str, RulePack]:
    packs = [read(tomllib.loads(path.read_text())) for path in sorted(directory.glob("*.toml"))]
    return {pack.id: pack for pack in packs}


def in_force(packs: dict[str, RulePack]) -> RulePack:
    """Return the newest pack."""
    return max(packs.values(), key=lambda pack: pack.effective_from)
