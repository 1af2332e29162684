"""Pages on footprints of others: what came, what the rules say of it, and the way into the review."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter
from pydantic import Field
from starlette.datastructures import UploadFile
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.limits import Limit
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.accounts.queries import names_of_actors
from service.conformance.reading import read_document
from service.console.choices import Options, flow_options, supplier_options
from service.console.exchange_words import RECEIVED_WORDS, Toned, toned
from service.console.exports import attachment
from service.console.purchases import DELIVERING_TYPES
from service.database import new_id
from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.exchange import receiving
from service.exchange.models import ReceivedFootprint, ReceivedState
from service.exchange.offering import OfferInput, offer
from service.exchange.received_queries import find_received, get_received
from service.exchange.receiving import ReadFootprint, read_footprint
from service.exchange.request_queries import partner_names
from service.i18n import Locale
from service.submissions.models import Submission
from service.suppliers.flows import flows_of_type
from service.suppliers.models import Supplier
from service.suppliers.queries import all_active_suppliers, names_of
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

READERS = roles(Role.ENGINEER, Role.REVIEWER, Role.AUDITOR)
WRITERS = roles(Role.ENGINEER, Role.REVIEWER)
UPLOADS: Final = Limit(name="footprint-import", tries=60, per_s=600)
LIST: Final = "/console/exchange/received"


class ImportForm(FormInput):
    """A file that somebody brings, and whose footprint it is."""

    supplier_id: uuid.UUID
    file: object = None


class DecisionForm(FormInput):
    """Whichever of the two decisions, with the version it was taken on."""

    version: int
    flow: str | None = Field(default=None, max_length=60)
    remark: str | None = Field(default=None, max_length=1000)
    reason: str | None = Field(default=None, max_length=1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedLine:
    """A received footprint in the list."""

    id: uuid.UUID
    product: str
    company: str
    source: str
    total: str
    flags: int
    received_at: datetime
    state: Toned


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedListPage:
    """The list."""

    lines: Sequence[ReceivedLine]
    may_import: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedPage:
    """One received footprint; `findings` are (rule, severity, place, message)."""

    received: ReceivedFootprint
    product: str
    company: str
    source: str
    supplier: str
    brought_by: str
    state: Toned
    figures: Sequence[tuple[str, str]]
    findings: Sequence[tuple[str, str, str, str]]
    flows: Options
    form: FormState
    submission_number: str
    may_decide: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage:
    """The upload form."""

    suppliers: Options
    form: FormState
    idempotency_key: str


@router.get("/console/exchange/received")
@endpoint(READERS)
def show_received_footprints(context: Context) -> Response:
    """List footprints of others, those to be decided first."""
    found = find_received(context.session)
    page = ReceivedListPage(
        lines=[_line(context, one, _sources(context, found)) for one in found],
        may_import=context.asking.has(Role.ENGINEER, Role.REVIEWER),
    )
    return render_page(context, "console/received_footprints.html", page)


@router.get("/console/exchange/received/import")
@endpoint(WRITERS)
def show_footprint_import(context: Context) -> Response:
    """Show the upload form."""
    return _show_import(context, FormState())


def read_upload(context: Context) -> ReadFootprint | ServiceError:
    """Understand the uploaded file before the transaction begins; an error is told by the handler."""
    upload = context.form.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return InvalidInputError({"file": FieldError(N_("Please choose a file."))})
    content = upload.file.read()
    try:
        read_document(content)
        return read_footprint(json.loads(content))
    except ServiceError as error:
        return InvalidInputError({"file": error})


@router.post("/console/exchange/received/import")
@endpoint(WRITERS, limited=(UPLOADS,), prepare=read_upload)
def import_footprint(context: Context, found: ReadFootprint | ServiceError) -> Response:
    """Keep a file of version 2.3 or 3 that somebody brings for a supplier."""
    try:
        if isinstance(found, ServiceError):
            raise found
        supplier = context.session.get(Supplier, parse_form(ImportForm, context.form).supplier_id)
        if supplier is None:
            raise InvalidInputError({"supplier_id": FieldError(N_("Choose a supplier from the list."))})
        received = receiving.receive(
            context.session, found, partner=None, supplier_id=supplier.id, by=context.asking.actor, at=context.at
        )
    except ServiceError as error:
        return _show_import(context, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"{LIST}/{received.id}", N_("Kept. Look at it and hand it in for review."))


@router.get("/console/exchange/received/{received_id}")
@endpoint(READERS)
def show_received_footprint(context: Context, received_id: uuid.UUID) -> Response:
    """Show one footprint with what the rules say of it."""
    return _show(context, get_received(context.session, received_id), FormState())


@router.get("/console/exchange/received/{received_id}/original.json")
@endpoint(READERS)
def download_received_original(context: Context, received_id: uuid.UUID) -> Response:
    """Send the document as it came."""
    received = get_received(context.session, received_id)
    content = json.dumps(received.original, ensure_ascii=False, indent=2).encode()
    return attachment(content, "application/json", f"footprint-{received.footprint_id}.json")


@router.post("/console/exchange/received/{received_id}/offer")
@endpoint(WRITERS)
def offer_footprint(context: Context, received_id: uuid.UUID) -> Response:
    """Hand a footprint in for its supplier, to be reviewed by another person."""
    received = get_received(context.session, received_id)
    try:
        form = parse_form(DecisionForm, context.form)
        if form.flow is None:
            raise InvalidInputError({"flow": FieldError(N_("Choose one of the materials that this supplier delivers."))})
        fields = OfferInput(flow=form.flow, remark=form.remark)
        submission = offer(context.session, received, fields, version=form.version, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show(context, received, rejected(context.form, error, context.locale), status=error.status)
    return see_other(
        context, f"{LIST}/{received_id}", N_("Handed in as %(number)s; another person reviews it."), number=submission.number
    )


@router.post("/console/exchange/received/{received_id}/set-aside")
@endpoint(WRITERS)
def set_footprint_aside(context: Context, received_id: uuid.UUID) -> Response:
    """Decide that a footprint is not used."""
    received = get_received(context.session, received_id)
    try:
        form = parse_form(DecisionForm, context.form)
        receiving.set_aside(
            context.session, received, reason=form.reason or "", version=form.version, by=context.asking.actor, at=context.at
        )
    except ServiceError as error:
        return _show(context, received, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"{LIST}/{received_id}", N_("Set aside; it is not used."))


def _sources(context: Context, found: Sequence[ReceivedFootprint]) -> Mapping[uuid.UUID, str]:
    """Return the names of partners and suppliers by their ids."""
    suppliers = {one.supplier_id for one in found if one.supplier_id is not None}
    return {**partner_names(context.session, context.locale), **names_of(context.session, suppliers, context.locale)}


def _line(context: Context, one: ReceivedFootprint, names: Mapping[uuid.UUID, str]) -> ReceivedLine:
    return ReceivedLine(
        id=one.id,
        product=_text(one.document, "productNameCompany"),
        company=_text(one.document, "companyName"),
        source=_source(one, names),
        total=_per_unit(one.document),
        flags=len(one.findings),
        received_at=one.received_at,
        state=toned(RECEIVED_WORDS[one.state], context.locale),
    )


def _show(context: Context, one: ReceivedFootprint, form: FormState, *, status: int = 200) -> Response:
    names = _sources(context, [one])
    supplier = context.session.get(Supplier, one.supplier_id) if one.supplier_id else None
    submission = context.session.get(Submission, one.submission_id) if one.submission_id else None
    page = ReceivedPage(
        received=one,
        product=_text(one.document, "productNameCompany"),
        company=_text(one.document, "companyName"),
        source=_source(one, names),
        supplier=names.get(one.supplier_id, "") if one.supplier_id else "",
        brought_by=names_of_actors(context.session, [one.brought_by]).get(one.brought_by, _source(one, names)),
        state=toned(RECEIVED_WORDS[one.state], context.locale),
        figures=_figures(one.document),
        findings=[_finding(finding, context.locale) for finding in one.findings],
        flows=flow_options(context.locale, flows_of_type(supplier.supplier_type)) if supplier else [],
        form=form,
        submission_number=submission.number if submission else "",
        may_decide=context.asking.has(Role.ENGINEER, Role.REVIEWER) and one.state is ReceivedState.RECEIVED,
    )
    return render_page(context, "console/received_footprint.html", page, status=status)


def _show_import(context: Context, form: FormState, *, status: int = 200) -> Response:
    suppliers = supplier_options(all_active_suppliers(context.session, types=DELIVERING_TYPES), context.locale)
    page = ImportPage(suppliers=suppliers, form=form, idempotency_key=str(new_id()))
    return render_page(context, "console/received_import.html", page, status=status)


def _source(one: ReceivedFootprint, names: Mapping[uuid.UUID, str]) -> str:
    key = one.partner_id or one.supplier_id
    return names.get(key, "") if key else ""


def _finding(finding: Mapping[str, Any], locale: Locale) -> tuple[str, str, str, str]:
    message = finding["message_zh" if locale == "zh-CN" else "message_en"]
    return finding["rule"], finding["severity"], finding["pointer"], message


def _figures(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return every plain member of the footprint proper, named as the specification names it."""
    pcf = document.get("pcf")
    members = pcf.items() if isinstance(pcf, dict) else ()
    return [(str(name), str(value)) for name, value in members if isinstance(value, str | int | float | bool)]


def _per_unit(document: Mapping[str, Any]) -> str:
    pcf = document.get("pcf")
    if not isinstance(pcf, dict):
        return "-"
    stated = (pcf.get("pcfExcludingBiogenicUptake"), pcf.get("declaredUnitAmount"), pcf.get("declaredUnitOfMeasurement"))
    return "{} kg CO2e / {} {}".format(*("-" if one is None else str(one)[:40] for one in stated))


def _text(document: Mapping[str, Any], name: str) -> str:
    found = document.get(name)
    return found[:200] if isinstance(found, str) else "-"
