"""Pages on products: list, detail, add, change, switch off, production."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from lca_models.model import Model
from service.accounts.access import STAFF, Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.console.choices import Options, flow_label, page_links, read_filter
from service.console.parameters import ParameterView, view_parameter
from service.database import new_id
from service.errors import N_, ServiceError
from service.i18n import Locale, translate
from service.modelling.queries import active_model
from service.products import operations, queries
from service.products.classifications import classes_of
from service.products.models import Plant, Product, Production
from service.products.quality import BY_KEY
from service.products.queries import ProductRow
from service.products.recipe import FURNACE_LABELS, furnaces, recipe_parameters
from service.products.rules import InputShare, by_flow
from service.products.schemas import GRAPHITE_CAS, ProductForm, ProductionInput
from service.suppliers import queries as suppliers
from service.suppliers.paging import Page
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

WRITERS = roles(Role.ENGINEER)
READERS = roles(Role.ENGINEER, Role.REVIEWER, Role.AUDITOR, Role.PROCUREMENT, Role.ADMIN)
RECIPE_READERS = (Role.ENGINEER, Role.REVIEWER, Role.AUDITOR)
"""The amounts of a recipe are the maker's know-how; sales and procurement never see them."""


class ProductFilter(FormInput):
    """What the address of the product list may hold."""

    q: str | None = Field(default=None, max_length=100)
    plant_id: uuid.UUID | None = None
    inactive: bool = False
    after: uuid.UUID | None = None
    before: uuid.UUID | None = None


class ProductChange(ProductForm):
    """The form of an existing product: with the version it was read at."""

    version: int


class ActiveForm(FormInput):
    """The button that switches a product off or on."""

    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductsPage:
    """The list."""

    page: Page[ProductRow]
    filter: ProductFilter
    form: FormState
    plants: Options
    previous_href: str | None
    next_href: str | None
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFormPage:
    """The form, for a new product if `product` is None."""

    product: Product | None
    form: FormState
    plants: Options
    furnaces: Options
    action: str
    version: int
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage:
    """One product.

    Attributes
    ----------
    recipe
        What differs from the default; None for roles that may not see it.
    inputs
        (material, [(supplier's name, share or None)]) by flow.
    classes
        Classes of goods and texts for customers, as (label, value).
    quality
        (name, value with unit) of what is stated.

    """

    product: Product
    plant: Plant
    furnace: str
    recipe: Sequence[ParameterView] | None
    inputs: Sequence[tuple[str, Sequence[tuple[str, float | None]]]]
    productions: Sequence[Production]
    classes: Sequence[tuple[str, str]]
    quality: Sequence[tuple[str, str]]
    form: FormState
    may_write: bool
    idempotency_key: str = field(default_factory=lambda: str(new_id()))


@router.get("/console/products")
@endpoint(STAFF)
def show_products(context: Context) -> Response:
    """List products; filters stand in the address."""
    wanted, form = read_filter(ProductFilter, context.request, context.locale)
    found = queries.find_products(
        context.session,
        words=wanted.q,
        plant_id=wanted.plant_id,
        inactive=wanted.inactive,
        after=wanted.after,
        before=wanted.before,
    )
    previous_href, next_href = page_links(context.request, found)
    page = ProductsPage(
        page=found,
        filter=wanted,
        form=form,
        plants=plant_options(context),
        previous_href=previous_href,
        next_href=next_href,
        may_write=context.asking.has(Role.ENGINEER),
    )
    return render_page(context, "console/products.html", page)


@router.get("/console/products/new")
@endpoint(WRITERS)
def new_product(context: Context) -> Response:
    """Show an empty form."""
    return _show_form(context, None, FormState(values={"cas": GRAPHITE_CAS, "toll_percent": "0"}))


