"""Who a contribution belongs to: scope 1, 2 and 3 of the maker's plant, and the suppliers behind it.

Scope 1 is what leaves the stacks of the maker's own plant: emissions of its processes and of the fuels it burns. Scope 2 is its
purchased electricity, counted whole with the life-cycle factor of the result: the factor is published as one sum, so that the
fuel supply and grid losses in it, which the GHG Protocol puts into scope 3 category 3, are not told apart; a direct-CO2 factor is
never mixed in to do so. Scope 3 is all the rest, with everything that happens in toll plants.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lca_models.electricity import SCOPES
from lca_models.emissions import Category
from lca_models.linking import UNSPLIT, Burden, Nature
from lca_models.model import Model, stage_of
from lca_models.quality import Mixture
from lca_models.solution import SolvedSystem

OWN_PLANT: Final = "own"
GRID: Final = "grid"
UNNAMED: Final = "unnamed"

_BURNT_ON_SITE: Final = frozenset({"natural_gas", "diesel_burned"})
"""Fuels whose factor reaches from the well to the stack; what `background_splits.csv` knows of their gases is the burning."""
_TOLL_STAGE: Final = "P3"


class Scope(StrEnum):
    """Scopes of the GHG Protocol, seen from the maker's plant."""

    DIRECT = "scope_1"
    ELECTRICITY = "scope_2"
    OTHER = "scope_3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What stands behind the value of a parameter.

    Attributes
    ----------
    parties
        Shares by `OWN_PLANT`, `UNNAMED` or the key of a supplier; they sum to one.
    kinds
        Shares by kind of data; they sum to one.

    """

    parties: Mapping[str, float]
    kinds: Mixture


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """A total shared out; biogenic uptake is left out, as in the total.

    Attributes
    ----------
    by_scope_kg_co2e
        All three scopes.
    by_party_kg_co2e
        `OWN_PLANT` what its stacks emit, `GRID` the electricity it buys, a supplier what comes from it with its upstream,
        `UNNAMED` supplies and toll plants that nobody has named.

    """

    by_scope_kg_co2e: Mapping[str, float]
    by_party_kg_co2e: Mapping[str, float]


def attribute(
    model: Model, solved: SolvedSystem, *, toll_share: float, origins: Mapping[str, Origin] | None = None, draw: int = 0
) -> Attribution:
    """Share out the contributions of one draw.

    Parameters
    ----------
    toll_share
        Share of graphitization done by toll plants; it counts where `origins` says nothing of a parameter.
    origins
        By parameter. An emission or purchased electricity belongs to those behind the parameter that sets its amount; a supply
        to those behind its factor if suppliers are among them, else to the suppliers behind its amount.

    """
    by_scope: dict[str, list[float]] = {scope.value: [] for scope in Scope}
    by_party: dict[str, list[float]] = {}
    sharing = _Sharing(model, origins or {}, toll_share)
    rows = zip(solved.system.burdens, solved.factors[draw].tolist(), solved.contributions_kg_co2e[draw].tolist(), strict=True)
    for burden, factor, kg_co2e in rows:
        if burden.category is Category.BIOGENIC_UPTAKE or not kg_co2e:
            continue
        process = solved.system.names[burden.process]
        for scope, party, share in sharing.shares(burden, process, factor=factor):
            by_scope[scope.value].append(share * kg_co2e)
            by_party.setdefault(party, []).append(share * kg_co2e)
    return Attribution(
        by_scope_kg_co2e={scope: math.fsum(values) for scope, values in by_scope.items()},
        by_party_kg_co2e={party: math.fsum(values) for party, values in by_party.items()},
    )


class _Sharing:
    """How one burden is shared out."""

    def __init__(self, model: Model, origins: Mapping[str, Origin], toll_share: float) -> None:
        self._model = model
        self._origins = origins
        self._toll = {OWN_PLANT: 1.0 - toll_share, UNNAMED: toll_share}

    def shares(self, burden: Burden, process: str, *, factor: float) -> Iterable[tuple[Scope, str, float]]:
        """Return scope, party and share of each part; the shares sum to one."""
        on_site = 1.0 if burden.exchange.supply in SCOPES else self._burnt_share(burden, factor)
        scope, own = (Scope.ELECTRICITY, GRID) if burden.exchange.supply in SCOPES else (Scope.DIRECT, OWN_PLANT)
        if on_site:
            for party, share in self._places(burden, process).items():
                is_own = party == OWN_PLANT
                yield (scope, own, on_site * share) if is_own else (Scope.OTHER, party, on_site * share)
        if on_site < 1.0:
            for party, share in self._suppliers(burden).items():
                yield Scope.OTHER, party, (1.0 - on_site) * share

    def _burnt_share(self, burden: Burden, factor: float) -> float:
        """Return the share of a burden that is emitted where the process runs."""
        if burden.nature is Nature.EMISSION:
            return 1.0
        if burden.exchange.flow not in _BURNT_ON_SITE:
            return 0.0
        if burden.elementary_flow != UNSPLIT:
            return 1.0
        # Of the model's own factor the burning stands apart; another's holds the same burning, as it is the same fuel.
        return min(1.0, self._burning_kg_co2e(burden.exchange.flow) / factor) if burden.share == 1.0 and factor > 0 else 0.0

    def _burning_kg_co2e(self, flow: str) -> float:
        gases = self._model.background_splits.get(flow, {})
        return math.fsum(amount * (self._model.emission_flows[gas].gwp100 or 0.0) for gas, amount in gases.items())

    def _places(self, burden: Burden, process: str) -> Mapping[str, float]:
        """Return where a process runs: in the maker's plant, in toll plants."""
        if stage_of(process) != _TOLL_STAGE and burden.exchange.driver not in self._origins:
            return {OWN_PLANT: 1.0}
        origin = self._origins.get(burden.exchange.driver)
        return origin.parties if origin else self._toll

    def _suppliers(self, burden: Burden) -> Mapping[str, float]:
        """Return who delivers a supply; what the maker itself says of it names nobody."""
        named = (self._origins.get(name) for name in (burden.exchange.supply, burden.exchange.driver))
        parties = next((one.parties for one in named if one and set(one.parties) - {OWN_PLANT, UNNAMED}), {UNNAMED: 1.0})
        shares: dict[str, float] = {}
        for party, share in parties.items():
            key = UNNAMED if party == OWN_PLANT else party
            shares[key] = shares.get(key, 0.0) + share
        return shares
