import numpy as np
import pytest

from lca_models.errors import UncertaintyError
from lca_models.uncertainty.drawn import Drawn

BANK = Drawn(value=2.0, draws=(3.0, 1.0))


def test_equal_parts_of_the_shares_fall_to_each_draw_in_its_own_order() -> None:
    assert BANK.quantile(np.array([0.0, 0.49, 0.5, 1.0])).tolist() == [3.0, 3.0, 1.0, 1.0]


def test_a_value_half_as_large_has_draws_half_as_large() -> None:
    assert BANK.scaled(0.5) == Drawn(value=1.0, draws=(1.5, 0.5))


def test_draws_beyond_what_a_parameter_can_be_are_refused() -> None:
    with pytest.raises(UncertaintyError, match=r"The range 1 to 3 reaches beyond what the parameter can be, 0 to 2\.5"):
        BANK.bounded(0.0, 2.5)
