import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from service.accounts.models import STAFF_ROLES, TOTP_ROLES, OrganisationKind, Role
from service.accounts.passwords import normalise_password
from service.errors import N_, FieldError

# OWASP ASVS 5.0.0, 6.2.1 and 6.2.9: at least 12, at least 128 allowed, any characters.
PASSWORD_MIN = 12
PASSWORD_MAX = 128
DIFFERENT_CHARACTERS_MIN = 5
RUNS = ("abcdefghijklmnopqrstuvwxyz", "0123456789", "1234567890", "qwertyuiopasdfghjklzxcvbnm")
NAME_MAX = 100
ROLE_NAMES: dict[Role, str] = {
    Role.ADMIN: N_("Administrator"),
    Role.ENGINEER: N_("Footprint engineer"),
    Role.REVIEWER: N_("Reviewer"),
    Role.PROCUREMENT: N_("Procurement"),
    Role.SALES: N_("Sales"),
    Role.AUDITOR: N_("Auditor"),
    Role.SUPPLIER: N_("Supplier"),
    Role.VERIFIER: N_("Verifier"),
    Role.COMMITTEE: N_("Carbon committee"),
    Role.EMPLOYEE: N_("Employee"),
}
ROLES_OF: dict[OrganisationKind, frozenset[Role]] = {
    OrganisationKind.MAKER: STAFF_ROLES | {Role.EMPLOYEE},
    OrganisationKind.SUPPLIER: frozenset({Role.SUPPLIER}),
    OrganisationKind.VERIFIER: frozenset({Role.VERIFIER}),
}


def normalise_email(text: str) -> str:
    """Return an e-mail address as it is stored and compared: trimmed, NFC, in lower case."""
    return unicodedata.normalize("NFC", text).strip().lower()


def find_password_problem(password: str, *, personal: Iterable[str] = ()) -> FieldError | None:
    """Return why a password may not be chosen, or None; the message never repeats it.

    Parameters
    ----------
    personal
        The person's name and e-mail address, which a guesser tries first.

    """
    text = normalise_password(password)
    if not PASSWORD_MIN <= len(text) <= PASSWORD_MAX:
        return FieldError(
            N_("This password has %(length)s characters; choose one of %(min)s to %(max)s. A short sentence is easy to remember."),
            length=len(text),
            min=PASSWORD_MIN,
            max=PASSWORD_MAX,
        )
    if _is_common(text) or _is_monotonous(text):
        return FieldError(N_("This password is one of the first that guessers try; choose another, for example a short sentence."))
    if _is_personal(text, personal):
        return FieldError(N_("This password is made of your name or e-mail address; choose one that has nothing to do with you."))
    return None


def find_name_problem(name: str) -> FieldError | None:
    """Return why a person's name can't be used, or None: no control or direction characters, which change how a line reads."""
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"} for character in name):
        return FieldError(N_("The name contains characters that can't be seen; type it again."))
    return None


def find_role_problem(roles: Iterable[Role], kind: OrganisationKind) -> FieldError | None:
    """Return why these roles can't be held in an organisation of this kind, or None."""
    chosen, possible = frozenset(roles), ROLES_OF.get(kind, frozenset())
    if not chosen:
        return FieldError(N_("Choose at least one role."))
    if chosen - possible:
        return FieldError(
            N_("People of a supplier have the role “supplier” only, people of a verifier “verifier” only; staff have any others.")
        )
    return None


def requires_totp(roles: Iterable[Role | str], *, is_sample: bool, required: bool) -> bool:
    """Tell whether somebody must sign in with a second factor.

    Parameters
    ----------
    is_sample
        The sample company's log-ins are printed at the first start and have no phone; each page of theirs says so.
    required
        The setting `require_totp`.

    """
    return required and not is_sample and bool(TOTP_ROLES & {Role(role) for role in roles})


@lru_cache
def common_passwords() -> frozenset[str]:
    """Return the shipped list of often chosen passwords, in lower case; its source stands in its head."""
    lines = (files("service.accounts") / "common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _is_common(text: str) -> bool:
    return unicodedata.normalize("NFKC", text).casefold() in common_passwords()


def _is_monotonous(text: str) -> bool:
    folded = text.casefold()
    runs = (run * (PASSWORD_MAX // len(run) + 2) for run in RUNS)
    return len(set(folded)) < DIFFERENT_CHARACTERS_MIN or any(folded in run or folded[::-1] in run for run in runs)


def _is_personal(text: str, personal: Iterable[str]) -> bool:
    folded = text.casefold()
    words = {part for item in personal for part in (item.casefold(), item.casefold().partition("@")[0]) if part}
    rest = (folded.replace(word, "") for word in words if word in folded and len(word) >= DIFFERENT_CHARACTERS_MIN)
    return any(len(text_left) < PASSWORD_MIN // 2 for text_left in rest)
