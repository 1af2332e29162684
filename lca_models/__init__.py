"""Life-cycle model of synthetic graphite anode material."""

from lca_models.model import load_model

__all__ = ["load_model"]
