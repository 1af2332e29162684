"""What a questionnaire's workbook looks like: its sheets, its columns and the words in it, always in both languages."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from service.errors import N_
from service.i18n import translate
from service.submissions.questionnaire import Question
from service.submissions.units import unit_label
from service.submissions.words import ABSENCE_LABELS, EVIDENCE_LABELS

FORMAT: Final = "anodeprint-questionnaire/1"
ANSWERS_SHEET: Final = "填写 Answers"
GUIDE_SHEET: Final = "说明 Read me"
LISTS_SHEET: Final = "lists"
META_SHEET: Final = "meta"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the sheet for answers.

    Attributes
    ----------
    header
        Message id; the sheet shows it in both languages.
    width
        In characters.
    is_answer
        Whether people write in it.

    """

    key: str
    header: str
    width: int
    is_answer: bool = False
    is_hidden: bool = False


COLUMNS: Final = (
    Column(key="label_zh", header=N_("What is asked (Chinese)"), width=34),
    Column(key="label_en", header=N_("What is asked (English)"), width=38),
    Column(key="answer", header=N_("Answer"), width=22, is_answer=True),
    Column(key="unit", header=N_("Unit"), width=20, is_answer=True),
    Column(key="evidence", header=N_("Where the figure comes from"), width=24, is_answer=True),
    Column(key="absent", header=N_("If there is no value"), width=24, is_answer=True),
    Column(key="note", header=N_("Note"), width=30, is_answer=True),
    Column(key="previous", header=N_("Last period"), width=20),
    Column(key="example", header=N_("Example"), width=18),
    Column(key="where", header=N_("Where to find it, and why it is asked"), width=60),
    Column(key="field", header=N_("Field (please do not change)"), width=12, is_hidden=True),
    Column(key="stamp", header=N_("State (please do not change)"), width=12, is_hidden=True),
)
LETTERS: Final = {column.key: chr(ord("A") + place) for place, column in enumerate(COLUMNS)}


def both(message: str, **values: object) -> str:
    """Return a message in Chinese and English, once where they are the same."""
    zh, en = translate("zh-CN", message, **values), translate("en", message, **values)
    return zh if zh == en else f"{zh} / {en}"


def plain(text: str) -> str:
    """Return a text as words are compared: width, case and blanks do not count."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache
def columns_by_header() -> Mapping[str, str]:
    """Return the column's key by every way in which its header may be written."""
    return {word: column.key for column in COLUMNS for word in spellings(column.header)}


@lru_cache
def evidence_by_word() -> Mapping[str, str]:
    """Return the evidence kind by every way in which it may be written."""
    return {word: kind.value for kind, text in EVIDENCE_LABELS.items() for word in (plain(kind), *spellings(text))}


@lru_cache
def absence_by_word() -> Mapping[str, str]:
    """Return the reason for having no value by every way in which it may be written."""
    return {word: kind.value for kind, text in ABSENCE_LABELS.items() for word in (plain(kind), *spellings(text))}


def units_by_word(question: Question) -> Mapping[str, str]:
    """Return the question's units by every way in which they may be written."""
    return {word: unit for unit in question.units for word in (plain(unit), *(plain(text) for text in _both_units(unit)))}


def choices_by_word(question: Question) -> Mapping[str, str]:
    """Return the question's choices by every way in which they may be written."""
    words: dict[str, str] = {}
    for choice in question.choices:
        zh, en = choice.label("zh-CN"), choice.label("en")
        words |= {plain(text): choice.key for text in (choice.key, zh, en, f"{zh} / {en}")}
    return words


def choice_text(question: Question, key: str) -> str:
    """Return a choice in both languages."""
    choice = question.choice(key)
    return f"{choice.label('zh-CN')} / {choice.label('en')}" if choice else key


def unit_text(unit: str) -> str:
    """Return a unit in both languages."""
    return _both_units(unit)[-1]


def spellings(message: str) -> tuple[str, ...]:
    """Return a message in Chinese, in English and in both, as words are compared."""
    return tuple(plain(text) for text in (translate("zh-CN", message), translate("en", message), both(message)))


def _both_units(unit: str) -> tuple[str, ...]:
    zh, en = unit_label(unit, "zh-CN"), unit_label(unit, "en")
    return (zh,) if zh == en else (zh, en, f"{zh} / {en}")
