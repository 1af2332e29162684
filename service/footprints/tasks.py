"""Background work of footprints."""

import uuid

from service.footprints import operations
from service.jobs.work import Work


def recalculate_product(work: Work) -> None:
    """Recalculate one product of a batch; the batch counts it even if the last try fails."""
    batch_id, product_id = uuid.UUID(work.payload["batch_id"]), uuid.UUID(work.payload["product_id"])
    try:
        with work.finishing() as session:
            operations.recalculate_one(session, batch_id, product_id, at=work.at)
    except Exception:
        if not work.is_last_attempt:
            raise
        with work.database.writing() as session:
            operations.count_failed(session, batch_id, product_id, at=work.at)
        raise
