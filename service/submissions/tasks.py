from service.jobs.work import Work
from service.submissions.expiry import expire_outdated, expire_overdue


def expire_requests(work: Work) -> None:
    """Once a day: close requests that nobody answered before their links ended."""
    with work.finishing() as session:
        expire_overdue(session, timezone=work.settings.timezone, at=work.at)


def expire_answers(work: Work) -> None:
    """Once a day: let answers go that have become too old to be calculated with."""
    settings = work.settings
    with work.finishing() as session:
        expire_outdated(session, valid_months=settings.answers_valid_months, timezone=settings.timezone, at=work.at)
