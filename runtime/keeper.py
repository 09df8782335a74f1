"""Keeps parts alive: whatever dies is started again, soon at first and less often when it goes on dying."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from runtime.child import Identity
from runtime.postgres_files import PostgresError
from runtime.service import Part, Service
from runtime.stack_state import PartState
from runtime.temporal_server import TemporalError

BACKOFF = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0)  # seconds before each new attempt; the last one from then on
STEADY = 30.0  # seconds of life after which a part counts as healthy again


@dataclass
class _Kept:
    part: Part
    restarts: int = 0
    failures: int = 0
    """Deaths in a row: since it was last steady."""
    since: float = field(default_factory=time.monotonic)
    ever_steady: bool = False
    not_before: float | None = None
    """When it is to be started again; None while it runs."""


class Keeper:
    """The parts of one stack, in the order of their start. `heal` wants to be called several times a second."""

    def __init__(self, *, say: Callable[[str], None], changed: Callable[[], None]) -> None:
        """`say` prints a line; `changed` hears of every new process."""
        self._say = say
        self._changed = changed
        self._kept: list[_Kept] = []

    def start(self, part: Part) -> None:
        """Start a part and keep it from now on."""
        self._kept.append(_Kept(part))  # first, so that a signal in the middle of its start stops it too
        part.start()
        self._changed()

    def heal(self) -> None:
        """Start again what has died, each at its time."""
        for kept in self._kept:
            now = time.monotonic()
            if kept.part.pid is not None:
                if now - kept.since > STEADY:
                    kept.failures, kept.ever_steady = 0, True
            elif kept.not_before is None:
                delay = BACKOFF[min(kept.failures, len(BACKOFF) - 1)]
                kept.failures += 1
                kept.not_before = now + delay
                self._say(f"{kept.part.name} died; starting it again" + (f" in {delay:g} s" if delay else ""))
            elif now >= kept.not_before:
                kept.not_before = None
                self._restart(kept)

    def stop(self) -> None:
        """Stop everything, in the reverse order of its start; our own services all at once."""
        for kept in self._kept:
            if isinstance(kept.part, Service):
                kept.part.ask_to_stop()
        for kept in reversed(self._kept):
            kept.part.stop()
        self._kept.clear()

    def all_alive(self) -> bool:
        """Say whether every part runs at this moment."""
        return all(kept.part.pid is not None for kept in self._kept)

    def failing(self, deaths: int) -> str | None:
        """The name of a part that never was steady and has died so many times in a row; None if there is none."""
        new = (kept for kept in self._kept if not kept.ever_steady)
        return next((kept.part.name for kept in new if kept.failures >= deaths), None)

    def states(self) -> tuple[PartState, ...]:
        """Every part as it is now."""
        return tuple(
            PartState(kept.part.name, Identity.of(kept.part.pid) if kept.part.pid else None, kept.restarts)
            for kept in self._kept
        )

    def _restart(self, kept: _Kept) -> None:
        try:
            kept.part.start()
        except (PostgresError, TemporalError) as error:
            self._say(str(error))  # dead still, so the next call of heal plans the next attempt
            return
        kept.since = time.monotonic()
        kept.restarts += 1
        self._changed()
