import uuid

from fastapi import APIRouter
from starlette.responses import Response

from lca_models.batch import Case
from lca_models.scenarios import Comparison
from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.footprints.disclosure import INSIDERS
from service.modelling.queries import active_model
from service.products.schemas import ShareInput
from service.scenarios import operations, queries
from service.scenarios.evaluation import Base, base_of_record, compare_over, pick
from service.scenarios.queries import LibraryEntry
from service.scenarios.schemas import (
    BaseInput,
    ComparisonOut,
    ConflictOut,
    EvaluateInput,
    ResultOut,
    ScenarioChange,
    ScenarioInput,
    ScenarioOut,
    ScenarioPage,
)
from service.suppliers.router import created_response

router = APIRouter(prefix="/scenarios", tags=["scenarios"])

WRITERS = roles(Role.ENGINEER)


@router.get("")
@endpoint(INSIDERS)
def list_scenarios(context: Context) -> ScenarioPage:
    """List the shipped scenarios and the maker's own."""
    return ScenarioPage(items=[_listed(entry) for entry in queries.library(context.session).values()])


@router.post("", status_code=201, responses={201: {"model": ScenarioOut}})
@endpoint(WRITERS)
def create_scenario(context: Context, scenario: ScenarioInput) -> Response:
    """Add a scenario of the maker's own."""
    made = operations.create_scenario(context.session, scenario, by=context.asking.actor, at=context.at)
    return created_response(_one(context, made.id), location=f"/api/v1/scenarios/{made.id}")


@router.post("/evaluate")
@endpoint(INSIDERS)
def evaluate(context: Context, body: EvaluateInput) -> ComparisonOut:
    """Compare combinations of scenarios with a base; nothing is stored."""
    library = queries.library(context.session)
    chosen = [pick(library, keys, field=f"combinations.{position}") for position, keys in enumerate(body.combinations)]
    comparison = compare_over(context.session, _base(context, body.base), chosen)
    return ComparisonOut(
        model_version=active_model(context.session).model_version,
        results=[_result(comparison, position, [[], *chosen][position]) for position in range(len(chosen) + 1)],
    )


@router.get("/{scenario_id}")
@endpoint(INSIDERS)
def get_scenario(context: Context, scenario_id: uuid.UUID) -> ScenarioOut:
    """Return one of the maker's own scenarios."""
    return _one(context, scenario_id)


@router.post("/{scenario_id}")
@endpoint(WRITERS)
def change_scenario(context: Context, scenario_id: uuid.UUID, scenario: ScenarioChange) -> ScenarioOut:
    """Change a scenario; what it said before is kept."""
    content = ScenarioInput(**scenario.model_dump(exclude={"version"}))
    operations.change_scenario(
        context.session, scenario_id, content, version=scenario.version, by=context.asking.actor, at=context.at
    )
    return _one(context, scenario_id)


def _base(context: Context, wanted: BaseInput) -> Base:
    if wanted.footprint_id is not None:
        return base_of_record(context.session, wanted.footprint_id)
    return Base(case=Case(parameters=dict(wanted.parameters), electricity=wanted.electricity))


def _result(comparison: Comparison, position: int, entries: list[LibraryEntry]) -> ResultOut:
    combination = comparison.combinations[position]
    return ResultOut(
        scenarios=list(combination.keys),
        status="assumption" if any(entry.scenario.status == "assumption" for entry in entries) else "sourced",
        total_kg_co2e=float(comparison.results.total_kg_co2e[position]),
        difference_kg_co2e=float(comparison.difference_kg_co2e[position]),
        by_stage={stage: float(values[position]) for stage, values in comparison.results.by_stage_kg_co2e.items()},
        electricity=combination.case.electricity,
        conflicts=[ConflictOut(**{name: getattr(one, name) for name in ConflictOut.model_fields}) for one in combination.conflicts],
        dropped=list(combination.dropped),
    )


def _one(context: Context, scenario_id: uuid.UUID) -> ScenarioOut:
    context.session.flush()
    own, said = queries.get_scenario(context.session, scenario_id)
    return _listed(queries.entry_of(own, said))


def _listed(entry: LibraryEntry) -> ScenarioOut:
    scenario = entry.scenario
    return ScenarioOut(
        key=scenario.key,
        group=scenario.group,
        name_zh=scenario.name_zh,
        name_en=scenario.name_en,
        status=scenario.status,
        reasoning_zh=scenario.reasoning_zh,
        reasoning_en=scenario.reasoning_en,
        sources=list(scenario.sources),
        electricity=scenario.electricity,
        parameters=scenario.parameters,
        supplier_shares=[ShareInput(flow=one.flow, supplier_id=one.supplier_id, share=one.share) for one in entry.supplier_shares],
        version=entry.version,
        written_at=entry.written_at,
        is_sample=entry.is_sample,
    )
