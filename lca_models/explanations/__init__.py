"""Why a footprint is what it is: contributions, links between processes, sensitivities, differences between footprints."""

from lca_models.explanations.explaining import Explanations, explain

__all__ = ["Explanations", "explain"]
