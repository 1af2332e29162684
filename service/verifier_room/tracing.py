"""How a footprint was calculated: factors with their sources, the solved system, the model's tables, a recalculation now."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from lca_models.model import Model, load_model, shipped_tables, stage_of
from lca_models.revisions import RowChange, compare_models
from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console.footprint_tabs import FootprintHead
from service.console.model_versions import CHANGE_WORDS
from service.console.model_words import confidence_words, meaning_of, model_flow_name, process_name, table_name
from service.footprints.models import FootprintRecord
from service.footprints.rechecking import Recheck, rebuild
from service.footprints.rechecking import compare as compare_with_stored
from service.i18n import translate
from service.modelling.models import ModelVersion
from service.modelling.queries import find_version, model_of, read_tables
from service.verification.rules import Part
from service.verification.trace import Trace, UsedFactor, trace_of
from service.verifier_room.cases import VERIFIER, record_of
from service.verifier_room.footprints import room_head

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRow:
    """A factor in words."""

    factor: UsedFactor
    name: str
    meaning: str
    confidence: str
    is_changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorsPage:
    """The factors that a footprint was counted with, the greatest first."""

    head: FootprintHead
    rows: Sequence[FactorRow]
    total_kg_co2e: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TracePage:
    """The solved system; `names` are processes and flows in the reader's language."""

    head: FootprintHead
    trace: Trace
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPage:
    """The version of the model that a footprint rests on, and what it changed against its parent."""

    head: FootprintHead
    model_version: str
    content_hash: str
    version: ModelVersion | None
    parent: str
    tables: Sequence[tuple[str, Sequence[RowChange]]]
    change_words: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckPage:
    """What the inputs of a footprint give now."""

    head: FootprintHead
    found: Recheck


@router.get("/room/cases/{case_id}/footprints/{record_id}/factors")
@endpoint(VERIFIER)
def show_factors(context: Context, case_id: uuid.UUID, record_id: uuid.UUID) -> Response:
    """Show every factor with its source."""
    case, record = record_of(context, case_id, record_id, page=Part.FACTORS)
    model, trace = _traced(context, record)
    page = FactorsPage(
        head=room_head(context, case, record_id, Part.FACTORS),
        rows=[_factor_row(context, model, factor) for factor in trace.factors],
        total_kg_co2e=trace.total_kg_co2e,
    )
    return render_page(context, "verifier/factors.html", page)


@router.get("/room/cases/{case_id}/footprints/{record_id}/trace")
@endpoint(VERIFIER)
def show_trace(context: Context, case_id: uuid.UUID, record_id: uuid.UUID) -> Response:
    """Show the solved system from the first amount to the total."""
    case, record = record_of(context, case_id, record_id, page=Part.TRACE)
    model, trace = _traced(context, record)
    processes = {one.process for one in trace.processes}
    names = {one: f"{stage_of(one)} {process_name(model, one, context.locale)}" for one in processes}
    names |= {one.flow: model_flow_name(model, one.flow, context.locale) for one in trace.burdens}
    page = TracePage(head=room_head(context, case, record_id, Part.TRACE), trace=trace, names=names)
    return render_page(context, "verifier/trace.html", page)


@router.get("/room/cases/{case_id}/footprints/{record_id}/model")
@endpoint(VERIFIER)
def show_model(context: Context, case_id: uuid.UUID, record_id: uuid.UUID) -> Response:
    """Show the model's version with why it was made and each changed row."""
    case, record = record_of(context, case_id, record_id, page=Part.MODEL)
    content_hash = record.result["content_hash"]
    version = find_version(context.session, content_hash)
    parent, changes = _changes(context, version)
    by_file: dict[str, list[RowChange]] = {}
    for change in changes:
        by_file.setdefault(change.file, []).append(change)
    page = ModelPage(
        head=room_head(context, case, record_id, Part.MODEL),
        model_version=record.model_version,
        content_hash=content_hash,
        version=version,
        parent=parent,
        tables=[(table_name(file, context.locale), rows) for file, rows in by_file.items()],
        change_words={key: translate(context.locale, words) for key, words in CHANGE_WORDS.items()},
    )
    return render_page(context, "verifier/model.html", page)


@router.get("/room/cases/{case_id}/footprints/{record_id}/recheck")
@endpoint(VERIFIER)
def show_recheck(context: Context, case_id: uuid.UUID, record_id: uuid.UUID) -> Response:
    """Calculate the footprint again from what it keeps, and let Brightway replay it."""
    case, record = record_of(context, case_id, record_id, page=Part.RECHECK)
    page = RecheckPage(head=room_head(context, case, record_id, Part.RECHECK), found=compare_with_stored(context.session, record))
    return render_page(context, "verifier/recheck.html", page)


def _traced(context: Context, record: FootprintRecord) -> tuple[Model, Trace]:
    model = model_of(context.session, record.result["content_hash"])
    return model, trace_of(model, rebuild(context.session, record))


def _factor_row(context: Context, model: Model, factor: UsedFactor) -> FactorRow:
    is_parameter = factor.key in model.definitions
    stated = factor.stated
    counted = factor.kg_co2e_per_unit
    return FactorRow(
        factor=factor,
        name=model_flow_name(model, factor.flow, context.locale),
        meaning=meaning_of(model, factor.key, context.locale) if is_parameter else "",
        confidence=confidence_words(factor.confidence, context.locale)[0] if factor.confidence else "",
        is_changed=stated is not None and counted is not None and abs(counted - stated) > 1e-9 * abs(stated),
    )


def _changes(context: Context, version: ModelVersion | None) -> tuple[str, Sequence[RowChange]]:
    """Return the parent's label and what differs from it; nothing for the model shipped with the software."""
    if version is None or not version.parent_hash:
        return "", ()
    session = context.session
    parent = find_version(session, version.parent_hash)
    old = read_tables(session, parent) if parent else shipped_tables()
    return (parent.label if parent else load_model().version), compare_models(old, read_tables(session, version))
