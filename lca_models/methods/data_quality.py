"""Primary data share and data-quality ratings of a footprint, contribution by contribution.

What somebody delivered is rated by who delivered it; what the model fills in by the metadata of its factor: region, year and
confidence. A source that does not say so is the worst score, never a guess.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from lca_models.calculation import Footprint
from lca_models.electricity import SCOPES
from lca_models.inventory import Factor
from lca_models.linking import Nature
from lca_models.methods.ratings import UNKNOWN, Geography, Rated, Rating, Technology, mixed_rating, rating
from lca_models.model import Model, stage_of
from lca_models.route import factor_flows
from lca_models.solution import Contribution

# The best that a secondary data set can get is the average of an equivalent technology (PACT v3).
_BY_CONFIDENCE: Final = {
    "high": Technology.AVERAGE,
    "medium": Technology.AVERAGE,
    "low": Technology.PROXY,
    "memory": Technology.UNKNOWN,
}
_COUNTRY: Final = "CN"
_GLOBAL: Final = "GLO"
_PROXY: Final = "proxy"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredPart:
    """What one party delivered to a parameter.

    Attributes
    ----------
    weight
        Share of the parameter's value, 0 to 1.
    primary_share
        0 to 1: 1 for measured data of the process; a supplier's own footprint hands on its primary data share, unknown is 0.
    rating
        None where nobody delivered anything and the model's own metadata count.

    """

    weight: float
    primary_share: float
    rating: Rating | None


def rate_contributions(
    model: Model, footprint: Footprint, delivered: Mapping[str, Sequence[DeliveredPart]], *, reference_end: date
) -> tuple[tuple[str, Rated], ...]:
    """Return each contribution with its life-cycle stage; biogenic uptake is not among them.

    Parameters
    ----------
    delivered
        By parameter; the weights of its parts sum to 1. A parameter that is missing is the model's own.
    reference_end
        Last day of the reporting period.

    """
    rater = _Rater(model, footprint, delivered, reference_end)
    return tuple((stage_of(one.process), rater.rated(one)) for one in footprint.contributions)


def rate_factor(factor: Factor, *, reference_end: date) -> Rating:
    """Return the scores of a factor of the model by its own metadata."""
    return rating(
        _BY_CONFIDENCE.get(factor.evidence.confidence, Technology.AVERAGE),
        _geography(factor.region),
        data_end=date(int(factor.year), 12, 31) if factor.year.isdecimal() else None,
        reference_end=reference_end,
    )


class _Rater:
    """What the ratings of all contributions of one footprint share."""

    def __init__(
        self, model: Model, footprint: Footprint, delivered: Mapping[str, Sequence[DeliveredPart]], reference_end: date
    ) -> None:
        self._model = model
        self._view = footprint.electricity_view
        self._delivered = delivered
        self._reference_end = reference_end
        self._flows = factor_flows(model)
        self._ratings: dict[str, Rating] = {}

    def rated(self, contribution: Contribution) -> Rated:
        """Return one contribution with its share and scores."""
        exchange = contribution.burden.exchange
        amount = self._primary_share(exchange.driver)
        if contribution.burden.nature is Nature.EMISSION:
            scores = self._mixed(exchange.driver, self._of_amount(exchange.evidence.confidence))
            return Rated(kg_co2e=contribution.kg_co2e, primary_share=amount, rating=scores)
        factor = exchange.supply or exchange.flow
        return Rated(
            kg_co2e=contribution.kg_co2e,
            primary_share=amount * self._primary_share(factor),
            rating=self._mixed(factor, self._of_factor(factor)),
        )

    def _primary_share(self, parameter: str) -> float:
        return sum(part.weight * part.primary_share for part in self._delivered.get(parameter, ()))

    def _mixed(self, parameter: str, own: Rating) -> Rating:
        parts = self._delivered.get(parameter, ())
        if not parts:
            return own
        return mixed_rating((part.weight, own if part.rating is None else part.rating) for part in parts)

    def _of_factor(self, parameter: str) -> Rating:
        if parameter not in self._ratings:
            self._ratings[parameter] = self._rate_factor(parameter)
        return self._ratings[parameter]

    def _rate_factor(self, parameter: str) -> Rating:
        if parameter in SCOPES:
            return rate_factor(self._view.factor, reference_end=self._reference_end)
        factor = self._model.factors.life_cycle.get(self._flows.get(parameter, parameter))
        return UNKNOWN if factor is None else rate_factor(factor, reference_end=self._reference_end)

    def _of_amount(self, confidence: str) -> Rating:
        """Rate a direct emission of the model's own: its tables tell no place and no year."""
        return rating(
            _BY_CONFIDENCE.get(confidence, Technology.UNKNOWN), Geography.UNKNOWN, data_end=None, reference_end=self._reference_end
        )


def _geography(region: str) -> Geography:
    """Return how near a factor's region is to a plant in China; a proxy was recalculated from data of another country."""
    if region == _GLOBAL or region.endswith(_PROXY):
        return Geography.GLOBAL
    return Geography.SAME_COUNTRY if region.startswith(_COUNTRY) else Geography.UNKNOWN
