"""A real SSH host for the playbooks: a container with systemd and an engine of its own, made from Debian packages.

Not a privileged container: some machines cannot give all capabilities. It gets those that systemd, a firewall and a
nested engine need, and not SYS_TIME, so that its time service can never turn the clock of the machine that tests.

That is the whole host: its engine is given all images anew, which takes minutes on a busy machine. In CI, where
`OMS_INFRA_HOST=whole` does not ask for it, and where systemd or the nested engine do not start, the host is a container with an SSH server
alone, and the outer engine's socket is given to it: then the stack is deployed on that engine, and what needs systemd is
not run.
"""

import json
import os
import secrets
import shutil
import socket
import tempfile
import time
from pathlib import Path

import pytest

import bounded

CAPABILITIES = [
    "SYS_ADMIN", "NET_ADMIN", "NET_RAW", "SYS_PTRACE", "DAC_READ_SEARCH", "SYS_NICE", "AUDIT_WRITE", "AUDIT_CONTROL",
    "MKNOD", "SYSLOG", "IPC_LOCK", "LINUX_IMMUTABLE",
]  # fmt: skip


# By what the script that runs the tests finds a container that they left.
LABEL = ("--label", os.environ.get("OMS_INFRA_LABEL", "oms-infra=by-hand"))


def docker(*arguments: object, check: bool = True, text: "str | None" = None, seconds: int = 120):
    done = bounded.run(["docker", *arguments], seconds=seconds, text=text)
    assert not check or done.returncode == 0, f"docker {arguments[0]}: {done.stderr}"
    return done


