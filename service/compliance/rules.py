"""Which dates, levels and numbers can be true, who may decide, and when to warn of an end."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from service.compliance.models import CertificateKind, HeldCertificate, RecordArea, Violation
from service.compliance.schemas import CertificateInput, DeclarationInput, RecordInput, RemedyInput
from service.errors import N_, FieldError, InvalidInputError, SamePersonError, ServiceError

NOTICE_DAYS: Final = (90, 60, 30, 0)
"""Days before a certificate's end at which its owner is told; 0 once it has ended."""

LEVELS: Final[Mapping[str, tuple[str, ...]]] = {
    "B3": ("none", "annual", "monthly", "sub_metered"),
    "D1": ("none", "qualitative", "quantified", "product_or_scope_3", "validated"),
    "E3": ("none", "partial", "full"),
}
"""By indicator that takes a level, the levels from worst to best; the scoring method says what each is worth."""

LARGEST_NUMBERS: Final[Mapping[str, float]] = {"D2": 5.0, "E1": 1.0, "E2": 1.0, "F1": 10.0, "F2": 1.0}
"""By indicator that takes a number, the largest that can be true: a share ends at 1, a ratio at a few times its benchmark."""

SHARES: Final = frozenset({"E1", "E2", "F2"})
LEVELLED_KINDS: Final = frozenset({CertificateKind.PCF_VERIFICATION, CertificateKind.ISO_14064_1})
VERIFICATION_LEVELS: Final = ("self_check", "desk_audit", "limited", "reasonable")
INDEPENDENT_LEVELS: Final = frozenset({"limited", "reasonable"})


def check_certificate(fields: CertificateInput, *, today: date) -> None:
    """Raise InvalidInputError for dates that lie ahead, a level where none belongs, or one that is missing."""
    problems: dict[str, ServiceError] = {}
    _not_ahead(problems, "issued_on", fields.issued_on, today=today)
    if fields.checked_on is not None:
        _not_ahead(problems, "checked_on", fields.checked_on, today=today)
    if fields.kind is CertificateKind.PCF_VERIFICATION and fields.level is None:
        problems["level"] = FieldError(N_("A verified footprint needs the level of its verification; pick one from the list."))
    if fields.level is not None and fields.kind not in LEVELLED_KINDS:
        problems["level"] = FieldError(
            N_("Only a verified footprint or a greenhouse-gas inventory (ISO 14064-1) has a level; leave this empty.")
        )
    if fields.is_contract_only and fields.kind is CertificateKind.PCF_VERIFICATION:
        problems["is_contract_only"] = FieldError(N_("A contract verifies nothing yet; record the statement once it is there."))
    _raise(problems)


def check_record(fields: RecordInput, *, today: date) -> None:
    """Raise InvalidInputError for a day that lies ahead, or a credit rating among records of conduct."""
    problems: dict[str, ServiceError] = {}
    _not_ahead(problems, "happened_on", fields.happened_on, today=today)
    if fields.violation is Violation.YELLOW_CREDIT and fields.area is not RecordArea.ENVIRONMENT:
        problems["area"] = FieldError(N_("A yellow credit rating is about the environment; pick that area."))
    _raise(problems)


def check_remedy(fields: RemedyInput, *, happened_on: date, today: date) -> None:
    """Raise InvalidInputError for a remedy before the violation or ahead of today."""
    problems: dict[str, ServiceError] = {}
    _not_ahead(problems, "remedied_on", fields.remedied_on, today=today)
    if fields.remedied_on < happened_on:
        problems["remedied_on"] = FieldError(
            N_("Remedied on %(remedied)s, before the violation of %(happened)s; check the date."),
            remedied=fields.remedied_on,
            happened=happened_on,
        )
    _raise(problems)


def check_day(name: str, day: date, *, today: date) -> None:
    """Raise InvalidInputError for a day that lies ahead."""
    problems: dict[str, ServiceError] = {}
    _not_ahead(problems, name, day, today=today)
    _raise(problems)


