"""When a record no longer rests on what holds now: answers, the product's set-up, green power."""

import uuid
from collections.abc import Sequence

from sqlalchemy import String, and_, cast, exists, or_, tuple_
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select

from service.footprints.models import FootprintRecord, FootprintSource, FootprintStatus
from service.green_power.models import ClaimStatus, SupplyClaim
from service.products.models import Product, ProductInput
from service.submissions.models import Submission
from service.submissions.rules import USABLE


def is_out_of_date() -> ColumnElement[bool]:
    """Return the condition of `queries.stale_footprints` on a record joined with its product."""
    return and_(
        col(FootprintRecord.status) != FootprintStatus.REPLACED,
        or_(
            col(Product.version) != col(FootprintRecord.product_version),
            _lost_a_source(),
            _misses_an_answer(),
            exists().where(*_counted_and_withdrawn()).correlate(FootprintRecord, Product),
        ),
    )


def withdrawn_supplies(session: Session, record_id: uuid.UUID) -> Sequence[SupplyClaim]:
    """Return the claims of green power that a record counts and that were withdrawn since, the first one first."""
    statement = select(SupplyClaim).where(
        col(FootprintRecord.id) == record_id, col(Product.id) == col(FootprintRecord.product_id), *_counted_and_withdrawn()
    )
    return session.exec(statement.order_by(col(SupplyClaim.withdrawn_at), col(SupplyClaim.id))).all()


def _lost_a_source() -> ColumnElement[bool]:
    return exists().where(
        col(FootprintSource.footprint_id) == col(FootprintRecord.id),
        col(FootprintSource.submission_id) == col(Submission.id),
        col(Submission.status).not_in(USABLE),
    )


def _counted_and_withdrawn() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a record counts a claim (see `evidenced_supplies`) that was withdrawn since it was made."""
    return (
        col(SupplyClaim.plant_id) == col(Product.plant_id),
        col(SupplyClaim.status) == ClaimStatus.WITHDRAWN,
        or_(col(SupplyClaim.product_id).is_(None), col(SupplyClaim.product_id) == col(Product.id)),
        col(SupplyClaim.period_start) <= col(FootprintRecord.period_start),
        col(SupplyClaim.period_end) >= col(FootprintRecord.period_end),
        col(SupplyClaim.decided_at) <= col(FootprintRecord.calculated_at),
        col(SupplyClaim.withdrawn_at) > col(FootprintRecord.calculated_at),
    )


def _misses_an_answer() -> ColumnElement[bool]:
    """Tell whether `accepted_answers` would now choose a submission that the record does not rest on."""
    used = aliased(Submission)
    is_preferred = or_(
        col(used.id) == col(Submission.id),
        tuple_(col(used.period_start), col(used.decided_at)) > tuple_(col(Submission.period_start), col(Submission.decided_at)),
    )
    has_its_place = (
        exists()
        .where(
            col(FootprintSource.footprint_id) == col(FootprintRecord.id),
            col(FootprintSource.submission_id) == col(used.id),
            col(used.supplier_id) == col(Submission.supplier_id),
            is_preferred,
        )
        .correlate(FootprintRecord, Submission)  # two levels up: unsaid, any record's sources would do
    )
    return (
        exists()
        .where(
            col(ProductInput.product_id) == col(FootprintRecord.product_id),
            col(Submission.supplier_id) == col(ProductInput.supplier_id),
            # On the bare column SQLite would begin with all accepted submissions instead of the suppliers of the product.
            cast(Submission.status, String).in_(sorted(USABLE)),
            col(Submission.period_start) <= col(FootprintRecord.period_start),
            col(Submission.period_end) >= col(FootprintRecord.period_end),
            ~has_its_place,
        )
        .correlate(FootprintRecord)
    )
