from typing import Annotated

from fastapi import APIRouter, Query

from lca_models.factor_sets import DirectCo2Set, FactorSet
from service.accounts.access import STAFF, Context, endpoint
from service.factor_sets.reports import ChangedRecord, latest_change, report_between
from service.factor_sets.schemas import ChangesOut, FactorChangeOut, FactorSetOut, FactorSetPage, ResultChangeOut
from service.footprints.disclosure import INSIDERS
from service.modelling.queries import active_model

SetKey = Annotated[str, Query(max_length=60)]

router = APIRouter(prefix="/factor-sets", tags=["factor sets"])


@router.get("")
@endpoint(STAFF)
def list_factor_sets(context: Context) -> FactorSetPage:
    """List the sets of electricity factors with year, document, validity and successor."""
    model = active_model(context.session)
    in_force = set(model.electricity.in_force.values())
    items = [_listed(key, one, is_in_force=key in in_force) for key, one in model.electricity.sets.items()]
    return FactorSetPage(model_version=model.model_version, items=items)


@router.get("/changes")
@endpoint(INSIDERS)
def show_changes(context: Context, before: SetKey | None = None, after: SetKey | None = None) -> ChangesOut:
    """Tell what another set changes; without keys, what the set in force has changed. Nothing is applied."""
    present = latest_change(context.session)
    before, after = before or present[0], after or present[1]
    report = report_between(context.session, before=before, after=after)
    return ChangesOut(
        before=before,
        after=after,
        factors=[FactorChangeOut(region=one.region, kind=one.kind, before=one.before, after=one.after) for one in report.factors],
        results=[_result(one) for one in report.results],
    )


def _listed(key: str, one: FactorSet, *, is_in_force: bool) -> FactorSetOut:
    head = one.head
    return FactorSetOut(
        key=key,
        family=head.family,
        kind="direct_co2" if isinstance(one, DirectCo2Set) else "life_cycle",
        data_year=head.data_year,
        name_zh=head.name_zh,
        name_en=head.name_en,
        document_zh=head.document_zh,
        document_en=head.document_en,
        published=head.published,
        valid_from=head.valid_from,
        valid_to=head.valid_to,
        superseded_by=head.superseded_by,
        in_force=is_in_force,
        factors=len(one.factors),
    )


def _result(one: ChangedRecord) -> ResultChangeOut:
    return ResultChangeOut(
        footprint_id=None if one.row is None else str(one.row.id),
        number=None if one.row is None else one.row.number,
        grade=None if one.row is None else one.row.grade,
        before_kg_co2e=one.change.before_kg_co2e,
        after_kg_co2e=one.change.after_kg_co2e,
        difference_kg_co2e=one.change.difference_kg_co2e,
        by_stage=dict(one.change.by_stage_kg_co2e),
        parameters=dict(one.change.parameters),
    )
