"""Write config/config.yaml and config/schema.json from the models: ``python -m stationary.config.render``.

The models are the one source. Whoever adds or changes a setting runs this once; a test fails while the files lag behind.
"""

import json
import sys
import textwrap
from pathlib import Path

import yaml
from pydantic import BaseModel

from stationary.config.settings import Settings

_WIDTH = 110

_HEAD = """\
# yaml-language-server: $schema=schema.json
# Defaults at laptop scale. Written by `python -m stationary.config.render` from src/stationary/config: change a value here
# for yourself, a default there for everyone. Smaller or larger: --configfile config/smoke.yaml or config/paper.yaml.
"""


def default_yaml() -> str:
    """The commented defaults, one comment per key: what it is, what is allowed, when to change it."""
    return _HEAD + "\n".join(_lines(Settings(), indent="")) + "\n"


def schema_json() -> str:
    """The JSON schema of the configuration, for editors and other tools."""
    return json.dumps(Settings.model_json_schema(), indent=2) + "\n"


def main(folder: Path) -> None:
    """Write both files into ``folder``."""
    (folder / "config.yaml").write_text(default_yaml(), encoding="utf-8")
    (folder / "schema.json").write_text(schema_json(), encoding="utf-8")


def _lines(group: BaseModel, indent: str) -> list[str]:
    lines: list[str] = []
    for key, field in type(group).model_fields.items():
        value = getattr(group, key)
        prefix = f"{indent}# "
        lines.append("")
        lines += textwrap.wrap(
            field.description or "", _WIDTH, initial_indent=prefix, subsequent_indent=prefix, break_on_hyphens=False
        )
        if isinstance(value, BaseModel):
            lines += [f"{indent}{key}:", *_lines(value, indent + "  ")]
        else:
            lines += _entry(key, group.model_dump(mode="json")[key], indent)
    return lines


def _entry(key: str, value: object, indent: str) -> list[str]:
    """``key: value`` on one line if it fits, else one list entry per line."""
    flow = yaml.safe_dump(value, default_flow_style=True, width=10_000).removesuffix("\n").removesuffix("\n...")
    line = f"{indent}{key}: {flow}"
    if len(line) <= _WIDTH or not isinstance(value, list):
        return [line]
    return [f"{indent}{key}:", *(f"{indent}  - {entry}" for entry in value)]


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("config"))
