"""Pages on partners: whose systems exchange footprints with ours, by which credentials, and what they see."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from pydantic import Field
from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.responses import Response

from service.accounts.access import ADMIN, Context, endpoint
from service.accounts.pages import render_page, see_other
from service.audit.queries import find_events
from service.console.choices import Options, supplier_options
from service.console.events import EventLine, event_lines
from service.errors import N_, ServiceError
from service.exchange import partners, queries
from service.exchange.models import Partner
from service.exchange.partners import PartnerInput
from service.exchange.queries import PartnerRow
from service.exchange.visibility import visible_to
from service.i18n import Locale
from service.product_footprints.models import ProductFootprint
from service.product_footprints.queries import FootprintFilter, find_listed
from service.products.queries import find_products
from service.suppliers.queries import all_active_suppliers
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter(prefix="/console/partners")

SHOWN_FOOTPRINTS = 20
PRODUCTS_MAX = 200
FIELDS = tuple(name for name in PartnerInput.model_fields if name != "callback_client_secret")


class NewPartner(PartnerInput):
    """The form of a new partner; its secret is made here."""

    client_id: str = Field(min_length=1, max_length=120)


class PartnerChange(PartnerInput):
    """The form of a partner, with the version it was read at."""

    version: int


class GrantForm(FormInput):
    """The products whose footprints a partner may see."""

    product_ids: list[uuid.UUID] = Field(default_factory=list)
    version: int


class ActiveForm(FormInput):
    """The button that switches a partner off or on."""

    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnersPage:
    """The list."""

    partners: Sequence[tuple[PartnerRow, str]]
    base_url: str
    is_https: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPartnerPage:
    """The form of a new partner."""

    form: FormState
    suppliers: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerPage:
    """One partner.

    Attributes
    ----------
    fresh_secret
        Just made, to be handed over now; it can't be shown again.
    seen
        What the partner's system gets, the latest first; `more` tells whether there is more than is shown.

    """

    partner: Partner
    name: str
    form: FormState
    suppliers: Options
    products: Options
    granted: frozenset[str]
    seen: Sequence[ProductFootprint]
    more: bool
    fresh_secret: str | None
    base_url: str
    has_callback_secret: bool
    events: Sequence[EventLine]


@router.get("")
@endpoint(ADMIN)
def show_partners(context: Context) -> Response:
    """List partners."""
    found = queries.find_partners(context.session)
    page = PartnersPage(
        partners=[(row, row.name(context.locale)) for row in found],
        base_url=context.settings.base_url,
        is_https=context.settings.is_https,
    )
    return render_page(context, "console/partners.html", page)


@router.get("/new")
@endpoint(ADMIN)
def new_partner(context: Context) -> Response:
    """Show an empty form."""
    return _show_new(context, FormState())


@router.post("")
@endpoint(ADMIN)
def create_partner(context: Context) -> Response:
    """Register a partner and show its secret this once."""
    fresh = partners.new_secret()
    try:
        fields = parse_form(NewPartner, context.form)
        partner = partners.add_partner(
            context.session,
            PartnerInput(**fields.model_dump(exclude={"client_id"})),
            client_id=fields.client_id,
            client_secret=fresh,
            secret=context.secret,
            allow_private=context.settings.exchange_allow_private_addresses,
            by=context.asking.actor,
            at=context.at,
        )
    except ServiceError as error:
        return _show_new(context, _back(context.form, error, context.locale), status=error.status)
    return _show(context, partner, _known(context.session, partner), fresh_secret=fresh)


@router.get("/{partner_id}")
@endpoint(ADMIN)
def show_partner(context: Context, partner_id: uuid.UUID) -> Response:
    """Show one partner: its credentials, what it sees, what happened."""
    partner = queries.get_partner(context.session, partner_id)
    return _show(context, partner, _known(context.session, partner))


@router.post("/{partner_id}")
@endpoint(ADMIN)
def change_partner(context: Context, partner_id: uuid.UUID) -> Response:
    """Correct a partner."""
    partner = queries.get_partner(context.session, partner_id)
    try:
        fields = parse_form(PartnerChange, context.form)
        partners.change_partner(
            context.session,
            partner,
            PartnerInput(**fields.model_dump(exclude={"version"})),
            version=fields.version,
            secret=context.secret,
            allow_private=context.settings.exchange_allow_private_addresses,
            by=context.asking.actor,
            at=context.at,
        )
    except ServiceError as error:
        return _show(context, partner, _back(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/partners/{partner_id}", N_("Saved."))


@router.post("/{partner_id}/grants")
@endpoint(ADMIN)
def grant(context: Context, partner_id: uuid.UUID) -> Response:
    """Choose the products whose footprints the partner sees."""
    partner = queries.get_partner(context.session, partner_id)
    wanted = parse_form(GrantForm, context.form, many=frozenset({"product_ids"}))
    partners.grant_products(
        context.session, partner, wanted.product_ids, version=wanted.version, by=context.asking.actor, at=context.at
    )
    return see_other(context, f"/console/partners/{partner_id}", N_("Saved."))


@router.post("/{partner_id}/active")
@endpoint(ADMIN)
def switch_partner(context: Context, partner_id: uuid.UUID) -> Response:
    """Switch a partner off or on."""
    partner = queries.get_partner(context.session, partner_id)
    wanted = parse_form(ActiveForm, context.form)
    partners.set_partner_active(context.session, partner, active=wanted.active, by=context.asking.actor, at=context.at)
    return see_other(context, f"/console/partners/{partner_id}", N_("Saved."))


@router.post("/{partner_id}/secret")
@endpoint(ADMIN)
def rotate_secret(context: Context, partner_id: uuid.UUID) -> Response:
    """Give the partner a new secret and show it this once."""
    partner = queries.get_partner(context.session, partner_id)
    fresh = partners.rotate_secret(context.session, partner, secret=context.secret, by=context.asking.actor, at=context.at)
    return _show(context, partner, _known(context.session, partner), fresh_secret=fresh)


def _show_new(context: Context, form: FormState, *, status: int = 200) -> Response:
    page = NewPartnerPage(form=form, suppliers=_suppliers(context))
    return render_page(context, "console/partner_form.html", page, status=status)


def _show(context: Context, partner: Partner, form: FormState, *, fresh_secret: str | None = None, status: int = 200) -> Response:
    seen = find_listed(context.session, FootprintFilter(), visible=visible_to(partner), after=None, limit=SHOWN_FOOTPRINTS + 1)
    page = PartnerPage(
        partner=partner,
        name=queries.partner_row(context.session, partner).name(context.locale),
        form=form,
        suppliers=_suppliers(context),
        products=_products(context),
        granted=frozenset(str(one) for one in queries.granted_products(context.session, partner)),
        seen=seen[:SHOWN_FOOTPRINTS],
        more=len(seen) > SHOWN_FOOTPRINTS,
        fresh_secret=fresh_secret,
        base_url=context.settings.base_url,
        has_callback_secret=partner.callback_secret is not None,
        events=event_lines(context, find_events(context.session, object_type="partner", object_id=partner.id, limit=20)),
    )
    return render_page(context, "console/partner.html", page, status=status)


def _known(session: Session, partner: Partner) -> FormState:
    row = queries.partner_row(session, partner)
    known = {**partner.model_dump(include=set(FIELDS)), "name_zh": row.name_zh, "name_en": row.name_en}
    values = {name: str(value) for name, value in known.items() if value is not None}
    return FormState(values=values | {"shares_all": "true" if partner.shares_all else ""})


def _back(form: FormData, error: ServiceError, locale: Locale) -> FormState:
    """Return a form that came back, without the secret that was typed: no page shows one."""
    state = rejected(form, error, locale)
    kept = {name: value for name, value in state.values.items() if name != "callback_client_secret"}
    return FormState(values=kept, errors=state.errors)


def _suppliers(context: Context) -> Options:
    return supplier_options(all_active_suppliers(context.session), context.locale)


def _products(context: Context) -> Options:
    found = find_products(context.session, limit=PRODUCTS_MAX).rows
    names = {row.id: row.name_zh if context.locale == "zh-CN" else row.name_en for row in found}
    return [(str(row.id), f"{row.grade} · {names[row.id]}") for row in found]
