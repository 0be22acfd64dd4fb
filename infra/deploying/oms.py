"""`oms` as people use it: folders of its own, a small shop, questions as JSON, and a terminal to decide at."""

import json
import os
import pty
import select
import shutil
import signal
import subprocess
import time
from pathlib import Path

import bounded

OMS = os.environ.get("OMS_BIN", "")


def toml(value: object) -> str:
    """A value as TOML has it inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {toml(one)}" for name, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(one) for one in value) + "]"
    return str(value).lower() if isinstance(value, bool) else json.dumps(str(value) if isinstance(value, Path) else value)


class Oms:
    """One person's `oms`; `user` is another account that only root can become."""

    def __init__(self, folder: Path, program: "Path | str" = OMS, user: "int | None" = None, **variables: str) -> None:
        self.folder = folder
        self.program = str(program)
        self.user = user
        for name in ("home", "tmp"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.env = {"PATH": os.environ["PATH"], "HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"), **variables}
        for name in ("DATA", "STATE", "CACHE", "CONFIG"):
            self.env[f"XDG_{name}_HOME"] = str(folder / name.lower())

    def settings(self, **sections: object) -> None:
        """Writes oms.toml."""
        file = self.folder / "config/oms/oms.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{name} = {toml(value)}\n" for name, value in sections.items()))

    def command(self, *words: object) -> list[object]:
        become = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups", "--"] if self.user else []
        return [*become, self.program, *words]

    def run(self, *words: object, code: "int | None" = 0, seconds: int = 120) -> str:
        done = bounded.run(self.command(*words), seconds=seconds, env=self.env, cwd=self.folder)
        said = done.stdout + done.stderr
        assert code is None or done.returncode == code, f"oms {words}: {done.returncode}\n{said[-4000:]}"
        return said

    def ask(self, sentence: str, code: "int | None" = 0, seconds: int = 120) -> dict:
        done = bounded.run(
            self.command("--brain", "rules", "ask", "--json", sentence), seconds=seconds, env=self.env, cwd=self.folder
        )
        assert code is None or done.returncode == code, f"{sentence}: {done.returncode}\n{done.stdout}{done.stderr}"
        return json.loads(done.stdout)

    def proposed(self, sentence: str, seconds: int = 120) -> dict:
        """Proposes: the change set with its answer, of which nothing has run."""
        reply = self.ask(sentence, code=5, seconds=seconds)
        assert "Nothing has run" in reply["answer"], reply["answer"]
        return {**reply["change"], "answer": reply["answer"]}

    def decides(self, change: str, answer: str = "yes", what: str = "approve", code: int = 0) -> str:
        """Decides at a terminal, as a person does."""
        mine, theirs = pty.openpty()
        process = subprocess.Popen(
            [str(word) for word in self.command("change", what, change)], stdin=theirs, stdout=theirs, stderr=theirs,
            env={**self.env, "TERM": "xterm"}, cwd=self.folder, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        said, answered, end = b"", False, time.monotonic() + 60 * bounded.PATIENCE
        try:
            while time.monotonic() < end:
                if not select.select([mine], [], [], 0.2)[0]:
                    continue
                try:
                    more = os.read(mine, 4096)
                except OSError:
                    break
                if not more:
                    break
                said += more
                if not answered and (b"yes or no:" in said or b"to approve as" in said):
                    os.write(mine, answer.encode() + b"\n")
                    answered = True
            status = process.wait(timeout=30)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            os.close(mine)
        text = said.decode(errors="replace")
        assert status == code, f"oms change {what}: {status}\n{text}"
        return text

    def apply(self, change: str, code: int = 0, seconds: int = 180) -> str:
        return self.run("change", "apply", change, code=code, seconds=seconds)

    def does(self, sentence: str, seconds: int = 180) -> str:
        """Proposes, approves and applies; what was told meanwhile."""
        change = self.proposed(sentence, seconds=seconds)
        self.decides(change["id"])
        return self.apply(change["id"], seconds=seconds)

    def shown(self, change: str) -> dict:
        return json.loads(self.run("change", "show", change, "--json"))


def copied(folder: Path) -> Path:
    """The program where another account can run it."""
    return Path(shutil.copy(OMS, folder / "oms"))
