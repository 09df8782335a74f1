"""The planner's prices spread the burden: a year of surges over one town, played with them and without."""

import pytest

from domain.allocation import Weights
from lab.spread import WITHOUT, a_year


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_prices_bring_more_people_less_often_and_leave_units_somebody_to_lend(seed: int) -> None:
    priced, unpriced = a_year(Weights(), seed), a_year(WITHOUT, seed)
    # Nothing is given for it but kilometres: as many places are filled.
    assert priced.filled == unpriced.filled
    assert priced.over_people.carriers > 1.3 * unpriced.over_people.carriers
    assert priced.over_people.gini < 0.7 * unpriced.over_people.gini
    assert priced.over_people.most <= unpriced.over_people.most
    assert priced.emptied < unpriced.emptied / 5


def test_each_price_does_its_own_part() -> None:
    both, recency = a_year(Weights(), 1), a_year(Weights(donor_bands=(0,)), 1)
    bands = a_year(Weights(recency=0), 1)
    assert recency.over_people.gini < bands.over_people.gini
    assert bands.emptied < recency.emptied
    # Over a year the bands have a price: units that can lend few are spared, and the larger ones carry more of it.
    assert both.over_units.gini > recency.over_units.gini


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_a_unit_gave_within_the_year_evens_it_out_and_costs_nothing_else(seed: int) -> None:
    with_it, without = a_year(Weights(), seed), a_year(Weights(unit_given=0), seed)
    assert with_it.over_units.gini < 0.98 * without.over_units.gini
    assert with_it.filled == without.filled
    assert with_it.emptied <= without.emptied
    assert with_it.over_people.gini < without.over_people.gini + 0.001
