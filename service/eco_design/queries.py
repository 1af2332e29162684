"""Every SELECT on comparisons of variants and customers' quality limits."""

import uuid
from collections.abc import Sequence

from sqlmodel import Session, col, select

from service.eco_design.models import DesignComparison, DesignDecision, QualityLimit
from service.errors import NotFoundError


def quality_limits_of(session: Session, product_id: uuid.UUID) -> Sequence[QualityLimit]:
    """Return customers' limits on a product's quality that hold, by parameter."""
    statement = select(QualityLimit).where(QualityLimit.product_id == product_id, col(QualityLimit.ended_at).is_(None))
    return session.exec(statement.order_by(col(QualityLimit.parameter), col(QualityLimit.id))).all()


def get_comparison(session: Session, comparison_id: uuid.UUID) -> DesignComparison:
    """Return a comparison."""
    found = session.get(DesignComparison, comparison_id)
    if found is None:
        raise NotFoundError
    return found


def find_comparisons(session: Session) -> Sequence[tuple[DesignComparison, DesignDecision | None]]:
    """Return all comparisons with their decisions, the latest first."""
    statement = select(DesignComparison, DesignDecision).join(DesignDecision, isouter=True)
    return session.exec(statement.order_by(col(DesignComparison.made_at).desc(), col(DesignComparison.id))).all()


def find_decision(session: Session, comparison_id: uuid.UUID) -> DesignDecision | None:
    """Return what was decided on a comparison, if anything was."""
    return session.exec(select(DesignDecision).where(DesignDecision.comparison_id == comparison_id)).first()
