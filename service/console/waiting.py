"""What waits for somebody: a few counting queries, each for the roles whose work it is."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import col

from service.accounts.models import OneTimeToken, Role, User
from service.certificates.models import Certificate, CertificateStatus
from service.certificates.rules import EXPIRY_NOTICE
from service.console.waiting_exchange import EXCHANGE_KINDS
from service.console.waiting_kinds import Asked, Counted, Waiting, count
from service.console.waiting_orders import ORDER_KINDS
from service.console.waiting_suppliers import SUPPLIER_KINDS
from service.console.waiting_verifications import VERIFICATION_KINDS
from service.errors import N_
from service.footprints.models import FootprintRecord, FootprintStatus
from service.footprints.queries import stale_footprints
from service.green_score.method_queries import proposed_versions
from service.jobs.models import Job, JobState
from service.mail.models import MailMessage, MailState
from service.product_footprints.models import FootprintAlert
from service.submissions.models import ExtensionRequest, Submission, SubmissionStatus
from service.submissions.rules import EDITABLE
from service.swaps.limits import limit_states

WITH_SUPPLIER = tuple(sorted(EDITABLE))


def what_waits(asked: Asked) -> Sequence[tuple[Waiting, Counted]]:
    """Return the kinds of work of this person's roles in which something waits, most pressing first."""
    counted = (
        (kind, kind.count(asked))
        for kind in (*KINDS, *SUPPLIER_KINDS, *ORDER_KINDS, *VERIFICATION_KINDS, *EXCHANGE_KINDS)
        if kind.roles & asked.principal.roles
    )
    return [(kind, found) for kind, found in counted if found.count]


def _to_review(asked: Asked) -> Counted:
    waits = col(Submission.status).in_((SubmissionStatus.SUBMITTED, SubmissionStatus.IN_REVIEW))
    return count(asked, Submission.id, Submission.submitted_at, waits)


def _overdue(asked: Asked) -> Counted:
    open_ = col(Submission.status).in_(WITH_SUPPLIER)
    return count(asked, Submission.id, Submission.deadline, open_, col(Submission.deadline) < asked.today)


def _bounced(asked: Asked) -> Counted:
    return count(asked, Submission.id, Submission.created_at, col(Submission.status) == SubmissionStatus.BOUNCED)


def _not_invited(asked: Asked) -> Counted:
    return count(asked, Submission.id, Submission.created_at, col(Submission.status) == SubmissionStatus.PLANNED)


def _returned(asked: Asked) -> Counted:
    returned = col(Submission.status) == SubmissionStatus.RETURNED
    return count(asked, Submission.id, Submission.submitted_at, returned, col(Submission.deadline) >= asked.today)


def _asking_for_time(asked: Asked) -> Counted:
    with_supplier = select(col(Submission.id)).where(col(Submission.status).in_(WITH_SUPPLIER))
    unanswered = (col(ExtensionRequest.granted).is_(None), col(ExtensionRequest.submission_id).in_(with_supplier))
    return count(asked, ExtensionRequest.id, ExtensionRequest.asked_at, *unanswered)


def _to_release(asked: Asked) -> Counted:
    calculated = col(FootprintRecord.status) == FootprintStatus.CALCULATED
    by_another = col(FootprintRecord.calculated_by) != asked.principal.actor
    return count(asked, FootprintRecord.id, FootprintRecord.calculated_at, calculated, by_another)


def _methods_to_release(asked: Asked) -> Counted:
    waiting = [one for one in proposed_versions(asked.session) if asked.principal.actor not in {one.created_by, *one.edited_by}]
    return Counted(count=len(waiting), first=min((one.created_at for one in waiting), default=None))


def _stale(asked: Asked) -> Counted:
    stale = stale_footprints(asked.session)
    return count(asked, FootprintRecord.id, FootprintRecord.calculated_at, col(FootprintRecord.id).in_(stale))


def _footprint_alerts(asked: Asked) -> Counted:
    return count(asked, FootprintAlert.id, FootprintAlert.raised_at, col(FootprintAlert.closed_at).is_(None))


def _over_limit(asked: Asked) -> Counted:
    over = [one for one in limit_states(asked.session, on=asked.today, to=asked.principal) if one.is_over]
    return Counted(count=len(over), first=max((one.calculated_at for one in over if one.calculated_at), default=None))


def _expiring(asked: Asked) -> Counted:
    valid = col(Certificate.status) == CertificateStatus.VALID
    soon = col(Certificate.valid_until).between(asked.today, asked.today + EXPIRY_NOTICE)
    return count(asked, Certificate.id, Certificate.valid_until, valid, soon)


def _failed_mails(asked: Asked) -> Counted:
    return count(asked, MailMessage.id, MailMessage.created_at, col(MailMessage.state) == MailState.FAILED)


def _failed_jobs(asked: Asked) -> Counted:
    return count(asked, Job.id, Job.created_at, col(Job.state) == JobState.FAILED)


