"""`python -m app.api`: serve on the host and port of the settings until told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from app.api.app import create_app
from app.api.door import open_door
from runtime import logs
from runtime.ending import leave
from runtime.settings import Settings

STOP_WITHIN = 8  # seconds for requests in hand; below what the supervisor grants


class Server(uvicorn.Server):
    """Ends by a signal as by any other way: cleanly, with exit code 0. uvicorn's own raises the signal again."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let SIGTERM and Ctrl-C ask for the end."""
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, self._asked)
        yield

    def _asked(self) -> None:
        self.should_exit = True


def main() -> None:
    """Serve."""
    settings = Settings.load()
    logs.configure("api", level=settings.log_level)
    config = uvicorn.Config(
        create_app(lambda: open_door(settings)),
        host=settings.api_host,
        port=settings.api_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_WITHIN,
    )
    server = Server(config)
    asyncio.run(server.serve())
    if not server.started:
        raise SystemExit(1)  # the port is taken, or the books did not open: the log says which


if __name__ == "__main__":
    main()
    leave(0)
