"""A declared footprint for a cell maker: Catena-X model for suppliers of battery components, 1.0.0."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from service.errors import N_
from service.exports.catena_x import number
from service.exports.errors import ExportRefusedError
from service.exports.facts import DeclaredFacts
from service.exports.life_cycle import LifeCycleSplit
from service.exports.quality_parameters import quality_texts
from service.i18n import translate

TITLE: Final = "Catena-X battery component supplier 1.0.0"
UNIT: Final = "CO2KG/KG"
OUTSIDE: Final = N_(
    "System boundary: cradle to gate. Stage 1 is what is bought in, stage 2 the making; stages 3 and 4 (distribution, end of life) "
    "lie outside and are stated as 0."
)
RATINGS: Final[Mapping[str, str]] = {
    "technologicalRepresentativeness": "technologicalDQR",
    "geographicalRepresentativeness": "geographicalDQR",
    "timerelatedRepresentativeness": "temporalDQR",
}
_HUNDREDTH: Final = Decimal("0.01")

Json = dict[str, Any]


def battery_component(facts: DeclaredFacts) -> Json:
    """Return the footprint in the model for suppliers of battery components, for one customer.

    Raises
    ------
    ExportRefusedError
        If the stages may not be told apart, or a number that the format demands is not known.

    """
    ratings = _ratings(facts)
    document: Json = {
        "pcfValues": {"sharesPerStage": _stages(facts)},
        "secondaryEmissionFactorSources": [
            f"{one['name']} {one['version']}" for one in facts.pcf.get("secondaryEmissionFactorSources", ())
        ],
        "customerPartId": _customer_part(facts),
        "manufacturerPartId": facts.product.grade,
        **{name: number(value) for name, value in ratings.items()},
        "dataQualityRating": number((sum(ratings.values(), Decimal()) / len(ratings)).quantize(_HUNDREDTH)),
        "validityPeriod": {
            "validFrom": facts.document["validityPeriodStart"],
            "validTo": facts.document["validityPeriodEnd"],
        },
        "siteIdentifier": _site(facts),
        "legalidentifier": _legal(facts),
        "productQualityParameter": [*quality_texts(facts.product.quality), _boundary()],
        "contentC02Metals": [],
    }
    share = facts.pcf.get("primaryDataShare")
    return document if share is None else {**document, "primaryDataShare": number(share)}


def _stages(facts: DeclaredFacts) -> Json:
    found = facts.life_cycle
    if found is None:
        raise ExportRefusedError(
            format=TITLE,
            field="sharesPerStage",
            reason=N_(
                "Raw material and production can't be told apart without giving a supplier's figure away. Hand over the PACT file."
            ),
        )
    return {
        **_values(found),
        "declaredUnit": UNIT,
    }


def _values(found: LifeCycleSplit) -> Json:
    values = {
        "stage1RawMaterialAquisitionPreProcessing": found.raw_material,
        "stage2MainProductProduction": found.main_production,
        "stage3Distribution": Decimal(),
        "stage4EndOfLifeRecycling": Decimal(),
        "absPcfValue": found.total,
    }
    return {name: {"stageValue": number(value)} for name, value in values.items()}


def _customer_part(facts: DeclaredFacts) -> str:
    if not facts.part_no:
        raise ExportRefusedError(
            format=TITLE,
            field="customerPartId",
            reason=N_(
                "The customer's part number is not known. Choose the customer, and enter its part number on the product's page."
            ),
        )
    return facts.part_no


def _site(facts: DeclaredFacts) -> str:
    if facts.plant.bpns is None:
        raise ExportRefusedError(
            format=TITLE,
            field="siteIdentifier",
            reason=N_("The plant's business partner number (BPNS) is not known. Enter it on the plant's page."),
        )
    return facts.plant.bpns


def _legal(facts: DeclaredFacts) -> str:
    if facts.bpnl is None:
        raise ExportRefusedError(
            format=TITLE,
            field="legalidentifier",
            reason=N_("The company's business partner number (BPNL) is not known. Set ANODEPRINT_COMPANY_BPNL."),
        )
    return facts.bpnl


def _ratings(facts: DeclaredFacts) -> dict[str, Decimal]:
    dqi = facts.pcf.get("dqi")
    if dqi is None:
        raise ExportRefusedError(
            format=TITLE,
            field="dataQualityRating",
            reason=N_("The footprint has no data quality ratings, which the format demands. Hand over the PACT file."),
        )
    return {name: Decimal(dqi[theirs]) for name, theirs in RATINGS.items()}


def _boundary() -> str:
    return f"{translate('zh-CN', OUTSIDE)} / {OUTSIDE}"
