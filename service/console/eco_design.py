"""Pages that set variants of a product side by side, keep what came out, and record which was chosen and why."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from lca_models.scenarios import ELECTRICITY
from service.accounts.access import Context, endpoint
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.accounts.queries import names_of_actors
from service.console import scenario_words as words
from service.console.choices import Options
from service.console.eco_design_form import read_comparison
from service.console.eco_design_shown import ShownVariant, limit_name, shown_variants
from service.console.footprint_words import stage_name
from service.console.scenarios import base_options
from service.database import new_id
from service.eco_design import operations
from service.eco_design.comparing import variants_of
from service.eco_design.limits import CarbonLimit
from service.eco_design.models import DesignComparison, DesignDecision
from service.eco_design.queries import find_comparisons, find_decision, get_comparison
from service.eco_design.schemas import MOST_VARIANTS, DecisionInput
from service.errors import N_, InvalidInputError
from service.footprints.queries import get_record
from service.i18n import translate
from service.modelling.queries import active_model
from service.plan.policies import APPROVER_ROLES, EDITOR_ROLES, PLAN_APPROVERS, PLAN_EDITORS, PLAN_READERS
from service.products.models import Product
from service.products.quality import PARAMETERS
from service.products.queries import get_product
from service.scenarios.queries import library
from service.swaps.queries import limits_of
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

LIST: Final = "/console/plan/eco-design"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonLine:
    """A comparison of the list; `chosen` is the name of the variant that was decided for."""

    comparison: DesignComparison
    product: Product
    low_kg_co2e: float
    base_kg_co2e: float
    chosen: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonsPage:
    """All comparisons."""

    lines: Sequence[ComparisonLine]
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComparisonPage:
    """The form of a new comparison."""

    form: FormState
    bases: Options
    scenarios: Options
    quality: Sequence[tuple[str, str, str]]
    places: Sequence[int]
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignPage:
    """One comparison as it was made.

    Attributes
    ----------
    measure_href
        The form of a measure, filled in with the variant that was chosen; None before, or where the product stays as it is.

    """

    comparison: DesignComparison
    decision: DesignDecision | None
    people: Mapping[str, str]
    product: Product
    record_number: str
    variants: Sequence[ShownVariant]
    stages: Options
    choices: Options
    form: FormState
    may_decide: bool
    measure_href: str | None

    @property
    def columns(self) -> list[tuple[str, str]]:
        """One column for each variant, as the macro `table` takes them."""
        return [(one.name, "number") for one in self.variants]


def _show_form(context: Context, form: FormState) -> Response:
    locale = context.locale
    page = NewComparisonPage(
        form=form,
        bases=[option for option in base_options(context) if option[0]],
        scenarios=[(key, words.scenario_name(one.scenario, locale)) for key, one in library(context.session).items()],
        quality=[(one.key, translate(locale, one.name), one.unit) for one in PARAMETERS],
        places=range(MOST_VARIANTS),
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/plan_eco_design_form.html", page, status=form.status)


@router.get(LIST)
@endpoint(PLAN_READERS)
def show_comparisons(context: Context) -> Response:
    """List all comparisons."""
    lines = [_line(context, one, decision) for one, decision in find_comparisons(context.session)]
    page = ComparisonsPage(lines=lines, may_write=context.asking.has(*EDITOR_ROLES))
    return render_page(context, "console/plan_eco_design.html", page)


@router.get(f"{LIST}/new")
@endpoint(PLAN_EDITORS)
def new_comparison(context: Context) -> Response:
    """Show an empty form; a footprint may come with the address."""
    chosen = context.request.query_params.get("record_id", "")
    return _show_form(context, FormState(values={"record_id": chosen}))


@router.post(LIST)
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show_form)
def make_comparison(context: Context) -> Response:
    """Compare variants and keep what came out."""
    wanted = read_comparison(context.form)
    limits = _carbon_limits(context, wanted.record_id)
    made = operations.make_comparison(context.session, wanted, carbon_limits=limits, by=context.asking.actor, at=context.at)
    return see_other(context, f"{LIST}/{made.id}", N_("Compared and kept. Another person chooses."))


@router.get(f"{LIST}/{{comparison_id}}")
@endpoint(PLAN_READERS)
def show_comparison(context: Context, comparison_id: uuid.UUID) -> Response:
    """Show one comparison."""
    return _show(context, get_comparison(context.session, comparison_id), FormState())


@router.post(f"{LIST}/{{comparison_id}}/decision")
@endpoint(PLAN_APPROVERS)
def decide(context: Context, comparison_id: uuid.UUID) -> Response:
    """Choose a variant."""
    comparison = get_comparison(context.session, comparison_id)
    try:
        fields = parse_form(DecisionInput, context.form)
        operations.decide(context.session, comparison_id, fields, by=context.asking.actor, at=context.at)
    except InvalidInputError as error:
        return _show(context, comparison, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"{LIST}/{comparison_id}", N_("Decided."))


def _line(context: Context, comparison: DesignComparison, decision: DesignDecision | None) -> ComparisonLine:
    variants = variants_of(comparison.content)
    return ComparisonLine(
        comparison=comparison,
        product=get_product(context.session, comparison.product_id),
        base_kg_co2e=variants[0].total_kg_co2e,
        low_kg_co2e=min(one.total_kg_co2e for one in variants),
        chosen=None if decision is None else variants[decision.variant].name or translate(context.locale, N_("As it is")),
    )


def _carbon_limits(context: Context, record_id: uuid.UUID) -> list[CarbonLimit]:
    """Return customers' limits on the product's footprint that are stated under the record's electricity view."""
    record = get_record(context.session, record_id)
    today = context.today
    found = [
        one
        for one in limits_of(context.session, product_id=record.product_id, on=today)
        if one.electricity_view == record.electricity_view
    ]
    return [
        CarbonLimit(
            customer=limit_name(context.session, one.customer_id, context.locale),
            highest_kg_co2e_per_kg=one.limit_kg_co2e_per_kg,
            source=one.source,
        )
        for one in found
    ]


