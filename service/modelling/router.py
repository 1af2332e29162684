from fastapi import APIRouter

from lca_models.model import PRODUCT, Model
from lca_models.parameters import FURNACE, ParameterDefinition
from service.accounts.access import STAFF, Context, endpoint
from service.modelling import queries, rules
from service.modelling.inspection import FactorLine, default_footprint, factor_lines
from service.modelling.models import ModelVersion
from service.modelling.schemas import (
    AlternativeOut,
    DefaultOut,
    FactorList,
    FactorOut,
    ModelOut,
    ModelVersionList,
    ModelVersionOut,
    ParameterList,
    ParameterOut,
)

router = APIRouter(prefix="/model", tags=["model"])


@router.get("")
@endpoint(STAFF)
def get_model(context: Context) -> ModelOut:
    """Return what the model in use is, and its default results."""
    model = queries.active_model(context.session)
    furnaces = model.parameter(FURNACE).choices
    return ModelOut(
        label=model.version,
        content_hash=model.content_hash,
        model_version=model.model_version,
        product=PRODUCT,
        declared_unit="1 kg",
        furnaces=furnaces,
        totals_kg_co2e={furnace: default_footprint(model, furnace).total_kg_co2e for furnace in furnaces},
        processes=len(model.processes),
        parameters=len(model.parameters),
        factors=len(factor_lines(model)),
        sources=len(model.sources),
    )


@router.get("/parameters")
@endpoint(STAFF)
def list_parameters(context: Context) -> ParameterList:
    """Return every parameter with its defaults, ranges, sources and alternatives."""
    model = queries.active_model(context.session)
    return ParameterList(model_version=model.model_version, items=[_parameter(one) for one in model.parameters])


@router.get("/factors")
@endpoint(STAFF)
def list_factors(context: Context) -> FactorList:
    """Return every factor with where it comes from and where it is used."""
    model = queries.active_model(context.session)
    return FactorList(model_version=model.model_version, items=[_factor(line) for line in factor_lines(model)])


@router.get("/versions")
@endpoint(STAFF)
def list_versions(context: Context) -> ModelVersionList:
    """Return the stored versions."""
    model = queries.active_model(context.session)
    return ModelVersionList(
        model_version=model.model_version, items=[_version(one, model) for one in queries.all_versions(context.session)]
    )


def _parameter(one: ParameterDefinition) -> ParameterOut:
    return ParameterOut(
        name=one.name,
        group=one.group,
        unit=one.unit,
        meaning_en=one.meaning_en,
        meaning_zh=one.meaning_zh,
        default=one.default,
        minimum=one.minimum,
        maximum=one.maximum,
        choices=one.choices,
        defaults=[
            DefaultOut(
                furnace=furnace,
                formula=default.formula.text,
                low=default.low,
                high=default.high,
                distribution=default.shape.value,
                sources=default.sources,
                confidence=default.confidence,
            )
            for furnace, default in one.defaults.items()
        ],
        alternatives=[
            AlternativeOut(
                name=name,
                value=other.value,
                sources=other.sources,
                reason_en=other.reason_en,
                reason_zh=other.reason_zh,
                note=other.note,
            )
            for name, other in one.alternatives.items()
        ],
    )


def _factor(line: FactorLine) -> FactorOut:
    factor, evidence = line.factor, line.factor.evidence
    return FactorOut(
        flow=factor.flow,
        kind=line.kind,
        value=factor.value,
        unit=factor.unit,
        low=evidence.low,
        high=evidence.high,
        distribution=evidence.distribution,
        name_zh=factor.name_zh,
        year=factor.year,
        region=factor.region,
        boundary=factor.boundary,
        factor_set=line.factor_set,
        confidence=evidence.confidence,
        sources=evidence.sources,
        source_detail=evidence.source_detail,
        parameter=line.parameter,
        used_by=line.used_by,
    )


def _version(one: ModelVersion, in_use: Model) -> ModelVersionOut:
    names = set(ModelVersionOut.model_fields) - {"is_in_use"}
    stated = {name: getattr(one, name) for name in names}
    return ModelVersionOut(**stated, is_in_use=rules.is_in_use(one, in_use))
