"""Saving single answers while somebody goes on typing, for pages with scripts."""

import uuid
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from service.accounts.access import SUPPLIER_OR_COLLEAGUE, Context, endpoint
from service.i18n import translate
from service.submissions.models import Submission
from service.web.formatting import format_datetime
from service.web.templating import render
from supplier_portal.fields import FieldView
from supplier_portal.frames import get_group_shown, groups_shown, questionnaire_of
from supplier_portal.progress import Progress, progress_of
from supplier_portal.storing import store_answers
from supplier_portal.views import views_of

router = APIRouter()


@router.post("/portal/submissions/{submission_id}/{group_key}/save")
@endpoint(SUPPLIER_OR_COLLEAGUE)
def save_answers(context: Context, submission_id: uuid.UUID, group_key: str) -> Response:
    """Save the answers sent, of one screen, and return what the page shows anew beside them."""
    submission = questionnaire_of(context, submission_id)
    group = get_group_shown(context, submission, group_key)
    store_answers(context, submission, group)
    saved = [view for view in views_of(context, submission, group) if view.key in context.form]
    return JSONResponse(
        _saved(context, submission, saved), headers={"Content-Language": context.locale, "Cache-Control": "no-store"}
    )


def _saved(context: Context, submission: Submission, views: Sequence[FieldView]) -> dict[str, Any]:
    progress = progress_of(context, submission, groups_shown(context, submission))
    return {
        "saved": translate(context.locale, "Saved %(time)s", time=format_datetime(context.at, context.settings.timezone)[-5:]),
        "progress": _progress(context, progress),
        "fields": {view.key: _field(context, view) for view in views},
    }


def _field(context: Context, view: FieldView) -> dict[str, Any]:
    notes = render("portal/saved.html", locale=context.locale, timezone=context.settings.timezone, page=view)
    return {"stamp": view.stamp, "converted": view.converted, "error": view.error, "notes": notes}


def _progress(context: Context, progress: Progress) -> dict[str, Any]:
    label = translate(context.locale, "%(answered)s of %(asked)s answered", answered=progress.answered, asked=progress.asked)
    return {"answered": progress.answered, "label": label}