def _lapsed_links(asked: Asked) -> Counted:
    living = select(col(OneTimeToken.user_id)).where(col(OneTimeToken.expires_at) > asked.at)
    never_came = (col(User.is_active).is_(True), col(User.password_hash).is_(None), col(User.id).not_in(living))
    return count(asked, User.id, User.created_at, *never_came)


REQUESTERS = frozenset({Role.ENGINEER, Role.PROCUREMENT})
ADMINISTRATORS = frozenset({Role.ADMIN})
KINDS = (
    Waiting(
        title=N_("Answers to review"),
        why=N_("Suppliers have submitted; their data count once you accept them."),
        next_step=N_("Review the oldest"),
        href="/console/review",
        roles=frozenset({Role.REVIEWER}),
        count=_to_review,
    ),
    Waiting(
        title=N_("Requests past their deadline"),
        why=N_("The supplier has not submitted; remind them or extend the deadline."),
        next_step=N_("Open the requests"),
        href="/console/requests",
        roles=REQUESTERS,
        count=_overdue,
    ),
    Waiting(
        title=N_("Suppliers who ask for more time"),
        why=N_("They can't meet the deadline; grant the time or say why not."),
        next_step=N_("Open the requests"),
        href="/console/requests?status=with_supplier",
        roles=REQUESTERS,
        count=_asking_for_time,
    ),
    Waiting(
        title=N_("Requests whose mail came back"),
        why=N_("The link did not arrive; the supplier knows nothing of the request."),
        next_step=N_("Correct the addresses"),
        href="/console/requests?status=bounced",
        roles=REQUESTERS,
        count=_bounced,
    ),
    Waiting(
        title=N_("Requests not sent yet"),
        why=N_("They are planned, but the supplier has no link."),
        next_step=N_("Send the invitations"),
        href="/console/requests",
        roles=REQUESTERS,
        count=_not_invited,
    ),
    Waiting(
        title=N_("Customers' limits exceeded"),
        why=N_("The latest footprint of a product is above what a customer accepts; another supplier may bring it down."),
        next_step=N_("See the limits"),
        href="/console/footprint-limits",
        roles=frozenset({Role.ENGINEER, Role.PROCUREMENT, Role.SALES}),
        count=_over_limit,
    ),
    Waiting(
        title=N_("Footprints to release"),
        why=N_("Somebody else calculated them; a second person releases."),
        next_step=N_("Check and release"),
        href="/console/footprints",
        roles=frozenset({Role.ENGINEER, Role.REVIEWER}),
        count=_to_release,
    ),
    Waiting(
        title=N_("Declared footprints that need a look"),
        why=N_("Their validity ends, or today's data give another result; declare a newer one."),
        next_step=N_("Open the alerts"),
        href="/console/footprint-alerts",
        roles=frozenset({Role.ENGINEER}),
        count=_footprint_alerts,
    ),
    Waiting(
        title=N_("Scoring methods to release"),
        why=N_("Somebody else has changed how suppliers are scored; a second person releases."),
        next_step=N_("Check and release"),
        href="/console/scoring-methods",
        roles=frozenset({Role.ENGINEER, Role.REVIEWER, Role.PROCUREMENT}),
        count=_methods_to_release,
    ),
    Waiting(
        title=N_("Footprints out of date"),
        why=N_("Newer accepted data or a changed product set-up; calculate them again."),
        next_step=N_("Recalculate"),
        href="/console/footprints",
        roles=frozenset({Role.ENGINEER}),
        count=_stale,
    ),
    Waiting(
        title=N_("Returned to suppliers"),
        why=N_("A reviewer asked for corrections; the supplier has the next step."),
        next_step=N_("See who was asked"),
        href="/console/requests",
        roles=REQUESTERS,
        count=_returned,
    ),
    Waiting(
        title=N_("Certificates that end soon"),
        why=N_("Customers need a new one before the day given."),
        next_step=N_("Prepare successors"),
        href="/console/certificates",
        roles=frozenset({Role.SALES}),
        count=_expiring,
        ends=True,
    ),
    Waiting(
        title=N_("Mails that could not be sent"),
        why=N_("Read the reason, then send again or hand the link on yourself."),
        next_step=N_("Open mails and jobs"),
        href="/console/deliveries",
        roles=ADMINISTRATORS,
        count=_failed_mails,
    ),
    Waiting(
        title=N_("Jobs that failed"),
        why=N_("Background work stopped after several tries."),
        next_step=N_("Open mails and jobs"),
        href="/console/deliveries",
        roles=ADMINISTRATORS,
        count=_failed_jobs,
    ),
    Waiting(
        title=N_("People who never came"),
        why=N_("Their set-up link has run out; send a new one or disable the account."),
        next_step=N_("Open the people"),
        href="/console/people",
        roles=ADMINISTRATORS,
        count=_lapsed_links,
    ),
)
