"""What waits for a second person's look: remedies that somebody noted, indicators that somebody wants to leave out."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.compliance.models import ComplianceRecord
from service.compliance.queries import remedies_to_verify
from service.compliance.words import VIOLATION_NAMES
from service.console.standing import READERS
from service.green_score.indicator_names import INDICATOR_NAMES
from service.green_score.models import NotApplicable
from service.i18n import translate
from service.procurement.not_applicable import waiting_requests
from service.suppliers.queries import names_of

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLooksPage:
    """Context of the page; rows are (supplier, what it is about, row)."""

    remedies: Sequence[tuple[str, str, ComplianceRecord]]
    left_out: Sequence[tuple[str, str, NotApplicable]]


@router.get("/console/second-looks")
@endpoint(READERS)
def show_second_looks(context: Context) -> Response:
    """List what waits, each with a link to the supplier's standing, where it is decided."""
    remedies, asked = remedies_to_verify(context.session), waiting_requests(context.session)
    suppliers = {one.supplier_id for one in remedies} | {one.supplier_id for one in asked}
    names, locale = names_of(context.session, suppliers, context.locale), context.locale
    page = SecondLooksPage(
        remedies=[(names[one.supplier_id], translate(locale, VIOLATION_NAMES[one.violation]), one) for one in remedies],
        left_out=[
            (names[one.supplier_id], f"{one.indicator} {translate(locale, INDICATOR_NAMES[one.indicator])}", one) for one in asked
        ],
    )
    return render_page(context, "console/second_looks.html", page)
