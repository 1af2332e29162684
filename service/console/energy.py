"""The energy page: a year in both conventions by carrier, site and month, meters against sub-meters, the fuel-switch planner."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from pydantic import Field, field_validator
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.company_inventory.energy import GIVEN_AWAY, differing
from service.company_inventory.energy_balance import MeterBalance, meter_balances, monthly_tce, year_amounts
from service.company_inventory.factors import GJ_PER_TCE, equal_value
from service.company_inventory.fuel_switch import Switch, SwitchEffect, effect_of, switchable
from service.company_inventory.inventories import inventory_of, inventory_years
from service.company_inventory.inventory import Inventory
from service.company_inventory.lines import EnergyLine
from service.company_inventory.words import subject_words
from service.console.choices import Options, read_filter
from service.console.company_inventory_shown import Words
from service.console.monitoring_words import entry_href
from service.errors import N_, InvalidInputError, ServiceError
from service.i18n import explain, translate
from service.modelling.queries import active_model
from service.monitoring.carriers import carriers
from service.monitoring.months import months_between
from service.plan.policies import PLAN_READERS
from service.products.queries import get_plant
from service.web.forms import FieldErrorInValidator, FormInput, FormState

router = APIRouter()

_PERCENT = 100.0
Percent = Annotated[float, Field(gt=0, le=1000)]


class SwitchInput(FormInput):
    """The planner's form; it stands in the address, because nothing is kept."""

    year: int | None = Field(default=None, ge=2000, le=2100)
    site: uuid.UUID | None = None
    carrier: str | None = Field(default=None, max_length=40)
    new_carrier: str | None = Field(default=None, max_length=40)
    amount: float | None = Field(default=None, ge=0, le=1e12)
    efficiency: Percent | None = None
    new_efficiency: Percent | None = None
    price_cny: float | None = Field(default=None, ge=0, le=1e6)
    new_price_cny: float | None = Field(default=None, ge=0, le=1e6)
    green_percent: float | None = Field(default=None, ge=0, le=100)

    @field_validator("carrier", "new_carrier")
    @classmethod
    def can_be_switched(cls, value: str | None) -> str | None:
        """Refuse what is no carrier of energy."""
        if value is not None and value not in switchable():
            raise FieldErrorInValidator(N_("“%(input)s” is not one of the choices; pick one from the list."), input=value)
        return value


