"""What the API has against a call, in the words of the terminal: its own options instead of the parts of a form."""

from __future__ import annotations

import re

_OPTIONS = {
    "principal_id": "--holder",
    "substitute_id": "PERSON",
    "capacity": "OFFICE",
    "ends": "--until",
    "starts": "--from",
    "until": "--until",
    "start": "--from",
    "dated": "--dated",
    "decree": "--decree",
    "decree_date": "--decree-date",
    "reported_at": "--at",
    "reason": "--reason",
    "code": "--reason",
    "note": "--note",
}
"""Part of a form -> what the terminal calls it, the same in every command; what a file may say as well is left as it is."""


def in_words(fault: str) -> str:
    """Return `where: what` with where as whoever typed the call knows it."""
    where, colon, what = fault.partition(": ")
    if not colon:
        return fault
    if part := re.fullmatch(r"details\.(\w+)(\[\d+\])?", where):
        return f"--with {part[1]}={part[2] or ''}: {what}"
    return f"{_OPTIONS.get(where, where)}: {what}"
