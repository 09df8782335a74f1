"""Whether a process can be told to end: it has a handler by then, and does not merely die of the signal."""

import signal
from pathlib import Path


def hears_sigterm(pid: int) -> bool:
    """Say whether a process handles SIGTERM (Linux: the mask of caught signals)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)
