"""One form for one answer, whichever door it came by: what the receipt's hash is taken of, and when two answers are the same."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from service.submissions.answers import Entry, read_entry
from service.submissions.questionnaire import Question


def canonical_answer(question: Question, entry: Entry) -> dict[str, Any] | None:
    """Return what an answer says, in JSON types; None where nothing is said.

    A number is kept in its canonical unit, so that `1,235` 万kWh, `12350000` kWh and a cell of a workbook are one answer; what
    can't be read is kept as typed.
    """
    note = canonical_text(entry.note or "")
    if entry.is_empty and not note:
        return None
    said = {"absent": entry.absent, "evidence": entry.evidence_kind, "note": note or None}
    return {name: value for name, value in (_meaning(question, entry) | said).items() if value is not None}


def canonical_text(text: str) -> str:
    """Return a text with composed characters, one kind of line end and nothing around it."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()


def is_same(question: Question, one: Entry, other: Entry) -> bool:
    """Whether two answers say the same."""
    return canonical_answer(question, one) == canonical_answer(question, other)


def _meaning(question: Question, entry: Entry) -> dict[str, Any]:
    reading = read_entry(question, entry)
    if reading.error is not None or (entry.absent is not None and not entry.is_empty):
        return {"entered": canonical_text(entry.entered) or None, "unit": entry.unit}
    return {"value": reading.value, "unit": reading.unit, "choice": reading.choice, "text": reading.text}


def canonical_answers(asked: Mapping[str, Question], entries: Mapping[str, Entry]) -> dict[str, dict[str, Any]]:
    """Return all answers that say something, by field."""
    said = {key: canonical_answer(asked[key], entry) for key, entry in entries.items() if key in asked}
    return {key: answer for key, answer in said.items() if answer is not None}
