"""The option and the records that are made of it say the same."""

from __future__ import annotations

from dataclasses import fields

from ansible_collections.keyless.aws.plugins.module_utils._sessions.documents.records import (
    PARAMETER_FIELDS,
    PORT_PROPERTIES,
    SYSTEMS,
    Wanted,
)
from ansible_collections.keyless.aws.plugins.module_utils._sessions.documents.spec import DOCUMENTS_SPEC
from ansible_collections.keyless.aws.plugins.module_utils._sessions.preferences.records import INPUTS, INPUTS_SPEC

OPTIONS = DOCUMENTS_SPEC["documents"]["options"]


def test_each_option_has_a_place():
    known = {field.name for field in fields(Wanted)} | set(PORT_PROPERTIES) | {"state"}
    assert set(OPTIONS) <= known
    assert set(OPTIONS["parameters"]["options"]) == set(PARAMETER_FIELDS) | {"name"}
    assert set(OPTIONS["commands"]["options"]) == set(SYSTEMS)
    assert set(INPUTS_SPEC) == set(INPUTS)
