import uuid
from collections.abc import Mapping

from fastapi import APIRouter

from lca_models.errors import Notice
from lca_models.methods.decisions import RecordedDecision
from service.accounts.access import Context, endpoint
from service.exemptions.queries import LedgerEntry
from service.footprints import queries
from service.footprints.disclosure import INSIDERS
from service.footprints.methods import Methods, methods_of
from service.footprints.schemas import Out
from service.i18n import Locale, translate

router = APIRouter()


class DecisionOut(Out):
    """An allocation: what the rules recommend, the ratio of unit values, and what was chosen."""

    case: str
    process: str
    co_product: str
    parameter: str
    recommended: str
    reason: str
    value_ratio: float | None
    shares: Mapping[str, float]
    chosen: str
    choices: list[str]
    is_default: bool


class AlternativeOut(Out):
    """The total under another choice; null where the record's parameters do not allow it."""

    topic: str
    choice: str
    total_kg_co2e: float | None
    is_chosen: bool


class CarbonOut(Out):
    """Results with and without uptake, and carbon contents in kg C per kg (PACT v3)."""

    pcf_excluding_biogenic_uptake: float
    pcf_including_biogenic_uptake: float
    biogenic_co2_uptake: float
    aircraft_ghg_emissions: float
    fossil_carbon_content: float
    biogenic_carbon_content: float
    recycled_carbon_content: float
    packaging_biogenic_carbon_content: float


class ExemptionOut(Out):
    """A flow left out, with its estimated share of the total."""

    flow: str
    name: str
    share: float
    reason: str
    evidence: str
    is_own: bool


class MethodsOut(Out):
    """Method choices of a footprint, their alternatives, and what speaks against a release."""

    total_kg_co2e: float
    decisions: list[DecisionOut]
    alternatives: list[AlternativeOut]
    carbon: CarbonOut
    unsplit_share: float
    carbon_closure: float | None
    mass_closures: Mapping[str, float]
    exemptions: list[ExemptionOut]
    exempted_share: float
    exemption_limit: float
    primary_data_share: float
    ratings: Mapping[str, float]
    memory_shares: Mapping[str, float]
    obstacles: list[str]


@router.get("/{footprint_id}/methods")
@endpoint(INSIDERS)
def show_methods(context: Context, footprint_id: uuid.UUID) -> MethodsOut:
    """Return the methods of a footprint, calculated on the model version it stands on."""
    record = queries.get_record(context.session, footprint_id)
    return _methods(methods_of(context.session, record), context.locale)


def _methods(found: Methods, locale: Locale) -> MethodsOut:
    quality = found.data_quality
    return MethodsOut(
        total_kg_co2e=found.total_kg_co2e,
        decisions=[_decision(one, locale) for one in found.decisions],
        alternatives=[
            AlternativeOut(topic=one.topic, choice=one.choice, total_kg_co2e=one.total_kg_co2e, is_chosen=one.is_chosen)
            for one in found.alternatives
        ],
        carbon=_carbon(found),
        unsplit_share=found.unsplit_share,
        carbon_closure=found.carbon_closure,
        mass_closures={one.process: one.closure for one in found.mass_balances},
        exemptions=[_exemption(one, found.total_kg_co2e, locale) for one in found.ledger],
        exempted_share=found.exempted_share,
        exemption_limit=found.exemption_limit,
        primary_data_share=quality["primary_data_share"],
        ratings={name: quality[name] for name in ("technology", "geography", "time")},
        memory_shares=found.memory_shares,
        obstacles=[_text(one, locale) for one in found.obstacles],
    )


def _decision(one: RecordedDecision, locale: Locale) -> DecisionOut:
    return DecisionOut(
        case=one.case.case,
        process=one.case.process,
        co_product=one.case.co_product,
        parameter=one.case.parameter,
        recommended=one.recommended.procedure.value,
        reason=_text(one.recommended.reason, locale),
        value_ratio=one.recommended.value_ratio,
        shares=one.recommended.shares,
        chosen=one.chosen,
        choices=list(one.choices),
        is_default=one.is_default,
    )


def _carbon(found: Methods) -> CarbonOut:
    return CarbonOut(
        pcf_excluding_biogenic_uptake=found.two_results.excluding_uptake,
        pcf_including_biogenic_uptake=found.two_results.including_uptake,
        biogenic_co2_uptake=found.two_results.uptake,
        aircraft_ghg_emissions=found.aircraft_kg_co2e,
        fossil_carbon_content=found.carbon_content.fossil,
        biogenic_carbon_content=found.carbon_content.biogenic,
        recycled_carbon_content=found.carbon_content.recycled,
        packaging_biogenic_carbon_content=found.carbon_content.packaging_biogenic,
    )


def _exemption(entry: LedgerEntry, total: float, locale: Locale) -> ExemptionOut:
    one, chinese = entry.exemption, locale == "zh-CN"
    return ExemptionOut(
        flow=one.flow,
        name=one.name_zh if chinese else one.name_en,
        share=one.share(total),
        reason=one.reason_zh if chinese else one.reason_en,
        evidence=one.evidence_zh if chinese else one.evidence_en,
        is_own=entry.row is not None,
    )


def _text(notice: Notice, locale: Locale) -> str:
    return translate(locale, notice.template, **notice.values)
