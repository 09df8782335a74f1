"""An instant is told in UTC, whatever zone it was said in."""

import pytest

from domain.instants import instant


@pytest.mark.parametrize(
    "said",
    ["2026-12-11T00:00+08:00", "2026-12-11T01:00:00+09:00", "2026-12-10T16:00:00Z", "2026-12-10T16:00+00:00"],
)
def test_the_same_instant_reads_the_same(said: str) -> None:
    assert instant(said).isoformat() == "2026-12-10T16:00:00+00:00"


@pytest.mark.parametrize("said", ["2026-12-11T00:00", "tomorrow", None])
def test_what_names_no_zone_is_no_instant(said: object) -> None:
    with pytest.raises(ValueError, match=str(said)):
        instant(said)
