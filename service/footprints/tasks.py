"""Background work of footprints."""

import uuid

from service.footprints import operations
from service.jobs.work import Work


def recalculate_product(work: Work) -> None:
    """Recalculate one product of a batch; the batch counts it even if the last try fails."""
    batch_id, product_id = uuid.UUID(work.payload["batch_id"]), uuid.UUID(work.payload["product_id"])
    with (
        work.noting_last_failure(lambda session: operations.count_failed(session, batch_id, product_id, at=work.at)),
        work.finishing() as session,
    ):
        operations.recalculate_one(session, batch_id, product_id, at=work.at)
