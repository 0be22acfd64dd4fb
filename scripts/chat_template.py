#!/usr/bin/env python3
"""Prints the chat template of a GGUF file of the Qwen2.5 family, fitted to a small model: `chat_template.py FILE.gguf
>template.jinja`, for `llama-server --jinja --chat-template-file template.jinja`.

The published file of Qwen2.5-Coder-1.5B-Instruct shows the model a call of a tool in doubled braces (`{{"name": ...}}`), where its
family has single ones, and wants tags around it (`<tool_call>`). The model writes the doubled braces too, which are no JSON, and
leaves the tags out; no server takes that for a call, and llama-server, told that a call is required, lets it write on for
ever, for it waits for the tag. Without tags and with single braces the calls are calls.
"""

import struct
import sys

SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
TEXT, LIST = 8, 9


def template(file):
    """The value of `tokenizer.chat_template`; none where the file has none."""

    def number(form):
        return struct.unpack(form, file.read(struct.calcsize(form)))[0]

    def text():
        return file.read(number("<Q")).decode("utf-8", "replace")

    def skip(kind):
        if kind == TEXT:
            text()
        elif kind == LIST:
            of, count = number("<I"), number("<Q")
            for _ in range(count):
                skip(of)
        else:
            file.read(SIZES[kind])

    if file.read(4) != b"GGUF":
        raise SystemExit(f"`{file.name}` is no GGUF file")
    number("<I"), number("<Q")
    for _ in range(number("<Q")):
        key, kind = text(), number("<I")
        if key == "tokenizer.chat_template":
            return text()
        skip(kind)
    return None


def fitted(path):
    """The template with bare calls in single braces."""
    with open(path, "rb") as file:
        found = template(file)
    if found is None:
        raise SystemExit(f"`{path}` has no chat template")
    for one, other in [
        ('{{\\"name\\"', '{\\"name\\"'),
        ("<args-json-object>}}", "<args-json-object>}"),
        ("within <tool_call></tool_call> XML tags:\\n<tool_call>\\n", "and nothing else:\\n"),
        ("\\n</tool_call>", ""),
        ("\\n<tool_call>\\n", "\\n"),
    ]:
        found = found.replace(one, other)
    return found


if __name__ == "__main__":
    sys.stdout.write(fitted(sys.argv[1]))
