"""Who may see how much of a footprint: few what went in, all others a rounded result, buyers the most rounded one."""

from typing import Final

from service.accounts.access import Policy, Principal, roles
from service.accounts.models import Role

# Parameters and their provenance tell recipes and suppliers' answers, which sales and procurement never see.
_INSIDERS: Final = (Role.ENGINEER, Role.REVIEWER, Role.AUDITOR)

CALCULATORS: Final[Policy] = roles(Role.ENGINEER)
RELEASERS: Final[Policy] = roles(Role.ENGINEER, Role.REVIEWER)
INSIDERS: Final[Policy] = roles(*_INSIDERS)


def may_see_inputs(principal: Principal) -> bool:
    """Whether somebody may see parameters, provenance and results by process and flow; a verifier, of the cases it may open."""
    return principal.has(*_INSIDERS, Role.VERIFIER)


def can_compare(principal: Principal) -> bool:
    """Whether somebody knows so much of suppliers besides footprints that two of these would tell one supplier's input."""
    return principal.has(Role.PROCUREMENT)


def may_calculate(principal: Principal) -> bool:
    """Whether somebody may calculate footprints."""
    return CALCULATORS.lets_in(principal)


def may_release(principal: Principal) -> bool:
    """Whether somebody may release footprints that others calculated."""
    return RELEASERS.lets_in(principal)
