"""A need that nobody meets: seats for which nobody is found, or a surge that asks for nobody any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Unmet:
    """Since when officers must say what becomes of a surge that is being staffed.

    Seats stay empty because the newest plan finds nobody for them; or the surge is `idle`: no line runs, and nobody of it
    is out or asked. `escalation` and `notices` say how far up, and how often on that level, it has been urged.
    """

    since: datetime
    idle: bool = False
    escalation: int = 0
    notices: int = 0
