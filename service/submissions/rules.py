"""The states of a submission and who may decide on it."""

import hashlib
import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import rfc8785

from service.accounts.rules import PASSWORD_MAX, PASSWORD_MIN, find_password_problem
from service.clock import day_at
from service.errors import N_, ConflictError, FieldError, InvalidTransitionError, SamePersonError
from service.submissions.models import SubmissionStatus as Status

# planned → invited → delivered or bounced → opened → in progress → submitted → in review → accepted → in use → superseded or
# expired.
# What another system has sent goes from planned to in progress without an invitation.
# A review may also return the questionnaire, which is then submitted again. Before acceptance the supplier may decline
# and staff may withdraw it; a declined one may be invited again. For the others a new request is planned.
_AFTER_INVITATION = (Status.OPENED, Status.IN_PROGRESS, Status.DECLINED, Status.WITHDRAWN, Status.EXPIRED)
TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.PLANNED: frozenset({Status.INVITED, Status.IN_PROGRESS, Status.WITHDRAWN}),
    Status.INVITED: frozenset({Status.DELIVERED, Status.BOUNCED, *_AFTER_INVITATION}),
    Status.DELIVERED: frozenset({Status.INVITED, Status.BOUNCED, *_AFTER_INVITATION}),
    Status.BOUNCED: frozenset({Status.INVITED, *_AFTER_INVITATION}),
    Status.OPENED: frozenset({Status.IN_PROGRESS, Status.DECLINED, Status.WITHDRAWN, Status.EXPIRED}),
    Status.IN_PROGRESS: frozenset({Status.SUBMITTED, Status.DECLINED, Status.WITHDRAWN, Status.EXPIRED}),
    Status.SUBMITTED: frozenset({Status.IN_REVIEW, Status.WITHDRAWN}),
    Status.IN_REVIEW: frozenset({Status.ACCEPTED, Status.RETURNED, Status.WITHDRAWN}),
    Status.RETURNED: frozenset({Status.SUBMITTED, Status.DECLINED, Status.WITHDRAWN, Status.EXPIRED}),
    Status.ACCEPTED: frozenset({Status.IN_USE, Status.SUPERSEDED, Status.EXPIRED}),
    Status.IN_USE: frozenset({Status.SUPERSEDED, Status.EXPIRED}),
    Status.SUPERSEDED: frozenset(),
    Status.DECLINED: frozenset({Status.INVITED, Status.WITHDRAWN}),
    Status.WITHDRAWN: frozenset(),
    Status.EXPIRED: frozenset(),
}
NEVER_OPENED = frozenset({Status.INVITED, Status.DELIVERED, Status.BOUNCED})
NEVER_SUBMITTED = NEVER_OPENED | {Status.OPENED, Status.IN_PROGRESS}
EDITABLE = NEVER_SUBMITTED | {Status.RETURNED}
OPEN = EDITABLE | {Status.PLANNED, Status.SUBMITTED, Status.IN_REVIEW}
USABLE = frozenset({Status.ACCEPTED, Status.IN_USE})
INVITABLE = EDITABLE | {Status.PLANNED, Status.DECLINED}
SEEN_BY_SUPPLIER = frozenset(Status) - {Status.PLANNED, Status.WITHDRAWN}

LINK_LIFE_AFTER_DEADLINE = timedelta(days=14)
PIN_MIN_DIGITS = 6
# The first ones that a guesser tries besides runs and repetitions, from published counts of leaked PINs.
COMMON_PINS = frozenset(
    {"112233", "123123", "121212", "123321", "520520", "131313", "101010", "159753", "147258", "696969", "789456", "5201314"}
)


class NotEditableError(ConflictError):
    """The answers are no longer, or not yet, the supplier's to change."""

    code = "not-editable"

    def __init__(self) -> None:
        super().__init__(
            N_("These answers are handed in or closed and can't be changed. Ask your contact to return them if something is wrong.")
        )


def check_transition(present: Status, wanted: Status) -> None:
    """Raise unless a submission may go from one status to another."""
    allowed = TRANSITIONS[present]
    if wanted not in allowed:
        raise InvalidTransitionError(present=present, wanted=wanted, allowed=", ".join(sorted(allowed)))


def check_editable(present: Status) -> None:
    """Raise unless the supplier may change answers."""
    if present not in EDITABLE:
        raise NotEditableError


def check_second_person(by: str, *, typed_by: Sequence[str], submitted_by: str | None) -> None:
    """Raise if the person who decides has typed an answer or handed the questionnaire in."""
    if by in typed_by or by == submitted_by:
        raise SamePersonError(N_("You typed answers of this questionnaire, so somebody else must accept it."))


def link_expiry(deadline: date, *, timezone: str) -> datetime:
    """Return the last second in which a link opens: 14 days after the deadline, at the end of the day in the time zone given."""
    return datetime.combine(deadline + LINK_LIFE_AFTER_DEADLINE, time(23, 59, 59), tzinfo=ZoneInfo(timezone))


def earliest_open_deadline(at: datetime, *, timezone: str) -> date:
    """Return the earliest deadline whose links still open at a moment: the other way round from `link_expiry`."""
    return day_at(at, timezone) - LINK_LIFE_AFTER_DEADLINE


def oldest_valid_period_end(at: datetime, *, valid_months: int, timezone: str) -> date:
    """Return the earliest end of a reporting period whose answers may still be used: so many months ago, to the day.

    A day that the earlier month does not have becomes its last: 24 months before 29 February 2028 is 28 February 2026.
    """
    today = day_at(at, timezone)
    years, month = divmod(today.year * 12 + today.month - 1 - valid_months, 12)
    return date(years, month + 1, min(today.day, monthrange(years, month + 1)[1]))


def find_pin_problem(pin: str) -> FieldError | None:
    """Return why a PIN (digits only) or password may not be chosen, or None; the message never repeats it."""
    if len(pin) > PASSWORD_MAX:
        return FieldError(N_("At most %(max)s characters; shorten this."), max=PASSWORD_MAX)
    if pin.isdecimal():
        return _find_digits_problem(pin)
    if len(pin) < PASSWORD_MIN:
        return FieldError(
            N_("Choose a PIN of at least %(digits)s digits, or a password of at least %(min)s characters."),
            digits=PIN_MIN_DIGITS,
            min=PASSWORD_MIN,
        )
    return find_password_problem(pin)


def receipt_number(number: str, *, earlier: str | None) -> str:
    """Return the receipt's number: that of the submission and how often it was handed in (`R-2026-0001-2`)."""
    times = 1 if earlier is None else int(earlier.rpartition("-")[2]) + 1
    return f"R{number.removeprefix('S')}-{times}"


def hash_answers(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the answers in canonical JSON (RFC 8785), so that anybody can compute it again."""
    return hashlib.sha256(rfc8785.dumps(dict(content))).hexdigest()


def _find_digits_problem(pin: str) -> FieldError | None:
    if len(pin) < PIN_MIN_DIGITS:
        return FieldError(N_("A PIN needs at least %(digits)s digits."), digits=PIN_MIN_DIGITS)
    if pin in COMMON_PINS or _is_run(pin) or re.fullmatch(r"(.{1,3})\1+", pin):
        return FieldError(N_("This one is among the first that guessers try; choose another."))
    return None


def _is_run(pin: str) -> bool:
    """Tell whether each digit is the one before plus (or minus) one: 123456, 987654, 890123."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return steps in ({1}, {9})
