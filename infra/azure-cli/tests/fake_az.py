#!/usr/bin/env python3
"""Stands in for the Azure CLI: keeps a small Azure in a JSON file, records every call, and answers as az does.

FAKE_AZ names the folder with state.json and calls.jsonl. `fail` in the state maps the start of a command to the text
that az would print before it exits with 1. An unknown command is an error, so a script cannot call what is not here.
"""

import json
import os
import sys
from pathlib import Path

FOLDER = Path(os.environ["FAKE_AZ"])


def parse(arguments: list[str]) -> tuple[str, dict]:
    """Splits a call into its command words and its options; an option without a value is True."""
    words, options, name = [], {}, None
    for argument in arguments:
        if argument.startswith("--"):
            name = argument
            options[name] = True
        elif name is None:
            words.append(argument)
        elif options[name] is True:
            options[name] = argument
        else:
            options[name] += " " + argument
    return " ".join(words), options


def answer(state: dict, command: str, options: dict) -> "str | None":
    """What az prints for a command, with the effect on the state; None for `not found`."""
    name = options.get("--name")
    match command:
        case "account show":
            return state["account"][options["--query"]]
        case "account list-locations":
            return "\n".join(region for region in state["regions"] if f"'{region}'" in options["--query"])
        case "provider show":
            return state["providers"].get(options["--namespace"], "NotRegistered")
        case "provider register":
            state["providers"][options["--namespace"]] = "Registered"
        case "group show":
            return state["groups"].get(name)
        case "group create":
            state["groups"][name] = options["--location"]
        case "storage account show":
            if "immutab" in options.get("--query", ""):
                return str(state["archive"].get(options["--query"].rsplit(".", 1)[1], ""))
            return name if name in state["accounts"] else None
        case "storage account check-name":
            return "false" if name in state["taken"] else "true"
        case "storage account create":
            state["accounts"].append(name)
        case "storage account update":
            if "--immutability-period" in options:
                state["archive"]["immutabilityPeriodSinceCreationInDays"] = int(options["--immutability-period"])
            if "--immutability-state" in options:
                state["archive"]["state"] = options["--immutability-state"]
        case "storage account blob-service-properties update":
            pass
        case "storage container-rm show":
            return name if name in state["containers"] else None
        case "storage container-rm create":
            state["containers"].append(name)
        case "ad app list":
            return state["applications"].get(options["--filter"].split("'")[1], "")
        case "ad app create":
            state["applications"][options["--display-name"]] = "app-1"
        case "ad sp list":
            return "00000000-0000-4000-8000-0000000000aa" if state["principals"] else ""
        case "ad sp create":
            state["principals"].append(options["--id"])
        case "ad signed-in-user show":
            return "00000000-0000-4000-8000-0000000000bb"
        case "role assignment list":
            key = [options["--assignee-object-id"], options["--role"], options["--scope"]]
            return "/roleAssignments/1" if key in state["roles"] else ""
        case "role assignment create":
            state["roles"].append([options["--assignee-object-id"], options["--role"], options["--scope"]])
        case "rest":
            state["sent"] = json.loads(options["--body"])
        case "storage blob list":
            state["looks"] += 1
            return "\n".join(state["blobs"]) if state["looks"] > state["captured_after"] else ""
        case "storage blob download":
            body = json.dumps(state.get("sent"), separators=(",", ":")) if state["captures"] else "{}"
            Path(options["--file"]).write_bytes(b"Obj\x01\x04\x00" + body.encode() + b"\xff\x00")
        case "resource list":
            return "\n".join(f"{kind}\t{identity}" for kind, identity in state["resources"])
        case "resource delete":
            state["resources"] = [entry for entry in state["resources"] if entry[1] != options["--ids"]]
        case _:
            raise SystemExit(f"ERROR: '{command}' is misspelled or not recognized by the system.")
    return ""


def main() -> int:
    state = json.loads((FOLDER / "state.json").read_text())
    command, options = parse(sys.argv[1:])
    with (FOLDER / "calls.jsonl").open("a") as calls:
        calls.write(json.dumps([command, options]) + "\n")
    for start, text in state["fail"].items():
        if command.startswith(start):
            print(f"ERROR: {text}", file=sys.stderr)
            return 1
    text = answer(state, command, options)
    (FOLDER / "state.json").write_text(json.dumps(state))
    if text is None:
        print(f"ERROR: (ResourceNotFound) The resource '{options.get('--name')}' was not found.", file=sys.stderr)
        return 3
    if text:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
