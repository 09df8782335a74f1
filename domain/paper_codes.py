"""The codes by which a paper is checked, and the keyed hashes behind them."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

# Crockford's base 32: no I, L, O or U, so a code read out over a radio or from a bad copy stays itself.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def verification_code(facts_sha256: str, salt: str) -> str:
    """Shorten a hash of facts to a code that a person can read out: `7F3K-9QXM-2AVT`, 60 bits."""
    number = int.from_bytes(keyed(salt, facts_sha256)[:8], "big") >> 4
    digits = [_ALPHABET[(number >> shift) & 31] for shift in range(55, -1, -5)]
    return "-".join("".join(digits[at : at + 4]) for at in (0, 4, 8))


def spelled(value: Any) -> str:
    """Write JSON-able values in their one spelling."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(value: Any) -> str:
    """Hash JSON-able values by their one spelling, in hex."""
    return hashlib.sha256(spelled(value).encode()).hexdigest()


def keyed(salt: str, text: str) -> bytes:
    """Hash text so that nobody without the salt can guess what it was."""
    return hmac.new(salt.encode(), text.encode(), hashlib.sha256).digest()
