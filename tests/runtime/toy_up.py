"""`up`, `down` and `status` with toy services in the place of ours, for the tests of the supervisor.

Run as `python -m tests.runtime.toy_up up …`. The worker and the relay note where they were told to work; the API opens its port.
"""

import json
import os
import socket
import sys
from pathlib import Path

from app.cli.stack import Seam, commands
from runtime.service import ServiceCommand
from runtime.stack_state import Addresses

NOTES = """
import os, time
print("told", os.environ["DATABASE_URL"], os.environ["TEMPORAL_ADDRESS"], flush=True)
time.sleep(600)
"""
SERVES = """
import http.server, os
address = (os.environ["SIAGA_API_HOST"], int(os.environ["SIAGA_API_PORT"]))
http.server.ThreadingHTTPServer(address, http.server.SimpleHTTPRequestHandler).serve_forever()
"""
FAILS = "import time; time.sleep(0.5); raise SystemExit('the toy cannot start')"
"""It stands long enough to be taken for ready, now and then."""


TAKEN: list[socket.socket] = []


def migrate(dsn: str) -> None:
    """Say that it was asked, and by which address."""
    print(f"migrating {dsn}", file=sys.stderr, flush=True)


def migrate_while_the_port_is_taken(dsn: str) -> None:
    """Take the port of the API, as another program may, once it was found to be free."""
    migrate(dsn)
    ports = json.loads((Path(os.environ["SIAGA_DATA"]) / "ports.json").read_text())
    TAKEN.append(socket.create_server(("127.0.0.1", ports["api"])))


def load_demo(addresses: Addresses, _data: Path) -> list[str]:
    """Hand out one token."""
    return [f"token of the toy coordinator at {addresses.api}"]


def main() -> None:
    """Run the command line."""
    relay = FAILS if "--failing-relay" in sys.argv else NOTES
    prepare = migrate_while_the_port_is_taken if "--stolen-port" in sys.argv else migrate
    sys.argv = [word for word in sys.argv if word not in ("--failing-relay", "--stolen-port")]
    services = (
        ServiceCommand("worker", ("-c", NOTES)),
        ServiceCommand("api", ("-c", SERVES), serves_api=True),
        ServiceCommand("relay", ("-c", relay)),
    )
    commands(Seam(migrate=prepare, load_demo=load_demo, services=services))()


if __name__ == "__main__":
    main()
