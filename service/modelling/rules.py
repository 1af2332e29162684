"""Who may release a model version, and what must be right with it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lca_models.calculation import calculate_footprint
from lca_models.errors import ModelError, Notice
from lca_models.guard import find_obstacles
from lca_models.methods.exemption import Exemption
from lca_models.model import Model
from lca_models.parameters import FURNACE
from service.errors import N_, ConflictError, FieldError, InvalidTransitionError, RefusedError, SamePersonError
from service.modelling.models import ModelOrigin, ModelStatus, ModelVersion


class ReleaseRefusedError(RefusedError):
    """Something in the numbers speaks against using a model version."""

    code = "model-release-refused"

    def __init__(self, label: str, obstacles: Sequence[Notice]) -> None:
        super().__init__(
            N_("Version %(label)s can't be released; %(count)s points are open. The first: %(first)s"),
            [FieldError(one.template, **one.values) for one in obstacles],
            label=label,
        )


class SameContentError(ConflictError):
    """A draft that holds what another version holds already."""

    code = "model-same-content"

    def __init__(self, *, label: str, other: str) -> None:
        super().__init__(
            N_("Draft %(label)s holds the same tables as version %(other)s. Change something, or use that version again."),
            label=label,
            other=other,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """What was found when a model was checked.

    Attributes
    ----------
    totals_kg_co2e
        Result of the default route by furnace, kg CO2e per kg.
    oracle_relative_difference
        The largest between engine and Brightway over the furnaces; None if nothing could be calculated.
    obstacles
        What speaks against using the model.

    """

    totals_kg_co2e: Mapping[str, float]
    oracle_relative_difference: float | None
    obstacles: tuple[Notice, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the checks as JSON-ready values."""
        return {
            "totals_kg_co2e": dict(self.totals_kg_co2e),
            "oracle_relative_difference": self.oracle_relative_difference,
            "obstacles": [{"template": one.template, "values": dict(one.values)} for one in self.obstacles],
        }


def next_label(base: str, taken: Collection[str]) -> str:
    """Return the first free label after the shipped version's, such as 1.0.0.1."""
    number = 1
    while f"{base}.{number}" in taken:
        number += 1
    return f"{base}.{number}"


def is_in_use(version: ModelVersion, in_use: Model) -> bool:
    """Tell whether calculations use a version; a draft may hold the same tables and is not in use for that."""
    return version.status is not ModelStatus.DRAFT and version.content_hash == in_use.content_hash


def check_release(version: ModelVersion, *, by: str, shipped_hash: str) -> None:
    """Check that a version is not in use and that the person had no hand in it.

    Raises
    ------
    InvalidTransitionError, SamePersonError, ConflictError

    """
    if version.status is ModelStatus.RELEASED:
        raise InvalidTransitionError(present=version.status, wanted=ModelStatus.RELEASED, allowed=ModelStatus.RETIRED)
    if version.origin is ModelOrigin.SHIPPED and version.content_hash != shipped_hash:
        raise ConflictError(
            N_("Model %(label)s came with an earlier release of the software. Begin a draft from it and release that."),
            label=version.label,
        )
    if by in {version.created_by, *version.edited_by}:
        raise SamePersonError(N_("You had a hand in this version. Ask another engineer or a reviewer to release it."))


def check_model(model: Model, *, exemptions: Sequence[Exemption]) -> Checks:
    """Calculate the default route with every furnace, engine against Brightway, and list what speaks against using the model.

    Parameters
    ----------
    exemptions
        The ledger of flows left out that counts here.

    """
    totals: dict[str, float] = {}
    differences: list[float] = []
    obstacles: dict[str, Notice] = {}
    for furnace in model.parameter(FURNACE).choices:
        try:
            footprint = calculate_footprint(model, {FURNACE: furnace}, check=True)
            found = find_obstacles(model, footprint, exemptions=exemptions)
        except ModelError as error:
            found = (Notice(template=error.template, values=dict(error.values)),)
        else:
            totals[furnace] = footprint.total_kg_co2e
            differences.append(footprint.oracle_relative_difference or 0.0)
        obstacles.update({str(one): one for one in found})
    return Checks(
        totals_kg_co2e=totals,
        oracle_relative_difference=max(differences, default=None),
        obstacles=tuple(obstacles.values()),
    )
