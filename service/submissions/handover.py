"""Handing answers in: what the checks notice, and the reasons given for it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, update
from sqlmodel import Session, col

from service.errors import N_, FieldError, InvalidInputError
from service.submissions import queries
from service.submissions.answers import Entry, read_all
from service.submissions.models import FieldComment, Finding, Submission
from service.submissions.parsing import clean_text
from service.submissions.plausibility import Level, Observation, examine
from service.submissions.questionnaire import questions_for
from service.submissions.questions import Question
from service.submissions.surroundings import surroundings_of

LONGEST_REASON = 1000


def observe(
    session: Session,
    submission: Submission,
    entries: Mapping[str, Entry] | None = None,
    *,
    only: Sequence[Question] | None = None,
) -> Sequence[Observation]:
    """Return what the checks notice about the answers as they are now, or would be with `entries`; changes nothing.

    Parameters
    ----------
    only
        The questions of somebody who sees no others: nothing is told of answers to the rest.

    """
    questions = questions_for(submission.supplier_type, submission.depth) if only is None else only
    answers = read_all(questions, {**queries.entries_of(session, submission.id), **(entries or {})})
    return examine(questions, answers, surroundings_of(session, submission, questions, answers))


def given_reasons(reasons: Mapping[str, str]) -> Mapping[str, str]:
    """Return the reasons that say something."""
    return {key: clean_text(reason) for key, reason in reasons.items() if clean_text(reason)}


def known_reasons(session: Session, submission: Submission, observations: Sequence[Observation]) -> Mapping[str, str]:
    """Return reasons given before for what is still observed with the very same figures."""
    stored = {f"{one.field}.{one.rule}": one for one in queries.findings_of(session, submission.id)}
    same = {one.key: stored[one.key] for one in observations if one.key in stored and stored[one.key].values == dict(one.values)}
    return {key: finding.reason for key, finding in same.items() if finding.reason}


def check_ready(observations: Sequence[Observation], reasons: Mapping[str, str]) -> None:
    """Raise `InvalidInputError` for errors, by field, and for warnings without a reason, by `reason.<key>`."""
    problems = {one.field: FieldError(one.template, **one.values) for one in observations if one.level is Level.ERROR}
    unexplained = [one for one in observations if one.level is Level.WARNING and one.key not in reasons]
    problems |= {f"reason.{one.key}": FieldError(N_("Say why this is right, or correct the figure.")) for one in unexplained}
    problems |= {
        f"reason.{key}": FieldError(N_("At most %(max)s characters; shorten this."), max=LONGEST_REASON)
        for key, reason in reasons.items()
        if len(reason) > LONGEST_REASON
    }
    if problems:
        raise InvalidInputError(problems)


def store_findings(
    session: Session, submission: Submission, observations: Sequence[Observation], reasons: Mapping[str, str]
) -> None:
    """Keep what the checks noticed, errors left out, with the reasons given now or before."""
    known = {**known_reasons(session, submission, observations), **given_reasons(reasons)}
    session.exec(delete(Finding).where(col(Finding.submission_id) == submission.id))
    for one in observations:
        if one.level is not Level.ERROR:
            finding = Finding(submission_id=submission.id, field=one.field, rule=one.rule, level=one.level, template=one.template)
            finding.values, finding.reason = dict(one.values), (known.get(one.key) or "")[:LONGEST_REASON] or None
            session.add(finding)
    session.flush()


def close_comments(session: Session, submission: Submission) -> None:
    """Note that the supplier has seen to the reviewer's words by handing in again."""
    session.exec(update(FieldComment).where(col(FieldComment.submission_id) == submission.id).values(is_open=False))
