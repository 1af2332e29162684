"""A verifier's visit to the sample company: some footprints laid open, a question asked and answered."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from service.clock import day_at
from service.product_footprints.queries import all_active
from service.sample.cast import Cast, company
from service.settings import Settings
from service.verification.operations import comment, open_case
from service.verification.schemas import CaseInput, CommentInput

OPEN_FOR: Final = timedelta(days=60)


def invite_verifier(session: Session, cast: Cast, *, settings: Settings, at: datetime) -> None:
    """Open the declared footprints to the sample's verifier, who has asked something."""
    row, verifier, engineer = company()["verification"], cast.people["verifier"], cast.people["engineer"]
    today = day_at(at, settings.timezone)
    fields = CaseInput(
        title=row["title"],
        organisation_id=verifier.organisation_id,
        record_ids=[one.record_id for one in all_active(session)],
        opens_on=today,
        closes_on=today + OPEN_FOR,
    )
    case = open_case(session, fields, by=cast.actor("engineer"), at=at, settings=settings)
    question = comment(session, case, CommentInput(text=row["question"]), author=verifier, at=at, settings=settings)
    answer = CommentInput(text=row["answer"], reply_to=question.id)
    comment(session, case, answer, author=engineer, at=at, settings=settings)
