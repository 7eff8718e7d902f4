from __future__ import annotations

from collab.v1 import event_pb2
from collabbus.model.function import Function


def test_functions_are_those_of_the_schema_and_have_chinese_names() -> None:
    schema = {
        name.removeprefix("FUNCTION_") for name in event_pb2.Function.DESCRIPTOR.values_by_name
    }
    assert {str(function) for function in Function} == schema - {"UNSPECIFIED"}
    assert all(function == function.name and function.zh for function in Function)
