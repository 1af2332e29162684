"""The file of a document: attached on its page, kept once somebody has decided with it at hand."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.errors import ConflictError, NotFoundError
from service.evidence.models import AttachedFile
from service.project_gate import queries
from service.project_gate.files import attach_files, remove_file
from service.project_gate.models import ProjectDocument, ProjectProposal, ProjectStatus
from tests.conftest import SignIn
from tests.project_gate.builders import ENGINEER, NOW, REVIEWER, a_project, all_documents, an_assessed_project, decide
from tests.submissions.builders import a_stored_file

PDF = b"%PDF-1.7 approval"


def attach(session: Session, document: ProjectDocument, content: bytes, *, data_dir: Path, days: int = 0) -> AttachedFile:
    stored = [a_stored_file(content, "approval.pdf", data_dir=data_dir)]
    (file,) = attach_files(session, document.project_id, document.id, stored, by=ENGINEER, at=NOW + timedelta(days=days))
    return file


def ready(session: Session) -> tuple[ProjectProposal, ProjectDocument]:
    """Return an assessed project with all its documents, and one of these."""
    project = an_assessed_project(session)
    all_documents(session, project)
    return project, queries.documents_of(session, project.id)[0]


def test_a_file_goes_with_a_reason_until_somebody_has_decided_with_it_at_hand(sqlite_database: Database, tmp_path: Path) -> None:
    with sqlite_database.writing() as session:
        project, document = ready(session)
        wrong, right = (attach(session, document, content, data_dir=tmp_path) for content in (PDF, PDF + b"2"))
        remove_file(session, project.id, document.id, wrong.id, reason="of another project", by=ENGINEER, at=NOW)

        decide(session, project, role=Role.REVIEWER, by=REVIEWER)
        later = attach(session, document, PDF + b"3", data_dir=tmp_path, days=1)

        assert project.status is ProjectStatus.ASSESSED  # the second verdict is open, the first rests on the file
        with pytest.raises(ConflictError, match="A verdict on project"):
            remove_file(session, project.id, document.id, right.id, reason="of another project", by=ENGINEER, at=NOW)
        remove_file(session, project.id, document.id, later.id, reason="of another project", by=ENGINEER, at=NOW)
        assert queries.file_counts(session, [document.id]) == {document.id: 1}


def test_a_file_belongs_to_one_document_of_one_project(sqlite_database: Database, tmp_path: Path) -> None:
    with sqlite_database.writing() as session:
        project, document = ready(session)
        other = queries.documents_of(session, project.id)[1]
        file = attach(session, document, PDF, data_dir=tmp_path)
        stranger = a_project(session, title="Another line")

        with pytest.raises(NotFoundError):
            queries.get_file(session, other.id, file.id)
        with pytest.raises(NotFoundError):
            attach_files(session, stranger.id, document.id, [], by=ENGINEER, at=NOW)
        with pytest.raises(NotFoundError):
            remove_file(session, stranger.id, document.id, file.id, reason="not mine", by=ENGINEER, at=NOW)


def test_an_engineer_attaches_the_approval_and_the_committee_opens_it(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: Callable[..., dict[str, str]]
) -> None:
    with app.state.database.writing() as session:
        project, document = ready(session)
        project_path = f"/console/plan/project-gate/{project.id}"
        path = f"{project_path}/documents/{document.id}"
    sign_in(Role.ENGINEER)
    files = [("files", ("批复.pdf", PDF, "application/pdf"))]

    assert client.post(f"{path}/files", data=form(), files=files).status_code == 303
    wrong = client.post(f"{path}/files", data=form(), files=[("files", ("a.exe", b"MZ\x90\x00", ""))])
    assert (wrong.status_code, "This is not a PDF" in wrong.text) == (422, True)
    with app.state.database.reading() as session:
        address = f"{path}/files/{session.exec(select(AttachedFile.id)).one()}"

    sign_in(Role.COMMITTEE)
    assert f'href="{path}"' in client.get(project_path).text
    page = client.get(path).text
    assert f'href="{address}"' in page
    assert "multipart/form-data" not in page
    response = client.get(address)
    assert (response.content, response.headers["content-security-policy"]) == (PDF, "sandbox; default-src 'none'")
    assert response.headers["content-disposition"].startswith("attachment;")
    assert client.post(f"{path}/files", data=form(), files=files).status_code == 403

    sign_in(Role.PROCUREMENT)
    assert [client.get(one).status_code for one in (path, address)] == [403, 403]


def test_a_file_is_taken_off_a_document_with_a_reason(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: Callable[..., dict[str, str]], tmp_path: Path
) -> None:
    with app.state.database.writing() as session:
        project, document = ready(session)
        file = attach(session, document, PDF, data_dir=tmp_path)
        path = f"/console/plan/project-gate/{project.id}/documents/{document.id}"
        removal = {"file_id": str(file.id), "removal_reason": "of another project"}
    sign_in(Role.ENGINEER)

    refused = client.post(f"{path}/files/remove", data=form(**{**removal, "removal_reason": "?"}))
    done = client.post(f"{path}/files/remove", data=form(**removal))

    assert (refused.status_code, done.status_code) == (422, 303)
    page = client.get(path).text
    assert ("of another project" in page, f"{path}/files/{file.id}" in page) == (True, False)
