"""Texts of a document that stand on paper in both languages."""

from dataclasses import dataclass

from service.i18n import translate


@dataclass(frozen=True, slots=True, kw_only=True)
class Bilingual:
    """One text in both languages; where only one exists, both are that one."""

    zh: str
    en: str


def both(message: str, **values: object) -> Bilingual:
    """Return a message in both languages."""
    return Bilingual(zh=translate("zh-CN", message, **values), en=translate("en", message, **values))


def same(text: object) -> Bilingual:
    """Return what reads alike in both languages: figures, names, numbers."""
    return Bilingual(zh=str(text), en=str(text))
