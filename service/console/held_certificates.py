"""Pages on suppliers' certificates: the list with their ends, taking it along, and many at once from Excel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.compliance.models import HeldCertificate, Proof
from service.compliance.operations import import_certificates
from service.compliance.queries import all_certificates
from service.compliance.rules import notice_stage
from service.compliance.schemas import CertificateFilter, ListedCertificate
from service.compliance.words import CERTIFICATE_NAMES
from service.console.choices import Options, read_filter, supplier_options
from service.console.exports import CSV, attachment, csv_of
from service.console.held_certificate_sheet import (
    COLUMNS,
    certificate_table,
    certificate_workbook,
    check_row,
    recorded,
    sheet_rows,
)
from service.console.standing import READERS, WRITERS, Badge, certificate_badge
from service.console.table_imports import SheetImport, add_import
from service.errors import N_
from service.i18n import translate
from service.suppliers.queries import all_active_suppliers, names_of
from service.suppliers.table_import import Planned, TablePlan, plan_table
from service.web.forms import FormState

router = APIRouter()

LIST: Final = "/console/held-certificates"
SHOWN: Final = 200
"""Lines on the page; the file has all."""

STATES: Final = {
    "valid": N_("Valid"),
    "expiring": N_("Ends within 90 days"),
    "expired": N_("Expired"),
    "told": N_("Told by the supplier"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateLine:
    """One certificate in the list; `href` leads to where something can be done with it."""

    row: HeldCertificate
    supplier: str
    name: str
    badge: Badge
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCertificatesPage:
    """Context of the list; `count` is how many there are, of which the first are shown."""

    lines: Sequence[CertificateLine]
    count: int
    filter: CertificateFilter
    form: FormState
    suppliers: Options
    kinds: Options
    states: Options
    export_href: str
    may_write: bool


@router.get(LIST)
@endpoint(READERS)
def show_held_certificates(context: Context) -> Response:
    """List the certificates on file, soonest end first; filters stand in the address."""
    wanted, form = read_filter(CertificateFilter, context.request, context.locale)
    rows = _rows(context, wanted)
    names = names_of(context.session, {row.supplier_id for row in rows}, context.locale)
    query = context.request.url.query
    page = HeldCertificatesPage(
        lines=[_line(context, row, names[row.supplier_id]) for row in rows[:SHOWN]],
        count=len(rows),
        filter=wanted,
        form=form,
        suppliers=supplier_options(all_active_suppliers(context.session), context.locale),
        kinds=[(kind, translate(context.locale, name)) for kind, name in CERTIFICATE_NAMES.items()],
        states=[(state, translate(context.locale, name)) for state, name in STATES.items()],
        export_href=f"{LIST}/export.csv" + (f"?{query}" if query else ""),
        may_write=WRITERS.lets_in(context.principal),
    )
    return render_page(context, "console/held_certificates.html", page)


@router.get("/console/held-certificates/export.csv")
@endpoint(READERS)
def export_held_certificates(context: Context) -> Response:
    """Send what the list shows as CSV."""
    wanted, _ = read_filter(CertificateFilter, context.request, context.locale)
    rows = _rows(context, wanted)
    names = names_of(context.session, {row.supplier_id for row in rows}, "zh-CN")
    return attachment(csv_of(COLUMNS, sheet_rows(rows, names)), CSV, "certificates.csv")


def _template(context: Context) -> bytes:
    return certificate_workbook(_on_file(context), all_active_suppliers(context.session))


def _plan(context: Context, answer: Mapping[str, Any]) -> TablePlan[ListedCertificate]:
    present, today = recorded(_on_file(context)), context.today
    return plan_table(
        certificate_table(all_active_suppliers(context.session)),
        answer,
        present=present,
        check=lambda fields: check_row(fields, present=present, today=today),
    )


def _cells(context: Context, rows: Sequence[ListedCertificate]) -> Sequence[Sequence[str]]:
    names = names_of(context.session, {one.supplier_id for one in rows}, context.locale)
    return [
        (
            names[one.supplier_id],
            translate(context.locale, CERTIFICATE_NAMES[one.kind]),
            one.number,
            one.valid_until.isoformat(),
        )
        for one in rows
    ]


def _apply(context: Context, rows: Sequence[Planned[ListedCertificate]]) -> None:
    import_certificates(context.session, rows, today=context.today, by=context.asking.actor, at=context.at)


add_import(
    router,
    SheetImport(
        title=N_("Import certificates"),
        list_title=N_("Certificates of suppliers"),
        path=LIST,
        above=None,
        policy=WRITERS,
        columns=(
            (N_("Supplier"), "text"),
            (N_("Certificate"), "text"),
            (N_("Certificate number"), "text"),
            (N_("Valid until"), "text"),
        ),
        fields=ListedCertificate,
        template=_template,
        plan=_plan,
        cells=_cells,
        apply=_apply,
        done=N_("%(count)s certificates imported."),
    ),
)


def _rows(context: Context, wanted: CertificateFilter) -> list[HeldCertificate]:
    owner_id = context.asking.user_id if wanted.mine else None
    found = all_certificates(context.session, supplier_id=wanted.supplier_id, kind=wanted.kind, owner_id=owner_id)
    today = context.today
    return [row for row, _ in found if wanted.state is None or wanted.state == _state(row, today=today)]


def _state(row: HeldCertificate, *, today: date) -> str:
    if row.proof is Proof.CLAIM:
        return "told"
    stage = notice_stage(row.valid_until, today=today)
    return "valid" if stage is None else "expired" if stage == 0 else "expiring"


def _line(context: Context, row: HeldCertificate, supplier: str) -> CertificateLine:
    standing = f"/console/suppliers/{row.supplier_id}/standing"
    return CertificateLine(
        row=row,
        supplier=supplier,
        name=translate(context.locale, CERTIFICATE_NAMES[row.kind]),
        badge=certificate_badge(row, today=context.today, locale=context.locale),
        href=f"{standing}/certificate/new?told={row.id}" if row.proof is Proof.CLAIM else standing,
    )


def _on_file(context: Context) -> list[HeldCertificate]:
    return [row for row, _ in all_certificates(context.session) if row.proof is not Proof.CLAIM]
