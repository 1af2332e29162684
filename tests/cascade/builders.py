"""A toll plant that asks its coke supplier; whoever is asked answers, and is reviewed like everybody."""

from collections.abc import Mapping

from sqlmodel import Session

from service.cascade import operations
from service.settings import Settings
from service.submissions import operations as submissions
from service.submissions.answers import Entry
from service.submissions.models import Submission, SubmissionStatus, UpstreamRequest
from service.submissions.questionnaire import find_question
from tests.submissions.builders import NOW, REVIEWER, SUPPLIER_ACTOR

UPSTREAM_ACTOR = "invitation:upstream"
# 1 / 0.75 = 1.3333 kg of green coke, 0.7 kg of CO2; 60 Nm3 and 50 kWh per tonne.
CALCINER: Mapping[str, Entry] = {
    "coke_type": Entry(entered="petroleum_calcined"),
    "calcination_yield": Entry(entered="75", unit="%"),
    "calcination_co2": Entry(entered="0.7", unit="tCO2/t"),
    "evidence_source": Entry(entered="metered"),
}


def asked(
    session: Session, submission: Submission, *, settings: Settings, flow: str = "packing_coke_net", email: str = ""
) -> UpstreamRequest:
    """Let a supplier ask its own supplier."""
    return operations.ask(
        session, submission, flow=flow, name="Hidden Coke Ltd", email=email, settings=settings, by=SUPPLIER_ACTOR, at=NOW
    )


def accept_answers(session: Session, request: UpstreamRequest, answers: Mapping[str, Entry] = CALCINER) -> Submission:
    """Let the supplier that was asked answer, and a reviewer accept it."""
    submission = session.get_one(Submission, request.upstream_submission_id)
    known = {key: entry for key, entry in answers.items() if find_question(submission.supplier_type, key)}
    submissions.save_draft(session, submission, known, by=UPSTREAM_ACTOR, at=NOW)
    submission.status = SubmissionStatus.IN_REVIEW
    session.add(submission)
    session.flush()
    submissions.accept(session, submission, version=submission.version, by=REVIEWER, at=NOW)
    return submission