def wait_until(what: str, true, seconds: int = 60) -> None:
    """Waits for a state of another process; the limit only ends a test that would hang."""
    end = time.monotonic() + seconds * bounded.PATIENCE
    while not true():
        assert time.monotonic() < end, f"never came: {what}"
        time.sleep(0.1)


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on. All are held until all are known: one that is given back may be given again."""
    listeners = [socket.socket() for _ in range(count)]
    try:
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
        return [listener.getsockname()[1] for listener in listeners]
    finally:
        for listener in listeners:
            listener.close()


class Host:
    """One running host, the inventory that names it, and the playbooks that are run on it."""

    def __init__(self, folder: Path, playbooks: Path, image: str) -> None:
        self.folder = folder
        self.playbooks = playbooks
        self.image = image
        self.whole = True
        self.begun = time.monotonic()
        # Why the tests that follow cannot be run, once a playbook was too slow.
        self.late = ""
        self.why = ""
        self.project = "oms"
        self.root = "/opt/oms"
        self.container = ""
        self.network = f"oms-infra-{secrets.token_hex(4)}"
        self.ports: dict[str, int] = {}
        bounded.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "key"])
        self.public_key = (folder / "key.pub").read_text().strip()

    def start(self) -> None:
        """Starts the whole host where it is asked for and can be; else the one that has the outer engine."""
        # A network of its own: engines that run side by side on one machine give out the same addresses in the default one.
        docker("network", "create", self.network)
        # In CI, which shares its machine and its minutes, only where it is asked for.
        wanted = os.environ.get("OMS_INFRA_HOST") or ("outer-engine" if os.environ.get("CI") else "whole")
        if wanted == "whole":
            try:
                self.start_whole()
            except AssertionError as error:
                said = str(error).strip().replace("\n", " ")[:300]
                self.why = f"the host's own systemd and engine do not start here ({said})"
                docker("rm", "--force", "--volumes", self.container, check=False, seconds=300)
        else:
            self.why = "in CI a host with systemd and an engine of its own is made only with OMS_INFRA_HOST=whole"
        if self.why:
            self.start_with_outer_engine()
        self.sh("ssh-keygen -A >/dev/null && mkdir -p -m 700 /root/.ssh /run/sshd")
        docker("exec", "-i", self.container, "sh", "-c", "cat >/root/.ssh/authorized_keys", text=self.public_key)
        # The lists of the image count as fresh: the mirror is not what is tested.
        self.sh("touch /var/lib/apt/lists; [ ! -d /var/lib/apt/periodic ] || touch /var/lib/apt/periodic/update-success-stamp")
        if self.whole:
            self.sh("systemctl reset-failed && systemctl restart ssh")
            described = json.loads(docker("inspect", self.container).stdout)[0]
            self.address, self.port = described["NetworkSettings"]["Networks"][self.network]["IPAddress"], 22
        else:
            self.sh(f"/usr/sbin/sshd -p {self.port} -o ListenAddress=127.0.0.1")
        known = self.sh("cat /etc/ssh/ssh_host_ed25519_key.pub").split()
        name = self.address if self.port == 22 else f"[{self.address}]:{self.port}"
        (self.folder / "known_hosts").write_text(f"{name} {known[0]} {known[1]}\n")

    def start_whole(self) -> None:
        options = [option for capability in CAPABILITIES for option in ("--cap-add", capability)]
        self.container = docker(
            "run", "--detach", "--network", self.network, *options,
            "--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined",
            "--security-opt", "systempaths=unconfined", "--device-cgroup-rule", "a *:* rwm",
            "--cgroupns", "host", "--volume", "/sys/fs/cgroup:/sys/fs/cgroup:rw",
            "--tmpfs", "/run", "--tmpfs", "/run/lock", "--volume", "/var/lib/docker",
            "--hostname", "oms-1", *LABEL, self.image,
        ).stdout.strip()  # fmt: skip
        states = ("running", "degraded")
        wait_until("systemd", lambda: self.sh("timeout 5 systemctl is-system-running", check=False).strip() in states)
        # Once, to know whether it can; then the host is bare again.
        self.sh("timeout 60 systemctl start docker && timeout 10 docker version >/dev/null; at=$?; timeout 60 systemctl stop docker docker.socket containerd; exit $at")

    def start_with_outer_engine(self) -> None:
        self.whole = False
        self.project = self.network
        # The engine outside takes paths as they are outside: the same inside.
        self.shared = Path(tempfile.mkdtemp(prefix="oms-infra-"))
        self.root = str(self.shared / "oms")
        names = ("OMS_HTTP_PORT", "OMS_HTTPS_PORT", "OMS_DB_PORT", "OMS_WATCH_PORT", "OMS_HUB_PORT", "OMS_STORAGE_PORT")
        self.address = "127.0.0.1"
        self.port, *ports = free_ports(len(names) + 1)
        self.ports = dict(zip(names, ports, strict=True))
        outer = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock").removeprefix("unix://")
        self.container = docker(
            "run", "--detach", "--init", "--network", "host", "--volume", f"{outer}:/var/run/docker.sock",
            "--volume", f"{self.shared}:{self.shared}", *LABEL, self.image, "sleep", "infinity",
        ).stdout.strip()  # fmt: skip
        self.sh("mkdir -p /usr/local/lib/docker/cli-plugins")
        docker("cp", shutil.which("docker-compose"), f"{self.container}:/usr/local/lib/docker/cli-plugins/docker-compose")

    def stop(self) -> None:
        for connection in (self.folder / "cp").glob("*"):
            bounded.run(["ssh", "-o", f"ControlPath={connection}", "-O", "exit", "oms-1"])
        if not self.whole:
            ours = f"label=com.docker.compose.project={self.project}"
            for kind, command in (("ps --all", "rm --force"), ("network ls", "network rm"), ("volume ls", "volume rm")):
                for name in docker(*kind.split(), "--quiet", "--filter", ours, check=False).stdout.split():
                    docker(*command.split(), name, check=False)
            shutil.rmtree(self.shared, ignore_errors=True)
        docker("rm", "--force", "--volumes", self.container, check=False, seconds=300)
        docker("network", "rm", self.network, check=False)

    def sh(self, command: str, check: bool = True, seconds: int = 120) -> str:
        return docker("exec", self.container, "bash", "-c", command, check=check, seconds=seconds).stdout

    def query(self, sql: str) -> str:
        """Asks the stack's database."""
        command = (
            f"docker compose -p {self.project} exec -T mysql sh -c "
            "'MYSQL_PWD=$(cat $MYSQL_ROOT_PASSWORD_FILE) mariadb --default-character-set=utf8mb4 -h 127.0.0.1 -uroot -N oms'"
        )
        return docker("exec", "--interactive", self.container, "bash", "-c", command, text=sql).stdout.strip()

    def shop(self, path: str, *curl: str) -> str:
        """What a browser gets over TLS from Traefik; the certificate is the one that was deployed."""
        # Only the host itself may go in here: which addresses are published is the compose file's own setting.
        certificate = f"{self.root}/current/compose/secrets/tls_certificate"
        port = self.ports.get("OMS_HTTPS_PORT", 8443)
        return docker(
            "exec", self.container, "curl", "--silent", "--show-error", "--fail-with-body", "--max-time", "15",
            "--cacert", certificate, *curl, f"https://localhost:{port}{path}",
        ).stdout.strip()  # fmt: skip

    def inventory(self, user: str, **settings: object) -> Path:
        path = self.folder / "hosts.json"
        host = {
            "ansible_host": self.address,
            "ansible_port": self.port,
            "ansible_user": user,
            "ansible_ssh_private_key_file": str(self.folder / "key"),
            "ansible_ssh_common_args": f"-o UserKnownHostsFile={self.folder}/known_hosts -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=10",
            **settings,
        }
        path.write_text(json.dumps({"oms": {"hosts": {"oms-1": host}}}))
        return path

    def play(self, book: str, *arguments: str, user: str = "deployer", code: int = 0, seconds: int = 150, **settings: object) -> str:
        if not self.whole:
            # Nobody made the administrator.
            user = "root"
        try:
            return self.played(book, *arguments, user=user, code=code, seconds=seconds, **settings)
        except bounded.Late as late:
            self.late = f"this machine is too slow for the playbooks ({book}: {str(late).splitlines()[0]})"
            pytest.skip(f"not run: {self.late}")

    def played(self, book: str, *arguments: str, user: str, code: int, seconds: int, **settings: object) -> str:
        done = bounded.run(
            ["ansible-playbook", "-i", self.inventory(user, **settings), book, *arguments],
            cwd=self.playbooks,
            env={
                **os.environ,
                "ANSIBLE_NOCOLOR": "1",
                "ANSIBLE_FORCE_COLOR": "0",
                # Kept while the first run, as root, closes root's way in; ended with the host.
                "ANSIBLE_SSH_CONTROL_PATH_DIR": str(self.folder / "cp"),
                "ANSIBLE_SSH_ARGS": "-o ControlMaster=auto -o ControlPersist=10m -o ServerAliveInterval=15 -o ServerAliveCountMax=4",
                "ANSIBLE_TIMEOUT": "20",
            },
            seconds=seconds,
        )
        output = done.stdout + done.stderr
        assert done.returncode == code, output[-6000:]
        return output


def recap(output: str) -> dict[str, int]:
    """The counts of the last lines: ok, changed, unreachable, failed, ..."""
    line = next(line for line in output.splitlines() if line.startswith("oms-1 ") and "ok=" in line)
    return {name: int(count) for name, count in (pair.split("=") for pair in line.split() if "=" in pair)}
