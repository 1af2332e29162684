"""Pages on declared footprints: list, one with its document and what it replaced, declare again, deprecate."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page, see_other
from service.accounts.queries import names_of_actors
from service.certificates.models import Certificate
from service.certificates.queries import certificates_on
from service.conformance.rules import check_pact3
from service.console.choices import Options, read_filter
from service.console.exports import attachment
from service.console.footprints import product_options
from service.errors import N_, ServiceError
from service.exchange.queries import PartnerRow, find_partners, get_partner, granted_products
from service.footprints.disclosure import RELEASERS
from service.footprints.models import FootprintRecord
from service.footprints.queries import get_record
from service.i18n import translate
from service.product_footprints import operations, queries
from service.product_footprints.chains import Replacement, replacements
from service.product_footprints.disclosure import READERS
from service.product_footprints.documents import pact_document
from service.product_footprints.models import DeclaredStatus, ProductFootprint
from service.product_footprints.queries import DeclaredFilter
from service.products.models import Product
from service.products.queries import get_product
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()
PAGE = 50


class DeclaredListFilter(FormInput):
    """What the address of the list may hold."""

    product_id: uuid.UUID | None = None
    status: DeclaredStatus | None = None
    after: uuid.UUID | None = None


class ChangeForm(FormInput):
    """The form that declares the same result anew, or takes a footprint out of use."""

    version: int
    reason: str
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredLine:
    """One footprint of the list."""

    footprint: ProductFootprint
    product: Product
    record: FootprintRecord
    last_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredFootprintsPage:
    """The list."""

    lines: Sequence[DeclaredLine]
    filter: DeclaredListFilter
    products: Options
    next_href: str | None
    is_filtered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredFootprintPage:
    """One declared footprint.

    Attributes
    ----------
    document
        As partners get it, indented.
    findings
        What the validator has to say, in the reader's language.
    chain
        Everything declared of the product, the latest first.
    partners
        Who sees it.
    ended_because
        Reason of the deprecation; empty for a footprint in use.
    names
        People by actor.

    """

    footprint: ProductFootprint
    product: Product
    record: FootprintRecord
    pcf: Mapping[str, object]
    document: str
    findings: Sequence[str]
    replaced: Sequence[Replacement]
    chain: Sequence[ProductFootprint]
    partners: Sequence[PartnerRow]
    certificates: Sequence[Certificate]
    ended_because: str
    names: Mapping[str, str]
    last_day: date
    may_change: bool
    form: FormState


@router.get("/console/declared-footprints")
@endpoint(READERS)
def show_declared_footprints(context: Context) -> Response:
    """List declared footprints, the latest first; filters stand in the address."""
    wanted, _form = read_filter(DeclaredListFilter, context.request, context.locale)
    by = DeclaredFilter(product_id=wanted.product_id, status=wanted.status)
    found = queries.find_declared(context.session, by, after=wanted.after, limit=PAGE)
    page = DeclaredFootprintsPage(
        lines=[_line(context, one) for one in found.rows],
        filter=wanted,
        products=product_options(context),
        next_href=_next_href(context, found.rows[-1].id) if found.has_next else None,
        is_filtered=by != DeclaredFilter(),
    )
    return render_page(context, "console/declared_footprints.html", page)


@router.get("/console/declared-footprints/{declared_id}")
@endpoint(READERS)
def show_declared_footprint(context: Context, declared_id: uuid.UUID) -> Response:
    """Show one declared footprint."""
    return _show(context, declared_id, FormState())


@router.get("/console/declared-footprints/{declared_id}/document")
@endpoint(READERS)
def download_document(context: Context, declared_id: uuid.UUID) -> Response:
    """Hand out the document as partners get it."""
    footprint = queries.get_product_footprint(context.session, declared_id)
    content = json.dumps(pact_document(footprint), ensure_ascii=False, indent=2).encode()
    return attachment(content, "application/json", f"pact-{footprint.id}.json")


@router.post("/console/declared-footprints/{declared_id}/deprecate")
@endpoint(RELEASERS)
def deprecate_footprint(context: Context, declared_id: uuid.UUID) -> Response:
    """Take a footprint out of use without a successor."""
    footprint = queries.get_product_footprint(context.session, declared_id)
    try:
        asked = parse_form(ChangeForm, context.form)
        operations.deprecate(
            context.session, footprint, reason=asked.reason, version=asked.version, by=context.asking.actor, at=context.at
        )
    except ServiceError as error:
        return _show(context, declared_id, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/declared-footprints/{declared_id}", N_("The footprint is deprecated; partners are told."))


@router.post("/console/declared-footprints/{declared_id}/again")
@endpoint(RELEASERS)
def declare_again(context: Context, declared_id: uuid.UUID) -> Response:
    """Declare the same result under a new id, with the product's present texts."""
    footprint = queries.get_product_footprint(context.session, declared_id)
    try:
        asked = parse_form(ChangeForm, context.form)
        again = operations.declare_again(
            context.session,
            footprint,
            statement=None,
            reason=asked.reason,
            valid_until=asked.valid_until,
            by=context.asking.actor,
            at=context.at,
            settings=context.settings,
        )
    except ServiceError as error:
        return _show(context, declared_id, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/declared-footprints/{again.id}", N_("Declared under a new id; partners are told."))


def _show(context: Context, declared_id: uuid.UUID, form: FormState, *, status: int = 200) -> Response:
    session, locale = context.session, context.locale
    footprint = queries.get_product_footprint(session, declared_id)
    document = pact_document(footprint)
    page = DeclaredFootprintPage(
        footprint=footprint,
        product=get_product(session, footprint.product_id),
        record=get_record(session, footprint.record_id),
        pcf=document["pcf"],
        document=json.dumps(document, ensure_ascii=False, indent=2),
        findings=[f"{one.rule}: {one.message(locale)}" for one in check_pact3(document, own=True)],
        replaced=replacements(session, footprint),
        chain=tuple(reversed(queries.footprints_of_product(session, footprint.product_id))),
        partners=_partners(context, footprint),
        certificates=certificates_on(session, footprint.id),
        ended_because=translate(locale, footprint.deprecated_reason) if footprint.deprecated_reason else "",
        names=names_of_actors(session, [one for one in (footprint.declared_by, footprint.deprecated_by) if one]),
        last_day=operations.last_day(footprint),
        may_change=RELEASERS.lets_in(context.principal),
        form=form,
    )
    return render_page(context, "console/declared_footprint.html", page, status=status)


def _line(context: Context, footprint: ProductFootprint) -> DeclaredLine:
    return DeclaredLine(
        footprint=footprint,
        product=get_product(context.session, footprint.product_id),
        record=get_record(context.session, footprint.record_id),
        last_day=operations.last_day(footprint),
    )


def _partners(context: Context, footprint: ProductFootprint) -> Sequence[PartnerRow]:
    """Return the partners in use that see a footprint."""
    return [
        row
        for row in find_partners(context.session)
        if row.is_active and (row.shares_all or footprint.product_id in _granted(context, row))
    ]


def _granted(context: Context, row: PartnerRow) -> frozenset[uuid.UUID]:
    return granted_products(context.session, get_partner(context.session, row.id))


def _next_href(context: Context, after: uuid.UUID) -> str:
    kept = {name: value for name, value in context.request.query_params.items() if name != "after"}
    return f"{context.request.url.path}?{urlencode({**kept, 'after': after})}"
