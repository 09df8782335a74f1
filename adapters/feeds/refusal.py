"""What is said of a file that cannot be taken as a whole."""

from __future__ import annotations


class Unreadable(Exception):
    """The file was refused: what was found, what was expected, and the row if one is to blame (else 0)."""

    def __init__(self, found: str, expected: str, row: int = 0) -> None:
        super().__init__(f"found {found}, expected {expected}")
        self.found, self.expected, self.row = found, expected, row
