import io
import zipfile

import pytest

from service.errors import FieldError
from service.evidence.file_types import CSV, HEIC, JPEG, PDF, PNG, find_media_type
from service.evidence.store import display_name
from service.spreadsheets.archive import XLSX


def a_workbook(**more: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def media_type_of(content: bytes) -> str:
    return find_media_type(io.BytesIO(content))


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n...", PDF),
        (b"\xff\xd8\xff\xe0....", JPEG),
        (b"\x89PNG\r\n\x1a\n....", PNG),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1", HEIC),
        (a_workbook(), XLSX),
        ("月份,电量\n1,350".encode(), CSV),
        ("月份,电量\n1,350".encode("gb18030"), CSV),
        ("\ufeffmonth;kWh\n1;350".encode(), CSV),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, media_type: str) -> None:
    assert media_type_of(content) == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>,</html>",
        b"  \n<svg onload='x,y'/>",
        b"<?xml version='1.0'?>,",
        b"MZ\x90\x00,",
        b"\x7fELF,",
        b"#!/bin/sh\necho a,b",
        b"just words without columns",
        b"a,b\x00c",
        b"a,b\x1b[31m",
        b"GIF89a\x01\x00,",
        b"{\\rtf1,}",
        b"PK\x03\x04 not a zip",
        b"%!PS-Adobe,",
        b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00",
        b"a,b\n" + b"1,2\n" * 200_000 + b"\x00",
        b"\xff\xfea\x00,\x00b\x00",
    ],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(FieldError, match="not a PDF"):
        media_type_of(content)


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("evil.exe", b"MZ")

    with pytest.raises(FieldError, match="not a PDF"):
        media_type_of(buffer.getvalue())


@pytest.mark.parametrize("part", ["xl__vbaProject.bin", "xl__externalLinks__externalLink1.xml", "xl__embeddings__oleObject1.bin"])
def test_a_workbook_with_something_active_is_refused(part: str) -> None:
    with pytest.raises(FieldError, match="macros"):
        media_type_of(a_workbook(**{part: b"x"}))


def test_a_workbook_that_unpacks_to_far_more_than_its_size_is_refused() -> None:
    with pytest.raises(FieldError, match="unpacks"):
        media_type_of(a_workbook(xl__worksheets__sheet1=b"0" * 5_000_000))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\电费单.pdf", "电费单.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("", "file"),
        ("..", ".."),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("re\u0301sume\u0301.pdf", "résumé.pdf"),
    ],
)
def test_a_hostile_name_is_only_a_label(name: str, shown: str) -> None:
    assert display_name(name) == shown
