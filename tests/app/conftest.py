"""The live house, one a test module."""

from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.app.kit import LiveHouse, live_house


@pytest.fixture(scope="module")
async def house(
    database: str, temporal_env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[LiveHouse]:
    """API, worker and relay over a fresh database, with the example city and a second government in it."""
    async with live_house(database, temporal_env.client, tmp_path_factory.mktemp("house")) as house:
        yield house
