"""Who is above whom, by the tree of units and the steps of those who lead."""

import pytest

from domain.mutation.codes import PositionKind
from domain.mutation.kin import Place, in_line

ROOT, AGENCY, SECTION, OTHER = ("root",), ("agency", "root"), ("section", "agency", "root"), ("other", "root")
GENERAL, SUPERVISOR, FUNCTIONAL = PositionKind.GENERAL, PositionKind.SUPERVISOR, PositionKind.FUNCTIONAL


def head(line: tuple[str, ...]) -> Place:
    return Place(line, PositionKind.ADMINISTRATOR, frozenset({line[0]}))


@pytest.mark.parametrize(
    ("one", "other", "above"),
    [
        (head(AGENCY), Place(SECTION, GENERAL), True),
        (head(ROOT), Place(SECTION, GENERAL), True),
        (head(SECTION), Place(SECTION, FUNCTIONAL), True),
        (head(AGENCY), head(SECTION), True),
        (head(SECTION), Place(AGENCY, GENERAL), False),
        (head(OTHER), Place(SECTION, GENERAL), False),
        (Place(SECTION, SUPERVISOR), Place(SECTION, GENERAL), True),
        (Place(SECTION, SUPERVISOR), Place(SECTION, FUNCTIONAL), True),
        (Place(SECTION, SUPERVISOR), Place(SECTION), True),
        (Place(SECTION, SUPERVISOR), Place(SECTION, SUPERVISOR), False),
        (Place(SECTION, GENERAL), Place(SECTION, FUNCTIONAL), False),
        (Place(AGENCY, SUPERVISOR), Place(SECTION, GENERAL), False),
        (Place(AGENCY, GENERAL, frozenset({"other"})), Place(OTHER, GENERAL), True),
    ],
)  # fmt: skip
def test_a_head_is_above_all_below_and_a_higher_step_above_a_lower_one(
    one: Place, other: Place, *, above: bool
) -> None:
    assert in_line(one, other) is above
    assert in_line(other, one) is above
