"""What may become of something that is meant for everybody, and when a proof holds."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from service.errors import N_, ConflictError, InvalidTransitionError, SamePersonError
from service.publicity.models import ClaimProof, PublicationStatus

TRANSITIONS: Final[Mapping[PublicationStatus, frozenset[PublicationStatus]]] = {
    PublicationStatus.DRAFT: frozenset({PublicationStatus.APPROVED, PublicationStatus.WITHDRAWN}),
    PublicationStatus.APPROVED: frozenset({PublicationStatus.DRAFT, PublicationStatus.PUBLISHED, PublicationStatus.WITHDRAWN}),
    PublicationStatus.PUBLISHED: frozenset({PublicationStatus.LAPSED, PublicationStatus.WITHDRAWN}),
    PublicationStatus.LAPSED: frozenset({PublicationStatus.DRAFT, PublicationStatus.PUBLISHED, PublicationStatus.WITHDRAWN}),
    PublicationStatus.WITHDRAWN: frozenset({PublicationStatus.DRAFT}),
}
"""Changing a text makes it a draft again; what is published is withdrawn first."""
EDITABLE: Final = frozenset(status for status, targets in TRANSITIONS.items() if PublicationStatus.DRAFT in targets) | {
    PublicationStatus.DRAFT
}


class UnprovenClaimError(ConflictError):
    """A claim has no proof that holds today."""

    code = "claim-unproven"

    def __init__(self) -> None:
        super().__init__(
            N_(
                "This claim has no proof that is valid today, so it can't be published. "
                "Record a certificate, a statement or a closed year that shows it."
            )
        )


def check_transition(present: PublicationStatus, wanted: PublicationStatus) -> None:
    """Raise unless one status may follow the other."""
    allowed = TRANSITIONS[present]
    if wanted not in allowed:
        raise InvalidTransitionError(present=present, wanted=wanted, allowed=", ".join(sorted(allowed)))


def check_another(by: str, authors: Iterable[str]) -> None:
    """Raise if somebody would approve what they wrote or brought themselves."""
    if by in set(authors):
        raise SamePersonError(N_("You wrote or brought part of this yourself; another person has to approve it."))


def is_dated(proof: ClaimProof, *, on: date) -> bool:
    """Tell whether a day is among those for which a proof was recorded, and it was not withdrawn."""
    return proof.withdrawn_at is None and proof.valid_from <= on <= proof.valid_until
