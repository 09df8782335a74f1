"""An order by word of mouth, which a surge goes ahead on and owes the paper of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.authority import Capacity


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
