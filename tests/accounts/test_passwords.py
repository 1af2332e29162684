import statistics
import threading
import time
import unicodedata

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from service.accounts.passwords import NOBODYS_HASH, SLOTS, hash_password, is_outdated, verify_password
from tests.accounts.builders import PASSWORD, hash_of


def test_a_password_is_known_again_and_another_is_not() -> None:
    stored = hash_of(PASSWORD)

    assert verify_password(stored, PASSWORD)
    assert not verify_password(stored, PASSWORD + " ")
    assert not verify_password(stored, PASSWORD.upper())


def test_the_same_password_is_never_stored_alike() -> None:
    assert hash_password(PASSWORD) != hash_password(PASSWORD)


@pytest.mark.parametrize("password", ["x" * 12, "é" * 128, "青山绿水一壶清茶十二点钟", "👩‍🔬 tea at noon", " spaces count too "])
def test_any_characters_and_128_of_them_count_to_the_last(password: str) -> None:
    stored = hash_password(password)

    assert verify_password(stored, password)
    assert not verify_password(stored, password[:-1])


def test_a_character_may_be_composed_either_way() -> None:
    composed, decomposed = "café at the river", unicodedata.normalize("NFD", "café at the river")
    assert composed != decomposed

    assert verify_password(hash_password(decomposed), composed)


def test_hashes_are_argon2id_with_46_mib_one_pass_one_lane() -> None:
    for stored in (hash_of(PASSWORD), NOBODYS_HASH):
        parameters = extract_parameters(stored)
        assert (parameters.type, parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (Type.ID, 46 * 1024, 1, 1)


def test_a_hash_with_weaker_parameters_is_outdated() -> None:
    weaker = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1).hash(PASSWORD)

    assert verify_password(weaker, PASSWORD)
    assert is_outdated(weaker)
    assert not is_outdated(hash_of(PASSWORD))


@pytest.mark.parametrize("stored", [None, "", "plain text", "$argon2id$v=19$m=1"])
def test_nobodys_and_broken_hashes_match_nothing(stored: str | None) -> None:
    assert not verify_password(stored, PASSWORD)


def test_checking_nobody_takes_as_long_as_checking_somebody() -> None:
    stored = hash_of(PASSWORD)
    known, unknown = [], []
    for _ in range(7):  # in pairs, so that a busy machine slows both
        known.append(seconds(stored))
        unknown.append(seconds(None))

    # Without the dummy check the second would take microseconds.
    assert statistics.median(unknown) > statistics.median(known) / 2


def seconds(stored: str | None) -> float:
    begin = time.perf_counter()
    verify_password(stored, "wrong password here")
    return time.perf_counter() - begin


def test_at_most_two_hashes_are_computed_at_once() -> None:
    with SLOTS, SLOTS:
        third = threading.Thread(target=verify_password, args=(None, PASSWORD))
        third.start()
        third.join(timeout=0.3)
        waits = third.is_alive()
    third.join()

    assert waits
