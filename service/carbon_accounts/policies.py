"""Who may have an account of their own."""

from typing import Final

from service.accounts.access import Policy
from service.accounts.models import STAFF_ROLES, Role

ME: Final = Policy(name="me", roles=STAFF_ROLES | {Role.EMPLOYEE})
"""Everybody who works for the maker; each sees what is their own and nothing else."""
