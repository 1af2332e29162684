"""Pages of sales: products that may be sold with a footprint, a certificate in three clicks, links to hand out."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.limits import Limit
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.accounts.queries import names_of_actors
from service.certificates.queries import CertificateRow, find_customers, get_certificate, get_row
from service.certificates.rules import Standing
from service.console.choices import Options
from service.database import new_id
from service.errors import N_, ServiceError
from service.footprints.answering import published_results
from service.footprints.published import PublishedResult
from service.footprints.queries import get_record
from service.product_footprints.part_numbers import find_part_number
from service.sales import operations, queries
from service.sales.models import ShareLink
from service.sales.queries import IssuedCertificate, SellableProduct
from service.sales.rules import LONGEST_DAYS, is_living
from service.sales.schemas import IssueForInput, LinkInput
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

READERS = roles(Role.SALES, Role.ENGINEER, Role.REVIEWER, Role.AUDITOR)
SELLERS = roles(Role.SALES)
LINK_LIMIT = (Limit(name="share-link-made", tries=60, per_s=3600),)
_USUAL_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesPage:
    """The products; `published` has by record the result that sales may tell."""

    products: Sequence[SellableProduct]
    published: Mapping[uuid.UUID, PublishedResult]
    may_issue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerLine:
    """A customer in the choice, with its certificate of this product if it has one."""

    id: uuid.UUID
    name: str
    present: IssuedCertificate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePage:
    """Second and third click: the customer, then the certificate."""

    product: SellableProduct
    customers: Sequence[CustomerLine]
    chosen: CustomerLine | None
    choices: Options
    form: FormState
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLine:
    """A link that was made; its address is known to nobody any more."""

    link: ShareLink
    is_living: bool
    made_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksPage:
    """The links to one certificate; `address` is that of the link just made, shown this once."""

    certificate: CertificateRow
    standing: Standing
    links: Sequence[LinkLine]
    address: str | None
    form: FormState
    longest_days: int
    may_share: bool


@router.get("/console/sales")
@endpoint(READERS)
def show_products(context: Context) -> Response:
    """List the products whose footprint may be handed to customers."""
    products = queries.sellable_products(context.session, today=context.today, at=context.at)
    page = SalesPage(
        products=products,
        published=published_results(context.session, [one.record.id for one in products], to=context.asking),
        may_issue=context.asking.has(Role.SALES),
    )
    return render_page(context, "console/sales.html", page)


@router.get("/console/sales/{record_id:uuid}/issue")
@endpoint(SELLERS)
def choose_customer(context: Context, record_id: uuid.UUID, customer_id: uuid.UUID | None = None) -> Response:
    """Offer the customers, then the certificate with the customer's part number filled in."""
    product = _product(context, record_id)
    known = (
        find_part_number(context.session, product_id=product.record.product_id, customer_id=customer_id) if customer_id else None
    )
    values = {"customer_id": str(customer_id or ""), "part_no": known.part_no if known else ""}
    return _show_issue(context, product, FormState(values=values))


@router.post("/console/sales/{record_id:uuid}/issue")
@endpoint(SELLERS)
def issue(context: Context, record_id: uuid.UUID) -> Response:
    """Issue the certificate, or the next revision of the customer's present one."""
    product = _product(context, record_id)
    try:
        fields = parse_form(IssueForInput, context.form)
        record = get_record(context.session, record_id)
        certificate = operations.issue_for(
            context.session, record, fields, by=context.asking.actor, at=context.at, settings=context.settings
        )
    except ServiceError as error:
        return _show_issue(context, product, rejected(context.form, error, context.locale), status=error.status)
    message = N_("Certificate %(number)s is issued; its document is ready in a moment.")
    return see_other(context, f"/console/certificates/{certificate.id}", message, number=certificate.number)


@router.get("/console/sales/certificates/{certificate_id:uuid}/links")
@endpoint(READERS)
def show_links(context: Context, certificate_id: uuid.UUID) -> Response:
    """List the links to a certificate, with how often each was used."""
    return _show_links(context, certificate_id, FormState(values={"days": str(_USUAL_DAYS)}))


@router.post("/console/sales/certificates/{certificate_id:uuid}/links")
@endpoint(SELLERS, limited=LINK_LIMIT)
def make_link(context: Context, certificate_id: uuid.UUID) -> Response:
    """Make a link and show it, this once: no redirect and no repeated answer, because nothing may keep it."""
    try:
        fields = parse_form(LinkInput, context.form)
        certificate = get_certificate(context.session, certificate_id)
        _, secret = operations.make_link(context.session, certificate, days=fields.days, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_links(context, certificate_id, rejected(context.form, error, context.locale), status=error.status)
    address = f"{context.settings.base_url}/share/{secret}"
    return _show_links(context, certificate_id, FormState(values={"days": str(_USUAL_DAYS)}), address=address)


@router.post("/console/sales/links/{share_link_id:uuid}/revoke")
@endpoint(SELLERS)
def revoke_link(context: Context, share_link_id: uuid.UUID) -> Response:
    """End a link at once."""
    link = queries.get_link(context.session, share_link_id)
    operations.revoke_link(context.session, link, by=context.asking.actor, at=context.at)
    return see_other(context, f"/console/sales/certificates/{link.certificate_id}/links", N_("The link no longer opens."))


def _product(context: Context, record_id: uuid.UUID) -> SellableProduct:
    today = context.today
    return queries.get_sellable(context.session, record_id, today=today, at=context.at)


def _show_issue(context: Context, product: SellableProduct, form: FormState, *, status: int = 200) -> Response:
    present = {one.customer_id: one for one in product.certificates}
    chinese = context.locale == "zh-CN"
    customers = [
        CustomerLine(id=one.id, name=one.name_zh if chinese else one.name_en, present=present.get(one.id))
        for one in find_customers(context.session)
        if one.is_active
    ]
    page = IssuePage(
        product=product,
        customers=customers,
        chosen=next((one for one in customers if str(one.id) == form.value("customer_id")), None),
        choices=[(str(one.id), one.name) for one in customers],
        form=form,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/sales_issue.html", page, status=status)


def _show_links(
    context: Context, certificate_id: uuid.UUID, form: FormState, *, address: str | None = None, status: int = 200
) -> Response:
    row = get_row(context.session, certificate_id)
    links = queries.links_of(context.session, certificate_id)
    people = names_of_actors(context.session, [link.created_by for link in links])
    page = LinksPage(
        certificate=row,
        standing=row.standing(context.today),
        links=[
            LinkLine(link=link, is_living=is_living(link, at=context.at), made_by=people.get(link.created_by, "")) for link in links
        ],
        address=address,
        form=form,
        longest_days=LONGEST_DAYS,
        may_share=context.asking.has(Role.SALES),
    )
    return render_page(context, "console/sales_links.html", page, status=status)
