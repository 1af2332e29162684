"""What accepted answers say of electricity, energy per tonne and metering."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from lca_models.inventory import Direction
from lca_models.model import Model
from lca_models.parameters import FURNACE
from service.compliance.models import Proof
from service.footprints.supplier_values import TOLL_FLOW
from service.green_power.weights import shipped_weights
from service.green_score.backing import Backing
from service.green_score.facts import ElectricityFacts, EnergyFacts, Shown
from service.green_score.materials import Material, materials
from service.green_score.unanswered import unanswered
from service.submissions.queries import AcceptedAnswers

_KWH_PER_MWH: Final = 1000.0
_KG_PER_T: Final = 1000.0
_GRID: Final = "electricity_cn_grid"
_USED: Final = ("grid_electricity", "onsite_electricity", "captive_electricity")
_CONTRACTED: Final = frozenset({"mixed", "green_contract"})
_FURNACES: Final = ":*"
_TOLL_FIELDS: Final = ("furnace_electricity", "auxiliary_electricity", "product_out")
_PER_UNIT_FIELD: Final[Mapping[str, str]] = {"graphite_crucible": "block_electricity", "nitrogen": "nitrogen_electricity"}
LEVELS_NOTE: Final = "usual range of {process} in the model; a proxy, no limit of a standard applies"


def electricity_of(backing: Backing) -> ElectricityFacts | None:
    """Return the site's electricity of the period; None where a part of it was asked and not answered: all of it is not known."""
    answers = backing.answers
    if _number(answers, "grid_electricity") is None or unanswered(answers, (*_USED, "onsite_kind")):
        return None
    answered = [field for field in (*_USED, "green_electricity") if _number(answers, field) is not None]
    total = sum(_number(answers, field) or 0.0 for field in _USED)
    return ElectricityFacts(
        renewable_mwh={kind: kwh / _KWH_PER_MWH for kind, kwh in _renewable_kwh(backing).items()},
        total_mwh=total / _KWH_PER_MWH,
        required_share=required_share(str(answers.values.get("site_province", ""))),
        proof=backing.proof(answered),
    )


def energy_of(backing: Backing, flow: str, model: Model) -> EnergyFacts | None:
    """Return energy per tonne with the levels of the supplier's own kind of plant; None where either is not known."""
    material = materials().get(flow)
    found = None if material is None or not material.energy_levels else _kwh_per_t(backing.answers, material)
    if material is None or found is None:
        return None
    furnace = str(backing.answers.values.get("furnace_type") or model.definitions[FURNACE].default)
    process = material.energy_levels.replace(_FURNACES, f":{furnace}")
    low, typical, high = _usual_kwh_per_t(process, material, model)
    fields, kwh_per_t = found
    return EnergyFacts(
        kwh_per_t=kwh_per_t,
        advanced=low,
        access=typical,
        limit=high,
        levels_source=LEVELS_NOTE.format(process=process),
        proof=backing.proof(fields),
    )


def metering_of(backing: Backing) -> Shown | None:
    """Return how electricity is metered, as far as files show: the furnace apart, monthly bills, or once a year."""
    answers = backing.answers
    if _number(answers, "grid_electricity") is None:
        return None
    kind = answers.evidence_kinds.get("furnace_electricity", "")
    if kind == "metered" and backing.shows("furnace_electricity"):
        return Shown(level="sub_metered", proof=Proof.METERED)
    proof = backing.proof(("grid_electricity",))
    return Shown(level="monthly" if proof is Proof.METERED else "annual", proof=proof)


@lru_cache
def required_shares() -> Mapping[str, float]:
    """Return the share (0 to 1) of renewable electricity that a province has to consume, of the latest year that is known."""
    latest = sorted(shipped_weights().values(), key=lambda one: one.year)
    return {one.province_code: one.total for one in latest}


def required_share(province_code: str) -> float | None:
    """Return a province's share; None where the official value is not known."""
    return required_shares().get(province_code)


def _renewable_kwh(backing: Backing) -> dict[str, float]:
    """Return renewable electricity by what proves it; the method says what each proof is worth.

    Certificates that were sold on prove nothing, nor does a figure that neither numbers nor a file support. Numbers under a
    contract are power traded with its certificates, numbers or a file without one are certificates bought apart.
    """
    answers = backing.answers
    found: dict[str, float] = {}
    if answers.values.get("onsite_kind") == "solar_pv":
        found["without_cancellation" if _is_sold_on(answers) else "own_generation"] = _number(answers, "onsite_electricity") or 0.0
    green = _number(answers, "green_electricity") or 0.0
    kind = _green_kind(backing)
    found[kind] = found.get(kind, 0.0) + green
    return {kind: kwh for kind, kwh in found.items() if kwh > 0}


def _green_kind(backing: Backing) -> str:
    answers = backing.answers
    has_numbers = bool(answers.values.get("green_certificate_numbers"))
    if _is_sold_on(answers) or not (has_numbers or backing.shows("green_electricity")):
        return "without_cancellation"
    is_traded = has_numbers and answers.values.get("power_source") in _CONTRACTED
    return "traded_with_certificates" if is_traded else "unbundled_certificates"


def _is_sold_on(answers: AcceptedAnswers) -> bool:
    """Tell whether certificates were sold on, or whether they were is left open."""
    return answers.values.get("green_sold_on") == "yes" or bool(unanswered(answers, ("green_sold_on",)))


def _kwh_per_t(answers: AcceptedAnswers, material: Material) -> tuple[tuple[str, ...], float] | None:
    """Return the fields that energy per tonne rests on, and its value; None where one of them was not answered."""
    if material.flow == TOLL_FLOW:
        furnace, auxiliary, output = (_number(answers, field) for field in _TOLL_FIELDS)
        if furnace is None or auxiliary is None or not output:
            return None
        return _TOLL_FIELDS, (furnace + auxiliary) / output
    field = _PER_UNIT_FIELD[material.flow]
    value = _number(answers, field)
    if value is None:
        return None
    is_per_unit = material.kg_per_unit != 1.0
    return (field,), value * _KG_PER_T / material.kg_per_unit if is_per_unit else value


def _usual_kwh_per_t(process: str, material: Material, model: Model) -> tuple[float, float, float]:
    found = model.processes.get(process) or model.builds[process]
    taken = next(one for one in found.exchanges if one.flow == _GRID and one.direction is Direction.INPUT)
    low, high = taken.evidence.low, taken.evidence.high
    scale = _KG_PER_T / material.kg_per_unit
    usual = (taken.amount if low is None else low, taken.amount, taken.amount if high is None else high)
    return usual[0] * scale, usual[1] * scale, usual[2] * scale


def _number(answers: AcceptedAnswers, field: str) -> float | None:
    value = answers.values.get(field)
    return value if isinstance(value, float) else None
