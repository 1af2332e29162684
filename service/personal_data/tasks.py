from datetime import timedelta

from service.jobs.work import Work
from service.personal_data.operations import forget_links, forget_mails


def forget_old_data(work: Work) -> None:
    """Forget what has been kept for as long as the settings say: texts of mails, PINs of ended links, names of colleagues."""
    at, settings = work.at, work.settings
    with work.finishing() as session:
        forget_mails(session, before=at - timedelta(days=settings.keep_mails_days))
        forget_links(session, before=at - timedelta(days=settings.keep_ended_links_days))
