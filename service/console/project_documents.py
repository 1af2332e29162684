"""A document that a project needs, with the files it came as."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.accounts.queries import name_of_actor
from service.console.attached_files import UPLOADS, AttachedFiles, RemoveFileForm, attached_files
from service.console.gate_words import GATE, document_href
from service.errors import N_, NotFoundError
from service.evidence.downloads import attachment
from service.evidence.uploads import Uploaded, store_uploads, stored_files
from service.i18n import translate
from service.plan.policies import EDITOR_ROLES, PLAN_EDITORS, PLAN_READERS
from service.project_gate import queries
from service.project_gate.files import attach_files, is_kept, remove_file
from service.project_gate.models import ProjectDocument, ProjectProposal
from service.project_gate.words import DOCUMENTS
from service.web.forms import FormState, parse_form

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """A document in the list of its project; `files` are attached to it."""

    document: ProjectDocument
    kind: str
    href: str
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    """One document of a project."""

    project: ProjectProposal
    project_href: str
    document: ProjectDocument
    kind: str
    facts: Sequence[tuple[str, str]]
    files: AttachedFiles


def document_lines(context: Context, project_id: uuid.UUID) -> Sequence[DocumentLine]:
    """Return the documents of a project."""
    found = queries.documents_of(context.session, project_id)
    files = queries.file_counts(context.session, [one.id for one in found])
    return [
        DocumentLine(
            document=one,
            kind=translate(context.locale, DOCUMENTS[one.kind]),
            href=document_href(one),
            files=files.get(one.id, 0),
        )
        for one in found
    ]


def store_document_uploads(context: Context) -> Uploaded:
    """Write what was sent into the store, if there is a document that it may stand behind."""
    try:
        parameters = context.request.path_params
        project_id, document_id = (uuid.UUID(parameters[name]) for name in ("project_proposal_id", "project_document_id"))
    except ValueError as error:
        raise NotFoundError from error
    queries.get_document(context.session, project_id, document_id)
    return store_uploads(context.form, settings=context.settings, at=context.at)


def _show(context: Context, form: FormState, project_proposal_id: uuid.UUID, project_document_id: uuid.UUID) -> Response:
    session, locale = context.session, context.locale
    document = queries.get_document(session, project_proposal_id, project_document_id)
    project = queries.get_project(session, document.project_id)
    may_write = bool(context.asking.roles & EDITOR_ROLES)
    facts = [
        (N_("Number"), document.reference),
        (N_("Issued on"), document.issued_on.isoformat()),
        (N_("Entered by"), name_of_actor(session, document.added_by)),
    ]
    page = DocumentPage(
        project=project,
        project_href=f"{GATE}/{project.id}",
        document=document,
        kind=translate(locale, DOCUMENTS[document.kind]),
        facts=[(translate(locale, label), value) for label, value in facts],
        files=attached_files(
            context,
            queries.files_of(session, document.id),
            path=f"{document_href(document)}/files",
            may_attach=may_write,
            may_remove=lambda file: may_write and not is_kept(session, project.id, file),
            kept_because=translate(locale, N_("A verdict rests on files that were here then, so they stay.")) if may_write else "",
            form=form,
        ),
    )
    return render_page(context, "console/gate_document.html", page, status=form.status)


def _show_unattached(
    context: Context, form: FormState, uploaded: Uploaded, project_proposal_id: uuid.UUID, project_document_id: uuid.UUID
) -> Response:
    del uploaded
    return _show(context, form, project_proposal_id, project_document_id)


@router.get("/console/plan/project-gate/{project_proposal_id}/documents/{project_document_id}")
@endpoint(PLAN_READERS)
def show_document(context: Context, project_proposal_id: uuid.UUID, project_document_id: uuid.UUID) -> Response:
    """Show a document with its files."""
    return _show(context, FormState(), project_proposal_id, project_document_id)


@router.post("/console/plan/project-gate/{project_proposal_id}/documents/{project_document_id}/files")
@endpoint(PLAN_EDITORS, limited=UPLOADS, prepare=store_document_uploads)
@refusals_shown_by(_show_unattached)
def attach_document_files(
    context: Context, uploaded: Uploaded, project_proposal_id: uuid.UUID, project_document_id: uuid.UUID
) -> Response:
    """Attach the files that were stored."""
    document = queries.get_document(context.session, project_proposal_id, project_document_id)
    stored = stored_files(uploaded)
    attach_files(context.session, project_proposal_id, document.id, stored, by=context.asking.actor, at=context.at)
    return see_other(context, document_href(document), N_("The file is attached."))


@router.post("/console/plan/project-gate/{project_proposal_id}/documents/{project_document_id}/files/remove")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show)
def remove_document_file(context: Context, project_proposal_id: uuid.UUID, project_document_id: uuid.UUID) -> Response:
    """Take a file off, with the reason."""
    document = queries.get_document(context.session, project_proposal_id, project_document_id)
    said = parse_form(RemoveFileForm, context.form)
    what = (project_proposal_id, document.id, said.file_id)
    remove_file(context.session, *what, reason=said.removal_reason, by=context.asking.actor, at=context.at)
    return see_other(context, document_href(document), N_("The file is removed."))


@router.get("/console/plan/project-gate/{project_proposal_id}/documents/{project_document_id}/files/{document_file_id}")
@endpoint(PLAN_READERS)
def download_document_file(
    context: Context, project_proposal_id: uuid.UUID, project_document_id: uuid.UUID, document_file_id: uuid.UUID
) -> Response:
    """Return a file to be saved."""
    queries.get_document(context.session, project_proposal_id, project_document_id)
    file = queries.get_file(context.session, project_document_id, document_file_id)
    return attachment(file, data_dir=context.settings.data_dir)
