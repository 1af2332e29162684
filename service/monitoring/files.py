"""Files behind monthly figures: attached to the version that stands, and kept once its year is closed."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from service.errors import N_, ConflictError
from service.evidence import operations as evidence
from service.evidence.models import AttachedFile
from service.evidence.store import StoredFile
from service.monitoring import queries
from service.monitoring.closing import check_open
from service.monitoring.models import ActivityEntry, ActivityFile


def check_standing(entry: ActivityEntry) -> None:
    """Refuse a figure that another has taken the place of, or that was taken back.

    Raises
    ------
    ConflictError
        With its month.

    """
    if entry.superseded_at is not None:
        message = N_("This figure of %(month)s no longer stands; attach the file to the one that took its place.")
        raise ConflictError(message, month=f"{entry.month:%Y-%m}")


def attach_files(
    session: Session, entry_id: uuid.UUID, stored: Sequence[StoredFile], *, by: str, at: datetime, is_sample: bool = False
) -> Sequence[AttachedFile]:
    """Attach stored files to the figure that stands, also in a closed year: they change no figure.

    Returns the files that are new.
    """
    entry = queries.get_entry(session, entry_id)
    check_standing(entry)
    beside = queries.files_of(session, entry_id)
    is_sample = is_sample or entry.is_sample
    new = evidence.attach(session, stored, behind=entry_id, beside=beside, by=by, at=at, is_sample=is_sample)
    session.add_all([ActivityFile(file_id=one.id, entry_id=entry_id) for one in new])
    return new


def remove_file(session: Session, entry_id: uuid.UUID, file_id: uuid.UUID, *, reason: str, by: str, at: datetime) -> AttachedFile:
    """Take a file off a figure, with the reason.

    Raises
    ------
    ClosedYearError
        When the figure's year is closed.

    """
    entry = queries.get_entry(session, entry_id)
    file = queries.get_file(session, entry_id, file_id)
    check_open(session, entry.month)
    evidence.remove(session, file, behind=entry_id, reason=reason, by=by, at=at)
    return file
