"""Answers calls of the command line, each in a process of its own that has everything imported already.

A new Python needs a second to import the command line; a fork of this one needs none. Run as a program with the path of
a socket: a connection sends one call as a line of JSON (`words`, `environment`), and gets `code`, `out` and `err` back.
"""

import json
import os
import socketserver
import sys
import tempfile
import traceback

from app.cli.__main__ import main


class Call(socketserver.StreamRequestHandler):
    """One call, in the fork that was made for it."""

    def handle(self) -> None:
        """Run the words as the terminal would: own output, own environment, nobody at the keyboard."""
        asked = json.loads(self.rfile.readline())
        os.environ.clear()
        os.environ.update(asked["environment"])
        with (
            tempfile.TemporaryFile() as nothing,
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
        ):
            for number, file in enumerate((nothing, out, err)):
                os.dup2(file.fileno(), number)
            code = _run(asked["words"])
            said = []
            for file in (out, err):
                file.seek(0)
                said.append(file.read().decode())
        self.wfile.write(json.dumps({"code": code, "out": said[0], "err": said[1]}).encode())


def _run(words: list[str]) -> int:
    """As `sys.exit(main())` at the end of a program."""
    try:
        return main(words)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:  # noqa: BLE001 - whatever ends a program
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


class Switchboard(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    """Forks for each connection."""


if __name__ == "__main__":
    with Switchboard(sys.argv[1], Call) as switchboard:
        switchboard.serve_forever()
