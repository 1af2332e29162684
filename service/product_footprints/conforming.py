"""No document leaves this house that breaks a rule which we hold partners to."""

from collections.abc import Mapping, Sequence
from typing import Any

from service.conformance.findings import Finding, Severity
from service.conformance.rules import check_pact3
from service.errors import N_, FieldError, RefusedError
from service.product_footprints.models import DeclaredStatus


class NonconformingFootprintError(RefusedError):
    """A document would break rules of PACT; each point names its rule."""

    code = "footprint-not-conforming"

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(
            N_("This footprint can't be declared as it is; %(count)s rules of PACT do not hold. The first: %(first)s"),
            [FieldError(one.template, **one.values) for one in findings],
        )


def check_conforming(document: Mapping[str, Any]) -> None:
    """Refuse a document, still without status, that breaks a rule for our own output."""
    found = check_pact3({**document, "status": DeclaredStatus.ACTIVE.value}, own=True)
    broken = [one for one in found if one.severity is Severity.ERROR]
    if broken:
        raise NonconformingFootprintError(broken)
