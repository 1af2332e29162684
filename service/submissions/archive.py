"""All that a supplier ever submitted, as one ZIP that is written while it is sent: files are read one after the other."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session, col, select

from service.accounts.access import Principal
from service.evidence.store import path_of
from service.submissions import queries
from service.submissions.models import Evidence, Receipt, Submission

_CHUNK: Final = 64 * 1024
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of the archive; `read` yields its bytes when its turn comes."""

    name: str
    read: Callable[[], Iterator[bytes]]


def submitted_members(session: Session, *, visible_to: Principal, data_dir: Path) -> list[Member]:
    """Return everything of the requests that a supplier may see.

    The rows are read now, so that the transaction may end before the first chunk; evidence files as they are sent.
    """
    return [
        member
        for submission in _submissions(session, visible_to)
        for member in (*answer_members(session, submission), *_evidence_members(session, submission, data_dir))
    ]


def _submissions(session: Session, principal: Principal) -> list[Submission]:
    statement = select(Submission).where(queries.seen_by(principal)).order_by(col(Submission.id))
    return list(session.exec(statement))


def answer_members(session: Session, submission: Submission) -> Iterator[Member]:
    """Return the answers of a request with their receipts, as files of an archive."""
    folder = submission.number
    answers = [_answer(field, one) for field, one in sorted(queries.answers_of(session, submission.id).items())]
    earlier = [
        _answer(one.field, one) | {"replaced_at": one.replaced_at} for one in queries.earlier_answers_of(session, submission.id)
    ]
    comments = [
        {"field": one.field, "text": one.text, "at": one.at, "from_supplier": one.from_supplier}
        for one in queries.comments_of(session, submission.id)
    ]
    request = {name: getattr(submission, name) for name in _REQUEST}
    yield json_member(f"{folder}/answers.json", {**request, "answers": answers, "earlier_answers": earlier, "comments": comments})
    yield bytes_member(f"{folder}/answers.csv", _table(answers))
    receipts = select(Receipt).where(Receipt.submission_id == submission.id).order_by(col(Receipt.submitted_at))
    for receipt in session.exec(receipts):
        known = {
            "number": receipt.number,
            "sha256": receipt.sha256,
            "submitted_at": receipt.submitted_at,
            "content": receipt.content,
        }
        yield json_member(f"{folder}/receipt-{receipt.number}.json", known)


def _evidence_members(session: Session, submission: Submission, data_dir: Path) -> Iterator[Member]:
    for number, one in enumerate(queries.evidence_of(session, submission.id), start=1):
        yield file_member(evidence_name(submission, number, one), path_of(one.sha256, data_dir=data_dir))


def evidence_name(submission: Submission, number: int, evidence: Evidence) -> str:
    """Return the name in an archive of the n-th file of a request."""
    return f"{submission.number}/evidence/{number:02}-{evidence.name}"


_REQUEST: Final = (
    *("number", "supplier_type", "depth", "period_start", "period_end", "status", "message"),
    *("submitted_at", "receipt_no", "answers_sha256", "decided_at"),
)
_COLUMNS: Final = ("field", "entered", "unit", "absent", "evidence", "note", "typed_at")


def _answer(field: str, answer: Any) -> dict[str, Any]:  # noqa: ANN401 - a present or an earlier answer
    return {
        "field": field,
        "entered": answer.entered,
        "unit": answer.entered_unit,
        "absent": answer.absent,
        "evidence": answer.evidence_kind,
        "note": answer.note,
        "typed_at": answer.typed_at,
    }


def _table(answers: list[dict[str, Any]]) -> bytes:
    """Return answers as CSV that spreadsheets read as UTF-8 and never calculate."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS)
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in row.items()} for row in answers)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _harmless(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def json_member(name: str, content: Mapping[str, Any]) -> Member:
    """Return a file of readable JSON."""
    return bytes_member(name, json.dumps(content, ensure_ascii=False, indent=2, default=str).encode())


def bytes_member(name: str, content: bytes) -> Member:
    """Return a file of bytes that are in memory."""
    return Member(name=name, read=lambda: iter([content]))


def file_member(name: str, path: Path) -> Member:
    """Return a file that is read from disk when its turn comes."""

    def read() -> Iterator[bytes]:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk

    return Member(name=name, read=read)


class _Outbox(io.RawIOBase):
    """What the archive has written and nobody has fetched yet; it can't be rewound, so the ZIP is written straight on."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        """Tell that it takes bytes."""
        return True

    def write(self, chunk: Any) -> int:  # noqa: ANN401 - any buffer
        """Take bytes in."""
        self._waiting += chunk
        return len(chunk)

    def fetch(self) -> bytes:
        """Return and forget what is waiting."""
        found = bytes(self._waiting)
        self._waiting.clear()
        return found


def stream_archive(members: Iterable[Member], *, at: datetime) -> Iterator[bytes]:
    """Return the chunks of a ZIP; the same members at the same time give the same bytes.

    `manifest.json` comes last and gives the SHA-256 of every other file.
    """
    outbox, sums = _Outbox(), {}
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            digest = hashlib.sha256()
            with archive.open(_entry(member.name, at), "w") as target:
                for chunk in member.read():
                    digest.update(chunk)
                    target.write(chunk)
                    yield outbox.fetch()
            sums[member.name] = digest.hexdigest()
        manifest = {"made_at": at.isoformat(), "sha256": sums}
        archive.writestr(_entry("manifest.json", at), json.dumps(manifest, ensure_ascii=False, indent=2))
    yield outbox.fetch()


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
