"""Files behind a monthly figure: the bill itself."""

import uuid

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import refusals_shown_by, see_other
from service.console.attached_files import UPLOADS, RemoveFileForm
from service.console.monitoring_entries import entry_page
from service.console.monitoring_words import entry_href
from service.errors import N_, NotFoundError
from service.evidence.downloads import attachment
from service.evidence.uploads import Uploaded, store_uploads, stored_files
from service.monitoring import queries
from service.monitoring.files import attach_files, check_standing, remove_file
from service.plan.policies import PLAN_EDITORS, PLAN_READERS
from service.web.forms import FormState, parse_form

router = APIRouter()


def store_entry_uploads(context: Context) -> Uploaded:
    """Write what was sent into the store, if there is a figure that it may stand behind."""
    try:
        entry_id = uuid.UUID(context.request.path_params["activity_entry_id"])
    except ValueError as error:
        raise NotFoundError from error
    check_standing(queries.get_entry(context.session, entry_id))
    return store_uploads(context.form, settings=context.settings, at=context.at)


def _show(context: Context, form: FormState, activity_entry_id: uuid.UUID) -> Response:
    return entry_page(context, activity_entry_id, files_form=form)


def _show_unattached(context: Context, form: FormState, uploaded: Uploaded, activity_entry_id: uuid.UUID) -> Response:
    del uploaded
    return _show(context, form, activity_entry_id)


@router.post("/console/plan/monitoring/entries/{activity_entry_id}/files")
@endpoint(PLAN_EDITORS, limited=UPLOADS, prepare=store_entry_uploads)
@refusals_shown_by(_show_unattached)
def attach_entry_files(context: Context, uploaded: Uploaded, activity_entry_id: uuid.UUID) -> Response:
    """Attach the files that were stored."""
    entry = queries.get_entry(context.session, activity_entry_id)
    attach_files(context.session, entry.id, stored_files(uploaded), by=context.asking.actor, at=context.at)
    return see_other(context, entry_href(entry.id), N_("The file is attached."))


@router.post("/console/plan/monitoring/entries/{activity_entry_id}/files/remove")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show)
def remove_entry_file(context: Context, activity_entry_id: uuid.UUID) -> Response:
    """Take a file off, with the reason."""
    entry = queries.get_entry(context.session, activity_entry_id)
    said = parse_form(RemoveFileForm, context.form)
    remove_file(context.session, entry.id, said.file_id, reason=said.removal_reason, by=context.asking.actor, at=context.at)
    return see_other(context, entry_href(entry.id), N_("The file is removed."))


@router.get("/console/plan/monitoring/entries/{activity_entry_id}/files/{activity_file_id}")
@endpoint(PLAN_READERS)
def download_entry_file(context: Context, activity_entry_id: uuid.UUID, activity_file_id: uuid.UUID) -> Response:
    """Return a file to be saved."""
    file = queries.get_file(context.session, activity_entry_id, activity_file_id)
    return attachment(file, data_dir=context.settings.data_dir)
