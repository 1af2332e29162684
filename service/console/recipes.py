"""Pages that set a product up: model parameters that differ from the default, and suppliers per input."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.console.parameters import ParameterView, view_parameter
from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.i18n import translate
from service.modelling.queries import active_model
from service.products import operations, queries
from service.products.models import Product
from service.products.recipe import RECIPE_GROUPS, recipe_parameters
from service.products.rules import InputShare
from service.products.schemas import ShareForm
from service.suppliers import queries as suppliers
from service.suppliers.flows import FLOWS
from service.suppliers.queries import SupplierRow
from service.web.forms import FormInput, FormState, field_error, parse_form, rejected

router = APIRouter()

WRITERS = roles(Role.ENGINEER)


class VersionForm(FormInput):
    """The version a form was read at."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipePage:
    """The recipe form; `groups` are (title, parameters, whether any is set)."""

    product: Product
    form: FormState
    groups: Sequence[tuple[str, Sequence[ParameterView], bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowChoice:
    """One flow of the form with the suppliers that may deliver it."""

    key: str
    label: str
    suppliers: Sequence[SupplierRow]
    is_used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InputsPage:
    """The form of suppliers per input; `idle` names the inputs that no supplier delivers yet."""

    product: Product
    form: FormState
    flows: Sequence[FlowChoice]
    idle: Sequence[str]


@router.get("/console/products/{product_id}/recipe")
@endpoint(WRITERS)
def edit_recipe(context: Context, product_id: uuid.UUID) -> Response:
    """Show all parameters of the recipe; empty ones follow the model."""
    product = queries.get_product(context.session, product_id)
    values = {name: value if isinstance(value, str) else f"{value:.15g}" for name, value in product.recipe.items()}
    return _show_recipe(context, product, FormState(values=values))


@router.post("/console/products/{product_id}/recipe")
@endpoint(WRITERS)
def set_recipe(context: Context, product_id: uuid.UUID) -> Response:
    """Set the recipe."""
    product = queries.get_product(context.session, product_id)
    names = {parameter.name for parameter in recipe_parameters(active_model(context.session), product.furnace)}
    typed = {name: value for name, value in context.form.items() if name in names}
    try:
        version = _version(context.form)
        operations.set_recipe(context.session, product_id, typed, version=version, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_recipe(context, product, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/products/{product_id}", N_("Recipe saved."))


@router.get("/console/products/{product_id}/suppliers")
@endpoint(WRITERS)
def edit_inputs(context: Context, product_id: uuid.UUID) -> Response:
    """Show who may deliver what, and who does."""
    product = queries.get_product(context.session, product_id)
    values: dict[str, str] = {}
    for item in queries.inputs_of(context.session, product_id):
        values[f"use.{item.flow}.{item.supplier_id}"] = "yes"
        values[f"percent.{item.flow}.{item.supplier_id}"] = "" if item.share is None else f"{item.share * 100:.8g}"
    return _show_inputs(context, product, FormState(values=values))


@router.post("/console/products/{product_id}/suppliers")
@endpoint(WRITERS)
def set_inputs(context: Context, product_id: uuid.UUID) -> Response:
    """Set the suppliers per input."""
    product = queries.get_product(context.session, product_id)
    try:
        inputs, version = read_inputs(context.form), _version(context.form)
        operations.set_inputs(context.session, product_id, inputs, version=version, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_inputs(context, product, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/products/{product_id}", N_("Suppliers saved."))


def read_inputs(form: FormData) -> Sequence[InputShare]:
    """Read `use.<flow>.<supplier>` and `percent.<flow>.<supplier>`; a percentage alone also means that the supplier is used."""
    inputs: list[InputShare] = []
    errors: dict[str, FieldError] = {}
    for (flow, supplier), percent in _chosen(form).items():
        try:
            row = ShareForm.model_validate({"flow": flow, "supplier_id": supplier, "percent": percent.strip() or None})
            inputs.append(row.as_share())
        except ValidationError as error:
            errors[f"percent.{flow}.{supplier}"] = field_error(error.errors()[0])
    if errors:
        raise InvalidInputError(errors)
    return inputs


def _chosen(form: FormData) -> Mapping[tuple[str, str], str]:
    """Return the percentage typed, perhaps empty, by flow and supplier."""
    chosen: dict[tuple[str, str], str] = {}
    for name, value in form.items():
        kind, _, rest = name.partition(".")
        flow, _, supplier = rest.partition(".")
        if kind in {"use", "percent"} and isinstance(value, str) and value.strip():
            chosen[flow, supplier] = value if kind == "percent" else chosen.get((flow, supplier), "")
    return chosen


def _version(form: FormData) -> int:
    return parse_form(VersionForm, FormData({"version": form.get("version", "")})).version


def _show_recipe(context: Context, product: Product, form: FormState, *, status: int = 200) -> Response:
    parameters = recipe_parameters(active_model(context.session), product.furnace)
    groups = []
    for key, title in RECIPE_GROUPS.items():
        members = [view_parameter(parameter, context.locale) for parameter in parameters if parameter.group == key]
        is_set = any(form.value(parameter.name) or form.error(parameter.name) for parameter in members)
        groups.append((translate(context.locale, title), members, is_set))
    page = RecipePage(product=product, form=form, groups=[group for group in groups if group[1]])
    return render_page(context, "console/product_recipe.html", page, status=status)


def _show_inputs(context: Context, product: Product, form: FormState, *, status: int = 200) -> Response:
    chosen = [name.split(".") for name, value in form.values.items() if value and name.startswith(("use.", "percent."))]
    present = {item.supplier_id for item in queries.inputs_of(context.session, product.id)}
    rows = suppliers.all_active_suppliers(context.session, besides=present)
    flows = [
        FlowChoice(
            key=flow.key,
            label=translate(context.locale, flow.label),
            suppliers=[row for row in rows if row.supplier_type in flow.supplier_types],
            is_used=any(parts[1] == flow.key for parts in chosen),
        )
        for flow in FLOWS.values()
    ]
    page = InputsPage(
        product=product,
        form=form,
        flows=[flow for flow in flows if flow.suppliers],
        idle=[flow.label for flow in flows if not flow.suppliers],
    )
    return render_page(context, "console/product_inputs.html", page, status=status)
