import uuid
from datetime import datetime

from sqlmodel import Session

import service.audit.appending  # noqa: F401 - its listeners make every event a leaf of the log
from service.audit.models import AuditEvent


def record(
    session: Session,
    action: str,
    *,
    of: object,
    by: str,
    at: datetime,
    organisation_id: uuid.UUID | None = None,
    **details: object,
) -> None:
    """Append one event to the audit trail, in the caller's transaction.

    Parameters
    ----------
    action
        Object and verb in the past tense: `submission_accepted`.
    of
        The row concerned; its table and id are recorded.
    by
        `user:<id>`, `invitation:<id>` or `system`.
    details
        Facts that explain the event: statuses, numbers, hashes; never answers, names or tokens.

    """
    session.add(
        AuditEvent(
            at=at,
            actor=by,
            organisation_id=organisation_id,
            action=action,
            object_type=type(of).__name__.lower(),
            object_id=str(getattr(of, "id", "")),
            details={
                name: value if isinstance(value, int | float | bool | None) else str(value) for name, value in details.items()
            },
        )
    )
