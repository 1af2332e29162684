"""What a supplier's figures change in the maker's product footprint, told as a rounded band only.

The exact change would tell the supplier its share of the product and the rest of the recipe.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from lca_models.batch import Case, calculate_cases
from lca_models.electricity import EXPLICIT, NATIONAL
from lca_models.errors import ModelError
from lca_models.model import Model
from service.footprints.models import FootprintRecord

_LITTLE: Final = 0.01
_MUCH: Final = 0.05


class Effect(StrEnum):
    """How a product's footprint moves when the supplier's figures replace the average."""

    LOWERS_MUCH = "lowers_much"
    LOWERS = "lowers"
    HARDLY = "hardly"
    RAISES = "raises"
    RAISES_MUCH = "raises_much"


def effect_of(record: FootprintRecord, model: Model, *, submission_id: str) -> Effect | None:
    """Return the band of one product; None if the average can't be calculated with the rest of the product's figures."""
    given = {name: record.result["parameters"][name] for name in record.result["given"]}
    without = given | _without(record, given, submission_id)
    view = record.result["electricity_view"]["key"]
    cases = [Case(parameters=one, electricity=NATIONAL if view == EXPLICIT else view) for one in (given, without)]
    try:
        ours, theirs = calculate_cases(model, cases).total_kg_co2e.tolist()
    except ModelError:  # the average contradicts other figures of the recipe
        return None
    return band_of((ours - theirs) / theirs)


def band_of(relative: float) -> Effect:
    """Return the band of a relative change: up to 1 % hardly anything, from 5 % much."""
    if abs(relative) < _LITTLE:
        return Effect.HARDLY
    if relative < 0:
        return Effect.LOWERS_MUCH if relative <= -_MUCH else Effect.LOWERS
    return Effect.RAISES_MUCH if relative >= _MUCH else Effect.RAISES


def strongest(effects: Sequence[Effect]) -> Effect | None:
    """Return the band to tell of several products: the first of those that move most."""
    order = (Effect.LOWERS_MUCH, Effect.RAISES_MUCH, Effect.LOWERS, Effect.RAISES, Effect.HARDLY)
    return next((one for one in order if one in effects), None)


def _without(record: FootprintRecord, given: Mapping[str, Any], submission_id: str) -> dict[str, float]:
    """Return the parameters with the default in place of the submission's part, all else as it was."""
    return {
        name: float(given[name]) + sum(one["weight"] * (float(provenance["default"]) - float(one["value"])) for one in parts)
        for name, provenance in record.provenance.items()
        if name in given
        and not isinstance(given[name], str)
        and (parts := [one for one in provenance["parts"] if one["submission_id"] == submission_id])
    }