_SWITCH_NAME: Final = N_("%(new)s instead of %(old)s")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEnergy:
    """One carrier of one site."""

    site: str
    carrier: str
    line: EnergyLine
    is_out: bool
    is_unverified: bool
    differs: bool
    entries: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBalance:
    """A main meter and what is behind it."""

    site: str
    carrier: str
    href: str
    balance: MeterBalance


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEffect:
    """What a switch changes; rows are (label, unit, today, new, change)."""

    replaced: str
    new: str
    effect: SwitchEffect
    rows: Sequence[tuple[str, str, float | None, float | None, float | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyPage:
    """A year's energy, and the planner."""

    year: int | None
    years: Sequence[tuple[int, bool]]
    inventory: Inventory | None
    gj_of_tce: float
    coefficient: tuple[float, int | None, bool] | None
    lines: Sequence[ShownEnergy]
    months: Sequence[str]
    by_month: Sequence[tuple[str, Sequence[float | None], float]]
    balances: Sequence[ShownBalance]
    form: FormState
    sites: Options
    carriers: Options
    shown: ShownEffect | None
    measure_href: str | None


@router.get("/console/plan/energy")
@endpoint(PLAN_READERS)
def show_energy(context: Context) -> Response:
    """Show a year's energy; with the planner's fields in the address also what a switch would change."""
    wanted, form = read_filter(SwitchInput, context.request, context.locale)
    words = Words(context)
    years = inventory_years(context.session)
    year = wanted.year if wanted.year in years else (years[-1] if years else None)
    inventory = inventory_of(context.session, year, at=context.at) if year is not None else None
    shown, form = _planned(context, wanted, form, inventory, words)
    amounts = year_amounts(context.session, year) if year is not None else []
    coefficient = equal_value(year) if year is not None else None
    page = EnergyPage(
        year=year,
        years=[(one, one == year) for one in years],
        inventory=inventory,
        gj_of_tce=inventory.energy_tce * GJ_PER_TCE if inventory else 0.0,
        coefficient=(coefficient.value, coefficient.year, coefficient.confidence == "memory") if coefficient else None,
        lines=_lines(inventory, words) if inventory else [],
        months=[str(month) for month in range(1, 13)],
        by_month=_by_month(inventory, words, context) if inventory else [],
        balances=[_balance(one, words) for one in meter_balances(amounts)],
        form=form,
        sites=[(str(key), name) for key, name in words.sites.items()],
        carriers=[(key, words.pick(subject_words(key))) for key in switchable()],
        shown=shown,
        measure_href=_measure_href(wanted, shown, context) if shown else None,
    )
    return render_page(context, "console/plan_energy.html", page, status=422 if form.errors else 200)


def _lines(inventory: Inventory, words: Words) -> Sequence[ShownEnergy]:
    apart = {id(one) for one in differing(inventory.energy)}
    return [
        ShownEnergy(
            site=words.site(one.plant_id),
            carrier=words.pick(subject_words(one.carrier)),
            line=one,
            is_out=one.carrier in GIVEN_AWAY,
            is_unverified=one.confidence == "memory",
            differs=id(one) in apart,
            entries=[(str(place), entry_href(entry_id)) for place, entry_id in enumerate(one.entry_ids, start=1)],
        )
        for one in inventory.energy
    ]


def _by_month(inventory: Inventory, words: Words, context: Context) -> Sequence[tuple[str, Sequence[float | None], float]]:
    found = monthly_tce(year_amounts(context.session, inventory.year), factor_set=inventory.factor_set)
    months = months_between(date(inventory.year, 1, 1), date(inventory.year, 12, 1))
    return [
        (words.site(plant_id), [of_month.get(month) for month in months], sum(of_month.values()))
        for plant_id, of_month in found.items()
    ]


def _balance(one: MeterBalance, words: Words) -> ShownBalance:
    return ShownBalance(
        site=words.site(one.plant_id),
        carrier=words.pick(subject_words(one.carrier)),
        href=f"/console/plan/monitoring/sources/{one.source_id}",
        balance=one,
    )


# ---- The planner ----


def _planned(
    context: Context, wanted: SwitchInput, form: FormState, inventory: Inventory | None, words: Words
) -> tuple[ShownEffect | None, FormState]:
    """Return what the switch in the address changes; None where its fields are not all given."""
    if inventory is None or wanted.site is None or wanted.carrier is None or wanted.new_carrier is None or wanted.amount is None:
        return None, form
    switch = Switch(
        carrier=wanted.carrier,
        new_carrier=wanted.new_carrier,
        amount=wanted.amount,
        efficiency=(wanted.efficiency or _PERCENT) / _PERCENT,
        new_efficiency=(wanted.new_efficiency or _PERCENT) / _PERCENT,
        price_cny=wanted.price_cny,
        new_price_cny=wanted.new_price_cny,
        green_share=(wanted.green_percent or 0.0) / _PERCENT,
    )
    try:
        effect = effect_of(
            switch,
            province=get_plant(context.session, wanted.site).province_code,
            year=inventory.year,
            factor_set=inventory.factor_set,
            model=active_model(context.session),
        )
    except InvalidInputError as error:
        errors = {name: explain(context.locale, one) for name, one in error.fields.items()}
        return None, FormState(values=form.values, errors=errors)
    except ServiceError as error:
        return None, FormState(values=form.values, errors={"": explain(context.locale, error)})
    return _shown(effect, words), form


def _measure_href(wanted: SwitchInput, shown: ShownEffect, context: Context) -> str:
    """Return the form of a measure with the switch's name and what was calculated; which parameters it sets is for its author."""
    old, new = (carriers()[key] for key in (wanted.carrier or "", wanted.new_carrier or ""))
    effects = [
        f"{translate(context.locale, label)}: {change:+.4g} {unit}"
        for label, unit, _, _, change in shown.rows
        if change is not None
    ]
    filled = {
        "name_zh": translate("zh-CN", _SWITCH_NAME) % {"new": new.name_zh, "old": old.name_zh},
        "name_en": translate("en", _SWITCH_NAME) % {"new": new.name_en, "old": old.name_en},
        "reasoning": "; ".join([f"{wanted.amount:g} {old.unit}", *effects]),
    }
    return f"/console/plan/measures/new?{urlencode(filled)}"


def _shown(effect: SwitchEffect, words: Words) -> ShownEffect:
    old, new = effect.replaced, effect.new
    rows: Sequence[tuple[str, str, float | None, float | None, float | None]] = [
        (N_("Energy, calorific equivalent"), "tce", old.tce, new.tce, effect.tce),
        (N_("Energy, equal value"), "tce", old.tce_equal_value, new.tce_equal_value, effect.tce_equal_value),
        (N_("Energy by calorific values"), "GJ", old.gj, new.gj, effect.gj),
        (N_("Direct emissions (Scope 1)"), "t CO₂", old.scope_1_t_co2, new.scope_1_t_co2, effect.scope_1_t_co2),
        (
            N_("Scope 2 by the grid of the province"),
            "t CO₂",
            old.scope_2_location_t_co2,
            new.scope_2_location_t_co2,
            effect.scope_2_location_t_co2,
        ),
        (
            N_("Scope 2 by what is claimed"),
            "t CO₂",
            old.scope_2_market_t_co2,
            new.scope_2_market_t_co2,
            effect.scope_2_market_t_co2,
        ),
        (N_("Cost in a year"), "CNY", old.cost_cny, new.cost_cny, effect.cost_cny),
    ]
    return ShownEffect(
        replaced=words.pick(subject_words(old.carrier)),
        new=words.pick(subject_words(new.carrier)),
        effect=effect,
        rows=[(words.say(label), unit, one, other, change) for label, unit, one, other, change in rows],
    )
