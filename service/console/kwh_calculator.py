"""What a kilogram of anode material means per kilowatt hour of battery: for talks with cell makers. Nothing is stored."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.errors import N_, NotFoundError, ServiceError
from service.exports.energy import PerKwh, per_kwh
from service.exports.facts import facts_of
from service.exports.schemas import KwhInput
from service.i18n import translate
from service.product_footprints.disclosure import READERS
from service.product_footprints.queries import all_active, get_product_footprint
from service.products.queries import get_product
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

MOST_TYPED: Final = 20
LINES: Final[Mapping[str, str]] = {
    "total": N_("Anode material in all"),
    "low": N_("Lower end of the interval"),
    "high": N_("Upper end of the interval"),
    "raw_material": N_("Raw material acquisition and pre-processing"),
    "production": N_("Main production"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KwhPage:
    """The form and, once it is filled in, what comes out.

    Attributes
    ----------
    footprints
        (id, product and figure) of what can be filled in from.
    lines
        (label, per kg, per kWh of capacity, per kWh delivered or None).

    """

    form: FormState
    chosen: str
    footprints: Sequence[tuple[str, str]]
    typed: KwhInput | None
    found: PerKwh | None
    lines: Sequence[tuple[str, float, float, float | None]]


@router.get("/console/kwh-calculator")
@endpoint(READERS)
def show_calculator(context: Context) -> Response:
    """Show the form, filled in from a declared footprint where one is chosen, and the result once everything is there."""
    query = FormData([(name, value[:MOST_TYPED]) for name, value in context.request.query_params.multi_items() if name in _NAMES])
    chosen = context.request.query_params.get("from", "")
    typed, form = None, FormState(values={**_filled_in(context, chosen), **{name: str(query[name]) for name in query}})
    if "grams" in query:
        try:
            typed = parse_form(KwhInput, query)
        except ServiceError as error:
            form = rejected(query, error, context.locale)
    return _show(context, form, typed, chosen=chosen)


_NAMES: Final = frozenset(KwhInput.model_fields)


def _show(context: Context, form: FormState, typed: KwhInput | None, *, chosen: str) -> Response:
    found = None if typed is None else per_kwh(typed.figures, typed.use)
    page = KwhPage(
        form=form,
        chosen=chosen,
        footprints=[(str(one.id), _label(context, one.product_id, one.document)) for one in all_active(context.session)],
        typed=typed,
        found=found,
        lines=() if typed is None or found is None else _lines(context, typed, found),
    )
    status = 422 if form.errors else 200
    return render_page(context, "console/kwh_calculator.html", page, status=status)


def _label(context: Context, product_id: uuid.UUID, document: Mapping[str, Mapping[str, str]]) -> str:
    grade = get_product(context.session, product_id).grade
    return f"{grade} · {document['pcf']['pcfExcludingBiogenicUptake']} kg CO₂e/kg"


def _lines(context: Context, typed: KwhInput, found: PerKwh) -> list[tuple[str, float, float, float | None]]:
    return [
        (
            translate(context.locale, LINES[key]),
            value,
            found.of_capacity[key],
            None if found.of_life is None else found.of_life[key],
        )
        for key, value in typed.figures.items()
    ]


def _filled_in(context: Context, chosen: str) -> dict[str, str]:
    """Return total and stages of a declared footprint, as they are handed out; nothing where none is chosen."""
    if not chosen:
        return {}
    try:
        declared_id = uuid.UUID(chosen)
    except ValueError as error:
        raise NotFoundError from error
    facts = facts_of(context.session, get_product_footprint(context.session, declared_id), settings=context.settings)
    split = facts.life_cycle
    stages = {} if split is None else {"raw_material": str(split.raw_material), "production": str(split.main_production)}
    total = facts.pcf["pcfExcludingBiogenicUptake"] if split is None else str(split.total)
    return {"footprint": total, **stages}
