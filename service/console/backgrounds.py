"""Pages on licensed backgrounds: what there is, what it gives, whether it is in use. The inventory itself is never shown."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from lca_models.background.categories import IN_TOTAL
from lca_models.background.store import open_background
from lca_models.model import Model
from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.backgrounds import operations, queries
from service.backgrounds.files import folder_of
from service.backgrounds.models import Background, BackgroundFactor
from service.backgrounds.queries import FoundActivity
from service.backgrounds.rules import explained, takes_background
from service.backgrounds.schemas import ActivityFilter, BackgroundSwitch, FactorInput, FactorRemoval
from service.console.choices import Options, read_filter
from service.errors import N_, ServiceError
from service.i18n import Locale
from service.modelling.queries import active_model
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

_PATH: Final = "/console/backgrounds"
LISTERS = roles(Role.ENGINEER, Role.REVIEWER, Role.AUDITOR, Role.ADMIN)
READERS = roles(Role.ENGINEER, Role.REVIEWER, Role.AUDITOR)
WRITERS = roles(Role.ENGINEER)
SWITCHERS = roles(Role.ENGINEER, Role.ADMIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundsPage:
    """All backgrounds; `rows` are (background, number of parameters it gives)."""

    rows: Sequence[tuple[Background, int]]
    may_read: bool
    may_switch: bool
    form: FormState


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRow:
    """A parameter and what it takes."""

    factor: BackgroundFactor
    meaning: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRow:
    """An activity that a search found, with its score per unit of its product."""

    found: FoundActivity
    kg_co2e_per_unit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundPage:
    """One background.

    Attributes
    ----------
    unmatched
        Flows that look like greenhouse gases and count nothing.
    parameters
        Those that may take a value from a background.
    activities
        None if nobody has searched yet.

    """

    background: Background
    factors: Sequence[FactorRow]
    unmatched: Sequence[str]
    parameters: Options
    filter: ActivityFilter
    activities: Sequence[ActivityRow] | None
    most: int
    may_write: bool
    form: FormState


@router.get("/console/backgrounds")
@endpoint(LISTERS)
def show_backgrounds(context: Context) -> Response:
    """List the backgrounds."""
    return _show_list(context, FormState())


@router.get("/console/backgrounds/{background_id}")
@endpoint(READERS)
def show_background(context: Context, background_id: uuid.UUID) -> Response:
    """Show what a background gives, and find activities in it."""
    background = queries.get_background(context.session, background_id)
    wanted, form = read_filter(ActivityFilter, context.request, context.locale)
    return _show(context, background, wanted, form)


@router.post("/console/backgrounds/{background_id}/enable")
@endpoint(SWITCHERS)
def enable(context: Context, background_id: uuid.UUID) -> Response:
    """Put a background into use."""
    return _switch(context, background_id, is_enabled=True)


@router.post("/console/backgrounds/{background_id}/disable")
@endpoint(SWITCHERS)
def disable(context: Context, background_id: uuid.UUID) -> Response:
    """Take a background out of use."""
    return _switch(context, background_id, is_enabled=False)


@router.post("/console/backgrounds/{background_id}/factors")
@endpoint(WRITERS)
def set_factor(context: Context, background_id: uuid.UUID) -> Response:
    """Let a parameter take its value from an activity."""
    background = queries.get_background(context.session, background_id)
    try:
        fields = parse_form(FactorInput, context.form)
        operations.set_factor(
            context.session,
            background,
            parameter=fields.parameter,
            activity=fields.activity,
            model=active_model(context.session),
            data_dir=context.settings.data_dir,
            by=context.asking.actor,
            at=context.at,
        )
    except ServiceError as error:
        return _show(context, background, ActivityFilter(), rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"{_PATH}/{background.id}", N_("Saved."))


@router.post("/console/backgrounds/{background_id}/factors/remove")
@endpoint(WRITERS)
def remove_factor(context: Context, background_id: uuid.UUID) -> Response:
    """Let a parameter have its default again."""
    background = queries.get_background(context.session, background_id)
    fields = parse_form(FactorRemoval, context.form)
    operations.remove_factor(context.session, background, parameter=fields.parameter, by=context.asking.actor, at=context.at)
    return see_other(context, f"{_PATH}/{background.id}", N_("Saved."))


def _switch(context: Context, background_id: uuid.UUID, *, is_enabled: bool) -> Response:
    background = queries.get_background(context.session, background_id)
    try:
        seen = parse_form(BackgroundSwitch, context.form)
        operations.set_enabled(
            context.session, background, is_enabled=is_enabled, version=seen.version, by=context.asking.actor, at=context.at
        )
    except ServiceError as error:
        return _show_list(context, rejected(context.form, error, context.locale), status=error.status)
    message = (
        N_("The background is in use: new calculations take its factors.") if is_enabled else N_("The background is not in use.")
    )
    return see_other(context, _PATH, message)


def _show_list(context: Context, form: FormState, *, status: int = 200) -> Response:
    rows = [(one, len(queries.factors_of(context.session, one.id))) for one in queries.all_backgrounds(context.session)]
    page = BackgroundsPage(
        rows=rows,
        may_read=bool(context.asking.roles & {Role.ENGINEER, Role.REVIEWER, Role.AUDITOR}),
        may_switch=bool(context.asking.roles & {Role.ENGINEER, Role.ADMIN}),
        form=form,
    )
    return render_page(context, "console/backgrounds.html", page, status=status)


def _show(context: Context, background: Background, wanted: ActivityFilter, form: FormState, *, status: int = 200) -> Response:
    model = active_model(context.session)
    with explained():
        stored = open_background(folder_of(background.id, data_dir=context.settings.data_dir))
    found = queries.find_activities(stored.folder, wanted.q) if wanted.q else None
    counted = list(IN_TOTAL)
    page = BackgroundPage(
        background=background,
        factors=[_factor_row(one, model, context.locale) for one in queries.factors_of(context.session, background.id)],
        unmatched=stored.manifest["unmatched_gas_flows"],
        parameters=_parameters(model, context.locale),
        filter=wanted,
        activities=None
        if found is None
        else [ActivityRow(found=one, kg_co2e_per_unit=float(stored.factor(one.position)[counted].sum())) for one in found],
        most=queries.MOST_FOUND,
        may_write=context.asking.has(Role.ENGINEER),
        form=form,
    )
    return render_page(context, "console/background.html", page, status=status)


def _factor_row(factor: BackgroundFactor, model: Model, locale: Locale) -> FactorRow:
    definition = model.definitions.get(factor.parameter)
    if definition is None:  # a later model has dropped it
        return FactorRow(factor=factor, meaning=factor.parameter, unit="")
    meaning = definition.meaning_zh if locale == "zh-CN" else definition.meaning_en
    return FactorRow(factor=factor, meaning=meaning, unit=definition.unit)


def _parameters(model: Model, locale: Locale) -> Options:
    return [
        (one.name, f"{one.meaning_zh if locale == 'zh-CN' else one.meaning_en} [{one.unit}]")
        for one in model.parameters
        if takes_background(one)
    ]
