from lca_models.calculation import calculate_footprint
from lca_models.model import load_model


def warm_model() -> None:
    """Load the model and solve it once, so that nobody waits for the import of Brightway, about 1 s."""
    calculate_footprint(load_model())
