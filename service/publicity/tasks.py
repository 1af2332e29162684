from service.jobs.work import Work
from service.publicity.claim_mails import lapse_and_tell


def lapse_unproven_claims(work: Work) -> None:
    """Once a day: take back public claims whose proofs have run out, and tell their owners."""
    with work.finishing() as session:
        lapse_and_tell(session, settings=work.settings, at=work.at)
