"""GWP100 of the three assessment reports, and what a change of set can't reach."""

from collections.abc import Mapping

from lca_models.emissions import GwpSet
from lca_models.errors import N_, ParameterError
from lca_models.model import Model


def gwp_set(name: str) -> GwpSet:
    """Return the set called `name`: AR6, AR5 or AR4; any other name is an error."""
    try:
        return GwpSet(name)
    except ValueError as error:
        raise ParameterError(
            N_("%(parameter)s can't be “%(value)s”. Use one of: %(choices)s."),
            parameter="gwp",
            value=name,
            choices=", ".join(GwpSet),
        ) from error


def characterization(model: Model, gwp: GwpSet = GwpSet.AR6) -> Mapping[str, float]:
    """Return GWP100 by elementary flow, kg CO2e per kg; flows without climate effect are left out.

    Carbon monoxide counts as the CO2 it becomes (44/28) in every set, because no report gives it a GWP100.
    """
    return {name: flow.gwp100_by_set[gwp] for name, flow in model.emission_flows.items() if flow.gwp100_by_set}
