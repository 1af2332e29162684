"""Asking for a supplier's scores again: domains below the score know that something has changed, not what it is worth."""

import uuid
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from service.jobs.operations import enqueue

TASK: Final = "score_suppliers"
COLLECTED_FOR: Final = timedelta(minutes=1)


def ask_for_scores(session: Session, supplier_id: uuid.UUID | None, *, at: datetime) -> None:
    """Have a supplier scored again after the transaction has committed, or everybody where none is named.

    What changes within a minute is scored once, at its end: a list of certificates that is read in asks once for each supplier.
    """
    whom = "everybody" if supplier_id is None else str(supplier_id)
    payload = {} if supplier_id is None else {"supplier_id": whom}
    minute = at.replace(second=0, microsecond=0) + COLLECTED_FOR
    enqueue(session, TASK, payload, key=f"{TASK}:{whom}:{minute.isoformat()}", run_at=minute)
