"""Primary data share and data-quality ratings of a record, from where its parameters come from."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from lca_models.calculation import Footprint
from lca_models.methods.data_quality import DeliveredPart, rate_contributions
from lca_models.methods.ratings import Geography, Rating, Technology, data_quality, primary_data_share, quality_by_group, rating
from lca_models.model import Model
from lca_models.route import factor_flows
from service.backgrounds.rules import SOURCE as BACKGROUND
from service.footprints.provenance import Part, Provenance
from service.submissions.ratings import INDICATORS

_NAMES: Final = ("technology", "geography", "time")


def quality_of(model: Model, footprint: Footprint, provenance: Mapping[str, Provenance], *, period_end: date) -> dict[str, Any]:
    """Return what a record keeps: primary data share (0 to 1) and ratings (1 to 5), in total and by stage."""
    factors = frozenset(factor_flows(model))
    delivered = {
        name: tuple(_delivered(part, is_factor=name in factors, period_end=period_end) for part in one.parts)
        for name, one in provenance.items()
    }
    rated = rate_contributions(model, footprint, delivered, reference_end=period_end)
    alone = [one for _, one in rated]
    by_stage = {stage: _line(share, scores) for stage, (share, scores) in quality_by_group(rated).items()}
    return {**_line(primary_data_share(alone), data_quality(alone)), "by_stage": dict(sorted(by_stage.items()))}


def _line(share: float, scores: Rating) -> dict[str, float]:
    return {"primary_data_share": share, **{name: getattr(scores, name) for name in _NAMES}}


def _delivered(part: Part, *, is_factor: bool, period_end: date) -> DeliveredPart:
    """Rate what one party delivered; accepted answers cover the whole period, so their data end with it.

    Amounts are of the very plant. A supplier's own footprint is of its company and counts as primary by the primary data share that
    it hands on; one that hands none on counts as nothing (PACT v3: unknown is zero).
    """
    if part.source.startswith(BACKGROUND):
        return DeliveredPart(weight=part.weight, primary_share=0.0, rating=_background(period_end))
    if part.kind != "primary":
        return DeliveredPart(weight=part.weight, primary_share=0.0, rating=None)
    technology = Technology.SAME_COMPANY if is_factor else Technology.SAME_PLANT
    found = rating(technology, Geography.SAME_SUBDIVISION, data_end=period_end, reference_end=period_end)
    primary_share = (part.primary_share or 0.0) if is_factor else 1.0
    return DeliveredPart(weight=part.weight, primary_share=primary_share, rating=_judged(found, part.scores))


def _judged(found: Rating, scores: Sequence[int]) -> Rating:
    """Return a rating that is nowhere better than the reviewer's scores; reliability and completeness have no rating in PACT."""
    if not scores:
        return found
    given = dict(zip(INDICATORS, scores, strict=True))
    return Rating(
        technology=max(found.technology, given["technological"]),
        geography=max(found.geography, given["geographical"]),
        time=max(found.time, given["temporal"]),
    )


def _background(period_end: date) -> Rating:
    """Rate a licensed background: an average of the technology, as good as a database gets; it tells us neither place nor year."""
    return rating(Technology.AVERAGE, Geography.UNKNOWN, data_end=None, reference_end=period_end)
