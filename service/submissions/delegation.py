"""Sending a few questions to a colleague by a link of their own; who sends keeps the right to hand in."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from service.accounts.models import LoginSession
from service.accounts.sign_in import sign_out
from service.accounts.tokens import hash_token, new_token
from service.audit.operations import record
from service.errors import N_, ConflictError, FieldError, InvalidInputError
from service.settings import Settings
from service.submissions.delegation_queries import ACTOR, delegations_of, find_delegation
from service.submissions.invitations import Knock, LinkEndedError, LinkExpiredError, check_knock, choose_pin
from service.submissions.models import Delegation, Submission
from service.submissions.parsing import clean_text
from service.submissions.questionnaire import questions_for
from service.submissions.rules import EDITABLE, check_editable, link_expiry

LONGEST_NAME = 100
LONGEST_MESSAGE = 500
DELEGATIONS_MAX = 20


def delegate(
    session: Session,
    submission: Submission,
    *,
    fields: Collection[str],
    colleague: str,
    message: str,
    settings: Settings,
    by: str,
    at: datetime,
) -> str:
    """Make a link to some questions for a colleague and return it; only its hash is stored, so it can't be shown again.

    Raises
    ------
    InvalidInputError
        For `fields`, `colleague` or `message`.

    """
    check_editable(submission.status)
    name, words = clean_text(colleague), clean_text(message)
    asked = [question.key for question in questions_for(submission.supplier_type, submission.depth) if question.key in fields]
    _check(asked, name, words)
    if len(delegations_of(session, submission.id)) >= DELEGATIONS_MAX:
        raise ConflictError(N_("At most %(max)s colleagues at a time; end a link that is no longer needed."), max=DELEGATIONS_MAX)
    token = new_token()
    delegation = Delegation(
        submission_id=submission.id,
        organisation_id=submission.organisation_id,
        fields=asked,
        colleague=name,
        message=words or None,
        token_hash=hash_token(token),
        created_by=by,
        created_at=at,
    )
    session.add(delegation)
    session.flush()
    _record(session, delegation, "delegation_issued", by=by, at=at, fields=len(asked))
    return f"{settings.base_url}/c/{token}"


def revoke(session: Session, delegation: Delegation, *, by: str, at: datetime) -> None:
    """End a colleague's link and the sessions opened by it; what the colleague answered stays."""
    if delegation.revoked_at is None:
        delegation.revoked_at = at
        session.add(delegation)
        _record(session, delegation, "delegation_revoked", by=by, at=at)
    session.exec(delete(LoginSession).where(col(LoginSession.delegation_id) == delegation.id))


def get_open_delegation(session: Session, token: str, *, timezone: str, at: datetime) -> tuple[Delegation, Submission]:
    """Return what a colleague's link opens.

    Raises
    ------
    LinkExpiredError
        Its time is over, or the questionnaire is handed in.
    LinkEndedError
        Unknown or ended.

    """
    delegation = find_delegation(session, hash_token(token))
    submission = session.get(Submission, delegation.submission_id) if delegation else None
    if delegation is None or submission is None or delegation.revoked_at is not None:
        raise LinkEndedError
    if link_expiry(submission.deadline, timezone=timezone) < at or submission.status not in EDITABLE:
        raise LinkExpiredError
    return delegation, submission


def enter(session: Session, delegation: Delegation, knocked: Knock, *, replacing: str | None, at: datetime) -> str:
    """Open a session for the questions delegated and return its token for the cookie.

    Raises
    ------
    InvalidInputError
        The PIN is wrong or can't be chosen.

    """
    check_knock(knocked, delegation.pin_hash)
    if knocked.chosen_hash is not None:
        choose_pin(session, delegation, knocked.chosen_hash, at=at)
    if replacing is not None:
        sign_out(session, replacing)
    token = new_token()
    session.add(
        LoginSession(
            token_hash=hash_token(token),
            delegation_id=delegation.id,
            submission_id=delegation.submission_id,
            organisation_id=delegation.organisation_id,
            created_at=at,
            last_seen_at=at,
        )
    )
    _record(session, delegation, "delegation_entered", by=f"{ACTOR}{delegation.id}", at=at)
    return token


def _check(asked: Collection[str], name: str, words: str) -> None:
    checks = {
        "fields": (not asked, FieldError(N_("Choose at least one question."))),
        "colleague": (not name, FieldError(N_("Say who this is for, so that you can tell the answers apart."))),
        "message": (len(words) > LONGEST_MESSAGE, FieldError(N_("At most %(max)s characters; shorten this."), max=LONGEST_MESSAGE)),
    }
    problems = {field: problem for field, (is_wrong, problem) in checks.items() if is_wrong}
    if len(name) > LONGEST_NAME:
        problems["colleague"] = FieldError(N_("At most %(max)s characters; shorten this."), max=LONGEST_NAME)
    if problems:
        raise InvalidInputError(problems)


def _record(session: Session, delegation: Delegation, action: str, *, by: str, at: datetime, **facts: object) -> None:
    record(session, action, of=delegation, by=by, at=at, organisation_id=delegation.organisation_id, **facts)
