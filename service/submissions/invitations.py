"""Opening a link: choosing a PIN the first time, giving it later, and the session that this opens."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from service.accounts.models import LoginSession
from service.accounts.passwords import hash_password, verify_password
from service.accounts.sign_in import sign_out
from service.accounts.tokens import hash_token, new_token
from service.audit.operations import record
from service.errors import N_, FieldError, InvalidInputError, NotFoundError
from service.i18n import Locale
from service.submissions.invitation_queries import find_invitation
from service.submissions.models import Delegation, Invitation, Submission
from service.submissions.operations import open_questionnaire
from service.submissions.rules import SEEN_BY_SUPPLIER, find_pin_problem


class LinkEndedError(NotFoundError):
    """A link that never was or has been revoked; which one is nobody's business."""

    code = "link-ended"

    def __init__(self) -> None:
        super().__init__(N_("This link opens nothing. It may have been replaced by a newer one, or copied in part."))


class LinkExpiredError(LinkEndedError):
    """A link whose time is over; only who has it can learn that."""

    code = "link-expired"
    status = 410

    def __init__(self) -> None:
        NotFoundError.__init__(self, N_("This link has expired. Ask your contact for a new one."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """A PIN that was given, already hashed or compared, because that is slow.

    Attributes
    ----------
    chosen_hash
        Set at the first opening: the hash of the PIN chosen.
    matched_hash
        Set later: the stored hash that the PIN given matches.
    problem
        Why the PIN can't be chosen.

    """

    chosen_hash: str | None = None
    matched_hash: str | None = None
    problem: FieldError | None = None


def get_open_invitation(session: Session, token: str, *, at: datetime) -> tuple[Invitation, Submission]:
    """Return what a link opens.

    Raises
    ------
    LinkExpiredError
        Its time is over.
    LinkEndedError
        Unknown, revoked, or its request has been withdrawn.

    """
    invitation = find_invitation(session, hash_token(token))
    submission = session.get(Submission, invitation.submission_id) if invitation else None
    if invitation is None or submission is None or invitation.revoked_at is not None:
        raise LinkEndedError
    if invitation.expires_at < at:
        raise LinkExpiredError
    if submission.status not in SEEN_BY_SUPPLIER:
        raise LinkEndedError
    return invitation, submission


def knock(pin_hash: str | None, pin: str) -> Knock:
    """Hash a PIN that is being chosen, or compare one with the hash of that chosen; slow, and touches no table."""
    if pin_hash is not None:
        return Knock(matched_hash=pin_hash if verify_password(pin_hash, pin) else None)
    problem = find_pin_problem(pin)
    return Knock(problem=problem) if problem else Knock(chosen_hash=hash_password(pin))


def enter(
    session: Session,
    invitation: Invitation,
    submission: Submission,
    knocked: Knock,
    *,
    replacing: str | None,
    locale: Locale,
    at: datetime,
) -> str:
    """Open a session for the one submission and return its token for the cookie.

    Parameters
    ----------
    replacing
        Hash of the browser's earlier session, which ends.
    locale
        The language in which the person reads; mails come in it from now on.

    Raises
    ------
    InvalidInputError
        The PIN is wrong or can't be chosen.

    """
    check_knock(knocked, invitation.pin_hash)
    if knocked.chosen_hash is not None:
        choose_pin(session, invitation, knocked.chosen_hash, at=at)
    actor = f"invitation:{invitation.id}"
    if replacing is not None:
        sign_out(session, replacing)
    invitation.locale = locale
    token = _open_session(session, invitation, at=at)
    open_questionnaire(session, submission, by=actor, at=at)
    record(session, "invitation_entered", of=invitation, by=actor, at=at, organisation_id=invitation.organisation_id)
    return token


def choose_pin(session: Session, link: Invitation | Delegation, pin_hash: str, *, at: datetime) -> None:
    """Store the PIN unless somebody else with the link was first."""
    kind = type(link)
    unchosen = (col(kind.id) == link.id, col(kind.pin_hash).is_(None))
    statement = update(kind).where(*unchosen).values(pin_hash=pin_hash, first_opened_at=at)
    if session.connection().execute(statement).rowcount != 1:
        raise wrong_pin()


def check_knock(knocked: Knock, pin_hash: str | None) -> None:
    """Raise unless a PIN was chosen where there is none yet, or matches the one chosen before."""
    if knocked.problem is not None:
        raise InvalidInputError({"pin": knocked.problem})
    if (knocked.chosen_hash is None) if pin_hash is None else (knocked.matched_hash != pin_hash or knocked.chosen_hash is not None):
        raise wrong_pin()


def wrong_pin() -> InvalidInputError:
    """Return the error that a wrong PIN is, which never says what would be right."""
    return InvalidInputError(
        {"pin": FieldError(N_("This is not the PIN chosen for this link. Try again, or ask your contact for a new link."))}
    )


def _open_session(session: Session, invitation: Invitation, *, at: datetime) -> str:
    token = new_token()
    session.add(
        LoginSession(
            token_hash=hash_token(token),
            invitation_id=invitation.id,
            submission_id=invitation.submission_id,
            organisation_id=invitation.organisation_id,
            created_at=at,
            last_seen_at=at,
        )
    )
    return token
