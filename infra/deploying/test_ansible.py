"""Deploying by conversation with the real Ansible: on this machine, and on a host over SSH where a server can be had."""

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import bounded
from deploying.oms import Oms

PLAY = """
- name: Release
  hosts: oms
  gather_facts: false
  tasks:
    - name: Make the folder
      ansible.builtin.file: { path: "{{ place }}", state: directory, mode: "0755" }
    - name: Write the settings
      ansible.builtin.copy: { content: "size=SIZE\\n", dest: "{{ place }}/settings", mode: "0644" }
    - name: Write the key
      ansible.builtin.copy: { content: "kEy-very-secret-0123456789", dest: "{{ place }}/key", mode: "0600" }
      no_log: true
    - name: Start it
      ansible.builtin.command: { cmd: "COMMAND", creates: "{{ place }}/started" }
    - name: Say that it runs
      ansible.builtin.copy: { content: "yes", dest: "{{ place }}/runs", mode: "0644" }
"""


class Play:
    """A playbook with its inventory; what it does stands below `place`."""

    def __init__(self, oms: Oms, host: str) -> None:
        self.oms = oms
        self.folder = oms.folder / "hosts"
        self.place = oms.folder / "place"
        self.folder.mkdir()
        (self.folder / "hosts.ini").write_text(f"[oms]\n{host} place={self.place}\n")
        (self.folder / "ansible.cfg").write_text("[defaults]\nhost_key_checking = true\n[connection]\npipelining = true\n")
        self.write()
        place = {"folder": self.folder, "inventory": "hosts.ini", "playbook": "deploy.yml"}
        oms.settings(deploy={"environments": {"dev": {"ansible": place}}})

    def write(self, size: int = 1, command: str = "touch {{ place }}/started") -> None:
        (self.folder / "deploy.yml").write_text(PLAY.replace("SIZE", str(size)).replace("COMMAND", command))

    def has(self, name: str) -> "str | None":
        file = self.place / name
        return file.read_text() if file.exists() else None


def applied_and_nothing_left(play: Play, name: str) -> None:
    oms = play.oms
    preview = oms.ask("what would a deploy change?")
    assert preview["change"] is None and play.has("settings") is None
    change = oms.proposed("deploy everything")
    assert name in change["answer"] and "kEy-very-secret" not in change["answer"]
    oms.decides(change["id"])
    told = oms.apply(change["id"])
    assert f"{name}: Write the settings: changed" in told and "is applied" in told, told
    assert "kEy-very-secret" not in told
    assert (play.has("settings"), play.has("runs")) == ("size=1\n", "yes")
    again = oms.ask("deploy everything", code=None)
    assert again["change"] is None and "nothing" in again["answer"].lower(), again["answer"]


def test_this_machine(oms: Oms) -> None:
    play = Play(oms, "here ansible_connection=local ansible_python_interpreter=/usr/bin/python3")
    applied_and_nothing_left(play, "here")
    # A file of the play is edited after the yes: what was seen is not what would run.
    play.write(size=2)
    change = oms.proposed("deploy everything")
    oms.decides(change["id"])
    play.write(size=3)
    assert "the approval is void" in oms.apply(change["id"], code=4)
    assert play.has("settings") == "size=1\n"


def test_a_task_that_fails_in_the_middle(oms: Oms) -> None:
    play = Play(oms, "here ansible_connection=local ansible_python_interpreter=/usr/bin/python3")
    # In check mode commands are not run: only applying shows it.
    play.write(command="false")
    change = oms.proposed("deploy everything")
    oms.decides(change["id"])
    told = oms.apply(change["id"], code=1)
    assert "here: Start it: FAILED" in told and "step 1: FAILED" in told, told
    assert (play.has("settings"), play.has("runs")) == ("size=1\n", None)
    assert oms.shown(change["id"])["status"] == "failed"
    # The play is mended, which is another change: it is seen again, and goes on where the first one stopped.
    play.write()
    oms.decides(change["id"])
    assert "the approval is void" in oms.apply(change["id"], code=4)
    assert "is applied" in oms.does("deploy everything")
    assert play.has("runs") == "yes"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """An SSH server of this user's on this machine, with keys of its own; how an inventory names it."""
    folder = tmp_path / "ssh"
    python = os.environ.get("OMS_SSH_PYTHON", "")
    if not python or not shutil.which("ssh"):
        pytest.skip("not run: no SSH server can be had here")
    folder.mkdir(mode=0o700)
    with (folder / "log").open("wb") as log:
        script = Path(__file__).with_name("ssh_server.py")
        process = bounded.start([python, script, folder], stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=folder)
    try:
        end = time.monotonic() + 30 * bounded.PATIENCE
        while not (folder / "port").exists():
            assert process.poll() is None and time.monotonic() < end, (folder / "log").read_text()
            time.sleep(0.1)
        yield (
            f"oms-1 ansible_host=127.0.0.1 ansible_port={(folder / 'port').read_text()} ansible_user={getpass.getuser()}"
            f" ansible_ssh_private_key_file={folder}/mine ansible_python_interpreter=/usr/bin/python3"
            f" ansible_ssh_common_args='-o UserKnownHostsFile={folder}/known -o IdentitiesOnly=yes -o BatchMode=yes'"
            " ansible_ssh_args='-o ControlMaster=no'"
        )
    finally:
        bounded.end(process)


def test_a_host_over_ssh(oms: Oms, server: str) -> None:
    applied_and_nothing_left(Play(oms, server), "oms-1")


def test_a_host_that_does_not_answer_is_told_and_nothing_is_proposed(oms: Oms) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    host = f"oms-9 ansible_host=127.0.0.1 ansible_port={port} ansible_ssh_common_args='-o BatchMode=yes -o ConnectTimeout=5'"
    reply = Play(oms, host).oms.ask("deploy everything", code=1)
    assert reply["change"] is None and "oms-9" in json_text(reply), reply


def json_text(reply: dict) -> str:
    return " ".join([reply["answer"], (reply["error"] or {}).get("message", ""), (reply["error"] or {}).get("hint", "")])
