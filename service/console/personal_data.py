"""Pages on a person's data: what is kept, handing it over, erasing it; look first, then confirm."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from service.accounts.access import ADMIN, Context, endpoint
from service.accounts.pages import render_page, see_other
from service.accounts.rules import normalise_email
from service.audit.operations import record
from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.evidence.downloads import HEADERS
from service.i18n import explain
from service.personal_data.export import as_archive, personal_data
from service.personal_data.operations import Erasure, erase, preview
from service.personal_data.subjects import Subject, find_obstacle, get_subject
from service.web.forms import FormState, rejected

router = APIRouter(prefix="/console/personal-data")

LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDataPage:
    """Context of the page.

    Attributes
    ----------
    found
        What erasing would change; None before somebody was looked up.
    obstacle
        Why the person can't be erased, as a message id.

    """

    email: str
    found: Erasure | None
    obstacle: str | None
    form: FormState
    keep_mails_days: int
    keep_ended_links_days: int


@router.get("")
@endpoint(ADMIN)
def show_personal_data(context: Context, email: Annotated[str, Query(max_length=LONGEST_ADDRESS)] = "") -> Response:
    """Show what is kept of a person."""
    address = email.replace("\0", "").strip()
    if not address:
        return _page(context, "", None, FormState())
    try:
        return _page(context, address, get_subject(context.session, address), FormState())
    except ServiceError as error:
        form = FormState(values={"email": address}, errors={"email": explain(context.locale, error)})
        return _page(context, address, None, form, status=error.status)


@router.post("/export")
@endpoint(ADMIN)
def export_personal_data(context: Context) -> Response:
    """Hand over all that is kept of a person; that this was done is recorded."""
    subject = _subject(context)
    content = as_archive(subject, personal_data(context.session, subject), at=context.at)
    of = subject.user or subject.contacts[0]
    record(context.session, "personal_data_exported", of=of, by=context.asking.actor, at=context.at)
    disposition = {"Content-Disposition": 'attachment; filename="personal-data.zip"'}
    return Response(content, media_type="application/zip", headers={**HEADERS, **disposition})


@router.post("/erase")
@endpoint(ADMIN)
def erase_personal_data(context: Context) -> Response:
    """Erase a person; the address must be typed once more."""
    subject = _subject(context)
    typed = str(context.form.get("confirmation", ""))
    if normalise_email(typed) != subject.email:
        problem = FieldError(N_("Type the address %(email)s to confirm; this can't be undone."), email=subject.email)
        form = rejected(context.form, InvalidInputError({"confirmation": problem}), context.locale)
        return _page(context, subject.email, subject, form, status=422)
    try:
        erase(context.session, subject, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return see_other(context, f"/console/personal-data?email={subject.email}", error.template, kind="error", **error.values)
    return see_other(context, "/console/personal-data", N_("Erased. Results, receipts and certificates stay as they were."))


def _subject(context: Context) -> Subject:
    return get_subject(context.session, str(context.form.get("email", ""))[:LONGEST_ADDRESS].replace("\0", ""))


def _page(context: Context, email: str, subject: Subject | None, form: FormState, *, status: int = 200) -> Response:
    page = PersonalDataPage(
        email=subject.email if subject else email,
        found=preview(context.session, subject) if subject else None,
        obstacle=find_obstacle(context.session, subject, by=context.asking.actor) if subject else None,
        form=form,
        keep_mails_days=context.settings.keep_mails_days,
        keep_ended_links_days=context.settings.keep_ended_links_days,
    )
    return render_page(context, "console/personal_data.html", page, status=status)
