from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from service.settings import Settings


def refusal(**values: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        Settings(**values)
    [problem] = caught.value.errors()
    assert problem["loc"] == tuple(values)
    return str(problem["msg"])


def test_a_deployment_needs_no_setting_and_its_defaults_are_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANODEPRINT_DATA_DIR", raising=False)
    settings = Settings()

    assert settings.secret_key is None  # made at the first start, never a known one
    assert settings.require_totp
    assert settings.smtp_starttls
    assert settings.env == "production"
    assert settings.effective_database_url == "sqlite:///var/anodeprint.db"


def test_settings_come_from_variables_with_the_prefix(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANODEPRINT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ANODEPRINT_COMPANY_NAME_ZH", "某负极公司")
    monkeypatch.setenv("COMPANY_NAME_EN", "Not ours")

    settings = Settings()

    assert (settings.data_dir, settings.company_name_zh) == (tmp_path, "某负极公司")
    assert settings.company_name_en != "Not ours"


def test_a_setting_does_not_change_while_the_service_runs() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().base_url = "https://elsewhere.example"  # type: ignore[misc] # what is refused


def test_an_unknown_setting_is_refused() -> None:
    assert "not permitted" in refusal(base_ulr="https://footprint.example")


@pytest.mark.parametrize(
    ("given", "kept", "is_https"),
    [
        ("https://footprint.example/", "https://footprint.example", True),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", False),
    ],
)
def test_the_address_loses_its_final_slash_and_decides_on_secure_cookies(given: str, kept: str, *, is_https: bool) -> None:
    settings = Settings(base_url=given)

    assert (settings.base_url, settings.is_https) == (kept, is_https)


@pytest.mark.parametrize("address", ["", "footprint.example", "ftp://footprint.example", "//footprint.example"])
def test_an_address_that_browsers_cannot_open_is_refused_by_value_and_rule(address: str) -> None:
    assert f"base_url={address!r} must start with http:// or https://" in refusal(base_url=address)


def test_a_short_secret_key_is_refused_without_repeating_it() -> None:
    message = refusal(secret_key="canary" * 5)  # 30 characters

    assert "at least 32 characters" in message
    assert "canary" not in message
    assert Settings(secret_key="k" * 32).secret_key is not None


def test_a_secret_key_is_not_shown_where_settings_are_printed() -> None:
    settings = Settings(secret_key="canary" * 6, smtp_password="canary")

    assert "canary" not in repr(settings)
    assert "canary" not in str(settings.model_dump())


@pytest.mark.parametrize(
    "urn",
    [
        "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66",
        "URN:LEI:5493001KJTIIGC8Y1R12",
        "urn:anodeprint:sample:company",
        "urn:example:a%20b/c(d)",
    ],
)
def test_a_urn_names_the_company(urn: str) -> None:
    assert Settings(company_urn=urn).company_urn == urn


@pytest.mark.parametrize(
    "urn",
    [
        "",
        "5493001KJTIIGC8Y1R12",
        "https://anode.example",
        "urn:x:one-letter-namespace",
        "urn:-ab:c",
        "urn:ab-:c",
        "urn:urn:c",
        "urn:lei:",
        "urn:lei:/a",
        "urn:lei:a b",
        "urn:lei:a?b",
        "urn:lei:某公司",
        "urn:lei:a\n",
        "urn:" + "n" * 33 + ":a",
    ],
)
def test_what_is_no_urn_is_refused_by_value_rule_and_example(urn: str) -> None:
    message = refusal(company_urn=urn)

    assert f"company_urn={urn!r} is no URN (RFC 8141); write urn:<namespace>:<name>" in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("smtp_port", 0),
        ("session_idle_minutes", 0),
        ("upload_max_bytes", 10),
        ("pdf_workers", 0),
        ("default_locale", "fr"),
        ("env", "dev"),
    ],
)
def test_a_value_outside_its_range_is_refused(name: str, value: Any) -> None:
    assert refusal(**{name: value})
