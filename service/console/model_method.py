"""The method page: the equations of the model, printed from the model itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from lca_models.electricity import ElectricityView
from lca_models.inventory import Direction
from lca_models.model import PRODUCT, Model
from lca_models.parameters import FURNACE
from service.accounts.access import STAFF, Context, endpoint
from service.accounts.pages import render_page
from service.console.choices import Options
from service.console.model_shown import ModelHead, ShownModel, chosen_furnace, furnace_options, model_head, shown_model
from service.console.model_words import direction_name, furnace_name, meaning_of, model_flow_name, process_name
from service.i18n import Locale
from service.modelling.equations import ProcessEquations, Symbol, equations_of, readable, technosphere_of
from service.modelling.inspection import ExchangeLine, default_footprint

router = APIRouter()

SHOWN_REGIONS = "province:"
"""Views of single provinces are many and alike; the electricity pages have them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EquationRow:
    """An amount as an equation."""

    name: str
    direction: str
    part: str
    right_side: str
    amount: float
    unit: str
    factor: str
    factor_href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolRow:
    """What a name in an equation means."""

    symbol: Symbol
    meaning: str
    href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRow:
    """The equations of a process."""

    code: str
    name: str
    href: str
    product: str
    unit: str
    equations: Sequence[EquationRow]
    symbols: Sequence[SymbolRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodPage:
    """The method of a model version.

    Attributes
    ----------
    matrix
        (code, name, row of A, level, kg CO2e per kg) by product.
    choices
        (meaning, page, words, the default) of the parameters that are choices.
    views
        (view, name).

    """

    head: ModelHead
    product: str
    furnace: str
    furnace_name: str
    furnaces: Options
    version_id: str
    total_kg_co2e: float
    processes: Sequence[ProcessRow]
    matrix_columns: list[tuple[str, str]]
    matrix: Sequence[tuple[str, str, Sequence[float], float, float]]
    choices: Sequence[tuple[str, str, Sequence[str], str]]
    views: Sequence[tuple[ElectricityView, str]]
    contents: Sequence[tuple[str, float]]
    gases_href: str


@router.get("/console/model/method")
@endpoint(STAFF)
def show_method(context: Context) -> Response:
    """Print the equations of a route."""
    shown = shown_model(context)
    return render_page(
        context, "console/model_method.html", _method_page(shown, chosen_furnace(context, shown.model), context.locale)
    )


def _method_page(shown: ShownModel, furnace: str, locale: Locale) -> MethodPage:
    model = shown.model
    matrix = technosphere_of(model, furnace)
    rows = zip(matrix.processes, matrix.values, matrix.levels, matrix.own_kg_co2e, strict=True)
    return MethodPage(
        head=model_head(shown, locale, active="/method"),
        product=model_flow_name(model, PRODUCT, locale),
        furnace=furnace,
        furnace_name=furnace_name(furnace, locale),
        furnaces=furnace_options(model, locale),
        version_id=str(shown.version.id) if shown.version else "",
        total_kg_co2e=default_footprint(model, furnace).total_kg_co2e,
        processes=[_process(shown, one, furnace, locale) for one in equations_of(model, furnace)],
        matrix_columns=[(_code(name), "number") for name in matrix.processes],
        matrix=[
            (_code(name), model_flow_name(model, model.processes[name].reference.flow, locale), values, level, own)
            for name, values, level, own in rows
        ],
        choices=_choices(shown, locale),
        views=_views(model, locale),
        gases_href=shown.link("/factors", kind="gwp100"),
        contents=[(model_flow_name(model, flow, locale), value) for flow, value in model.carbon_contents.items()],
    )


def _code(process: str) -> str:
    """Return the short code of a process: P7b of the toll transport."""
    return process.partition("_")[0]


def _process(shown: ShownModel, one: ProcessEquations, furnace: str, locale: Locale) -> ProcessRow:
    model = shown.model
    reference = model.processes[one.process].reference
    return ProcessRow(
        code=_code(one.process),
        name=process_name(model, one.process, locale),
        href=shown.link(f"/processes/{one.process}", furnace=furnace),
        product=model_flow_name(model, reference.flow, locale),
        unit=reference.unit,
        equations=[_equation(shown, line, locale) for line in one.lines],
        symbols=[_symbol(shown, symbol, locale) for symbol in one.symbols],
    )


def _equation(shown: ShownModel, line: ExchangeLine, locale: Locale) -> EquationRow:
    exchange, formula = line.exchange, line.formula
    factor = formula.factor_parameter if formula else ""
    is_emission = exchange.direction is Direction.EMISSION_AIR
    return EquationRow(
        name=model_flow_name(shown.model, exchange.flow, locale),
        direction=direction_name(exchange.direction.value, locale),
        part=formula.part if formula else "",
        right_side=readable(formula.formula) if formula else f"{exchange.amount:g}",
        amount=line.amount,
        unit=exchange.unit,
        factor=factor or ("GWP100" if is_emission and line.kg_co2e_per_kg is not None else ""),
        factor_href=shown.link(f"/parameters/{factor}") if factor else None,
    )


def _symbol(shown: ShownModel, symbol: Symbol, locale: Locale) -> SymbolRow:
    if symbol.is_constant:
        flow = symbol.name.partition("_")[2]
        return SymbolRow(symbol=symbol, meaning=model_flow_name(shown.model, flow, locale), href=None)
    return SymbolRow(
        symbol=symbol,
        meaning=meaning_of(shown.model, symbol.name, locale),
        href=shown.link(f"/parameters/{symbol.name}"),
    )


def _choices(shown: ShownModel, locale: Locale) -> Sequence[tuple[str, str, Sequence[str], str]]:
    return [
        (meaning_of(shown.model, one.name, locale), shown.link(f"/parameters/{one.name}"), one.choices, str(one.default))
        for one in shown.model.parameters
        if one.choices and one.name != FURNACE
    ]


def _views(model: Model, locale: Locale) -> Sequence[tuple[ElectricityView, str]]:
    views = [view for key, view in model.electricity.views.items() if not key.startswith(SHOWN_REGIONS)]
    return [(view, view.name_zh if locale == "zh-CN" else view.name_en) for view in views]
