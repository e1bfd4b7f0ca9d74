"""What all settings have in common: frozen, no unknown keys, and a refusal that fits on one line."""

import difflib
import re
import reprlib
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from stationary.errors import ConfigError

_BOUNDS = {"minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<"}
_KINDS = {"integer": "a whole number", "number": "a number", "boolean": "true or false", "string": "a text"}

# YAML's aliases make values whose whole text would fill the memory.
_SHORT = reprlib.Repr()
_SHORT.maxlevel, _SHORT.maxlist, _SHORT.maxdict, _SHORT.maxstring, _SHORT.maxother = 3, 20, 20, 80, 80

MOST_ENTRIES = 100
"""Entries of a list of which each becomes jobs."""

MOST_JOBS = 20_000
"""Jobs of one kind; Snakemake takes minutes to plan as many."""


class FrozenSettings(BaseModel):
    """A frozen group of settings; an unknown key is an error, for it is most often a typing mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)


def _each_once(entries: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(entries) > MOST_ENTRIES:
        raise ValueError(f"{len(entries)} entries are too many. List at most {MOST_ENTRIES}.")
    for entry in entries:
        if entries.count(entry) > 1:
            raise ValueError(f"{_yaml(entry)} is listed twice. Leave one out.")
    return entries


# For lists whose entries become jobs: two equal entries would ask for the same job twice.
EachOnce = AfterValidator(_each_once)


def check_jobs(number: int, remedy: str) -> None:
    """Refuse settings that ask for more jobs than Snakemake can plan, before lists as long are made.

    Raises:
        ValueError: naming the number and the remedy.
    """
    if number > MOST_JOBS:
        raise ValueError(f"these settings make {number} jobs, more than {MOST_JOBS}. {remedy}")


Model = TypeVar("Model", bound=FrozenSettings)


def validated(model: type[Model], values: object) -> Model:
    """The settings in ``values``, or a refusal of one line.

    Args:
        model: which settings.
        values: a mapping as YAML gives it.

    Raises:
        ConfigError: naming the first key that is wrong, its value, what is allowed, and the closest valid spelling.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        places = [problem["loc"] for problem in problems]
        # A bad entry also makes its list "too short"; only the innermost place is the user's mistake.
        inner = [place for place in places if not any(place == other[: len(place)] != other for other in places)]
        more = len(inner) - 1
        suffix = f" ({more} more to mend after this one)" if more else ""
        raise ConfigError(f"config: {_refusal(problems[0], _schema(model))}{suffix}") from None


@cache
def _schema(model: type[FrozenSettings]) -> dict[str, Any]:
    return model.model_json_schema()


def _refusal(problem: Mapping[str, Any], schema: dict[str, Any]) -> str:
    place: tuple[str | int, ...] = problem["loc"]
    key = _dotted(place)
    if problem["type"] in ("extra_forbidden", "invalid_key"):
        node = _node(schema, place[:-1])
        known = sorted(node.get("properties", {}))
        if not isinstance(place[-1], str):  # YAML reads 1, null and true as what they are
            key = f"{_dotted(place[:-1])}: {_yaml(place[-1])}".removeprefix(": ")
        return f"{key} is not a key. Use one of: {', '.join(known)}{_guess(str(place[-1]), known)}."
    if problem["type"] == "value_error":  # a model's own rule; it says what is wrong and what to do
        return f"{key}: {problem['ctx']['error']}" if key else str(problem["ctx"]["error"])
    node = _node(schema, place)
    shown = f"{key} = {_yaml(problem['input'])}"
    allowed = node.get("enum") or ([node["const"]] if "const" in node else None)
    if allowed:
        names = sorted(map(str, allowed))
        guess = _guess(_yaml(problem["input"]).strip("'"), names)
        return f"{shown} is not {_noun(place)}. Use one of: {', '.join(names)}{guess}."
    return f"{shown} is not allowed. Use {_described(node, schema)}."


def _plain(bound: float) -> str:
    return f"{bound:d}" if isinstance(bound, int) else f"{bound:g}"


def _dotted(place: tuple[str | int, ...]) -> str:
    """``newton.main.methods[2]`` from the parts pydantic gives."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{_word(part)}" for part in place).lstrip(".")


def _word(key: str) -> str:
    """A key as it stands in the file, cut if it is very long."""
    return key if len(key) <= 60 else _yaml(key)


def _noun(place: tuple[str | int, ...]) -> str:
    """``an activation`` from ``(..., 'activations', 0)``."""
    name = [part for part in place if isinstance(part, str)][-1].replace("_", " ")
    singular = name.removesuffix("s")
    return f"{'an' if singular[0] in 'aeiou' else 'a'} {singular}"


def _guess(given: str, known: list[str]) -> str:
    close = difflib.get_close_matches(given, known, n=1)
    return f" (did you mean '{close[0]}'?)" if close else ""


def _yaml(value: object) -> str:
    """A value as a user would recognise it, on one line."""
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "null"}[value]
    try:
        short = re.sub(r"\s+", " ", _SHORT.repr(value))
    except ValueError:  # Python writes no whole number of more than 4300 digits
        return "a huge number"
    return short if len(short) <= 60 else f"{short[:57]}..."


def _node(schema: dict[str, Any], place: tuple[str | int, ...]) -> dict[str, Any]:
    """The part of a JSON schema that rules the value at ``place``."""
    node = schema
    for part in place:
        node = _resolved(node, schema)
        node = node.get("items", {}) if isinstance(part, int) else node.get("properties", {}).get(part, {})
    return _resolved(node, schema)


def _resolved(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].rpartition("/")[2]]
    return node


def _described(node: dict[str, Any], schema: dict[str, Any]) -> str:
    """``a whole number >= 10`` from a schema node."""
    kind = node.get("type")
    if kind == "object":
        return f"a group with the keys {', '.join(sorted(node.get('properties', {})))}"
    if kind == "array":
        bounds = {"at least": node.get("minItems"), "at most": node.get("maxItems")}
        length = " and ".join(f"{words} {bound}" for words, bound in bounds.items() if bound)
        entry = _described(_resolved(node.get("items", {}), schema), schema)
        return f"a list of {f'{length}: each ' if length else ''}{entry}"
    if "enum" in node:
        return f"one of {', '.join(sorted(map(str, node['enum'])))}"
    limits = [f"{sign} {_plain(node[name])}" for name, sign in _BOUNDS.items() if name in node]
    return " ".join([_KINDS.get(str(kind), "another value"), " and ".join(limits)]).strip()
