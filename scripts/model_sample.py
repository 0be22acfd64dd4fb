"""Draws the questions on which brains are compared, by a hash of their ids: those that the rules leave open, paraphrases
included, and clear ones. Only of the two thirds that may be looked at. Prints a suite.

usage: model_sample.py RULES.json OPEN CLEAR >sample.yaml
RULES.json: oms --brain rules eval --split tuned --paraphrases --json
"""

import glob
import hashlib
import json
import os
import sys

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def counted(name):
    """As src/eval/split.rs has it."""
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) % (1 << 64)
    return ((value >> 32) ^ value) % 3 == 0


def main():
    results, many_open, many_clear = json.load(open(sys.argv[1])), int(sys.argv[2]), int(sys.argv[3])
    cases = {}
    for file in glob.glob(f"{ROOT}/evals/suites/*.yaml"):
        suite = yaml.safe_load(open(file))
        for case in suite.get("cases", []):
            cases[case["id"]] = {**case, "as_of": suite["as_of"]}
    drawn = {"open": [], "clear": []}
    for result in results["questions"]:
        case = cases.get(result["id"])
        # Whole questions with rows alone: the embedded model continues no conversation and operates nothing.
        if result["operation"] or result["conversation"] or "{" in (case or {}).get("sql", "{") or not result["answerable"]:
            continue
        held_back = result["verdict"] in ("asked_back_needlessly", "wrongly_refused")
        if held_back or result["verdict"] == "right":
            key = hashlib.sha256(f"{result['id']} {result['variant']}".encode()).hexdigest()
            drawn["open" if held_back else "clear"].append((key, case, result))
    print("suite: sample\nas_of: 2026-01-14 12:00:00\ncases:")
    for kind, most in (("open", many_open), ("clear", many_clear)):
        for _, case, result in sorted(drawn[kind], key=lambda one: one[0])[:most]:
            name = f"{kind}-{case['id']}-{result['variant']}"
            while counted(name):
                name += "x"
            # How the case is judged comes along whole: a rule left behind would make right answers wrong.
            kept = {key: value for key, value in case.items() if key not in ("id", "question", "paraphrases", "as_of")}
            print("- " + json.dumps({"id": name, "question": result["question"], **kept}, default=str))


main()
