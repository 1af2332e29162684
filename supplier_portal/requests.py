"""The list of what a supplier with an account has been asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import SUPPLIER, Context, endpoint
from service.accounts.pages import render_page, see_other
from service.errors import N_
from service.i18n import translate
from service.submissions import queries
from service.submissions.models import SubmissionStatus as Status
from service.submissions.rules import EDITABLE
from service.suppliers.flows import TYPE_LABELS
from service.suppliers.models import SupplierType

router = APIRouter()

NEXT_STEPS: Mapping[Status, str] = {
    Status.INVITED: N_("Open it and start"),
    Status.DELIVERED: N_("Open it and start"),
    Status.BOUNCED: N_("Open it and start"),
    Status.OPENED: N_("Start with the first part"),
    Status.IN_PROGRESS: N_("Go on where you stopped"),
    Status.RETURNED: N_("Answer the questions of your contact"),
    Status.SUBMITTED: N_("Nothing to do: your contact checks the answers"),
    Status.IN_REVIEW: N_("Nothing to do: your contact checks the answers"),
    Status.ACCEPTED: N_("Nothing to do: your figures are accepted"),
    Status.IN_USE: N_("Nothing to do: your figures are in use"),
    Status.SUPERSEDED: N_("Nothing to do: newer answers are in use"),
    Status.DECLINED: N_("If that has changed, ask your contact for a new link"),
    Status.EXPIRED: N_("Closed because its time is over; ask your contact if you still want to answer"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """One request in the list.

    Attributes
    ----------
    is_overdue
        Whether the deadline has passed and the supplier can still answer.

    """

    row: queries.SubmissionRow
    type_name: str
    next_step: str
    is_open: bool
    is_overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """Context of the list of a supplier's requests."""

    lines: Sequence[RequestLine]


@router.get("/portal")
@endpoint(SUPPLIER)
def show_list(context: Context) -> Response:
    """List the supplier's requests; who came by link goes to the one it opens."""
    if context.asking.submission_id is not None:
        return see_other(context, f"/portal/submissions/{context.asking.submission_id}")
    rows = queries.find_submissions(context.session, visible_to=context.asking)
    return render_page(context, "portal/list.html", ListPage(lines=[_line(context, row) for row in rows]))


def _line(context: Context, row: queries.SubmissionRow) -> RequestLine:
    is_open = row.status in EDITABLE
    return RequestLine(
        row=row,
        type_name=translate(context.locale, TYPE_LABELS[SupplierType(row.supplier_type)]),
        next_step=translate(context.locale, NEXT_STEPS[row.status]),
        is_open=is_open,
        is_overdue=is_open and row.deadline < context.today,
    )
