"""A terminal at a live house."""

from pathlib import Path

import pytest

from tests.app.cli.typing_in import Terminal
from tests.app.kit import LiveHouse


@pytest.fixture(scope="module")
def terminal(house: LiveHouse, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """Everybody's token stored, as `up --demo` stores them."""
    data: Path = tmp_path_factory.mktemp("machine") / "data"
    house.write_tokens(data)
    return Terminal(data, house.url)
