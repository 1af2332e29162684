"""Pure rules of the ledger: validity of certificates, what a contract can still stand for, what a claim may hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from service.errors import N_, FieldError
from service.green_power.codes import Block, read_code
from service.green_power.models import (
    CertificateStatus,
    ClaimStatus,
    ContractKind,
    GreenCertificate,
    PowerContract,
    Scheme,
    SupplyClaim,
)

KWH_PER_CERTIFICATE: Final = 1000.0
VALID_MONTHS: Final = 24
"""Two years from the month of generation, which counts: 国能发新能规〔2024〕67号; the wording was not read in the original."""
I_REC_LAST_MONTH: Final = date(2024, 12, 1)
"""No I-REC for generation in China after it; issuance ended on 2025-03-31."""
METERED_KINDS: Final = frozenset({ContractKind.DIRECT_LINE, ContractKind.OWN_PLANT})
"""Contracts whose electricity comes by a wire of its own: claimed by the meter, not by certificates."""
COUNTING: Final = frozenset({ClaimStatus.PROPOSED, ClaimStatus.APPROVED})
"""A proposed claim holds its electricity already, so that two people can't propose the same."""

# Hair by which sums of floating-point kWh may miss each other.
_ROUNDING_KWH: Final = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How much may be claimed and how much is.

    Attributes
    ----------
    most_kwh, claimed_kwh
        Without the claim that is looked at.

    """

    most_kwh: float
    claimed_kwh: float

    def holds(self, kwh: float, *, slack_kwh: float = 0.0) -> bool:
        """Tell whether so much more may be claimed."""
        return self.claimed_kwh + kwh <= self.most_kwh + slack_kwh + _ROUNDING_KWH


def valid_until(generation_month: date) -> date:
    """Return the last day on which a certificate may be traded or cancelled."""
    years = VALID_MONTHS // 12
    return generation_month.replace(day=1, year=generation_month.year + years) - timedelta(days=1)


def standing_of(certificate: GreenCertificate, *, on: date) -> str:
    """Return a certificate's status as of a day: as stored, or `expired` where it was not cancelled in time."""
    is_open = certificate.status in {CertificateStatus.ISSUED, CertificateStatus.HELD}
    return "expired" if is_open and on > valid_until(certificate.generation_month) else certificate.status.value


def months_of(year: int) -> tuple[date, date]:
    """Return the first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def earliest_month(year: int, *, tolerance_months: int) -> date:
    """Return the first month whose certificates a claim for a year may spend."""
    months = year * 12 - tolerance_months
    return date(months // 12, months % 12 + 1, 1)


def certificate_problem(certificate: GreenCertificate, *, year: int, tolerance_months: int) -> FieldError | None:
    """Return why a certificate can't be spent on a claim for a year; None if nothing stands in the way."""
    code, month = certificate.first_code, certificate.generation_month
    if certificate.status is not CertificateStatus.CANCELLED or not certificate.cancellation_proof:
        return FieldError(
            N_("Certificate %(code)s is not cancelled: cancel it and enter day and proof first, then claim it."), code=code
        )
    if not earliest_month(year, tolerance_months=tolerance_months) <= month <= date(year, 12, 1):
        return FieldError(
            N_(
                "Certificate %(code)s was generated in %(month)s, outside the claim year %(year)s "
                "(tolerance %(tolerance)s months before it); choose certificates of that year."
            ),
            code=code,
            month=f"{month:%Y-%m}",
            year=year,
            tolerance=tolerance_months,
        )
    return _scheme_problem(certificate.scheme, month, code=code)


def cancellation_problem(certificate: GreenCertificate, cancelled_on: date, *, today: date) -> FieldError | None:
    """Return why a certificate can't have been cancelled on a day."""
    last = valid_until(certificate.generation_month)
    values = {"code": certificate.first_code, "day": cancelled_on}
    if cancelled_on > today:
        return FieldError(N_("%(day)s lies ahead; enter the day on which %(code)s was cancelled."), **values)
    if cancelled_on < certificate.generation_month:
        return FieldError(
            N_("%(code)s can't have been cancelled on %(day)s, before its electricity was made (%(month)s)."),
            **values,
            month=f"{certificate.generation_month:%Y-%m}",
        )
    if cancelled_on > last:
        return FieldError(
            N_("%(code)s was valid until %(last)s; a cancellation on %(day)s proves nothing. Check the day on the proof."),
            **values,
            last=last,
        )
    return None


def registration_problem(block: Block, *, scheme: Scheme, month: date, today: date) -> FieldError | None:
    """Return why a certificate of a month can't be in the ledger."""
    if month > today:
        return FieldError(
            N_("%(month)s lies ahead; a certificate is issued after its electricity was made."), month=f"{month:%Y-%m}"
        )
    return _scheme_problem(scheme, month, code=str(block.first))


def _scheme_problem(scheme: Scheme, month: date, *, code: str) -> FieldError | None:
    if scheme is Scheme.I_REC and month > I_REC_LAST_MONTH:
        return FieldError(
            N_(
                "I-REC %(code)s is for %(month)s; in China there are none for generation after 2024-12. "
                "Only green electricity certificates count from 2025 on."
            ),
            code=code,
            month=f"{month:%Y-%m}",
        )
    return None


def metered_room(contract: PowerContract, *, metered_kwh: float, sold_mwh: float, claimed_kwh: float) -> Room:
    """Return what a contract's kWh of a year can still stand for: certificates sold to others take theirs away."""
    most = 0.0 if contract.attributes_sold else max(0.0, metered_kwh - sold_mwh * KWH_PER_CERTIFICATE)
    return Room(most_kwh=most, claimed_kwh=claimed_kwh)


def claimed_kwh(claims: Iterable[SupplyClaim]) -> float:
    """Return the kWh that claims hold; those taken over as a share have none of their own."""
    return sum(claim.kwh or 0.0 for claim in claims if claim.status in COUNTING)


def same_codes(texts: Iterable[str]) -> tuple[str, ...]:
    """Return typed codes in one spelling, each once, in the order given."""
    return tuple(dict.fromkeys(str(read_code(text)) for text in texts))
