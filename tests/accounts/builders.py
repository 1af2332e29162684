"""People with passwords; hashes are made once, because each costs 50 ms."""

from collections.abc import Iterable
from functools import cache

from sqlmodel import Session

from service.accounts.models import Organisation, Role, User
from service.accounts.passwords import hash_password
from tests import builders

PASSWORD = "green tea at noon"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@cache
def hash_of(password: str) -> str:
    return hash_password(password)


def a_person(
    session: Session,
    *,
    roles: Iterable[Role] = (Role.SALES,),
    organisation: Organisation | None = None,
    password: str | None = PASSWORD,
    totp_secret: str | None = None,
    is_active: bool = True,
    is_sample: bool = False,
    name: str = "Li Wei",
) -> User:
    """Return somebody who can sign in; sales need no second factor."""
    user = builders.a_user(session, roles=roles, organisation=organisation, name=name)
    user.password_hash = None if password is None else hash_of(password)
    user.totp_secret, user.is_active, user.is_sample = totp_secret, is_active, is_sample
    session.add(user)
    session.flush()
    return user
