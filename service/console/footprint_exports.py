"""Declared footprints as files for customers' systems, each with the reason where a format can't carry one."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.models import Organisation
from service.accounts.pages import render_page
from service.certificates.queries import find_customers
from service.console.choices import Options
from service.console.exports import XLSX, attachment
from service.errors import N_, NotFoundError
from service.exports.facts import DeclaredFacts, facts_of
from service.exports.formats import KINDS, ExportFormat, Kind, export, refusal_of
from service.i18n import explain
from service.product_footprints.disclosure import READERS
from service.product_footprints.models import ProductFootprint
from service.product_footprints.queries import get_product_footprint
from service.reports.content import Audience, ReportKind
from service.reports.making import make_report
from service.reports.rendering import render_report
from service.reports.workbook import write_report

router = APIRouter()


PDF: Final = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFile:
    """A report as a file."""

    title: str
    purpose: str
    kind: ReportKind
    is_workbook: bool = False


_FRAME: Final = N_("The whole study in the order of the Chinese standard, in both languages.")
REPORTS: Final[Mapping[str, ReportFile]] = {
    "gb-t-24067-pdf": ReportFile(title="GB/T 24067-2024 (PDF)", purpose=_FRAME, kind=ReportKind.GB_T_24067),
    "gb-t-24067-xlsx": ReportFile(title="GB/T 24067-2024 (XLSX)", purpose=_FRAME, kind=ReportKind.GB_T_24067, is_workbook=True),
    "iso-14067-pdf": ReportFile(
        title="ISO 14067:2018 (PDF)",
        purpose=N_("The whole study in the order of the international standard, in both languages."),
        kind=ReportKind.ISO_14067,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A format, and why it can't carry the footprint; empty where it can."""

    key: str
    kind: Kind
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportsPage:
    """All formats of one declared footprint, for one customer where one is chosen."""

    declared: ProductFootprint
    facts: DeclaredFacts
    offered: Sequence[Offered]
    reports: Mapping[str, ReportFile]
    customers: Options
    customer: str

    @property
    def address(self) -> str:
        """Where the page is; its files are below."""
        return f"/console/declared-footprints/{self.declared.id}/exports"


@router.get("/console/declared-footprints/{declared_id}/exports")
@endpoint(READERS)
def show_exports(context: Context, declared_id: uuid.UUID, customer: str = "") -> Response:
    """List the formats."""
    declared = get_product_footprint(context.session, declared_id)
    facts = facts_of(context.session, declared, settings=context.settings, customer_id=_customer_id(customer))
    page = ExportsPage(
        declared=declared,
        facts=facts,
        offered=[Offered(key=key.value, kind=kind, reason=_reason(context, facts, key)) for key, kind in KINDS.items()],
        reports=REPORTS,
        customers=[(str(one.id), _name(context, one)) for one in find_customers(context.session)],
        customer=customer,
    )
    return render_page(context, "console/footprint_exports.html", page)


@router.get("/console/declared-footprints/{declared_id}/exports/{file_format}")
@endpoint(READERS)
def download_export(context: Context, declared_id: uuid.UUID, file_format: str, customer: str = "") -> Response:
    """Hand out one format as a file."""
    declared = get_product_footprint(context.session, declared_id)
    if file_format in REPORTS:
        return _report(context, declared, REPORTS[file_format])
    if file_format not in set(ExportFormat):
        raise NotFoundError
    facts = facts_of(context.session, declared, settings=context.settings, customer_id=_customer_id(customer))
    file = export(facts, ExportFormat(file_format))
    return attachment(file.content, file.media_type, file.name)


def _report(context: Context, declared: ProductFootprint, wanted: ReportFile) -> Response:
    """Hand out the edition for customers; it is dated by the declaration, so the same footprint gives the same report."""
    report = make_report(
        context.session,
        declared,
        kind=wanted.kind,
        audience=Audience.CUSTOMER,
        settings=context.settings,
        at=declared.declared_at,
    )
    name = f"{report.number}-{wanted.kind.value}"
    if wanted.is_workbook:
        return attachment(write_report(report), XLSX, f"{name}.xlsx")
    return attachment(render_report(report), PDF, f"{name}.pdf")


def _customer_id(customer: str) -> uuid.UUID | None:
    if not customer:
        return None
    try:
        return uuid.UUID(customer)
    except ValueError as error:
        raise NotFoundError from error


def _reason(context: Context, facts: DeclaredFacts, wanted: ExportFormat) -> str:
    refused = refusal_of(facts, wanted)
    return "" if refused is None else explain(context.locale, refused.reason)


def _name(context: Context, customer: Organisation) -> str:
    return (customer.name_zh if context.locale == "zh-CN" else customer.name_en) or customer.name_en or customer.name_zh
