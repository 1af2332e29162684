"""The parameters of the model: the table, and the page of one with its ranges, sources, alternatives and uses."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from lca_models.model import Model, Source
from lca_models.parameters import FURNACE, Default, ParameterDefinition
from service.accounts.access import STAFF, Context, endpoint
from service.accounts.pages import render_page
from service.console.choices import Options, read_filter
from service.console.footprint_words import group_name
from service.console.model_shown import ModelHead, ShownModel, chosen_furnace, furnace_options, model_head, shown_model
from service.console.model_words import (
    confidence_words,
    distribution_name,
    furnace_name,
    meaning_of,
    model_flow_name,
    process_name,
)
from service.errors import NotFoundError
from service.i18n import Locale
from service.modelling.inspection import ParameterUse, default_footprint, defaults_that_use, parameter_uses
from service.web.forms import FormInput, FormState

router = APIRouter()


class ParameterFilter(FormInput):
    """What the address of the table may hold."""

    q: str | None = Field(default=None, max_length=100)
    group: str | None = Field(default=None, max_length=40)
    furnace: str | None = Field(default=None, max_length=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterRow:
    """A parameter with its default for one furnace."""

    definition: ParameterDefinition
    meaning: str
    group: str
    href: str
    value: float | str
    default: Default | None
    distribution: str
    confidence: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParametersPage:
    """The table."""

    head: ModelHead
    rows: Sequence[ParameterRow]
    count: int
    filter: ParameterFilter
    form: FormState
    groups: Options
    furnace: str
    furnaces: Options
    version_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultRow:
    """The default with one furnace; an empty name stands for all furnaces."""

    furnace: str
    default: Default
    distribution: str
    confidence: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterPage:
    """One parameter; `uses` are (use, process, its page, flow)."""

    head: ModelHead
    definition: ParameterDefinition
    meaning: str
    group: str
    value: float | str
    defaults: Sequence[DefaultRow]
    alternatives: Sequence[tuple[str, float, str, str, str]]
    uses: Sequence[tuple[ParameterUse, str, str, str]]
    used_in_defaults: Sequence[tuple[str, str]]
    sources: Sequence[Source]
    choices: Sequence[str]
    rows_href: str | None


@router.get("/console/model/parameters")
@endpoint(STAFF)
def show_parameters(context: Context) -> Response:
    """List the parameters; filters stand in the address."""
    shown = shown_model(context)
    wanted, form = read_filter(ParameterFilter, context.request, context.locale)
    furnace = chosen_furnace(context, shown.model)
    rows = [_row(shown, one, furnace, context.locale) for one in shown.model.parameters if _is_there(one, furnace)]
    page = ParametersPage(
        head=model_head(shown, context.locale, active="/parameters"),
        rows=[row for row in rows if _fits(row, wanted)],
        count=len(rows),
        filter=wanted,
        form=form,
        groups=_groups(shown.model, context.locale),
        furnace=furnace,
        furnaces=furnace_options(shown.model, context.locale),
        version_id=str(shown.version.id) if shown.version else "",
    )
    return render_page(context, "console/model_parameters.html", page)


@router.get("/console/model/parameters/{parameter}")
@endpoint(STAFF)
def show_parameter(context: Context, parameter: str) -> Response:
    """Show one parameter."""
    shown = shown_model(context)
    definition = shown.model.definitions.get(parameter)
    if definition is None:
        raise NotFoundError
    return render_page(context, "console/model_parameter.html", _parameter_page(shown, definition, context))


def _is_there(definition: ParameterDefinition, furnace: str) -> bool:
    return bool(definition.choices) or definition.default_for(furnace) is not None


def _row(shown: ShownModel, definition: ParameterDefinition, furnace: str, locale: Locale) -> ParameterRow:
    default = definition.default_for(furnace)
    return ParameterRow(
        definition=definition,
        meaning=meaning_of(shown.model, definition.name, locale),
        group=group_name(definition.group, locale),
        href=shown.link(f"/parameters/{definition.name}"),
        value=_value(shown.model, definition, furnace, locale),
        default=default,
        distribution=distribution_name(default.shape.value, locale) if default else "–",
        confidence=confidence_words(default.confidence if default else "", locale),
    )


def _value(model: Model, definition: ParameterDefinition, furnace: str, locale: Locale) -> float | str:
    value = default_footprint(model, furnace).parameters.get(definition.name, definition.default)
    return furnace_name(value, locale) if isinstance(value, str) else value


def _fits(row: ParameterRow, wanted: ParameterFilter) -> bool:
    words = (wanted.q or "").casefold().split()
    definition = row.definition
    text = f"{definition.name} {definition.meaning_en} {definition.meaning_zh} {definition.source}".casefold()
    return (not wanted.group or definition.group == wanted.group) and all(word in text for word in words)


def _groups(model: Model, locale: Locale) -> Options:
    return [(group, group_name(group, locale)) for group in dict.fromkeys(one.group for one in model.parameters)]


def _parameter_page(shown: ShownModel, definition: ParameterDefinition, context: Context) -> ParameterPage:
    model, locale = shown.model, context.locale
    uses = parameter_uses(model, definition.name)
    keys = {key for default in definition.defaults.values() for key in default.sources}
    keys |= {key for one in definition.alternatives.values() for key in one.sources}
    return ParameterPage(
        head=model_head(shown, locale, active="/parameters"),
        definition=definition,
        meaning=meaning_of(model, definition.name, locale),
        group=group_name(definition.group, locale),
        value=_value(model, definition, chosen_furnace(context, model), locale),
        defaults=[_default_row(furnace, default, locale) for furnace, default in definition.defaults.items()],
        alternatives=[
            (name, one.value, one.reason_zh if locale == "zh-CN" else one.reason_en, one.note, "; ".join(one.sources))
            for name, one in definition.alternatives.items()
        ],
        uses=[(use, *_place(shown, use, locale)) for use in uses],
        used_in_defaults=[
            (meaning_of(model, name, locale), shown.link(f"/parameters/{name}"))
            for name in defaults_that_use(model, definition.name)
        ],
        sources=[model.sources[key] for key in sorted(keys)],
        rows_href=shown.rows_link("parameters.csv", definition.name),
        choices=[furnace_name(choice, locale) if definition.name == FURNACE else choice for choice in definition.choices],
    )


def _default_row(furnace: str, default: Default, locale: Locale) -> DefaultRow:
    return DefaultRow(
        furnace=furnace_name(furnace, locale) if furnace else "",
        default=default,
        distribution=distribution_name(default.shape.value, locale),
        confidence=confidence_words(default.confidence, locale),
    )


def _place(shown: ShownModel, use: ParameterUse, locale: Locale) -> tuple[str, str, str]:
    """Return name and page of the process, and the flow, of a use."""
    model = shown.model
    process = next(name for name in model.processes if name.partition(":")[0] == use.process)
    return process_name(model, use.process, locale), shown.link(f"/processes/{process}"), model_flow_name(model, use.flow, locale)
