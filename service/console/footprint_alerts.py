"""Alerts on declared footprints: validity that ends, results that have moved; closed with a reason."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page, see_other
from service.errors import N_, ServiceError
from service.footprints.disclosure import RELEASERS
from service.i18n import translate
from service.product_footprints.disclosure import READERS
from service.product_footprints.models import FootprintAlert
from service.product_footprints.watching import MESSAGES, alert_values, close_alert, find_alerts
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()


class CloseForm(FormInput):
    """Why an alert needs nothing more."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLine:
    """One alert with its sentence; `closed_because` is empty while it is open."""

    alert: FootprintAlert
    text: str
    closed_because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsPage:
    """Open alerts first, then what was closed last; `form` belongs to the alert `refused`."""

    open_lines: Sequence[AlertLine]
    closed_lines: Sequence[AlertLine]
    may_close: bool
    form: FormState
    refused: uuid.UUID | None


@router.get("/console/footprint-alerts")
@endpoint(READERS)
def show_alerts(context: Context) -> Response:
    """List the alerts."""
    return _show(context, FormState(), refused=None)


@router.post("/console/footprint-alerts/{alert_id}/close")
@endpoint(RELEASERS)
def close(context: Context, alert_id: uuid.UUID) -> Response:
    """Close an alert with a reason."""
    try:
        asked = parse_form(CloseForm, context.form)
        close_alert(context.session, alert_id, reason=asked.reason, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show(context, rejected(context.form, error, context.locale), refused=alert_id, status=error.status)
    return see_other(context, "/console/footprint-alerts", N_("The alert is closed."))


def _show(context: Context, form: FormState, *, refused: uuid.UUID | None, status: int = 200) -> Response:
    lines = [_line(context, one) for one in find_alerts(context.session)]
    page = AlertsPage(
        open_lines=[one for one in lines if one.alert.closed_at is None],
        closed_lines=[one for one in lines if one.alert.closed_at is not None],
        may_close=RELEASERS.lets_in(context.principal),
        form=form,
        refused=refused,
    )
    return render_page(context, "console/footprint_alerts.html", page, status=status)


def _line(context: Context, alert: FootprintAlert) -> AlertLine:
    reason = alert.closed_reason
    return AlertLine(
        alert=alert,
        text=translate(context.locale, MESSAGES[alert.kind], **alert_values(alert)),
        closed_because=translate(context.locale, reason) if reason else "",
    )
