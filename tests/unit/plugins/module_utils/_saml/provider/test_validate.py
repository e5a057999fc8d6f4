# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SAML providers as people write them."""

from __future__ import annotations

import pytest
import saml_files as files
from ansible_collections.keyless.aws.plugins.module_utils._reconcile import Problems, UserError
from ansible_collections.keyless.aws.plugins.module_utils._saml.provider.validate import wanted_providers

FILES = {"good.xml": files.metadata().encode(), "page.xml": b"<html>", "noise.pem": b"\xff\xfe"}


def read_file(path):
    if path == "key.pem":
        return files.pem().encode()
    if path not in FILES:
        raise UserError("there is no such file")
    return FILES[path]


def wanted(*items):
    return wanted_providers([dict(dict(name="partner"), **item) for item in items], files.NOW, read_file)


def test_what_is_read():
    (one,) = wanted(
        dict(
            metadata=files.metadata(),
            tags=dict(a="1", b=2),
            assertion_encryption_mode="required",
            private_keys=[dict(pem=files.pem(number=1)), dict(pem_file="key.pem")],
            warn_days=60,
        )
    )
    assert (one.document, one.metadata.entity_id) == (files.metadata(), files.ENTITY)
    assert (one.tags, one.mode, one.warn_days, one.path) == (dict(a="1", b="2"), "required", 60, "providers[0]")
    assert [key.pem for key in one.private_keys] == [files.pem(number=1), files.pem()]
    assert "PRIVATE" not in repr(one)


def test_unset_is_none_and_empty_is_empty():
    (one,) = wanted(dict())
    assert (one.document, one.metadata, one.mode, one.private_keys, one.tags) == (None,) * 5
    (one,) = wanted(dict(private_keys=[], tags={}))
    assert (one.private_keys, one.tags) == ([], {})


def test_a_file_gives_the_same_as_its_text():
    (text,), (file,) = wanted(dict(metadata=files.metadata())), wanted(dict(metadata_file="good.xml"))
    assert text == file


def test_what_goes_needs_nothing_else():
    (one,) = wanted(dict(state="absent", metadata="no metadata", tags={"aws:x": "y"}, warn_days=-1))
    assert (one.absent, one.force, one.document) == (True, False, None)


@pytest.mark.parametrize(
    "item, problem",
    [
        (dict(name=""), "providers[0].name: '' must be 1 to 128 letters"),
        (dict(name="ä"), "providers[0].name: 'ä' must be"),
        (dict(name="a/b"), "providers[0].name: 'a/b' must be"),
        (dict(name="a" * 129), "must be 1 to 128 letters"),
        (dict(name="AWSSSO_0123_DO_NOT_DELETE", state="absent"), "is Identity Center's own"),
        (dict(metadata="x", metadata_file="y"), "providers[0].metadata: is given, and metadata_file too"),
        (dict(metadata=""), "providers[0].metadata: is empty"),
        (dict(metadata_file="page.xml"), "providers[0].metadata_file: page.xml: is HTML"),
        (dict(metadata_file="no.xml"), "providers[0].metadata_file: no.xml: there is no such file"),
        (dict(warn_days=-1), "providers[0].warn_days: -1 is out of range; give 0 to 36500"),
        (dict(warn_days=40000), "providers[0].warn_days: 40000 is out of range"),
        (dict(tags={"aws:x": "y"}), "providers[0].tags: 'aws:x' is no tag key"),
        (dict(tags={"x": None}), "providers[0].tags: the value of 'x' is None"),
        (dict(tags={"keyless:private-key/A": "y"}), "'keyless:private-key/A' remembers a private key"),
        (dict(tags={str(number): "y" for number in range(48)}), "48 tags leave no room for keyless:managed"),
        (dict(tags={str(number): "y" for number in range(51)}), "51 tags are more than the 50"),
        (dict(private_keys=[{}]), "providers[0].private_keys[0]: give pem or pem_file"),
        (dict(private_keys=[dict(pem="x", pem_file="y")]), "private_keys[0]: give pem or pem_file, not both"),
        (dict(private_keys=[dict(pem="x")]), "private_keys[0]: has no '-----BEGIN"),
        (dict(private_keys=[dict(pem_file="page.xml")]), "private_keys[0]: page.xml: has no '-----BEGIN"),
        (dict(private_keys=[dict(pem_file=files.pem())]), "private_keys[0]: pem_file is a key itself; give it as pem"),
        (dict(private_keys=[dict(pem_file="no")]), "private_keys[0]: no: there is no such file"),
        (dict(private_keys=[dict(pem_file="noise.pem")]), "private_keys[0]: noise.pem: is no text"),
        (dict(private_keys=[dict(pem_file="key.pem"), dict(pem=files.pem())]), "is the same key as private_keys[0]"),
        (dict(private_keys=[dict(pem=files.pem(number=n)) for n in range(3)]), "3 keys are more than the 2 that AWS"),
        (dict(private_keys=[], assertion_encryption_mode="required"), "private_keys: is empty, and assertion_"),
    ],
)  # fmt: skip
def test_bad_input(item, problem):
    with pytest.raises(Problems) as caught:
        wanted(item)
    (only,) = caught.value.details["problems"]
    assert problem in only


def test_all_problems_at_once():
    with pytest.raises(Problems) as caught:
        wanted(dict(metadata=files.metadata(entity="", body=files.provider(services=""))), dict(warn_days=-1), dict())
    assert [text.split(": ")[0] for text in caught.value.details["problems"]] == [
        "providers[0].metadata", "providers[0].metadata", "providers[1].name", "providers[1].warn_days",
        "providers[2].name",
    ]  # fmt: skip
    assert "'partner' is listed twice, first as providers[0]" in caught.value.message
