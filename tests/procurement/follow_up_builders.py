"""Corrective actions and appeals with plausible defaults."""

from datetime import date, timedelta

from sqlmodel import Session

from service.accounts.models import Role, User
from service.green_score.models import Score
from service.procurement import appeals, corrective_actions
from service.procurement.appeal_schemas import AppealInput
from service.procurement.corrective_action_schemas import ActionInput
from service.procurement.models import Appeal, CorrectiveAction
from tests import builders
from tests.builders import NOW

TODAY = date(2026, 11, 22)
TIMEZONE = "Asia/Shanghai"
SUPPLIERS_PERSON = "user:01999999-0000-7000-8000-0000000000aa"


def an_action(
    session: Session, score: Score, *, owner: User | None = None, due: date = TODAY + timedelta(days=90)
) -> CorrectiveAction:
    """Return a new corrective action after a score."""
    owner = owner or builders.a_user(session, roles=[Role.PROCUREMENT])
    fields = ActionInput(
        supplier_id=score.supplier_id,
        score_id=score.id,
        indicator="B3",
        finding="Electricity is read once a year",
        wanted="Read it every month",
        owner_id=owner.id,
        due=due,
    )
    return corrective_actions.open_action(session, fields, today=TODAY, by=f"user:{owner.id}", at=NOW)


def an_appeal(session: Session, score: Score, *, indicator: str | None = "B3") -> Appeal:
    """Return a new appeal against a score."""
    fields = AppealInput(indicator=indicator, words="The meter is read every month.")
    return appeals.file_appeal(session, score, fields, timezone=TIMEZONE, by=SUPPLIERS_PERSON, at=score.calculated_at)
