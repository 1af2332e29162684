"""Pages say one thing with one word; the glossary holds it."""

import re
from csv import DictReader
from importlib.resources import files

import pytest

from service.i18n import catalogue

# Terms without a second meaning: `plant` is also part of "our plant", `certificate` also a green one.
ALWAYS_THE_SAME = (
    "carbonization",
    "coating",
    "crucible",
    "declared unit",
    "evidence",
    "footprint",
    "granulation",
    "graphitization",
    "greenhouse gas",
    "needle coke",
    "petroleum coke",
    "primary data",
    "release",
    "secondary data",
    "withdraw",
)
OTHER_SPELLINGS = ("graphitis", "carbonis", "炭化")


def glossary() -> dict[str, str]:
    text = files("templates").joinpath("locale", "glossary.csv").read_text(encoding="utf-8")
    return {row["term_en"]: row["term_zh"] for row in DictReader(text.splitlines())}


@pytest.mark.parametrize("term", ALWAYS_THE_SAME)
def test_texts_with_a_term_have_its_chinese_word(term: str) -> None:
    word = re.compile(rf"\b{term}(s|es)?\b", re.IGNORECASE)
    texts = {message: text for message, text in catalogue("zh-CN").items() if word.search(message)}

    assert texts
    assert {message: text for message, text in texts.items() if glossary()[term] not in text} == {}


@pytest.mark.parametrize("spelling", OTHER_SPELLINGS)
def test_no_text_spells_a_term_another_way(spelling: str) -> None:
    said = "\n".join([*catalogue("zh-CN"), *catalogue("zh-CN").values()]).casefold()

    assert spelling not in said