@router.post("/console/products")
@endpoint(WRITERS)
def create_product(context: Context) -> Response:
    """Add a product."""
    try:
        fields = parse_form(ProductForm, context.form).as_input()
        product = operations.create_product(context.session, fields, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_form(context, None, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/products/{product.id}", N_("Product added. Next: its recipe and suppliers."))


@router.get("/console/products/{product_id}")
@endpoint(READERS)
def show_product(context: Context, product_id: uuid.UUID) -> Response:
    """Show one product."""
    return _show_product(context, product_id, FormState())


@router.get("/console/products/{product_id}/edit")
@endpoint(WRITERS)
def edit_product(context: Context, product_id: uuid.UUID) -> Response:
    """Show the form with what is known."""
    product = queries.get_product(context.session, product_id)
    values = {name: str(getattr(product, name)) for name in ("plant_id", "grade", "name_zh", "name_en", "cas", "furnace")}
    return _show_form(context, product, FormState(values={**values, "toll_percent": f"{product.toll_share * 100:.6g}"}))


@router.post("/console/products/{product_id}")
@endpoint(WRITERS)
def update_product(context: Context, product_id: uuid.UUID) -> Response:
    """Change a product."""
    product = queries.get_product(context.session, product_id)
    try:
        change = parse_form(ProductChange, context.form)
        fields = ProductForm(**change.model_dump(exclude={"version"})).as_input()
        operations.update_product(
            context.session, product_id, fields, version=change.version, by=context.asking.actor, at=context.at
        )
    except ServiceError as error:
        return _show_form(context, product, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/products/{product_id}", N_("Saved."))


@router.post("/console/products/{product_id}/active")
@endpoint(WRITERS)
def switch_product(context: Context, product_id: uuid.UUID) -> Response:
    """Switch a product off or on."""
    wanted = parse_form(ActiveForm, context.form)
    operations.set_product_active(context.session, product_id, active=wanted.active, by=context.asking.actor, at=context.at)
    message = N_("The product is active again.") if wanted.active else N_("The product is switched off; its records stay.")
    return see_other(context, f"/console/products/{product_id}", message)


@router.post("/console/products/{product_id}/production")
@endpoint(WRITERS)
def record_production(context: Context, product_id: uuid.UUID) -> Response:
    """Enter how much was made in a period."""
    queries.get_product(context.session, product_id)
    try:
        fields = parse_form(ProductionInput, context.form)
        operations.record_production(context.session, product_id, fields, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_product(context, product_id, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/products/{product_id}#production", N_("Production entered."))


@router.post("/console/productions/{production_id}/delete")
@endpoint(WRITERS)
def delete_production(context: Context, production_id: uuid.UUID) -> Response:
    """Remove what was entered of a period."""
    product_id = operations.delete_production(context.session, production_id, by=context.asking.actor, at=context.at)
    return see_other(context, f"/console/products/{product_id}#production", N_("Production removed."))


def plant_options(context: Context) -> Options:
    """Return the plants to choose from."""
    locale = context.locale
    return [(str(plant.id), plant.name_zh if locale == "zh-CN" else plant.name_en) for plant in queries.all_plants(context.session)]


def furnace_options(context: Context) -> Options:
    """Return the furnaces to choose from."""
    return [(key, translate(context.locale, FURNACE_LABELS.get(key, key))) for key in furnaces()]


def _show_form(context: Context, product: Product | None, form: FormState, *, status: int = 200) -> Response:
    page = ProductFormPage(
        product=product,
        form=form,
        plants=plant_options(context),
        furnaces=furnace_options(context),
        action=f"/console/products/{product.id}" if product else "/console/products",
        version=product.version if product else 0,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/product_form.html", page, status=status)


def _show_product(context: Context, product_id: uuid.UUID, form: FormState, *, status: int = 200) -> Response:
    product = queries.get_product(context.session, product_id)
    page = ProductPage(
        product=product,
        plant=queries.get_plant(context.session, product.plant_id),
        furnace=dict(furnace_options(context)).get(product.furnace, product.furnace),
        recipe=_recipe_rows(active_model(context.session), product, context.locale)
        if context.asking.has(*RECIPE_READERS)
        else None,
        inputs=_input_rows(context, queries.inputs_of(context.session, product_id)),
        productions=queries.productions_of(context.session, product_id),
        classes=_classes(context, product),
        quality=[(BY_KEY[key].name, f"{one['value']} {one['unit']}".strip()) for key, one in (product.quality or {}).items()],
        form=form,
        may_write=context.asking.has(Role.ENGINEER),
    )
    return render_page(context, "console/product.html", page, status=status)


def _classes(context: Context, product: Product) -> Sequence[tuple[str, str]]:
    classes, chinese = classes_of(product.classifications), context.locale == "zh-CN"
    found = [
        (N_("HS code (customs)"), classes.hs),
        (N_("CPC code (United Nations)"), classes.cpc),
        (N_("Other classes"), "; ".join(classes.others)),
        (N_("Text"), (product.description_zh if chinese else product.description_en) or ""),
    ]
    return [(translate(context.locale, label), value) for label, value in found if value]


def _recipe_rows(model: Model, product: Product, locale: Locale) -> Sequence[ParameterView]:
    recipe: Mapping[str, float | str] = product.recipe
    known = recipe_parameters(model, product.furnace)
    return [view_parameter(item, locale, value=recipe[item.name]) for item in known if item.name in recipe]


def _input_rows(context: Context, inputs: Sequence[InputShare]) -> Sequence[tuple[str, Sequence[tuple[str, float | None]]]]:
    names = suppliers.names_of(context.session, {item.supplier_id for item in inputs}, context.locale)
    return [
        (flow_label(flow, context.locale), sorted(((names[item.supplier_id], item.share) for item in shares), key=_largest_first))
        for flow, shares in by_flow(inputs).items()
    ]


def _largest_first(named: tuple[str, float | None]) -> tuple[float, str]:
    name, share = named
    return -(share or 0), name
