"""What all steps from answers to parameters share: the product, what is known without suppliers, and how one answer is read."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from lca_models.model import Model
from lca_models.parameters import FURNACE
from service.backgrounds.rules import Constant
from service.errors import N_, ConflictError
from service.footprints.provenance import RECIPE, STAND_IN, DataKind, Part, Provenance, mixed, single
from service.footprints.supplier_values import Reader, SupplierFacts, shown
from service.logistics.rules import Carriage
from service.products.models import Product
from service.submissions.queries import AcceptedAnswers
from service.submissions.ratings import least_of

Weights = Mapping[str, Mapping[uuid.UUID, float]]
Answers = Mapping[uuid.UUID, AcceptedAnswers]
Values = Mapping[str, float | str]
Background = Mapping[str, Constant]
StandIns = Mapping[tuple[uuid.UUID, str], float]
"""What a supplier counts where its answers are silent, by supplier and parameter, in the parameter's unit."""

# What is left of a whole after adding up shares in floating point.
ROUNDING: Final = 1e-9
TOLL_GROUP: Final = "graphitization"
FURNACE_FIELD: Final = "furnace_type"


class ParametersError(ConflictError):
    """Set-up or answers that can't become model parameters."""

    code = "footprint-parameters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What all steps below share.

    Attributes
    ----------
    defaults
        The model's values with the product's furnace.
    base
        The same with backgrounds in use and the product's recipe.
    carriages
        How goods come to the plant by the maker's own legs, by flow; flows without legs are absent.
    stand_ins
        Take the place of the base where a supplier is silent; empty for footprints that are released.

    """

    product: Product
    weights: Weights
    answers: Answers
    model: Model
    background: Background
    defaults: Values
    base: Values
    stand_ins: StandIns = field(default_factory=dict)
    carriages: Mapping[str, Carriage] = field(default_factory=dict)

    def unit(self, parameter: str) -> str:
        """Return a parameter's unit."""
        return self.model.definitions[parameter].unit

    def source(self, parameter: str, furnace: str) -> str:
        """Return the source keys of a default."""
        default = self.model.definitions[parameter].default_for(furnace)
        return ";".join(default.sources) if default else ""


def silent_part(setting: Setting, parameter: str, part: Part) -> Part:
    """Return what a supplier's part of a parameter counts while its answers say nothing of it."""
    value = None if part.supplier_id is None else setting.stand_ins.get((part.supplier_id, parameter))
    return part if value is None else replace(part, kind="default", value=value, source=STAND_IN, formula="", evidence="")


def own_parameters(setting: Setting) -> dict[str, float | str]:
    """Return what the product's set-up gives; it comes before defaults and backgrounds."""
    return {**setting.product.recipe, FURNACE: setting.product.furnace, "toll_share": setting.product.toll_share}


def own_provenance(setting: Setting, parameter: str) -> Provenance:
    """Return where a parameter comes from without suppliers."""
    is_own = parameter in own_parameters(setting)
    if not is_own and parameter in setting.background:
        return _background_provenance(setting, parameter, setting.background[parameter])
    return single(
        setting.base[parameter],
        default=setting.defaults[parameter],
        unit=setting.unit(parameter),
        kind="secondary" if is_own else "default",
        source=RECIPE if is_own else setting.source(parameter, setting.product.furnace),
    )


def _background_provenance(setting: Setting, parameter: str, constant: Constant) -> Provenance:
    part = Part(
        kind="secondary", value=constant.kg_co2e_per_unit, weight=1.0, source=constant.source, formula=constant.note, place="own"
    )
    return Provenance(
        unit=setting.unit(parameter), value=constant.kg_co2e_per_unit, default=setting.defaults[parameter], parts=(part,)
    )


def mix(setting: Setting, parameter: str, shares: Mapping[uuid.UUID, float], readers: Sequence[Reader]) -> Provenance:
    """Mix the suppliers of a flow; what nobody is named for keeps the value without suppliers."""
    own = own_provenance(setting, parameter).parts[0]
    parts = [
        read_part(
            setting,
            facts_of(setting, supplier_id),
            readers,
            silent_part(setting, parameter, replace(own, weight=share, place="supplier", supplier_id=supplier_id)),
        )
        for supplier_id, share in shares.items()
    ]
    rest = replace(own, weight=1.0 - sum(shares.values()), place="unnamed")
    kept = [part for part in (*parts, rest) if part.weight > ROUNDING]
    return Provenance(unit=setting.unit(parameter), value=mixed(kept), default=setting.defaults[parameter], parts=tuple(kept))


def facts_of(setting: Setting, supplier_id: uuid.UUID) -> SupplierFacts | None:
    """Return a supplier's accepted answers with all that reading them needs; None if it has none."""
    answers = setting.answers.get(supplier_id)
    if answers is None:
        return None
    return SupplierFacts(supplier_id=supplier_id, answers=answers, base=setting.base, model=setting.model)


def read_part(setting: Setting, facts: SupplierFacts | None, readers: Sequence[Reader], fallback: Part) -> Part:
    """Return the supplier's own part by the first reader whose fields are answered, else the fallback."""
    if facts is None or not readers:
        return fallback
    reader = next((one for one in readers if facts.has(*one.needs)), None)
    if reader is None:
        return replace(fallback, missing=tuple(field for field in readers[-1].needs if not facts.has(field)))
    value = reader.read(facts)
    _check_range(setting, reader.parameter, value.value, facts.answers.number)
    kind: DataKind = value.kind
    return replace(
        fallback,
        kind=kind,
        value=value.value,
        source=facts.answers.number,
        formula=value.formula,
        evidence=value.evidence,
        primary_share=value.primary_share,
        scores=least_of(facts.answers.scores[field] for field in reader.needs if field in facts.answers.scores),
        submission_id=facts.answers.submission_id,
    )


def _check_range(setting: Setting, parameter: str, value: float, submission: str) -> None:
    definition = setting.model.definitions[parameter]
    low, high = definition.minimum, definition.maximum
    if (low is None or value >= low) and (high is None or value <= high):
        return
    raise ParametersError(
        N_(
            "%(parameter)s from %(submission)s is %(value)s %(unit)s, outside the %(low)s to %(high)s that the model allows. "
            "Return the submission to the supplier with the arithmetic."
        ),
        parameter=parameter,
        submission=submission,
        value=shown(value),
        unit=definition.unit,
        low="-∞" if low is None else shown(low),
        high="∞" if high is None else shown(high),
    )
