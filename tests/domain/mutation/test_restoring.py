"""Where a decree that undoes another one may lead."""

import pytest

from domain.mutation.codes import PositionKind
from domain.mutation.proposing import FormerPost, restoring_fault


@pytest.mark.parametrize("lost", [True, False])
@pytest.mark.parametrize(
    ("position", "kind", "job_class", "where_free", "where_lost"),
    [
        ("former", PositionKind.GENERAL, 7, None, None),
        ("other", PositionKind.GENERAL, 7, "former_post_free", None),
        ("other", PositionKind.GENERAL, 6, "former_post_free", "not_an_equal_post"),
        ("other", PositionKind.FUNCTIONAL, 7, "former_post_free", "not_an_equal_post"),
        ("nowhere", None, None, "former_post_free", "not_an_equal_post"),
    ],
)
def test_a_reversal_leads_to_the_former_post_or_to_its_equal_where_that_is_lost(
    position: str,
    kind: PositionKind | None,
    job_class: int | None,
    where_free: str | None,
    where_lost: str | None,
    *,
    lost: bool,
) -> None:
    former = FormerPost("former", PositionKind.GENERAL, 7, lost)
    fault = restoring_fault(former, position, kind, job_class)
    assert fault == (where_lost if lost else where_free)
