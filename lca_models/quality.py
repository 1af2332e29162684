"""Which share of a footprint rests on which kind of data."""

import math
from collections.abc import Mapping
from typing import Literal

from lca_models.calculation import Footprint
from lca_models.errors import N_, ParameterError
from lca_models.inventory import Exchange

Kind = Literal["primary", "secondary", "default"]
KINDS: tuple[Kind, ...] = ("primary", "secondary", "default")

# A parameter may be mixed: 60 % of the tonnes come from a supplier with primary data.
Mixture = Mapping[Kind, float]


def contribution_by_parameter_source(footprint: Footprint, kinds: Mapping[str, Kind | Mixture]) -> dict[Kind, float]:
    """Return the shares of the total by kind of data; they sum to 1.

    Every contribution has the kind of the parameter that sets its amount. A supply whose factor is primary, because the supplier
    gave a footprint of its own, counts as primary to that extent.

    Parameters
    ----------
    footprint
        Shares are of its gross contributions (absolute values), so that credits can't push a share over 1.
    kinds
        Kind by parameter name; shares of a mixture sum to 1. A parameter that is missing is a default.

    """
    gross: dict[Kind, list[float]] = {kind: [] for kind in KINDS}
    for contribution in footprint.contributions:
        for kind, share in mixture_of(contribution.burden.exchange, kinds).items():
            gross[kind].append(share * abs(contribution.kg_co2e))
    total = math.fsum(value for values in gross.values() for value in values)
    return {kind: math.fsum(values) / total if total else 0.0 for kind, values in gross.items()}


def mixture_of(exchange: Exchange, kinds: Mapping[str, Kind | Mixture]) -> Mixture:
    """Return the kinds of data that the contribution of an exchange rests on; the shares sum to one."""
    amount = _as_mixture(exchange.driver, kinds)
    primary_factor = _as_mixture(exchange.supply, kinds).get("primary", 0.0)
    rest = {kind: share * (1.0 - primary_factor) for kind, share in amount.items()}
    return rest | {"primary": rest.get("primary", 0.0) + primary_factor}


def _as_mixture(parameter: str, kinds: Mapping[str, Kind | Mixture]) -> Mixture:
    kind = kinds.get(parameter, "default")
    mixture: Mixture = {kind: 1.0} if isinstance(kind, str) else kind
    valid = set(mixture) <= set(KINDS) and all(share >= 0 for share in mixture.values())
    if not valid or not math.isclose(sum(mixture.values()), 1.0, abs_tol=1e-9):
        raise ParameterError(
            N_("The data kinds of %(parameter)s are %(mixture)s. Use %(kinds)s with shares that sum to 1."),
            parameter=parameter,
            mixture=dict(mixture),
            kinds=", ".join(KINDS),
        )
    return mixture
