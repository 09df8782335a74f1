"""`python -m app.api`: serve on the host and port of the settings until told to stop."""

from __future__ import annotations

import uvicorn

from app.api.app import create_app
from app.api.door import open_door
from runtime import logs
from runtime.settings import Settings


def main() -> None:
    """Serve."""
    settings = Settings.load()
    logs.configure("api", level=settings.log_level)
    uvicorn.run(
        create_app(lambda: open_door(settings)),
        host=settings.api_host,
        port=settings.api_port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=8,
    )


if __name__ == "__main__":
    main()
