"""Asking for a supplier's scores again: domains below the score know that something has changed, not what it is worth."""

import uuid
from datetime import datetime
from typing import Final

from sqlmodel import Session

from service.jobs.operations import enqueue

TASK: Final = "score_suppliers"


def ask_for_scores(session: Session, supplier_id: uuid.UUID | None, *, because: str, at: datetime) -> None:
    """Have a supplier scored again after the transaction has committed, or everybody where none is named.

    Parameters
    ----------
    because
        What has changed, by its id and version: the same reason asks once.

    """
    whom = "everybody" if supplier_id is None else str(supplier_id)
    payload = {} if supplier_id is None else {"supplier_id": whom}
    enqueue(session, TASK, payload, key=f"{TASK}:{whom}:{because}", run_at=at)
