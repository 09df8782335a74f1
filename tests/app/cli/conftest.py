"""A terminal at a live house."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.child import spawn, stop, wait_until
from runtime.settings import ROOT
from tests.app.cli import calls
from tests.app.cli.typing_in import Terminal
from tests.app.kit import LiveHouse


@pytest.fixture(scope="session")
def switchboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The socket of a process that answers calls."""
    home = tmp_path_factory.mktemp("calls")
    socket = home / "socket"
    process = spawn([sys.executable, "-m", calls.__name__, socket], log=home / "log", cwd=ROOT)
    try:
        assert wait_until(socket.exists, 60), (home / "log").read_text()
        yield socket
    finally:
        stop(process, by=signal.SIGTERM, grace=5)


@pytest.fixture(scope="module")
def terminal(house: LiveHouse, switchboard: Path, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """Everybody's token stored, as `up --demo` stores them."""
    data: Path = tmp_path_factory.mktemp("machine") / "data"
    house.write_tokens(data)
    return Terminal(data, house.url, switchboard)
