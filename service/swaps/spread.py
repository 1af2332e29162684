"""How sure the footprint of a combination is: its 90th percentile over draws that all combinations share.

One choice over today's suppliers is drawn in full. The effects of choices for different inputs are added draw by draw, so that ten
thousand combinations need no more simulations than there are choices; what choices make only together is left out of the spread,
never out of the footprint itself.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lca_models.batch import calculate_batch
from lca_models.emissions import GwpSet
from service.footprints.uncertainty import DRAWS, Draws, simulate_headline
from service.footprints.views import HEADLINE
from service.swaps.overlay import Combination, Overlays, choices_of, key_of

P90: Final = 90.0
_TOGETHER: Final = 500
"""Combinations whose draws are held in memory at once: 4 MB."""
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """Draws of one choice; `is_kept` marks those whose parameters can be true together."""

    point: float
    kg_co2e: Numbers
    is_kept: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Imagined:
    """A footprint that nobody keeps, as `footprints.uncertainty.Calculated` wants it."""

    product_id: uuid.UUID
    parameters: Mapping[str, Any]
    provenance: Mapping[str, Any]
    result: Mapping[str, Any]
    views: Sequence[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Draws by choice, each simulated once.

    Attributes
    ----------
    backgrounds
        Draws of licensed backgrounds.

    """

    overlays: Overlays
    backgrounds: Draws
    _known: dict[object, _Drawn] = field(default_factory=dict)

    def p90_kg_co2e_per_kg(self, combinations: Sequence[Combination], points: Sequence[float]) -> Numbers:
        """Return the 90th percentile of each combination.

        Parameters
        ----------
        points
            Footprints of the combinations.

        """
        parts = range(0, len(combinations), _TOGETHER)
        found = [self._some(combinations[start : start + _TOGETHER], points[start : start + _TOGETHER]) for start in parts]
        return np.concatenate(found) if found else np.zeros(0)

    def _some(self, combinations: Sequence[Combination], points: Sequence[float]) -> Numbers:
        today = self._drawn({})
        above = np.empty((len(combinations), len(today.kg_co2e)))
        is_kept = np.empty(above.shape, dtype=np.bool_)
        for row, combination in enumerate(combinations):
            above[row], is_kept[row] = today.kg_co2e - today.point, today.is_kept
            for one in map(self._drawn, choices_of(combination)):
                above[row] += (one.kg_co2e - one.point) - (today.kg_co2e - today.point)
                is_kept[row] &= one.is_kept
        above[~is_kept] = np.nan
        found: Numbers = np.asarray(points) + np.nanpercentile(above, P90, axis=1)
        return found

    def _drawn(self, choice: Combination) -> _Drawn:
        key = key_of(choice)
        if key not in self._known:
            self._known[key] = _simulated(self.overlays, choice, self.backgrounds)
        return self._known[key]


def _simulated(overlays: Overlays, choice: Combination, backgrounds: Draws) -> _Drawn:
    workbench = overlays.workbench
    given, provenance = overlays.rebuilt(choice)
    values = calculate_batch(workbench.model, given, replaced=frozenset(given)).values
    resolved = {name: value if isinstance(value, str) else float(np.ravel(value)[0]) for name, value in values.items()}
    imagined = _Imagined(
        product_id=workbench.product.id,
        parameters=resolved,
        provenance={name: one.as_dict() for name, one in provenance.items()},
        views=[{"view": HEADLINE}],
        result={"parameters": resolved, "given": sorted(given), "gwp": GwpSet.AR6.value},
    )
    found = simulate_headline(workbench.model, imagined, backgrounds, draws=DRAWS)
    return _Drawn(point=found.point_kg_co2e, kg_co2e=found.all_kg_co2e, is_kept=found.is_kept)
