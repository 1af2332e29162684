"""Pages on scenarios: the library to pick from, and the maker's own."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.responses import Response

from lca_models.parameters import ParameterDefinition
from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.accounts.queries import names_of_actors
from service.console import scenario_words as words
from service.console.choices import Options
from service.console.footprint_words import choice_name, group_name
from service.console.recipes import FlowChoice, read_inputs
from service.database import new_id
from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.footprints import queries as footprints
from service.footprints.disclosure import INSIDERS
from service.footprints.queries import RecordFilter
from service.i18n import Locale, translate
from service.modelling.queries import active_model
from service.scenarios import operations, queries
from service.scenarios.models import OwnScenario, ScenarioVersion
from service.scenarios.queries import LibraryEntry
from service.scenarios.rules import PARAMETER
from service.scenarios.schemas import ScenarioInput
from service.suppliers import queries as suppliers
from service.suppliers.flows import FLOWS
from service.web.formatting import format_exact
from service.web.forms import FormInput, FormState, field_error, field_name, parse_form, rejected

router = APIRouter()

WRITERS = roles(Role.ENGINEER)
_SHOWN_RECORDS = 50
_LONGEST_VALUE = 80


class VersionForm(FormInput):
    """The version a form was read at."""

    version: int


class ActivityForm(VersionForm):
    """The button that switches a scenario off or on."""

    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioLine:
    """A scenario in the library; `settings` are (what, to which value)."""

    entry: LibraryEntry
    name: str
    reasoning: str
    settings: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenariosPage:
    """The library; `groups` are (key, title, scenarios)."""

    groups: Sequence[tuple[str, str, Sequence[ScenarioLine]]]
    bases: Options
    switched_off: Sequence[tuple[OwnScenario, str]]
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterField:
    """One parameter in the form.

    Attributes
    ----------
    hint
        Default and usual range, or the alternatives that may be typed by name.

    """

    name: str
    meaning: str
    unit: str
    default: str
    alternatives: str
    choices: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioFormPage:
    """The form, for a new scenario if `scenario` is None; `groups` are (title, parameters, whether any is set)."""

    scenario: OwnScenario | None
    name: str
    form: FormState
    views: Options
    groups: Sequence[tuple[str, Sequence[ParameterField], bool]]
    flows: Sequence[FlowChoice]
    history: Sequence[tuple[ScenarioVersion, str]]
    action: str
    idempotency_key: str


@router.get("/console/scenarios")
@endpoint(INSIDERS)
def show_scenarios(context: Context) -> Response:
    """Show the library to pick from."""
    lines = [_line(context, entry) for entry in queries.library(context.session).values()]
    page = ScenariosPage(
        groups=[
            (key, title, members)
            for key, title in words.GROUPS.items()
            if (members := [line for line in lines if line.entry.scenario.group == key])
        ],
        bases=base_options(context),
        switched_off=[
            (own, said.name_zh if context.locale == "zh-CN" else said.name_en)
            for own, said in queries.own_scenarios(context.session, inactive=True)
            if not own.is_active
        ],
        may_write=context.asking.has(Role.ENGINEER),
    )
    return render_page(context, "console/scenarios.html", page)


def base_options(context: Context) -> Options:
    """Return the footprints that scenarios may be laid over; the empty key is the model's default."""
    rows = footprints.find_records(context.session, RecordFilter(), limit=_SHOWN_RECORDS).rows
    default = translate(context.locale, N_("The model's default"))
    return [("", default), *((str(row.id), f"{row.grade} · {row.number} · {row.period_start} – {row.period_end}") for row in rows)]


def _line(context: Context, entry: LibraryEntry) -> ScenarioLine:
    locale, model = context.locale, active_model(context.session)
    mix = [
        (translate(locale, FLOWS[share.flow].label), translate(locale, N_("another mix of suppliers")))
        for share in {share.flow: share for share in entry.supplier_shares}.values()
    ]
    return ScenarioLine(
        entry=entry,
        name=words.scenario_name(entry.scenario, locale),
        reasoning=words.reasoning(entry.scenario, locale),
        settings=[*words.settings_of(model, entry.scenario, locale), *mix],
    )


@router.get("/console/scenarios/new")
@endpoint(WRITERS)
def new_scenario(context: Context) -> Response:
    """Show an empty form."""
    return _show_form(context, None, FormState())


