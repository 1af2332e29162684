import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.accounts.models import OrganisationKind, Role
from service.accounts.rules import (
    common_passwords,
    find_name_problem,
    find_password_problem,
    find_role_problem,
    normalise_email,
    requires_totp,
)


@pytest.mark.parametrize("password", ["abc def ghij", "x7" * 3 + "pqrstu", "z" + "vwertxm" * 18 + "!", "一壶清茶配青山绿水十二点"])
def test_12_to_128_characters_of_any_kind_are_allowed(password: str) -> None:
    assert 12 <= len(password) <= 128
    assert find_password_problem(password) is None


@pytest.mark.parametrize("password", ["", "abc def ghi", "vwertxmq" * 16 + "!"])
def test_11_and_129_characters_are_refused_with_their_number(password: str) -> None:
    problem = find_password_problem(password)

    assert problem is not None
    assert f"{len(password)} characters" in str(problem)
    assert "12 to 128" in str(problem)


@pytest.mark.parametrize(
    "password", ["password1234", "PassWord1234", "ｐassword1234", "woaini5201314", "qwertyuiop123", "anodeprint2026"]
)
def test_what_guessers_try_first_is_refused_however_it_is_written(password: str) -> None:
    assert "guessers" in str(find_password_problem(password))


@pytest.mark.parametrize(
    "password", ["aaaaaaaaaaaa", "121212121212", "abcdefghijklm", "0987654321098", "qwertyuiopasdf", "ABABABABABAB"]
)
def test_runs_and_repetitions_are_refused(password: str) -> None:
    assert "guessers" in str(find_password_problem(password))


@pytest.mark.parametrize("password", ["liwei.zhang@sample.example", "liwei.zhang1!", "Li Wei Zhang12"])
def test_a_password_made_of_name_or_address_is_refused(password: str) -> None:
    problem = find_password_problem(password, personal=("Li Wei Zhang", "liwei.zhang@sample.example"))

    assert "name or e-mail" in str(problem)


def test_a_sentence_that_mentions_the_person_is_allowed() -> None:
    assert find_password_problem("zhang drinks green tea at noon", personal=("Zhang", "zhang@sample.example")) is None


@given(st.text(max_size=200))
def test_no_message_repeats_the_password(password: str) -> None:
    problem = find_password_problem(password, personal=("Li", "li@sample.example"))

    if problem is not None:
        assert len(password) < 12 or password not in str(problem)


def test_every_listed_password_is_long_enough_to_be_chosen() -> None:
    assert all(12 <= len(password) <= 128 and password == password.lower() for password in common_passwords())
    assert len(common_passwords()) > 300


@pytest.mark.parametrize("typed", [" Li.Wei@Sample.Example ", "LI.WEI@SAMPLE.EXAMPLE", "li.wei@sample.example"])
def test_an_address_is_one_however_it_is_typed(typed: str) -> None:
    assert normalise_email(typed) == "li.wei@sample.example"


@pytest.mark.parametrize("name", ["Li\u202eieW", "Li\u200bWei", "Li\x00Wei", "Li\nWei"])
def test_a_name_has_no_characters_that_cannot_be_seen(name: str) -> None:
    assert find_name_problem(name) is not None


@pytest.mark.parametrize("name", ["李伟", "𠮷野家", "Jean-Luc O’Neill", "Müller, Jörg (Dr.)"])
def test_names_of_people_are_names(name: str) -> None:
    assert find_name_problem(name) is None


@pytest.mark.parametrize(
    ("roles", "kind", "is_allowed"),
    [
        ({Role.ADMIN, Role.ENGINEER}, OrganisationKind.MAKER, True),
        ({Role.SUPPLIER}, OrganisationKind.SUPPLIER, True),
        ({Role.SUPPLIER}, OrganisationKind.MAKER, False),
        ({Role.ADMIN}, OrganisationKind.SUPPLIER, False),
        ({Role.SUPPLIER, Role.ADMIN}, OrganisationKind.SUPPLIER, False),
        ({Role.SUPPLIER}, OrganisationKind.CUSTOMER, False),
        (set(), OrganisationKind.MAKER, False),
    ],
)
def test_only_the_maker_has_staff(roles: set[Role], kind: OrganisationKind, *, is_allowed: bool) -> None:
    assert (find_role_problem(roles, kind) is None) == is_allowed


def test_those_who_decide_on_figures_or_people_need_a_second_factor() -> None:
    needing = {role for role in Role if requires_totp([role], is_sample=False, required=True)}

    assert needing == {Role.ADMIN, Role.ENGINEER, Role.REVIEWER, Role.VERIFIER}
    assert not requires_totp(Role, is_sample=True, required=True)
    assert not requires_totp(Role, is_sample=False, required=False)
