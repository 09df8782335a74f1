"""Somebody at the command line: each call is a process of its own, as a user's is."""

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE
from typing import Any

from runtime.settings import ROOT, foreign_environment


@dataclass(frozen=True)
class Said:
    """How a call ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Terminal:
    """A machine with stored tokens, and the address of an API."""

    data: Path
    api: str | None
    switchboard: Path
    """The socket of tests/app/cli/calls.py."""

    async def call(self, *words: object, who: str | None = None) -> Said:
        """Run `./siaga WORDS` and wait, without the second that a new Python needs to import it."""
        asked = {"words": self._line(words, who), "environment": self._environment()}
        reader, writer = await asyncio.open_unix_connection(self.switchboard)
        writer.write(json.dumps(asked).encode() + b"\n")
        said = await reader.read()
        writer.close()
        return Said(**json.loads(said))

    async def call_anew(self, *words: object, who: str | None = None) -> Said:
        """Run `./siaga WORDS` in a new Python and wait: what `call` must not differ from."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "app.cli", *self._line(words, who)),
            cwd=ROOT,
            env=self._environment(),
            stdout=PIPE,
            stderr=PIPE,
        )
        out, err = await process.communicate()
        return Said(process.returncode or 0, out.decode(), err.decode())

    async def do(self, *words: object, who: str) -> str:
        """Run what must succeed, and return what it printed."""
        said = await self.call(*words, who=who)
        assert (said.code, said.err) == (0, ""), f"{words}: {said}"
        return said.out

    async def ask(self, *words: object, who: str) -> Any:
        """Run what must succeed with --json, and return it."""
        return json.loads(await self.do(*words, "--json", who=who))

    def _line(self, words: tuple[object, ...], who: str | None) -> list[str]:
        given = ["--api", self.api] if self.api else []
        given += ["--as", who] if who else []
        return [*map(str, words), *given]

    def _environment(self) -> dict[str, str]:
        return {**foreign_environment(), "SIAGA_DATA": str(self.data), "COLUMNS": "200"}