@router.post("/console/scenarios")
@endpoint(WRITERS)
def create_scenario(context: Context) -> Response:
    """Add a scenario."""
    try:
        operations.create_scenario(context.session, read_scenario(context.form), by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_form(context, None, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, "/console/scenarios", N_("Scenario added."))


@router.get("/console/scenarios/{scenario_id}/edit")
@endpoint(WRITERS)
def edit_scenario(context: Context, scenario_id: uuid.UUID) -> Response:
    """Show the form with what the scenario says."""
    own, said = queries.get_scenario(context.session, scenario_id)
    return _show_form(context, own, FormState(values=_typed(said)))


@router.post("/console/scenarios/{scenario_id}")
@endpoint(WRITERS)
def change_scenario(context: Context, scenario_id: uuid.UUID) -> Response:
    """Change a scenario."""
    own, _ = queries.get_scenario(context.session, scenario_id)
    try:
        content = read_scenario(context.form)
        version = parse_form(VersionForm, FormData({"version": context.form.get("version", "")})).version
        operations.change_scenario(context.session, own.id, content, version=version, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_form(context, own, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, "/console/scenarios", N_("Saved."))


@router.post("/console/scenarios/{scenario_id}/activity")
@endpoint(WRITERS)
def set_activity(context: Context, scenario_id: uuid.UUID) -> Response:
    """Switch a scenario off or on."""
    wanted = parse_form(ActivityForm, context.form)
    operations.set_scenario_active(
        context.session, scenario_id, active=wanted.active, version=wanted.version, by=context.asking.actor, at=context.at
    )
    return see_other(context, "/console/scenarios", N_("Saved."))


def read_scenario(form: FormData) -> ScenarioInput:
    """Read a scenario: head fields, ``parameter.<name>``, and shares as on the page of a product's suppliers.

    Raises
    ------
    InvalidInputError
        By field of the form.

    """
    heads = {name: str(form.get(name, "")).strip() or None for name in ("name_zh", "name_en", "reasoning", "electricity")}
    given = {name: value for name, value in heads.items() if value is not None}
    shares = [{"flow": one.flow, "supplier_id": one.supplier_id, "share": one.share} for one in read_inputs(form)]
    try:
        return ScenarioInput.model_validate({**given, "parameters": _parameters(form), "supplier_shares": shares})
    except ValidationError as error:
        raise InvalidInputError({field_name(item): field_error(item) for item in error.errors()}) from error


def _parameters(form: FormData) -> dict[str, float | str]:
    """Return what was typed: a number where it reads as one, else the word, which the model judges."""
    typed = {
        name.removeprefix(PARAMETER): value.strip()
        for name, value in form.items()
        if name.startswith(PARAMETER) and not name.endswith("_unit") and isinstance(value, str) and value.strip()
    }
    too_long = next((name for name, text in typed.items() if len(text) > _LONGEST_VALUE), None)
    if too_long is not None:
        problem = FieldError(N_("At most %(max_length)s characters; shorten this."), max_length=_LONGEST_VALUE)
        raise InvalidInputError({f"{PARAMETER}{too_long}": problem})
    return {name: _number_or_word(text) for name, text in typed.items()}


def _number_or_word(text: str) -> float | str:
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        return text
    return number if abs(number) < float("inf") else text


def _typed(said: ScenarioVersion) -> Mapping[str, str]:
    values = {"name_zh": said.name_zh, "name_en": said.name_en, "reasoning": said.reasoning, "electricity": said.electricity or ""}
    for name, value in said.parameters.items():
        values[f"{PARAMETER}{name}"] = value if isinstance(value, str) else f"{value:.15g}"
    for share in queries.shares_of(said):
        values[f"use.{share.flow}.{share.supplier_id}"] = "yes"
        values[f"percent.{share.flow}.{share.supplier_id}"] = "" if share.share is None else f"{share.share * 100:.8g}"
    return values


def _show_form(context: Context, own: OwnScenario | None, form: FormState, *, status: int = 200) -> Response:
    history = queries.versions_of(context.session, own.id) if own else ()
    people = names_of_actors(context.session, [one.written_by for one in history])
    page = ScenarioFormPage(
        scenario=own,
        name="" if not history else (history[0].name_zh if context.locale == "zh-CN" else history[0].name_en),
        form=form,
        views=words.view_options(active_model(context.session), context.locale),
        groups=_parameter_groups(context, form),
        flows=_flows(context, form),
        history=[(one, people.get(one.written_by, one.written_by)) for one in history],
        action=f"/console/scenarios/{own.id}" if own else "/console/scenarios",
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/scenario_form.html", page, status=status)


def _parameter_groups(context: Context, form: FormState) -> list[tuple[str, Sequence[ParameterField], bool]]:
    groups: dict[str, list[ParameterField]] = {}
    for definition in active_model(context.session).parameters:
        groups.setdefault(definition.group, []).append(_field(definition, context.locale))
    return [
        (group_name(group, context.locale), fields, any(form.value(one.name) or form.error(one.name) for one in fields))
        for group, fields in groups.items()
    ]


def _field(definition: ParameterDefinition, locale: Locale) -> ParameterField:
    default: Any = definition.default
    return ParameterField(
        name=f"{PARAMETER}{definition.name}",
        meaning=words.meaning(definition, locale),
        unit="" if definition.unit == "1" else definition.unit,
        default=str(choice_name(default, locale)) if isinstance(default, str) else format_exact(float(f"{default:.4g}"), locale),
        alternatives=", ".join(definition.alternatives),
        choices=[(choice, str(choice_name(choice, locale))) for choice in definition.choices],
    )


def _flows(context: Context, form: FormState) -> list[FlowChoice]:
    used = {name.split(".")[1] for name, value in form.values.items() if value and name.startswith(("use.", "percent."))}
    rows = suppliers.all_active_suppliers(context.session)
    choices = [
        FlowChoice(
            key=flow.key,
            label=translate(context.locale, flow.label),
            suppliers=[row for row in rows if row.supplier_type in flow.supplier_types],
            is_used=flow.key in used or form.error(flow.key) is not None,
        )
        for flow in FLOWS.values()
    ]
    return [choice for choice in choices if choice.suppliers]
