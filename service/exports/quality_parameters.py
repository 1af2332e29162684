"""A product's quality parameters as lines of text."""

from collections.abc import Mapping
from typing import Any

from service.i18n import translate
from service.products.quality import BY_KEY


def quality_texts(quality: Mapping[str, Any] | None) -> list[str]:
    """Return each parameter with value and unit in both languages, in the order of GB/T 24533; none where none is known."""
    known = quality or {}
    return [_text(one.name, known[key]) for key, one in BY_KEY.items() if key in known]


def _text(name: str, stated: Mapping[str, Any]) -> str:
    unit = f" {stated['unit']}" if stated["unit"] else ""
    return f"{translate('zh-CN', name)} / {name}: {stated['value']}{unit}"