def check_declaration(fields: DeclarationInput, *, today: date) -> None:
    """Raise InvalidInputError for an unknown indicator, a level that is not of its ladder, a number that can't be true."""
    problems: dict[str, ServiceError] = {}
    _not_ahead(problems, "period_end", fields.period_end, today=today)
    if fields.indicator in LEVELS:
        _check_level(problems, fields, LEVELS[fields.indicator])
    elif fields.indicator in LARGEST_NUMBERS:
        _check_number(problems, fields, LARGEST_NUMBERS[fields.indicator])
    else:
        known = ", ".join(sorted((*LEVELS, *LARGEST_NUMBERS)))
        problems["indicator"] = FieldError(
            N_("“%(indicator)s” is not shown by papers; use one of: %(known)s."), indicator=fields.indicator, known=known
        )
    _raise(problems)


def check_other_person(by: str, before: Iterable[str | None]) -> None:
    """Raise SamePersonError if somebody would decide on what they did themselves.

    Parameters
    ----------
    before
        Who had a hand in it.

    """
    if by in before:
        raise SamePersonError(N_("You recorded this yourself; another person has to decide on it."))


def is_verified(certificate: HeldCertificate) -> bool:
    """Tell whether somebody independent of both sides has verified it."""
    return certificate.level in INDEPENDENT_LEVELS


def notice_stage(valid_until: date, *, today: date) -> int | None:
    """Return the stage of `NOTICE_DAYS` that a certificate has reached; None while its end is far."""
    left = (valid_until - today).days
    if left < 0:
        return 0
    reached = [days for days in NOTICE_DAYS if days and left <= days]
    return min(reached, default=None)


def standing_certificates(certificates: Sequence[HeldCertificate], *, on: date) -> Mapping[CertificateKind, HeldCertificate]:
    """Return the one of each kind that speaks best for the supplier.

    In force before contracts, with the delivering site before without it, then the longest valid.
    """
    best: dict[CertificateKind, HeldCertificate] = {}
    for one in certificates:
        if one.kind not in best or _rank(one, on=on) > _rank(best[one.kind], on=on):
            best[one.kind] = one
    return best


def _rank(one: HeldCertificate, *, on: date) -> tuple[bool, bool, bool, date]:
    in_force = one.valid_until >= on and not one.is_contract_only
    return (in_force and one.covers_site, in_force, one.covers_site, one.valid_until)


def _check_level(problems: dict[str, ServiceError], fields: DeclarationInput, ladder: Sequence[str]) -> None:
    if fields.number is not None:
        problems["number"] = FieldError(
            N_("%(indicator)s takes a level, not a number; leave this empty."), indicator=fields.indicator
        )
    if fields.level not in ladder:
        problems["level"] = FieldError(
            N_("%(indicator)s has these levels: %(ladder)s. Pick one of them."),
            indicator=fields.indicator,
            ladder=", ".join(ladder),
        )


def _check_number(problems: dict[str, ServiceError], fields: DeclarationInput, largest: float) -> None:
    if fields.level is not None:
        problems["level"] = FieldError(
            N_("%(indicator)s takes a number, not a level; leave this empty."), indicator=fields.indicator
        )
    if fields.number is None:
        problems["number"] = FieldError(N_("%(indicator)s needs a number; fill it in."), indicator=fields.indicator)
    elif fields.number > largest and fields.indicator in SHARES:
        problems["number"] = FieldError(
            N_("%(number)s is more than the whole; write a share from 0 to 1, for example 0.45 for 45 %%."),
            number=f"{fields.number:g}",
        )
    elif fields.number > largest:
        problems["number"] = FieldError(
            N_("%(number)s is not plausible; write the ratio to the target or benchmark, at most %(largest)s, for example 0.9."),
            number=f"{fields.number:g}",
            largest=f"{largest:g}",
        )


def _not_ahead(problems: dict[str, ServiceError], name: str, day: date, *, today: date) -> None:
    if day > today:
        problems[name] = FieldError(N_("%(day)s lies ahead; today is %(today)s. Check the date."), day=day, today=today)


def _raise(problems: Mapping[str, ServiceError]) -> None:
    if problems:
        raise InvalidInputError(problems)
