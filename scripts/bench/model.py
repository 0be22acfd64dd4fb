#!/usr/bin/env python3
"""Tokens a second without a grammar: the embedded model's process and llama.cpp's own benchmark in turns, so that both meet
the same machine. `model.py OMS_MODEL LLAMA_BENCH MODEL.gguf [TOKENS] [ROUNDS]`
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time

PROGRAM, BENCH, FILE = sys.argv[1:4]
TOKENS = int(sys.argv[4]) if len(sys.argv) > 4 else 128
ROUNDS = int(sys.argv[5]) if len(sys.argv) > 5 else 3
# A thread that spins while it waits takes the core from the other.
ENV = {**os.environ, "OMP_WAIT_POLICY": "passive"}
# Long enough that the model does not end before the tokens are counted.
TASK = {"instructions": "You write what you are asked.", "text": "Write the numbers from 1 to 400 in words, each on a line of its own."}


def embedded(folder):
    """Tokens that the process wrote, and tokens a second."""
    path = f"{folder}/socket"
    if os.path.exists(path):
        os.remove(path)
    command = [PROGRAM, "--file", FILE, "--socket", path, "--kept", folder, "--threads", "2", "--context", "4096", "--idle", "60"]
    process = subprocess.Popen(command, env=ENV, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        limit = time.monotonic() + 120
        while not os.path.exists(path):
            if process.poll() is not None or time.monotonic() > limit:
                sys.exit(f"{PROGRAM} did not open its socket")
            time.sleep(0.05)
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(300)
            line.connect(path)
            lines = line.makefile("rw")

            def ask(request):
                begun = time.monotonic()
                lines.write(json.dumps(request) + "\n")
                lines.flush()
                return json.loads(lines.readline()), time.monotonic() - begun

            ask({"hello": {}})
            ask({"ask": TASK})
            # Reads the task; only writing is timed.
            ask({"write": {"most": 1, "stop": ""}})
            answer, seconds = ask({"write": {"most": TOKENS, "stop": ""}})
            return answer["wrote"]["tokens"], answer["wrote"]["tokens"] / seconds
    finally:
        process.terminate()
        process.wait(20)


def benchmark():
    command = [BENCH, "-m", FILE, "-t", "2", "-p", "0", "-n", str(TOKENS), "-r", "1", "-o", "json"]
    ran = subprocess.run(command, env=ENV, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=600, check=True)
    return json.loads(ran.stdout)[0]["avg_ts"]


def main():
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            load = os.getloadavg()[0]
            tokens, ours = embedded(folder)
            theirs = benchmark()
            print(f"{tokens} tokens: {ours:.2f} a second; llama-bench {theirs:.2f}; {100 * ours / theirs:.0f} %, load {load:.1f}", flush=True)


main()
