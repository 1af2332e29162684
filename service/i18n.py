"""Message catalogues: English message ids, one Chinese catalogue per area, merged when first needed."""

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from babel.messages.pofile import read_po

from service.errors import ServiceError

Locale = Literal["zh-CN", "en"]
LOCALES: tuple[Locale, ...] = ("zh-CN", "en")


@lru_cache
def catalogue(locale: Locale) -> Mapping[str, str]:
    """Return all translations of one language by message id; empty for English, whose ids are its texts."""
    if locale == "en":
        return {}
    merged: dict[str, str] = {}
    folder = files("templates") / "locale" / locale.replace("-", "_")
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".po"):
            with entry.open("rb") as stream:
                merged.update({str(m.id): str(m.string) for m in read_po(stream) if m.id and m.string})
    return merged


def translate(locale: Locale, message: str, **values: object) -> str:
    """Return `message` in the language asked for, placeholders filled."""
    text = catalogue(locale).get(message, message)
    return text % values if values else text


def explain(locale: Locale, error: ServiceError) -> str:
    """Return an error's message in the language asked for; a message may hold another one."""
    values = {name: explain(locale, value) if isinstance(value, ServiceError) else value for name, value in error.values.items()}
    return translate(locale, error.template, **values)
