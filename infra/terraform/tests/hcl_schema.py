"""Holds every argument of the Terraform files against the recorded schema of the azurerm provider.

It reads the files with python-hcl2, so it needs neither terraform nor the provider. It finds: resources and arguments
that the provider does not have, arguments that only the provider sets, required ones that are missing, blocks that come
too often or not at all, and values of the wrong type, where the value is written out or is a variable whose type is
written out. It does not evaluate expressions: terraform validate does that.
"""

import json
import re
from pathlib import Path

import hcl2

SCHEMA = Path(__file__).with_name("azurerm-5.2-schema.json")

# What Terraform itself understands in any resource.
META = {"count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"}


def bare(text: str) -> str:
    """A label or string of the parser without its quotes."""
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] == '"' else text


def blocks(value: object) -> list:
    """The blocks of one name; python-hcl2 gives a list of dictionaries that are marked as blocks."""
    return [item for item in value if isinstance(item, dict) and item.get("__is_block__")] if isinstance(value, list) else []


def is_block(value: object) -> bool:
    return bool(blocks(value))


def fields(block: dict) -> dict:
    return {bare(name): value for name, value in block.items() if not name.startswith("__")}


def variable_types(folder: Path) -> dict:
    """Types of the folder's variables, as written: `string`, `set(string)`, ..."""
    types = {}
    for path in sorted(folder.glob("*.tf")):
        with path.open() as file:
            for entry in hcl2.load(file).get("variable", []):
                for name, body in fields(entry).items():
                    types[bare(name)] = str(fields(body).get("type", "")).removeprefix("${").removesuffix("}")
    return types


def kind_of(value: object, types: dict) -> "str | None":
    """The type of a written-out value or of a plain variable; None where only evaluation would tell."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, list):
        return "list"
    if isinstance(value, dict):
        return "map"
    if isinstance(value, str):
        whole = re.fullmatch(r"\$\{var\.([a-z_0-9]+)\}", value)
        if whole:
            written = types.get(whole[1], "")
            if written in ("string", "number", "bool"):
                return written
            return {"set": "list", "list": "list", "map": "map", "object": "map"}.get(written.split("(")[0])
        if value.startswith('"'):
            return "string"
    return None


def expected_kind(kind: object) -> str:
    if isinstance(kind, list):
        return {"set": "list", "list": "list", "map": "map", "object": "map"}[kind[0]]
    return kind


# Terraform converts these by itself, and no others among the written-out ones.
CONVERTS = {("number", "string"), ("bool", "string")}


def check_body(body: dict, schema: dict, where: str, types: dict, top: bool) -> list[str]:
    """Problems of one resource or nested block."""
    problems = []
    present: dict[str, int] = {}
    unknown_count = set()
    for name, value in fields(body).items():
        if top and name in META:
            continue
        if name == "dynamic":
            for entry in value:
                for label, inner in fields(entry).items():
                    present[label] = present.get(label, 0) + 1
                    unknown_count.add(label)
                    for content in blocks(fields(inner).get("content", [])):
                        problems += check_block(label, content, schema, where, types)
            continue
        if is_block(value):
            for inner in blocks(value):
                present[name] = present.get(name, 0) + 1
                problems += check_block(name, inner, schema, where, types)
            continue
        present[name] = 1
        described = schema.get(name)
        if described is None:
            problems.append(f"{where}: no argument named `{name}`")
        elif isinstance(described, dict):
            problems.append(f"{where}: `{name}` is a block, not an argument")
        else:
            problems += check_argument(name, value, described, where, types)
    for name, described in schema.items():
        if isinstance(described, list):
            if described[0] == "required" and name not in present:
                problems.append(f"{where}: `{name}` is required")
        elif name not in unknown_count:
            count = present.get(name, 0)
            if count < described["min"]:
                problems.append(f"{where}: block `{name}` is required")
            if described["max"] and count > described["max"]:
                problems.append(f"{where}: block `{name}` may stand {described['max']} times, not {count}")
    return problems


def check_block(name: str, inner: dict, schema: dict, where: str, types: dict) -> list[str]:
    described = schema.get(name)
    if described is None:
        return [f"{where}: no block named `{name}`"]
    if isinstance(described, list):
        return [f"{where}: `{name}` is an argument, not a block"]
    return check_body(inner, described["body"], f"{where}.{name}", types, top=False)


def check_argument(name: str, value: object, described: list, where: str, types: dict) -> list[str]:
    mode, kind, *flags = described
    problems = []
    if mode == "computed":
        problems.append(f"{where}: `{name}` is set by the provider only")
    if "deprecated" in flags:
        problems.append(f"{where}: `{name}` is deprecated")
    given, wanted = kind_of(value, types), expected_kind(kind)
    if given is not None and given != wanted and (given, wanted) not in CONVERTS:
        problems.append(f"{where}: `{name}` must be {wanted}, not {given}")
    return problems


def check_folder(folder: Path) -> tuple[list[str], int]:
    """Problems of a folder's Terraform files, and how many resources were held against the schema."""
    recorded = json.loads(SCHEMA.read_text())
    types = variable_types(folder)
    problems, seen = [], 0
    for path in sorted(folder.glob("*.tf")):
        with path.open() as file:
            parsed = hcl2.load(file)
        for section, key in (("resource", "resources"), ("data", "data_sources")):
            for entry in parsed.get(section, []):
                for kind, named in fields(entry).items():
                    for name, body in fields(named).items():
                        where = f"{folder.name}/{path.name}: {bare(kind)}.{bare(name)}"
                        schema = recorded[key].get(bare(kind))
                        seen += 1
                        if schema is None:
                            problems.append(f"{where}: the provider's record has no `{bare(kind)}`")
                        else:
                            problems += check_body(body, schema, where, types, top=True)
    return problems, seen
