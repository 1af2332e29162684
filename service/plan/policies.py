"""Who may look at the carbon plan, keep its figures, and decide."""

from typing import Final

from service.accounts.access import roles
from service.accounts.models import Role

READER_ROLES: Final = frozenset({Role.ENGINEER, Role.REVIEWER, Role.AUDITOR, Role.COMMITTEE})
EDITOR_ROLES: Final = frozenset({Role.ENGINEER})
APPROVER_ROLES: Final = frozenset({Role.REVIEWER, Role.COMMITTEE})

PLAN_READERS: Final = roles(*sorted(READER_ROLES))
PLAN_EDITORS: Final = roles(*sorted(EDITOR_ROLES))
PLAN_APPROVERS: Final = roles(*sorted(APPROVER_ROLES))
"""Never the person who edited or proposed: operations compare people, not only roles."""
