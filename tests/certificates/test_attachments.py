"""The files of a certificate and their list."""

import hashlib
import json

import pytest

from service.certificates.attachments import attached_files, manifest_of, missing_files
from service.certificates.wording import EarlierSchemaError, document_of
from tests.certificates.builders import NOW

SNAPSHOT = {
    "certificate": {"number": "AP-2026-0001"},
    "exports": {
        "pact.json": {"sha256": hashlib.sha256(b"{}").hexdigest(), "left_out_zh": None, "left_out_en": None},
        "catena-x-10.json": {"sha256": None, "left_out_zh": "不知道 BPNL。", "left_out_en": "The BPNL is not known."},
    },
}
EVIDENCE = {"exports": {"pact.json": "{}"}, "bundle": {"b": "1"}, "bundle_signature": {"s": "1"}, "log": {"index": 0}}


def test_the_manifest_names_every_file_with_its_hash_and_what_is_left_out_with_the_reason() -> None:
    files = attached_files(SNAPSHOT, EVIDENCE)
    manifest = json.loads(manifest_of(SNAPSHOT, files))

    assert [one["name"] for one in manifest["files"]] == ["pcf.json", "pact.json", "bundle.json", "bundle.sig", "log-proof.json"]
    assert [one["sha256"] for one in manifest["files"]] == [hashlib.sha256(one.content).hexdigest() for one in files]
    assert manifest["left_out"] == [
        {"name": "catena-x-10.json", "reason_zh": "不知道 BPNL。", "reason_en": "The BPNL is not known."}
    ]


def test_a_file_that_is_left_out_is_not_attached() -> None:
    attached = {one.name for one in attached_files(SNAPSHOT, EVIDENCE)}

    assert {one.name for one in missing_files(SNAPSHOT)} == {"catena-x-10.json"}
    assert "catena-x-10.json" not in attached


def test_a_certificate_of_an_earlier_release_is_not_set_again_as_something_else() -> None:
    with pytest.raises(EarlierSchemaError, match="certificate:1"):
        document_of({"schema": "urn:anodeprint:certificate:1"}, {}, issued_at=NOW)
