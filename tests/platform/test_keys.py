import hashlib
import hmac
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.keys import SECRET_FILE, SecretFileError, derive, load_secret
from service.settings import Settings


def without_key(folder: Path) -> Settings:
    return Settings(env="test", data_dir=folder)


def test_the_key_of_the_settings_is_used_and_no_file_is_made(tmp_path: Path) -> None:
    settings = Settings(env="test", data_dir=tmp_path, secret_key="k" * 40)

    assert load_secret(settings) == b"k" * 40
    assert list(tmp_path.iterdir()) == []


def test_a_secret_is_made_once_readable_by_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    before = os.umask(0)  # the mode must not rest on a careful umask
    try:
        secret = load_secret(without_key(folder))
    finally:
        os.umask(before)

    assert len(bytes.fromhex(secret.decode())) == 32  # 256 random bits
    assert stat.S_IMODE((folder / SECRET_FILE).stat().st_mode) == 0o600
    assert load_secret(without_key(folder)) == secret


def test_two_deployments_have_two_secrets(tmp_path: Path) -> None:
    assert load_secret(without_key(tmp_path / "a")) != load_secret(without_key(tmp_path / "b"))


def test_processes_that_start_together_agree_on_one_secret(tmp_path: Path) -> None:
    for trial in range(20):
        settings = without_key(tmp_path / str(trial))
        with ThreadPoolExecutor(8) as pool:
            found = set(pool.map(lambda _, settings=settings: load_secret(settings), range(8)))

        assert len(found) == 1
        assert len(found.pop()) == 64


def test_making_a_secret_leaves_nothing_else_behind(tmp_path: Path) -> None:
    load_secret(without_key(tmp_path))

    assert [entry.name for entry in tmp_path.iterdir()] == [SECRET_FILE]


@pytest.mark.parametrize("content", ["", "\n", "s" * 31])
def test_an_empty_or_cut_off_secret_is_refused_rather_than_used(tmp_path: Path, content: str) -> None:
    (tmp_path / SECRET_FILE).write_text(content)

    with pytest.raises(SecretFileError, match=r"secret\.key holds fewer than 32 characters: restore it .*, or delete it"):
        load_secret(without_key(tmp_path))


def test_a_final_line_end_in_the_file_is_no_part_of_the_secret(tmp_path: Path) -> None:
    (tmp_path / SECRET_FILE).write_text("s" * 64 + "\n")

    assert load_secret(without_key(tmp_path)) == b"s" * 64


def test_a_derived_value_is_an_hmac_under_a_key_of_its_purpose() -> None:
    key = hmac.digest(b"secret", b"flash", hashlib.sha256)

    assert derive(b"secret", "flash", b"message") == hmac.digest(key, b"message", hashlib.sha256).hex()


@pytest.mark.parametrize(
    ("secret", "purpose", "message"),
    [(b"other", "flash", b"message"), (b"secret", "form", b"message"), (b"secret", "flash", b"messag")],
)
def test_another_secret_purpose_or_message_gives_another_value(secret: bytes, purpose: str, message: bytes) -> None:
    assert derive(secret, purpose, message) != derive(b"secret", "flash", b"message")
