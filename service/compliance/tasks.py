from service.compliance.expiry import announce_endings
from service.jobs.work import Work


def announce_ending_certificates(work: Work) -> None:
    """Once a day: tell who looks after suppliers which of their certificates end."""
    with work.finishing() as session:
        announce_endings(session, settings=work.settings, at=work.at)
