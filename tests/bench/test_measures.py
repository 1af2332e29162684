"""The bench of measures."""

from lca_models.model import load_model
from service.bench.measures import every_combination
from service.bench.replay import brightway_folder


def test_every_combination_of_measures_has_the_footprint_that_brightway_gives() -> None:
    with brightway_folder():
        found = every_combination(load_model())

    assert found.n == 256
    assert found.agrees
