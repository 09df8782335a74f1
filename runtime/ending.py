"""Ending a process: on request, and one that used the engine's client.

The client has native threads of its own. One that comes back to an interpreter on its way down aborts
the process, seen once in four short runs: a clean end would then count as a crash. So whoever has
closed everything leaves at once.
"""

import logging
import os
import signal
import sys
import threading
from typing import NoReturn


def end_when_asked() -> None:
    """Take a request to end (SIGTERM) as Ctrl-C: then whatever was started here ends too, and leaves nothing behind."""
    signal.signal(signal.SIGTERM, _interrupted)


def asked_to_end() -> bool:
    """Say whether the end was asked for: a cancellation that arrives as something else completes may be lost on its way."""
    return _asked.is_set()


_asked = threading.Event()


def _interrupted(*_: object) -> None:
    _asked.set()
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as in whatever a shell runs in the background
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.raise_signal(signal.SIGINT)


def leave(code: int) -> NoReturn:
    """End this process now with an exit code; what was logged and printed is out."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
