"""The pipeline of low-carbon technology: how ready each is, and what it would change in a product."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console import measure_words as words
from service.console.choices import Options
from service.console.measures import may_write
from service.console.register_columns import Column, Kind
from service.console.registers import Ending, Register, add_register
from service.console.scenario_words import settings_of
from service.errors import N_, ServiceError
from service.i18n import explain
from service.measures import queries
from service.measures.models import TechnologyProject
from service.measures.overlays import overlay_of, read_overlay
from service.measures.schemas import TechnologyInput
from service.measures.technology import TechnologyEffect, add_project, change_project, check_technology, effect_of
from service.modelling.queries import active_model
from service.plan.policies import PLAN_EDITORS, PLAN_READERS
from service.products.queries import find_products

router = APIRouter()

_MOST_PRODUCTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnologyLine:
    """A project with its effect, or what stands in the way of calculating it."""

    project: TechnologyProject
    name: str
    product: str
    settings: Sequence[str]
    effect: TechnologyEffect | None
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnologyPage:
    """The pipeline, the readiest first."""

    tabs: Sequence[tuple[str, str, bool]]
    lines: Sequence[TechnologyLine]
    may_write: bool


def product_choices(context: Context) -> Options:
    """Return the maker's products by grade."""
    return [(str(one.id), one.grade) for one in find_products(context.session, limit=_MOST_PRODUCTS).rows]


@router.get("/console/plan/measures/technology")
@endpoint(PLAN_READERS)
def show_technology(context: Context) -> Response:
    """Show the pipeline with the effect of each project."""
    grades = dict(product_choices(context))
    page = TechnologyPage(
        tabs=words.measure_tabs(context, words.TECHNOLOGY_PATH),
        lines=[_line(context, one, grades) for one in queries.find_technology(context.session)],
        may_write=may_write(context),
    )
    return render_page(context, "console/plan_technology.html", page)


add_register(
    router,
    Register(
        key="technology_project",
        path=f"{words.TECHNOLOGY_PATH}/register",
        title=N_("List of technology projects"),
        lead=N_("Technology that is being developed or tried: readiness, partner, and what it would change in a product"),
        empty=N_("Add the first project, such as a trial of a continuous furnace."),
        add_label=N_("Add a technology project"),
        table=TechnologyProject,
        fields=TechnologyInput,
        columns=(
            Column(key="name_zh", label=N_("Chinese name"), filtered=True),
            Column(key="name_en", label=N_("English name")),
            Column(key="trl", label=N_("Readiness, 1 to 9"), kind=Kind.NUMBER, hint=N_("Technology readiness level of GB/T 22900")),
            Column(key="expected_year", label=N_("Ready in"), kind=Kind.YEAR, filtered=True),
            Column(key="product_id", label=N_("Product"), kind=Kind.CHOICE, choices=product_choices, filtered=True),
            Column(
                key="overlay",
                label=N_("What it changes"),
                kind=Kind.LONG_TEXT,
                in_list=False,
                hint=N_("One parameter of the model a line: graphitization_electricity_kwh_per_kg = 7.5"),
            ),
            Column(key="partner", label=N_("Partner")),
            Column(key="source", label=N_("Source"), in_list=False),
        ),
        identity=("name_zh",),
        sort=("-trl", "name_zh"),
        readers=PLAN_READERS,
        writers=PLAN_EDITORS,
        add=add_project,
        change=change_project,
        check=check_technology,
        ending=Ending(),
        above=(N_("Technology"), words.TECHNOLOGY_PATH),
    ),
)


def _line(context: Context, project: TechnologyProject, grades: dict[str, str]) -> TechnologyLine:
    effect, problem = None, ""
    overlay = overlay_of(str(project.id), read_overlay(project.overlay, field="overlay"))
    try:
        effect = effect_of(context.session, project)
    except ServiceError as error:
        problem = explain(context.locale, error)
    return TechnologyLine(
        project=project,
        name=project.name_zh if context.locale == "zh-CN" else project.name_en,
        product=grades.get(str(project.product_id), ""),
        settings=[": ".join(pair) for pair in settings_of(active_model(context.session), overlay, context.locale)],
        effect=effect,
        problem=problem,
    )
