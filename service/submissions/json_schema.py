"""The questionnaire as JSON Schema: what the API takes as answers, made from the registry."""

from collections.abc import Mapping
from typing import Any, Final

from service.i18n import Locale, translate
from service.submissions.models import Depth
from service.submissions.questionnaire import Limits, Question, questions_for
from service.submissions.schemas import AnswersInput
from service.submissions.units import unit_label

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def answers_schema(supplier_type: str, depth: Depth, locale: Locale) -> dict[str, Any]:
    """Return the schema of the body that `PUT /submissions/{id}/answers` takes from a supplier of a type.

    Each answer is one property; titles, descriptions and names of choices are in the reader's language. What the
    dialect has no word for stands in `x-limits`, `x-unit` (canonical), `x-required` (when handing in, not in a draft) and `x-use`.
    """
    whole = AnswersInput.model_json_schema()
    answer = whole["$defs"]["AnswerInput"]
    questions = questions_for(supplier_type, depth)
    return {
        "$schema": DIALECT,
        "$id": f"urn:anodeprint:questionnaire:{supplier_type}:{depth}",
        "title": f"{supplier_type} {depth}",
        "type": "object",
        "additionalProperties": False,
        "required": ["answers"],
        "properties": {
            "answers": {
                "type": "object",
                "additionalProperties": False,
                "properties": {question.key: _property(question, answer, locale) for question in questions},
            }
        },
        "$defs": {name: found for name, found in whole["$defs"].items() if name != "AnswerInput"},
    }


def _property(question: Question, answer: Mapping[str, Any], locale: Locale) -> dict[str, Any]:
    members = {**answer["properties"], "entered": _entered(question, answer["properties"]["entered"], locale)}
    del members["unit"]
    if question.kind == "number":
        members["unit"] = {"enum": [None, *question.units], "title": _unit_names(question, locale)}
    if question.essential:
        del members["absent"]
    return {
        "title": translate(locale, question.label),
        "description": _description(question, locale),
        "type": "object",
        "additionalProperties": False,
        "properties": members,
        "x-required": question.required,
        "x-use": str(question.use),
        **_quantity(question),
    }


def _entered(question: Question, general: Mapping[str, Any], locale: Locale) -> dict[str, Any]:
    """Return what may be typed: the empty text takes an answer back."""
    entered: dict[str, Any] = {"type": "string", "maxLength": general["maxLength"]}
    if question.example:
        entered["examples"] = [question.example[0]]
    if question.kind == "choice":
        names = [{"const": choice.key, "title": choice.label(locale)} for choice in question.choices]
        entered["oneOf"] = [{"const": ""}, *names]
    return entered


def _description(question: Question, locale: Locale) -> str:
    texts = (question.ask, *question.reasons, question.where)
    return " ".join(translate(locale, text) for text in texts)


def _unit_names(question: Question, locale: Locale) -> str:
    return ", ".join(unit_label(unit, locale) for unit in question.units)


def _quantity(question: Question) -> dict[str, Any]:
    if question.kind != "number":
        return {}
    limits = [_limit(question, one) for one in question.limits.values()]
    return {"x-unit": question.unit, "x-limits": limits, "x-at-most": question.at_most}


def _limit(question: Question, limits: Limits) -> dict[str, Any]:
    return {"low": limits.low, "high": limits.high, "unit": limits.unit, "per": question.per}
