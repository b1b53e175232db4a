"""How the API is described: what every address takes and answers, so that it is said once."""

import copy
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework.serializers import ListSerializer

from corpus_app.api import Endpoint
from corpus_app.api.endpoint import READS
from corpus_app.api.writing import Writing
from corpus_app.asking import Strict
from corpus_app.problems import KINDS, MEDIA_TYPE, ProblemSerializer

Schema = dict[str, Any]
WRITES = ("create", "partial_update")
SEEN = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": 'The version seen, such as "3", or the ETag of an answer.',
    "schema": {"type": "string", "pattern": r'^"[1-9][0-9]{0,8}(-[0-9a-f]{16})?"$'},
}
TAGGED = {"ETag": {"description": "What the answer is known by.", "schema": {"type": "string"}}}

MADE = {"Location": {"description": "Its own address.", "schema": {"type": "string"}}}


class Kept(SchemaGenerator):
    """Describes once: it takes over a second, and everybody is told the same."""

    def get_schema(self, request: Any = None, public: bool = False) -> Schema:
        return _described(public)


@cache
def _described(public: bool) -> Schema:
    return SchemaGenerator().get_schema(public=public)


class Described(AutoSchema):
    """Adds what all addresses have in common: chosen fields, ETags, and problems."""

    def get_summary(self) -> str:
        return self.get_description().partition("\n")[0].rstrip(".")

    def get_operation(self, *args: Any, **kwargs: Any) -> Schema | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        for parameter in operation.get("parameters", ()):
            _mend(parameter)
        if body := operation.get("requestBody"):
            # What neither a file nor one of several shapes says of itself: it is never left out.
            several = isinstance(self.get_request_serializer(), PolymorphicProxySerializer)
            if several or "multipart/form-data" in body["content"]:
                body["required"] = True
        if (made := operation["responses"].get("201")) and hasattr(self.view, "retrieve"):
            made["headers"] = MADE
        if self._reads:
            operation.setdefault("parameters", []).extend(self._parameters_of_reading())
            self._describe_reading(operation["responses"])
        if isinstance(self.view, Writing) and self.view.action == "partial_update":
            operation["parameters"].append(SEEN)
        for status in self._refusals(operation):
            operation["responses"].setdefault(str(status), self._problem(status, operation))
        return operation

    def get_request_serializer(self) -> Any:
        if isinstance(self.view, Writing) and self.view.action in WRITES:
            return self.view.new_shape if self.view.action == "create" else self.view.shape
        return super().get_request_serializer()

    def get_response_serializers(self) -> Any:
        if isinstance(self.view, Writing) and self.view.action in WRITES:
            shown = self.view.serializer_class
            return {200: shown, 201: shown} if self.view.action == "create" else {200: shown}
        return super().get_response_serializers()

    def _postprocess_serializer_schema(self, schema: Schema, serializer: Any, direction: str):
        schema = super()._postprocess_serializer_schema(schema, serializer, direction)
        if not isinstance(serializer, Strict) or direction != "request":
            return schema
        for name, told in schema.get("properties", {}).items():
            told.update(_limits(serializer.fields[name]))
        one = {"oneOf": [{"required": [name]} for name in serializer.one_of]}
        return {**schema, "additionalProperties": False, **(one if serializer.one_of else {})}

    @property
    def _reads(self) -> bool:
        return isinstance(self.view, Endpoint) and self.view.action in READS

    def _parameters_of_reading(self) -> list[Schema]:
        known = {
            "fields": ("Only these fields, parted by commas.", list(self.view.fields_known())),
            "expand": ("Shown whole instead of by its id.", list(self.view.expansions)),
        }
        return [
            {
                "name": name,
                "in": "query",
                "description": words,
                "schema": {
                    "type": "array", "minItems": 1, "items": {"type": "string", "enum": names},
                },
                "explode": False,
                "style": "form",
            }
            for name, (words, names) in known.items()
            if names
        ] + [
            {
                "name": "If-None-Match",
                "in": "header",
                "description": "The ETag of an answer that one has; if it is the same, 304.",
                "schema": {"type": "string"},
            }
        ]  # fmt: skip

    def _describe_reading(self, responses: Schema) -> None:
        """Say that parts may be left out or shown whole, and what tells whether it is the same."""
        answer = responses["200"]["content"]["application/json"]
        whole = answer["schema"]["$ref"].rpartition("/")[2]
        page = self.registry[(whole, ResolvedComponent.SCHEMA)].schema
        if "results" in page["properties"]:
            items = page["properties"]["results"]
            items["items"] = self._whole_or_some(items["items"]["$ref"].rpartition("/")[2])
        else:
            answer["schema"] = self._whole_or_some(whole)
        responses["200"]["headers"] = TAGGED
        responses["304"] = {"description": "As one has it already.", "headers": TAGGED}

    def _whole_or_some(self, name: str) -> Schema:
        some = ResolvedComponent(f"Some{name}", ResolvedComponent.SCHEMA, object=f"Some{name}")
        some.schema = {
            "type": "object",
            "description": "With the fields alone that were asked for, some of them shown whole.",
            "properties": self._properties(name),
            "additionalProperties": False,
        }
        self.registry.register_on_missing(some)
        return {"anyOf": [{"$ref": f"#/components/schemas/{name}"}, some.ref]}

    def _properties(self, name: str) -> Schema:
        own = copy.deepcopy(self.registry[(name, ResolvedComponent.SCHEMA)].schema["properties"])
        for path, expansion in self.view.expansions.items():
            inner, _, last = path.rpartition(".")
            holder = own
            if inner:
                part = own[inner]["items"]["$ref"].rpartition("/")[2]
                known = self.registry[(part, ResolvedComponent.SCHEMA)].schema
                own[inner]["items"] = copy.deepcopy(known)
                holder = own[inner]["items"]["properties"]
            shown = self.resolve_serializer(expansion.shape, "response").ref
            holder[last] = {"anyOf": [holder[last], shown]}
        return own

    def _refusals(self, operation: Schema) -> list[int]:
        """What the address may answer instead."""
        headers = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"}
        found = [400, 401, 406, 409]
        if "{" in self.path or getattr(self.view, "action", "") != "list":
            found.append(404)
        if self.method != "GET":
            found += [403, 415] if "requestBody" not in operation else [403, 413, 415]
        if "If-Match" in headers:
            found += [412, 428]
        return sorted(found)

    def _problem(self, status: int, operation: Schema) -> Schema:
        schema = self.resolve_serializer(ProblemSerializer, "response").ref
        if status == 412:
            now = operation["responses"]["200"]["content"]["application/json"]["schema"]
            current = {"type": "object", "required": ["current"], "properties": {"current": now}}
            schema = {"allOf": [schema, current]}
        return {"description": KINDS[status][1], "content": {MEDIA_TYPE: {"schema": schema}}}


def _limits(field: Any) -> Schema:
    """What the framework does not tell of a field: how long a list may be, and how words look."""
    limits: Schema = {}
    if isinstance(field, ListSerializer):
        if not field.allow_empty:
            limits["minItems"] = 1
        if field.max_length is not None:
            limits["maxItems"] = field.max_length
    elif pattern := getattr(field, "pattern", ""):
        limits["pattern"] = pattern
    return limits


def _mend(parameter: Schema) -> None:
    """Correct what was guessed: choices are words, nothing said is blank, and an id is a UUID."""
    schema = parameter["schema"]
    if choices := schema.get("enum"):
        parameter["schema"] = {**schema, "type": "string", "enum": choices}
        for guessed in ("format", "minLength"):
            parameter["schema"].pop(guessed, None)
    elif schema == {"type": "string"} and parameter["in"] == "query":
        parameter["schema"] = {**schema, "minLength": 1, "pattern": r"\S"}
    if parameter["name"] == "If-Match":
        parameter["schema"] = SEEN["schema"]
    if (parameter["in"], parameter["name"]) == ("path", "id"):
        parameter["schema"] = {"type": "string", "format": "uuid"}
