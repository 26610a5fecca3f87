"""What of a new OpenAPI document breaks callers of the old one, a sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]
#: Words of a schema that narrow what may be sent: (word, whether a larger value is narrower).
_BOUNDS = {
    "minLength": True,
    "minimum": True,
    "minItems": True,
    "maxLength": False,
    "maximum": False,
    "maxItems": False,
}


def breaking(old: Document, new: Document) -> list[str]:
    """Removed paths, operations, answers and fields; new demands; narrowed types.

    A field that is sent may be widened, never narrowed or newly demanded; a field that is told may be
    added, never removed or told as something else.
    """
    return list(_paths(old, new))


def _paths(old: Document, new: Document) -> Iterator[str]:
    for path, methods in old["paths"].items():
        for method, before in methods.items():
            after = new["paths"].get(path, {}).get(method)
            name = f"{method.upper()} {path}"
            if after is None:
                yield f"{name} is removed"
            else:
                yield from _operation(name, before, after, old, new)


def _operation(name: str, before: Document, after: Document, old: Document, new: Document) -> Iterator[str]:
    if _scopes(after) - _scopes(before) and not _scopes(after) & _scopes(before):
        yield f"{name} asks for another scope"
    known = {(one["in"], one["name"]): one for one in before.get("parameters", [])}
    for one in after.get("parameters", []):
        was = known.pop((one["in"], one["name"]), None)
        if (was is None or not was.get("required")) and one.get("required"):
            yield f"{name}: the parameter {one['name']} is demanded now"
        if was is not None:
            yield from _sent(f"{name}: {one['name']}", was["schema"], one["schema"], old, new)
    for _place, gone in known:
        yield f"{name}: the parameter {gone} is removed"
    yield from _sent(f"{name}: the body", _body(before), _body(after), old, new)
    for status, answer in before["responses"].items():
        if status not in after["responses"]:
            yield f"{name} does not answer {status} any more"
        else:
            there = after["responses"][status]
            yield from _told(f"{name}: the answer {status}", _content(answer), _content(there), old, new)


def _scopes(operation: Document) -> set[str]:
    return {scope for way in operation.get("security", []) for held in way.values() for scope in held}


def _body(operation: Document) -> Document:
    return _content(operation.get("requestBody", {}))


def _content(holder: Document) -> Document:
    for one in holder.get("content", {}).values():
        schema: Document = one["schema"]
        return schema
    return {}


def _sent(where: str, before: Document, after: Document, old: Document, new: Document) -> Iterator[str]:
    was, now = _resolved(before, old), _resolved(after, new)
    if _kinds(was, old) - _kinds(now, new):
        yield f"{where} takes fewer types"
    for word, larger in _BOUNDS.items():
        if word in now and (
            word not in was or ((now[word] > was[word]) is larger and now[word] != was[word])
        ):
            yield f"{where} is narrower: {word}"
    if now.get("pattern") and now.get("pattern") != was.get("pattern"):
        yield f"{where} has another pattern"
    if "enum" in now and set(map(str, was.get("enum", ["anything"]))) - set(map(str, now["enum"])):
        yield f"{where} takes fewer values"
    for field in set(now.get("required", [])) - set(was.get("required", [])):
        yield f"{where}/{field} is demanded now"
    for field, schema in was.get("properties", {}).items():
        there = now.get("properties", {}).get(field)
        if there is None:
            yield f"{where}/{field} is removed"
        else:
            yield from _sent(f"{where}/{field}", schema, there, old, new)
    if "items" in was and "items" in now:
        yield from _sent(f"{where}/[]", was["items"], now["items"], old, new)


def _told(where: str, before: Document, after: Document, old: Document, new: Document) -> Iterator[str]:
    was, now = _resolved(before, old), _resolved(after, new)
    if _kinds(now, new) - _kinds(was, old):
        yield f"{where} is told as another type"
    for field, schema in was.get("properties", {}).items():
        there = now.get("properties", {}).get(field)
        if there is None:
            yield f"{where}/{field} is removed"
            continue
        if field in was.get("required", []) and field not in now.get("required", []):
            yield f"{where}/{field} may be missing now"
        yield from _told(f"{where}/{field}", schema, there, old, new)
    if "items" in was and "items" in now:
        yield from _told(f"{where}/[]", was["items"], now["items"], old, new)


def _resolved(schema: Document, document: Document) -> Document:
    """What a reference leads to; of several choices the one that is no null."""
    if "$ref" in schema:
        found: Document = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return _resolved(found, document)
    choices = [one for one in schema.get("anyOf", []) if one.get("type") != "null"]
    return _resolved(choices[0], document) if len(choices) == 1 else schema


def _kinds(schema: Document, document: Document) -> set[str]:
    if "anyOf" in schema:
        return set().union(*(_kinds(_resolved(one, document), document) for one in schema["anyOf"]))
    kind = schema.get("type", "object" if "properties" in schema else "")
    return set(kind) if isinstance(kind, list) else {kind} if kind else set()
