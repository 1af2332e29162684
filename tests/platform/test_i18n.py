import re

import pytest

from service.errors import InvalidTransitionError, NotFoundError, TooManyRequestsError
from service.i18n import LOCALES, catalogue, explain, translate

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
KNOWN = "Too many tries. Wait %(seconds)s seconds, then try again."


def test_english_is_its_own_message_id() -> None:
    assert catalogue("en") == {}
    assert translate("en", KNOWN, seconds=5) == "Too many tries. Wait 5 seconds, then try again."


def test_chinese_has_the_same_values_in_its_own_words() -> None:
    text = translate("zh-CN", KNOWN, seconds=5)

    assert "5" in text
    assert re.search("[一-鿿]", text)
    assert "%" not in text


def test_a_message_without_translation_is_shown_in_english_rather_than_not_at_all() -> None:
    assert translate("zh-CN", "Nobody has %(done)s this.", done="translated") == "Nobody has translated this."


def test_a_percent_sign_without_values_is_a_percent_sign() -> None:
    assert translate("zh-CN", "100 % of it") == "100 % of it"


def test_a_missing_value_is_an_error_rather_than_a_hole() -> None:
    with pytest.raises(KeyError, match="seconds"):
        translate("en", KNOWN, second=5)


def test_an_error_says_the_same_in_both_languages() -> None:
    error = TooManyRequestsError(retry_after_s=7)

    assert explain("en", error) == str(error)
    assert explain("zh-CN", error) == translate("zh-CN", KNOWN, seconds="7")
    assert explain("zh-CN", NotFoundError()) != explain("en", NotFoundError())


def test_what_a_person_typed_is_not_taken_for_a_placeholder() -> None:
    error = InvalidTransitionError(present="%(wanted)s", wanted="100 %", allowed="%s")

    for locale in LOCALES:
        assert "%(wanted)s" in explain(locale, error)
        assert "100 %" in explain(locale, error)


def test_every_translation_with_values_can_be_filled_in() -> None:
    """A lone per cent sign beside a placeholder would fail only when the message is shown."""
    for message, text in catalogue("zh-CN").items():
        values = dict.fromkeys(PLACEHOLDER.findall(message), "x")
        if values:
            assert "%(" not in message % values
            assert "%(" not in text % values