def _show(context: Context, comparison: DesignComparison, form: FormState, *, status: int = 200) -> Response:
    locale, decision = context.locale, find_decision(context.session, comparison.id)
    variants = variants_of(comparison.content)
    shown = shown_variants(variants, active_model(context.session), locale)
    actors = {comparison.made_by, *({decision.decided_by} if decision else ())}
    page = DesignPage(
        comparison=comparison,
        decision=decision,
        people=names_of_actors(context.session, actors),
        product=get_product(context.session, comparison.product_id),
        record_number=get_record(context.session, comparison.record_id).number,
        variants=shown,
        stages=[(code, stage_name(code, locale)) for code in variants[0].by_stage_kg_co2e],
        choices=[(str(place), one.name) for place, one in enumerate(shown)],
        form=form,
        may_decide=decision is None and context.asking.has(*APPROVER_ROLES) and comparison.made_by != context.asking.actor,
        measure_href=_measure_href(comparison, decision, shown),
    )
    return render_page(context, "console/plan_eco_design_comparison.html", page, status=status)


def _measure_href(comparison: DesignComparison, decision: DesignDecision | None, shown: Sequence[ShownVariant]) -> str | None:
    """Return the form of a measure with what the chosen variant sets; a mix of suppliers is no parameter and stays behind."""
    if decision is None or decision.variant == 0:
        return None
    chosen = shown[decision.variant].variant
    settings = {name: value for overlay in chosen.overlays for name, value in overlay.settings.items()}
    electricity = settings.pop(ELECTRICITY, None)
    filled = {
        "name_zh": chosen.name,
        "name_en": chosen.name,
        "reasoning": decision.reason,
        "evidence": comparison.title,
        "parameters": "\n".join(f"{name} = {value}" for name, value in settings.items()),
        **({} if electricity is None else {"electricity": electricity}),
    }
    return f"/console/plan/measures/new?{urlencode(filled)}"
