"""An engine of its own for one drill: the Java test server, whose clock begins now and is stepped forward."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from runtime.ports import free_port
from runtime.temporal import data_converter, quiet_runtime
from runtime.temporal_server import time_skipping_program


@asynccontextmanager
async def open_engine(log: Path) -> AsyncIterator[WorkflowEnvironment]:
    """Start an engine that ends with the block; what it says goes into the log."""
    with _elsewhere(log):
        environment = await WorkflowEnvironment.start_time_skipping(
            data_converter=data_converter(),
            runtime=quiet_runtime(),
            port=free_port(),
            test_server_existing_path=str(time_skipping_program()),
        )
    async with environment:
        yield environment


@contextmanager
def _elsewhere(log: Path) -> Iterator[None]:
    """Let a program that is started meanwhile write into a file: it neither talks into ours nor holds our pipe."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = {number: os.dup(number) for number in (1, 2)}
    with log.open("ab") as file:
        for number in kept:
            os.dup2(file.fileno(), number)
    try:
        yield
    finally:
        for number, copy in kept.items():
            os.dup2(copy, number)
            os.close(copy)
