"""Surges that do not gather their news for long."""

from datetime import timedelta

import pytest


@pytest.fixture
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A surge looks almost at once."""
    monkeypatch.setattr("workflows.surge.GATHER_NEWS", timedelta(milliseconds=100))
