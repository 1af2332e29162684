"""A verifier's statement as a declared footprint carries it."""

from collections.abc import Mapping
from typing import Any, Final

from service.errors import N_
from service.product_footprints.texts import both

COVERAGE: Final[Mapping[str, str]] = {
    "model": "PCF calculation model",
    "program": "PCF program",
    "product": "product level",
}
"""Our words for what was verified, and those of PACT v3."""
LIMITED: Final = N_("Limited assurance by %(criteria)s.")
REASONABLE: Final = N_("Reasonable assurance by %(criteria)s.")
_LEVELS: Final[Mapping[str, str]] = {"limited": LIMITED, "reasonable": REASONABLE}


def verification_of(statement: Mapping[str, Any]) -> dict[str, str]:
    """Return the PACT v3 `verification` of a statement.

    Parameters
    ----------
    statement
        `coverage` (model, program, product), `body_name`, `standard`, `level` (limited, reasonable), `criteria`, `completed_on`
        (ISO 8601 date), as the columns of a verification statement; what else it has is for certificates.

    """
    return {
        "coverage": COVERAGE[statement["coverage"]],
        "providerName": statement["body_name"],
        "completedAt": f"{statement['completed_on']}T00:00:00Z",
        "standardName": statement["standard"],
        "comments": both(_LEVELS[statement["level"]], criteria=statement["criteria"]),
    }
