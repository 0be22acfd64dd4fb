"""A real SSH host for the playbooks: a container with systemd and an engine of its own, made from Debian packages.

Not a privileged container: some machines cannot give all capabilities. It gets those that systemd, a firewall and a
nested engine need, and not SYS_TIME, so that its time service can never turn the clock of the machine that tests.
"""

import json
import os
import subprocess
import time
from pathlib import Path

CAPABILITIES = [
    "SYS_ADMIN", "NET_ADMIN", "NET_RAW", "SYS_PTRACE", "DAC_READ_SEARCH", "SYS_NICE", "AUDIT_WRITE", "AUDIT_CONTROL",
    "MKNOD", "SYSLOG", "IPC_LOCK", "LINUX_IMMUTABLE",
]  # fmt: skip


def docker(*arguments: str, check: bool = True, text: "str | None" = None) -> subprocess.CompletedProcess:
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, input=text, check=False)
    assert not check or done.returncode == 0, f"docker {arguments[0]}: {done.stderr}"
    return done


def wait_until(what: str, true) -> None:
    """Waits for a state of another process; the limit only ends a test that would hang."""
    for _ in range(600):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError(f"never came: {what}")


class Host:
    """One running host, the inventory that names it, and the playbooks that are run on it."""

    def __init__(self, folder: Path, playbooks: Path) -> None:
        self.folder = folder
        self.playbooks = playbooks
        options = [option for capability in CAPABILITIES for option in ("--cap-add", capability)]
        self.container = docker(
            "run", "--detach", *options,
            "--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined",
            "--security-opt", "systempaths=unconfined", "--device-cgroup-rule", "a *:* rwm",
            "--cgroupns", "host", "--volume", "/sys/fs/cgroup:/sys/fs/cgroup:rw",
            "--tmpfs", "/run", "--tmpfs", "/run/lock", "--volume", "/var/lib/docker",
            "--hostname", "oms-1", "oms-infra-host",
        ).stdout.strip()  # fmt: skip

    def stop(self) -> None:
        docker("rm", "--force", "--volumes", self.container, check=False)

    def start(self) -> None:
        """Waits for systemd, lets root in with a key as a machine room would, and writes the inventory."""
        wait_until("systemd", lambda: self.sh("systemctl is-system-running", check=False).strip() in ("running", "degraded"))
        key = self.folder / "key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        self.public_key = key.with_suffix(".pub").read_text().strip()
        self.sh("ssh-keygen -A >/dev/null && systemctl reset-failed && systemctl restart ssh && mkdir -p -m 700 /root/.ssh")
        docker("exec", "-i", self.container, "sh", "-c", "cat >/root/.ssh/authorized_keys", text=self.public_key)
        described = json.loads(docker("inspect", self.container).stdout)[0]
        self.address = described["NetworkSettings"]["IPAddress"]
        known = self.sh("cat /etc/ssh/ssh_host_ed25519_key.pub").split()
        (self.folder / "known_hosts").write_text(f"{self.address} {known[0]} {known[1]}\n")

    def sh(self, command: str, check: bool = True) -> str:
        return docker("exec", self.container, "bash", "-c", command, check=check).stdout

    def query(self, sql: str) -> str:
        """Asks the stack's database."""
        command = "docker compose -p oms exec -T mysql sh -c 'MYSQL_PWD=$(cat $MYSQL_ROOT_PASSWORD_FILE) mariadb -uroot -N oms'"
        return docker("exec", "--interactive", self.container, "bash", "-c", command, text=sql).stdout.strip()

    def inventory(self, user: str, **settings: object) -> Path:
        path = self.folder / "hosts.json"
        host = {
            "ansible_host": self.address,
            "ansible_user": user,
            "ansible_ssh_private_key_file": str(self.folder / "key"),
            "ansible_ssh_common_args": f"-o UserKnownHostsFile={self.folder}/known_hosts -o IdentitiesOnly=yes -o ConnectTimeout=10",
            **settings,
        }
        path.write_text(json.dumps({"oms": {"hosts": {"oms-1": host}}}))
        return path

    def play(self, book: str, *arguments: str, user: str = "deployer", code: int = 0, **settings: object) -> str:
        done = subprocess.run(
            ["ansible-playbook", "-i", self.inventory(user, **settings), book, *arguments],
            cwd=self.playbooks,
            env={**os.environ, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_FORCE_COLOR": "0"},
            capture_output=True,
            text=True,
            check=False,
        )
        output = done.stdout + done.stderr
        assert done.returncode == code, output[-6000:]
        return output


def recap(output: str) -> dict[str, int]:
    """The counts of the last lines: ok, changed, unreachable, failed, ..."""
    line = next(line for line in output.splitlines() if line.startswith("oms-1 ") and "ok=" in line)
    return {name: int(count) for name, count in (pair.split("=") for pair in line.split() if "=" in pair)}
