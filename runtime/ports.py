"""Loopback ports that stay the same from one run to the next, so that bookmarks and tokens keep working."""

import json
import socket
from collections.abc import Collection
from pathlib import Path
from random import SystemRandom

LOOPBACK = "127.0.0.1"
OURS = range(10_000, 16_000)
"""Below what a kernel gives to whoever calls somebody (Linux begins at 32,768, gVisor at 16,000, RFC 6335 at 49,152):
between a claim and the moment at which the server listens, seconds later, no caller can be given the same."""


class PortTaken(Exception):
    """A port that was asked for is in use; the message is one line for the user."""


def is_free(port: int) -> bool:
    """Say whether nobody listens on this loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def answers(port: int) -> bool:
    """Say whether somebody accepts connections on this loopback port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((LOOPBACK, port)) == 0


def free_port(*, but: Collection[int] = ()) -> int:
    """Any port of ours that nobody listens on, other than these."""
    chance = SystemRandom()  # whoever draws many at once may have seeded the common one
    while True:
        port = chance.choice(OURS)
        if port not in but and is_free(port):
            return port


class Ports:
    """The ports of one data directory, remembered in a file there."""

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            self._known: dict[str, int] = json.loads(file.read_text())
        except (FileNotFoundError, ValueError):
            self._known = {}

    def claim(self, name: str, *, given: int | None = None, prefer: int | None = None) -> int:
        """The port for `name`: the one `given`, else last time's, else the preferred one, else any of ours that is free.

        Raises PortTaken only for a given port: the others are wishes.
        """
        if given is not None and not is_free(given):
            msg = f"port {given}, given for {name}, is in use"
            raise PortTaken(msg)
        taken = {port for other, port in self._known.items() if other != name}
        wishes = [
            port for port in (self._known.get(name), prefer) if port and port not in taken and is_free(port)
        ]
        port = given or next(iter(wishes), 0) or free_port(but=taken)
        self._known[name] = port
        self._file.write_text(json.dumps(self._known, indent=1) + "\n")
        return port
