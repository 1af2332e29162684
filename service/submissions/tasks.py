from service.jobs.work import Work
from service.submissions.operations import expire_overdue


def expire_requests(work: Work) -> None:
    """Once a day: close requests that nobody answered before their links ended."""
    with work.finishing() as session:
        expire_overdue(session, timezone=work.settings.timezone, at=work.at)
