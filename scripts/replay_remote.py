#!/usr/bin/env python3
"""Plays a recording of a remote model as a server on this machine, and has the program ask it over HTTP, as it would ask the
model: `replay_remote.py OMS FOLDER`.

`oms eval --replay` answers inside the program; here requests and streams go through sockets, and a stream comes in pieces that
end in the middle of lines and of characters. Each request must be the recorded one, and what comes of the turns too; and at
least so many turns as `LEAST` must hold a call of a tool that came in several pieces, or the recording proves nothing of it.
"""

import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading

LEAST = 6
# Bytes of the pieces, one after the other.
PIECES = (1, 7, 64, 3, 1000, 2, 31)


def read(folder):
    """The turns of a recording, common texts in their places."""
    texts = json.load(open(f"{folder}/texts.json"))

    def unfold(value):
        if isinstance(value, dict):
            return texts[value["$text"]] if "$text" in value else {key: unfold(part) for key, part in value.items()}
        return [unfold(part) for part in value] if isinstance(value, list) else value

    return [unfold(json.loads(line)) for line in open(f"{folder}/turns.jsonl") if line.strip()]


def streamed_calls(turn):
    """Calls of tools in a turn whose arguments came in more than one event."""
    count = 0
    for exchange in turn["exchanges"]:
        events = [line[6:] for line in "".join(exchange["answer"]).splitlines() if line.startswith("data: {")]
        choices = [choice for event in events for choice in json.loads(event).get("choices", [])]
        calls = [call for choice in choices for call in (choice.get("delta", {}).get("tool_calls") or [])]
        places = [call.get("index", 0) for call in calls if call.get("function", {}).get("arguments")]
        count += sum(places.count(place) > 1 for place in set(places))
    return count


def difference(place, one, other):
    """The first place where two values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in [*one, *(key for key in other if key not in one)]:
            if one.get(key) != other.get(key):
                return difference(f"{place}.{key}", one.get(key), other.get(key))
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (a, b) in enumerate(zip(one, other)):
            if a != b:
                return difference(f"{place}[{index}]", a, b)
    return f"{place}: {str(one)[:200]!r} was recorded, and now it is {str(other)[:200]!r}"


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, turns):
        super().__init__(("127.0.0.1", 0), Handler)
        self.waiting = [exchange for turn in turns for exchange in turn["exchanges"]]
        self.wrong, self.lock = [], threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version, timeout = "HTTP/1.1", 60

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with self.server.lock:
            wanted = self.server.waiting.pop(0) if self.server.waiting else None
        if wanted is None or (wanted["to"], wanted["request"]) != (self.path, asked):
            told = "one more request than was recorded"
            if wanted is not None:
                told = difference("request", {"to": wanted["to"], **wanted["request"]}, {"to": self.path, **asked})
            self.server.wrong.append(told)
            return self.send_error(400)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        body, at, count = "".join(wanted["answer"]).encode(), 0, 0
        while at < len(body):
            piece = body[at : at + PIECES[count % len(PIECES)]]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.flush()
            at, count = at + len(piece), count + 1
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_):
        pass


def main():
    oms, folder = sys.argv[1:3]
    turns = read(folder)
    failed, brain = [], turns[0]["outcome"]["brain"]
    streaming = [turn for turn in turns if streamed_calls(turn)]
    if len(streaming) < LEAST:
        failed.append(f"{len(streaming)} of {len(turns)} turns hold a call that came in pieces, fewer than {LEAST}")
    server = Server(turns)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as anew:
        command = [oms, "--quiet", "--config", f"{folder}/oms.toml", "--brain", brain, "eval", "--again", folder, "--record", anew]
        env = {**os.environ, "OPENAI_BASE_URL": f"http://127.0.0.1:{server.server_port}/v1"}
        env.pop("OPENAI_API_KEY", None)
        ran = subprocess.run(command, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=240)
        failed += server.wrong[:1]
        if ran.returncode != 0:
            failed.append(f"{command[0]} ended with {ran.returncode}: {ran.stdout[-600:]}{ran.stderr[-600:]}")
        else:
            for turn, now in zip(turns, read(anew), strict=True):
                for one in turn, now:
                    for exchange in one["exchanges"]:
                        exchange["answer"] = "".join(exchange["answer"])
                if turn != now:
                    failed.append(f"{turn['question']}: {difference('turn', turn, now)}")
    if server.waiting:
        failed.append(f"{len(server.waiting)} recorded requests were not made")
    calls = sum(streamed_calls(turn) for turn in turns) if not failed else 0
    for cause in failed:
        print(f"FAILED {cause}")
    if failed:
        print(f"hint: where what a model is told has changed, record anew with the model: evals/README.md, Recordings ({folder})")
        return 1
    print(f"{len(turns)} turns over HTTP as recorded; {calls} calls of tools in {len(streaming)} of them came in pieces")
    return 0


if __name__ == "__main__":
    sys.exit(main())
