"""An order by word of mouth, which a surge goes ahead on and owes the paper of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.authority import Capacity

ASKS = ("RequestSubmitted", "OralOrderGiven")
"""The first entry of a surge: it is asked for on paper, or ordered by word of mouth."""


def asked_at(at: datetime, data: Mapping[str, Any]) -> datetime:
    """Return when such an entry asks for people: by word of mouth when the order was given, not when it was noted."""
    given = data.get("given_at")
    return datetime.fromisoformat(given) if given else at


@dataclass(frozen=True)
class Oral:
    """An order by word of mouth, on which people go before there is a paper: who gave it, in which office, when.

    It must be confirmed in writing by `paper_by`; `notices` counts how often that was asked for.
    """

    by: str
    capacity: Capacity
    given_at: datetime
    paper_by: datetime
    ratified: bool = False
    notices: int = 0

    def carries(self, now: datetime) -> bool:
        """Whether people may go on it: until the paper is due, and then no more."""
        return now < self.paper_by
