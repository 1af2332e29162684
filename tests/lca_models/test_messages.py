"""Every message of the model exists in Chinese, with the same placeholders."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.pofile import read_po


def _messages() -> Iterator[str]:
    for module in Path(str(files("lca_models"))).rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "N_":
                yield ast.literal_eval(node.args[0])


@cache
def _chinese() -> dict[str, str]:
    folder = files("templates") / "locale" / "zh_CN"
    found: dict[str, str] = {}
    for entry in folder.iterdir():
        if entry.name.endswith(".po"):
            with entry.open("rb") as stream:
                found |= {str(message.id): str(message.string) for message in read_po(stream) if message.id}
    return found


@pytest.mark.parametrize("message", sorted(set(_messages())))
def test_a_message_is_translated_with_its_placeholders(message: str) -> None:
    translation = _chinese().get(message, "")

    words = re.sub(r"%\(\w+\)s", "", message)
    assert translation
    # A message that only joins others has no word to translate.
    assert any("\u4e00" <= letter <= "\u9fff" for letter in translation) or not re.search(r"\w", words)
    assert sorted(re.findall(r"%\(\w+\)s", translation)) == sorted(re.findall(r"%\(\w+\)s", message))
