from collections.abc import Mapping

from sqlmodel import Session, select

from service.procurement.models import SelfAssessment


def find_assessment(session: Session, item: str, *, year: int) -> SelfAssessment | None:
    """Return what the maker says of one item or basic requirement in a year."""
    return session.exec(select(SelfAssessment).where(SelfAssessment.item == item, SelfAssessment.year == year)).first()


def assessments_of(session: Session, year: int) -> Mapping[str, SelfAssessment]:
    """Return what the maker says of itself in a year, by item or basic requirement; what nobody has rated is absent."""
    return {row.item: row for row in session.exec(select(SelfAssessment).where(SelfAssessment.year == year))}
