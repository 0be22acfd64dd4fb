#!/usr/bin/env python3
"""The embedded model as its user meets it: `test_model.py OMS OMS_MODEL [LLAMA_SERVER]`.

Questions that the rules leave open, each with the query that is right; a wrong figure without a word of doubt fails, asking
back does not, but half of them must be right. Then what must not end the conversation: a killed process, a truncated file,
a file that is none. Prints the seconds of each question. With LLAMA_SERVER, llama.cpp's own server, the same file is asked as a
remote model too, by streams with calls of tools.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from chat_template import fitted
from replay_remote import LEAST, read, streamed_calls

OMS, MODEL = sys.argv[1:3]
SERVER = sys.argv[3] if len(sys.argv) > 3 and sys.argv[3] else None
REMOTE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "evals/recordings/openai")
QUESTIONS = [
    ("which carrier makes folks wait the longest?", {"measures": ["transit_time"], "dimensions": ["carrier"]}),
    ("how did the phone app fare last year, moneywise?", {"measures": ["revenue"]}),
    ("what do shoppers send back the most?", {"measures": ["returned_units"], "dimensions": ["product"]}),
    ("how fat is the typical basket per channel?", {"measures": ["average_order_value"], "dimensions": ["channel"]}),
    ("which sort of goods fills our purse?", {"measures": ["revenue"], "dimensions": ["category"]}),
    ("which way of paying goes belly up most?", {"measures": ["payment_failure_rate"], "dimensions": ["payment_method"]}),
]
OUTSIDE = ["who will win the cup?", "write me a poem about parcels"]


def model_file():
    return os.path.expanduser(os.environ.get("XDG_DATA_HOME") or "~/.local/share") + "/oms/models/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"


def remote(file, folder, oms, check):
    """The model behind an OpenAI-compatible server: the questions of its recording, asked live."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with open(f"{folder}/template.jinja", "w") as template:
        template.write(fitted(file))
    command = [SERVER, "-m", file, "--alias", "qwen2.5-coder-1.5b-instruct", "-n", "200", "-c", "24576", "-np", "1"]
    command += ["--temp", "0", "--port", str(port), "--jinja", "--chat-template-file", template.name]
    # A thread that spins while it waits takes the core from the program that it waits for.
    quiet = {**os.environ, "OMP_WAIT_POLICY": "passive"}
    with open(f"{folder}/server.log", "w") as log:
        server = subprocess.Popen(command, env=quiet, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        ready, limit = False, time.monotonic() + 120
        while not ready and server.poll() is None and time.monotonic() < limit:
            try:
                ready = urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).status == 200
            except OSError:
                time.sleep(0.5)
        check("llama-server is ready", ready, "" if ready else open(f"{folder}/server.log").read()[-300:])
        if not ready:
            return
        oms("--quiet", "db", "seed", "--orders", "2000", "--seed", "1")
        brain, begun = read(REMOTE)[0]["outcome"]["brain"], time.monotonic()
        words = ["--quiet", "--config", f"{REMOTE}/oms.toml", "--brain", brain, "eval", "--again", REMOTE]
        base = f"http://127.0.0.1:{port}/v1"
        ran = oms(*words, "--record", f"{folder}/live", limit=1800, OPENAI_BASE_URL=base)
        turns = read(f"{folder}/live") if ran.returncode == 0 else []
        calls = sum(streamed_calls(turn) > 0 for turn in turns)
        answered = sum(turn["outcome"]["status"] == "answered" for turn in turns)
        told = f"{calls} of {len(turns)} turns, {answered} answered, {time.monotonic() - begun:.0f} s {ran.stderr[-300:]}"
        check("a remote model streams its calls of tools", calls >= LEAST, told)
        print(ran.stdout.strip())
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


def main():
    file, failed = model_file(), []
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, **{f"XDG_{name}_HOME": f"{folder}/{name}" for name in ("DATA", "STATE", "CACHE", "CONFIG")}}
        env.pop("XDG_RUNTIME_DIR", None)

        def settings(path, **more):
            name = f"{folder}/{len(os.listdir(folder))}.toml"
            lines = [f"program = '{MODEL}'", f"file = '{path}'", "idle = 120", *(f"{k} = {v}" for k, v in more.items())]
            open(name, "w").write("[local]\n" + "\n".join(lines) + "\n")
            return name

        def oms(*words, limit=600, **more):
            return subprocess.run([OMS, *words], env={**env, **more}, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=limit)

        def ask(config, question, brain="local"):
            begun = time.monotonic()
            ran = oms("--quiet", "--config", config, "--brain", brain, "ask", "--json", question)
            return json.loads(ran.stdout), time.monotonic() - begun

        def check(name, fine, told):
            print(f"{'ok    ' if fine else 'FAILED'} {name}: {told}", flush=True)
            if not fine:
                failed.append(name)

        try:
            config = settings(file)
            oms("--quiet", "db", "seed", "--orders", "500")
            begun = time.monotonic()
            # One that is neither among those below nor decided without the model.
            ask(config, "which warehouse is a bit of a slowpoke?")
            print(f"first question, instructions read for the first time: {time.monotonic() - begun:.1f} s", flush=True)
            right, times = 0, []
            for question, wanted in QUESTIONS:
                reply, seconds = ask(config, question)
                times.append(seconds)
                made = (reply["tool_calls"] or [{}])[0].get("arguments", {})
                same = all(made.get(key) == value for key, value in wanted.items())
                right += reply["status"] == "answered" and same
                # Asking back is no failure; another figure is.
                check(question, reply["status"] != "answered" or same, f"{reply['status']}, {json.dumps(made)}, {seconds:.1f} s")
            check("half of them are right", right * 2 >= len(QUESTIONS), f"{right} of {len(QUESTIONS)}")
            print(f"seconds a question: median {sorted(times)[len(times) // 2]:.1f}, longest {max(times):.1f}", flush=True)
            for question in OUTSIDE:
                reply, _ = ask(config, question)
                check(question, reply["status"] in ("clarification", "refused"), reply["status"])

            status = oms("--config", config, "model", "status").stdout
            process = int(status.split("process: ")[1].split(",")[0])
            rss = int(next(line for line in open(f"/proc/{process}/status") if line.startswith("VmRSS")).split()[1]) >> 10
            check("resident memory at most 2.2 GiB", rss <= 2252, f"{rss} MiB")
            os.kill(process, signal.SIGKILL)
            reply, _ = ask(config, QUESTIONS[0][0])
            check("a killed process is started anew", reply["status"] != "error", reply["status"])

            cut = f"{folder}/cut.gguf"
            with open(file, "rb") as whole, open(cut, "wb") as part:
                part.write(whole.read(50 << 20))
            for name, path in (("a truncated file", cut), ("a file that is no model", __file__), ("no file", "/nonexistent.gguf")):
                reply, _ = ask(settings(path), "which carrier makes folks wait the longest?")
                check(f"{name} is told", reply["status"] == "error" and bool(reply["error"]["hint"]), reply["answer"][:120])
                reply, _ = ask(settings(path), "how many orders", brain="auto")
                check(f"{name} leaves the rules", reply["status"] == "answered", reply["status"])
            oms("--config", config, "model", "stop")
            if SERVER:
                remote(file, folder, oms, check)
            else:
                print("not asked as a remote model: there is no llama-server on the PATH")
        finally:
            oms("--config", config, "model", "stop")
            oms("db", "stop")
    print(f"{len(failed)} failed")
    return 1 if failed else 0


sys.exit(main())
