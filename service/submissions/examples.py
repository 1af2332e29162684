"""Requests and answers as the description of the API shows them, one for each address that a supplier's program uses."""

from collections.abc import Mapping
from typing import Any, Final

SUBMISSION_ID: Final = "01a203f4-7690-76a4-86fd-607924b82eaf"
EVIDENCE_ID: Final = "01a203f4-7690-76a4-86fd-1c02be11a0d3"
SHA256: Final = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
AT: Final = "2026-11-22T02:00:00Z"

_ANSWERS: Final[Mapping[str, Any]] = {
    "answers": {
        "furnace_electricity": {"entered": "912", "unit": "万kWh", "evidence_kind": "metered"},
        "packing_coke_net": {"absent": "unknown", "note": "Weighed from next year on"},
    }
}
_ANSWER: Final[Mapping[str, Any]] = {
    "entered": "912",
    "unit": "万kWh",
    "value": 9120000.0,
    "canonical_unit": "kWh",
    "evidence_kind": "metered",
    "note": None,
    "absent": None,
}
_SUMMARY: Final[Mapping[str, Any]] = {
    "id": SUBMISSION_ID,
    "number": "S-2026-0001",
    "supplier_id": "01a203f4-7690-76a4-86fd-5f2e9b1d7c44",
    "supplier_type": "TOLL",
    "period_start": "2025-01-01",
    "period_end": "2025-12-31",
    "deadline": "2026-12-31",
    "status": "in_progress",
    "version": 3,
    "submitted_at": None,
    "receipt_no": None,
    "is_sample": False,
}
_FINDING: Final[Mapping[str, Any]] = {
    "key": "charge_in.missing",
    "field": "charge_in",
    "level": "error",
    "message": "Please answer this; nothing can be calculated without it.",
    "reason": None,
}
_SUBMISSION: Final[Mapping[str, Any]] = {
    **_SUMMARY,
    "depth": "first",
    "answers_sha256": None,
    "answers": {"furnace_electricity": _ANSWER},
    "findings": [_FINDING],
}
_HANDED_IN: Final[Mapping[str, Any]] = {
    **_SUBMISSION,
    "status": "submitted",
    "submitted_at": AT,
    "receipt_no": "R-2026-0001-1",
    "answers_sha256": SHA256,
    "findings": [],
}
_EVIDENCE: Final[Mapping[str, Any]] = {
    "id": EVIDENCE_ID,
    "name": "meter 2025.pdf",
    "fields": ["furnace_electricity"],
    "media_type": "application/pdf",
    "size_bytes": 48213,
    "sha256": SHA256,
    "uploaded_at": AT,
}
_COMMENT: Final[Mapping[str, Any]] = {
    "field": "charge_in",
    "text": "Is this dry or moist?",
    "from_supplier": False,
    "at": AT,
    "is_open": True,
}
_QUESTION: Final[Mapping[str, Any]] = {
    "field": "furnace_electricity",
    "kind": "number",
    "label_zh": "石墨化炉用电量",
    "label_en": "Electricity of the furnaces",
    "required": True,
    "unit": "kWh",
    "units": ["kWh", "万kWh", "MWh"],
    "choices": [],
}
_RECEIPT: Final[Mapping[str, Any]] = {
    "number": "R-2026-0001-1",
    "submitted_at": AT,
    "sha256": "a8af5bb25bce425055efafb954b9cdc10e4abecb823a3614ed36e86cb24c82a5",
    "content": {
        "format": "anodeprint-answers/1",
        "submission": "S-2026-0001",
        "supplier_type": "TOLL",
        "depth": "first",
        "period": ["2025-01-01", "2025-12-31"],
        "answers": {"furnace_electricity": {"value": 9120000.0, "unit": "kWh", "evidence": "metered"}},
        "evidence": [SHA256],
    },
}


def _extra(*, request: object = None, response: object = None) -> dict[str, Any]:
    """Return what FastAPI merges into the description of one operation."""
    extra: dict[str, Any] = {}
    if request is not None:
        extra["requestBody"] = {"content": {"application/json": {"example": request}}}
    if response is not None:
        extra["responses"] = {"200": {"content": {"application/json": {"example": response}}}}
    return extra


_SUPPLIER = {"supplier_name_zh": "某石墨化厂", "supplier_name_en": "Some toll plant"}
LIST: Final = _extra(response={"items": [{**_SUMMARY, **_SUPPLIER}], "next": None})
SHOW: Final = _extra(response=_SUBMISSION)
SAVE: Final = _extra(request=_ANSWERS, response=_SUBMISSION)
SUBMIT: Final = _extra(
    request={"reasons": {"furnace_electricity.outside_furnace_range": "A new furnace, run in from March"}}, response=_HANDED_IN
)
QUESTIONS: Final = _extra(response=[_QUESTION])
COMMENTS: Final = _extra(response=[_COMMENT])
COMMENT: Final = _extra(
    request={"field": "charge_in", "text": "Dry, weighed after the dryer."}, response={**_COMMENT, "from_supplier": True}
)
EVIDENCE: Final = _extra(response=[_EVIDENCE])
EVIDENCE_UPLOAD: Final = _extra(response=[_EVIDENCE]) | {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "field": {"type": "string", "description": "What the files back; left out, the whole questionnaire."},
                    },
                }
            }
        },
    }
}
RECEIPT: Final = _extra(response=_RECEIPT)
