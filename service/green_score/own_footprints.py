"""A supplier's own footprint of what it delivers, from accepted answers: by the engine where it can, else as stated.

The engine knows calcined coke, coal tar pitch, graphite crucibles, nitrogen and the work of toll plants. Of everything else a
supplier may state a footprint of its own; nobody can tell its spread or the quality of its data, so it counts as the worst
accepted. Who gives neither, or leaves open what the footprint would read, has no footprint, and none is made up.
"""

import json
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np

from lca_models.model import Model
from lca_models.route import factor_flows
from service.feedback.own_footprint import OwnFootprint, own_footprint
from service.feedback.own_steps import NoOwnFootprintError
from service.footprints.parameters import resolved
from service.footprints.supplier_readers import own_footprint as stated_footprint
from service.footprints.supplier_readers import readers_of
from service.footprints.supplier_values import FREIGHT_FLOW, Reader, SupplierFacts
from service.green_score.materials import Material, materials
from service.green_score.unanswered import PROCESS_FIELDS, STATED_FIELDS, fields_read, unanswered
from service.submissions.queries import AcceptedAnswers

_KEPT: Final = 1024
"""Answers whose footprint is kept; accepted ones never change."""
_PER_KG: Final = "kgCO2e/kg"
_BOUNDARY: Final = "cradle_to_gate"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMaterialFootprint:
    """What one kilogram that a supplier delivers counts, or one that a toll plant processes; of freight one tonne-kilometre.

    Attributes
    ----------
    kg_co2e_per_kg
        Median of the draws; as stated where nothing can be drawn.
    gsd, dqr
        Spread and mean data quality rating (1 best to 5); None where they can't be computed.
    primary_data_share
        0 to 1, by the rule of PACT v3; None where it was not handed on.
    is_calculated
        By the engine from the supplier's figures; otherwise stated by the supplier.

    """

    kg_co2e_per_kg: float
    gsd: float | None
    dqr: float | None
    primary_data_share: float | None
    is_calculated: bool
    period_end: date
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """Answers, flow and model as something to look up by: equal where all that counts is equal."""

    key: str
    flow: str
    model_hash: str
    answers: AcceptedAnswers = field(compare=False)
    model: Model = field(compare=False)


def find_own(answers: AcceptedAnswers, flow: str, model: Model) -> OwnMaterialFootprint | None:
    """Return a supplier's own footprint of a flow; None where its answers give none."""
    said = [answers.supplier_type, answers.depth, answers.period_end, answers.values, answers.evidence_kinds, answers.scores]
    bought = {name: (one.kg_co2e_per_kg, one.own_share) for name, one in answers.upstream.items()}
    key = json.dumps([str(answers.submission_id), *said, answers.units, bought], default=str, sort_keys=True)
    return _found(_Question(key=key, flow=flow, model_hash=model.content_hash, answers=answers, model=model))


@lru_cache(maxsize=_KEPT)
def _found(question: _Question) -> OwnMaterialFootprint | None:
    material = materials().get(question.flow)
    if material is None or unanswered(question.answers, fields_read(question.flow)):
        return None
    return _calculated(question, material) or _stated(question, material)


def _calculated(question: _Question, material: Material) -> OwnMaterialFootprint | None:
    if unanswered(question.answers, PROCESS_FIELDS):
        return None
    try:
        own = own_footprint(question.answers, question.model)
    except NoOwnFootprintError:
        return None
    return _of_draws(own, question) if own.found.product == material.made else None


def _of_draws(own: OwnFootprint, question: _Question) -> OwnMaterialFootprint:
    draws, quality = own.found.draws_kg_co2e, own.found.quality
    return OwnMaterialFootprint(
        kg_co2e_per_kg=float(np.median(draws)) / own.own.mass_kg,
        gsd=float(np.exp(np.std(np.log(draws)))) if bool((draws > 0).all()) else None,
        dqr=(quality.technology + quality.geography + quality.time) / 3.0,
        primary_data_share=own.found.primary_data_share,
        is_calculated=True,
        period_end=question.answers.period_end,
        source=_source(question),
    )


def _stated(question: _Question, material: Material) -> OwnMaterialFootprint | None:
    """Return what the supplier states; the coke that it describes must be the coke that it delivers."""
    reader = _reader(question, material)
    if reader is None or not _is_comparable(question.answers, material) or unanswered(question.answers, STATED_FIELDS):
        return None
    base = resolved(question.model, {})
    facts = SupplierFacts(supplier_id=question.answers.supplier_id, answers=question.answers, base=base, model=question.model)
    if not facts.has(*reader.needs):
        return None
    found = reader.read(facts)
    if found.value <= 0:  # nothing is made of nothing, and zero would beat everybody
        return None
    return OwnMaterialFootprint(
        kg_co2e_per_kg=found.value,
        gsd=None,
        dqr=None,
        primary_data_share=found.primary_share,
        is_calculated=False,
        period_end=_data_end(question.answers),
        source=_source(question),
    )


def _is_comparable(answers: AcceptedAnswers, material: Material) -> bool:
    """Tell whether a stated footprint is of this material, and from cradle to gate as far as the supplier says."""
    kind = answers.values.get("coke_type", material.stated)
    boundary = answers.values.get("own_pcf_boundary", _BOUNDARY)
    return (not material.stated or kind == material.stated) and boundary == _BOUNDARY


def _data_end(answers: AcceptedAnswers) -> date:
    stated = answers.values.get("own_pcf_year_end")
    return answers.period_end if stated is None else min(answers.period_end, date.fromisoformat(str(stated)))


def _reader(question: _Question, material: Material) -> Reader | None:
    if question.flow == FREIGHT_FLOW:
        return next((one for one in readers_of(FREIGHT_FLOW) if one.parameter == "truck_kg_co2e_per_tkm"), None)
    parameter = next((name for name, flow in factor_flows(question.model).items() if flow == material.factor), "")
    is_per_kg = parameter and question.model.definitions[parameter].unit == _PER_KG
    return stated_footprint(parameter) if is_per_kg else None


def _source(question: _Question) -> str:
    return f"submission:{question.answers.submission_id}"
