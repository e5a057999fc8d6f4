# -*- coding: utf-8 -*-
# Copyright (c) 2026 keyless.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the emulator's own services have in common: one method an operation, checked on both sides."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, Optional

from botocore import xform_name

from . import shapes
from .errors import AwsError
from .identify import Call

Handler = Callable[[Call, Dict[str, Any]], Optional[Dict[str, Any]]]


class Service:
    """A JSON service. Operation CreateUser is the method `create_user(call, params)`; None means an empty answer."""

    name = ""

    def handler(self, operation: str) -> Optional[Handler]:
        if shapes.operation_model(self.name, operation) is None:
            return None
        found: Optional[Handler] = getattr(self, xform_name(operation), None)
        return found

    def serve(self, call: Call) -> Dict[str, Any]:
        model = shapes.operation_model(self.name, call.operation)
        handler = self.handler(call.operation)
        if model is None:
            raise AwsError("UnknownOperationException", f"{self.name} has no operation {call.operation}")
        if handler is None:
            raise AwsError("NotImplemented", f"the emulator does not have {call.key}")
        params = _parameters(call.body)
        problem = shapes.input_problem(model.input_shape, params)
        if problem:
            raise AwsError("ValidationException", problem)
        answer = handler(call, {name: value for name, value in params.items() if value is not None}) or {}
        wrong = shapes.output_problems(model.output_shape, answer)
        if wrong:
            raise AwsError("InternalFailure", f"bug in the emulator: {call.key} answers wrongly: " + "; ".join(wrong))
        return answer


def _parameters(body: bytes) -> Dict[str, Any]:
    try:
        params = json.loads(body or b"{}")
    except ValueError:
        params = None
    if not isinstance(params, dict):
        raise AwsError("SerializationException", "The request's body is not a JSON object.")
    return params
