"""Background work of the carbon accounts."""

from datetime import timedelta

from sqlmodel import select

from service.carbon_accounts.ledger import expire
from service.carbon_accounts.models import CarbonAccount
from service.carbon_accounts.operations import publish_board
from service.carbon_accounts.rules import month_of
from service.clock import day_at
from service.jobs.work import Work


def keep_carbon_accounts(work: Work) -> None:
    """Let points expire, and publish the boards of the last two months that are due."""
    today = day_at(work.at, work.settings.timezone)
    last = month_of(month_of(today) - timedelta(days=1))
    with work.finishing() as session:
        for holder_id in session.exec(select(CarbonAccount.holder_id)).all():
            expire(session, holder_id, on=today)
        for month in (month_of(last - timedelta(days=1)), last):
            publish_board(session, month, on=today, at=work.at)
