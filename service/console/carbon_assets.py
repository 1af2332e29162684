"""The register of carbon assets: allowances, credits and removals, each used once and never netted from inventory or footprints."""

import uuid
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.console.register_columns import worded
from service.console.registers import Column, Ending, Kind, Register, add_register
from service.console.target_words import ASSETS
from service.database import new_id
from service.errors import N_
from service.i18n import translate
from service.plan.policies import PLAN_EDITORS, PLAN_READERS
from service.registers.queries import get_row
from service.targets.assets import change_asset, end_asset, find_use, use_asset
from service.targets.models import CarbonAsset
from service.targets.schemas import AssetUseInput, CarbonAssetInput
from service.web.forms import FormState, parse_form

router = APIRouter()

LIST = "/console/plan/carbon-assets"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetUsePage:
    """The form on what units were used for."""

    asset: CarbonAsset
    kind: str
    form: FormState
    idempotency_key: str


def _use_of(context: Context, row: CarbonAsset) -> str:
    use = find_use(context.session, row.id)
    if use is None:
        return translate(context.locale, N_("Held"))
    return translate(
        context.locale,
        N_("Used for %(year)s on %(day)s: %(purpose)s (%(proof)s)"),
        year=use.for_year,
        day=use.cancelled_on.isoformat(),
        purpose=use.purpose,
        proof=use.proof,
    )


def _links(context: Context, row: CarbonAsset) -> list[tuple[str, str]]:
    may_write = PLAN_EDITORS.lets_in(context.principal)
    if not may_write or row.ended_at is not None or find_use(context.session, row.id) is not None:
        return []
    return [(translate(context.locale, N_("Record the use")), f"{LIST}/{row.id}/use")]


def _show_form(context: Context, form: FormState, carbon_asset_id: uuid.UUID) -> Response:
    asset = get_row(context.session, CarbonAsset, carbon_asset_id)
    page = AssetUsePage(asset=asset, kind=translate(context.locale, ASSETS[asset.kind]), form=form, idempotency_key=str(new_id()))
    return render_page(context, "console/carbon_asset_use.html", page, status=form.status)


@router.get(f"{LIST}/{{carbon_asset_id}}/use")
@endpoint(PLAN_EDITORS)
def show_use(context: Context, carbon_asset_id: uuid.UUID) -> Response:
    """Show the form on what units were used for."""
    return _show_form(context, FormState(), carbon_asset_id)


@router.post(f"{LIST}/{{carbon_asset_id}}/use")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show_form)
def record_use(context: Context, carbon_asset_id: uuid.UUID) -> Response:
    """Record once what units were used for."""
    fields = parse_form(AssetUseInput, context.form)
    today = context.today
    use_asset(context.session, carbon_asset_id, fields, today=today, by=context.asking.actor, at=context.at)
    return see_other(context, LIST, N_("The use is recorded; these units count once."))


ASSET_REGISTER = Register(
    key="carbon_asset",
    path=LIST,
    title=N_("Carbon assets"),
    lead=N_(
        "Allowances, credits and removals with their serial numbers. They are kept apart: none is taken off the inventory or a "
        "product's footprint. Certificates of green power stand in the green power ledger."
    ),
    empty=N_("Enter what the company holds in a registry: allowances, credits, sinks."),
    add_label=N_("Enter a carbon asset"),
    table=CarbonAsset,
    fields=CarbonAssetInput,
    columns=(
        Column(key="kind", label=N_("Kind"), kind=Kind.CHOICE, choices=worded(ASSETS), filtered=True),
        Column(key="registry_name", label=N_("Registry"), filtered=True),
        Column(key="serial", label=N_("Serial number"), filtered=True),
        Column(key="amount_t_co2e", label=N_("Amount"), kind=Kind.NUMBER, unit="t CO2e"),
        Column(key="vintage", label=N_("Year of the units"), kind=Kind.YEAR, filtered=True),
        Column(key="cost_cny", label=N_("Cost"), kind=Kind.NUMBER, unit="CNY", in_list=False),
        Column(key="source", label=N_("Source"), in_list=False, hint=N_("Contract, statement of the registry, with its number.")),
        Column(key="use", label=N_("What became of it"), computed=_use_of),
    ),
    identity=("registry_name", "serial"),
    sort=("kind", "serial"),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    change=change_asset,
    ending=Ending(label=N_("Sold or entered in error"), run=end_asset),
    links=_links,
)

add_register(router, ASSET_REGISTER)
