"""Who of the maker may read declared footprints, which state four digits."""

from typing import Final

from service.accounts.access import Policy, roles
from service.accounts.models import Role

READERS: Final[Policy] = roles(Role.SALES, Role.ENGINEER, Role.REVIEWER, Role.AUDITOR, Role.ADMIN)
"""As certificates: buyers could subtract one footprint from another (docs/decisions/0017)."""
