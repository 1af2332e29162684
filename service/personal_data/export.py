"""All that is kept of a person, to hand over: JSON for programs, one page to read."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from markupsafe import escape
from sqlmodel import Session, col, select

from service.accounts.models import LoginSession, Organisation
from service.audit.models import AuditEvent
from service.carbon_accounts.queries import entries_of, find_account
from service.errors import N_
from service.evidence.models import AttachedFile
from service.i18n import LOCALES, translate
from service.mail.models import MailMessage
from service.personal_data.places import TEXT_PLACES, receipts_with, rows_with
from service.personal_data.subjects import Subject
from service.submissions.models import Answer, Evidence, FieldComment

Rows = Sequence[Mapping[str, Any]]
Sections = Mapping[str, Rows]

TITLES: Mapping[str, str] = {
    "account": N_("Account"),
    "sessions": N_("Browsers signed in"),
    "contact_of": N_("Contact person of"),
    "mails": N_("Mails"),
    "carbon_account": N_("What is kept of your carbon account"),
    "answers": N_("Answers typed"),
    "comments": N_("Comments written"),
    "evidence": N_("Files attached"),
    "events": N_("What was done, from the audit trail"),
    "texts": N_("Texts of others with your name, address or number"),
    "receipts": N_("Receipts that name you, kept as proof"),
}


def personal_data(session: Session, subject: Subject) -> Sections:
    """Return all that is kept of a person, by kind; hashes of passwords and tokens tell nobody anything and are left out."""
    return {**_own(session, subject), **_carbon_account(session, subject), **_written(session, subject), **_told(session, subject)}


def as_archive(subject: Subject, sections: Sections, *, at: datetime) -> bytes:
    """Return a ZIP with `personal-data.json` and `personal-data.html`, the latter in both languages."""
    document = {"person": subject.email, "exported_at": at.isoformat(), **sections}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("personal-data.json", json.dumps(document, ensure_ascii=False, indent=2, default=str))
        archive.writestr("personal-data.html", _page(subject, sections, at=at))
    return buffer.getvalue()


def _own(session: Session, subject: Subject) -> Sections:
    user = subject.user
    account = [] if user is None else [{name: getattr(user, name) for name in ("name", "email", "roles", "locale", "created_at")}]
    signed_in = session.exec(select(LoginSession).where(LoginSession.user_id == user.id)).all() if user else ()
    return {
        "account": account,
        "sessions": [{"since": one.created_at, "last_seen_at": one.last_seen_at} for one in signed_in],
        "contact_of": [
            {
                "supplier": session.get_one(Organisation, one.organisation_id).name_zh,
                "contact_name": one.contact_name,
                "contact_email": one.contact_email,
                "contact_phone": one.contact_phone,
            }
            for one in subject.contacts
        ],
        "mails": [
            {"at": one.created_at, "subject": one.subject, "body": one.body, "state": one.state}
            for one in session.exec(select(MailMessage).where(col(MailMessage.recipient).icontains(subject.email, autoescape=True)))
        ],
    }


def _carbon_account(session: Session, subject: Subject) -> Sections:
    account = find_account(session, subject.user.id) if subject.user else None
    if account is None:
        return {"carbon_account": []}
    opened = {"pseudonym": account.pseudonym, "consent_version": account.consent_version, "consented_at": account.consented_at}
    columns = ("behaviour_id", "day", "amount", "counted", "avoided_kg_co2e", "points", "entered_at", "reversed_at")
    return {"carbon_account": [opened, *_columns(entries_of(session, account), *columns)]}


def _written(session: Session, subject: Subject) -> Sections:
    actor = subject.actor
    if actor is None:
        return {"answers": [], "comments": [], "evidence": [], "events": []}
    return {
        "answers": _columns(
            session.exec(select(Answer).where(Answer.typed_by == actor)), "submission_id", "field", "entered", "note", "typed_at"
        ),
        "comments": _columns(
            session.exec(select(FieldComment).where(FieldComment.by == actor)), "submission_id", "field", "text", "at"
        ),
        "evidence": _files(session, actor),
        "events": _columns(
            session.exec(select(AuditEvent).where(AuditEvent.actor == actor).order_by(col(AuditEvent.id))),
            *("at", "action", "object_type", "object_id", "details"),
        ),
    }


def _files(session: Session, actor: str) -> Rows:
    of_answers = session.exec(select(Evidence).where(Evidence.uploaded_by == actor))
    of_figures = session.exec(select(AttachedFile).where(AttachedFile.attached_by == actor))
    return [
        *_columns(of_answers, "submission_id", "name", "sha256", "uploaded_at"),
        *_columns(of_figures, "name", "sha256", "attached_at", "removed_at", "removed_because"),
    ]


def _told(session: Session, subject: Subject) -> Sections:
    texts = [
        {"place": translate("en", place.label), **{name: getattr(row, name) for name in place.columns}}
        for place in TEXT_PLACES
        if place.table is not MailMessage
        for row in rows_with(session, place, subject.words)
    ]
    receipts = [{"number": one.number, "sha256": one.sha256} for one in receipts_with(session, subject.words)]
    return {"texts": texts, "receipts": receipts}


def _columns(rows: Any, *names: str) -> Rows:  # noqa: ANN401 - rows of any table
    return [{name: getattr(row, name) for name in names} for row in rows]


def _page(subject: Subject, sections: Sections, *, at: datetime) -> str:
    body = "".join(_table(name, rows) for name, rows in sections.items() if rows)
    head = "<!doctype html><html lang='zh-CN'><head><meta charset='utf-8'><title>personal-data</title></head><body>"
    return f"{head}<h1>{escape(subject.email)}</h1><p>{at.isoformat()}</p>{body}</body></html>"


def _table(name: str, rows: Rows) -> str:
    title = " / ".join(translate(locale, TITLES[name]) for locale in LOCALES)
    head = "".join(f"<th>{escape(column)}</th>" for column in rows[0])
    lines = "".join("<tr>" + "".join(f"<td>{escape(str(value))}</td>" for value in row.values()) + "</tr>" for row in rows)
    return f"<h2>{escape(title)}</h2><table border='1'><tr>{head}</tr>{lines}</table>"
