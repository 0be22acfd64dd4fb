"""The life of an on-prem host: bare, made, made again, deployed to, broken, healed, gone back, backed up, restored.

The tests of this file follow one another on one host, as the playbooks do. Where no engine can run or the host cannot
start, they are skipped, with the reason.
"""

import os
import re
import shutil
import subprocess
import urllib.request
from pathlib import Path

import pytest

from host import Host, docker, recap

ANSIBLE = Path(__file__).parents[1]
IMAGES = os.environ.get("OMS_INFRA_IMAGES", "")
PASSPHRASE = "a passphrase of the test only"


def page(host: Host) -> str:
    """What a visitor on the network sees, over the host's firewall and Docker's published port."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://{host.address}/", timeout=10) as answer:
        return answer.read().decode().strip()


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory):
    if not IMAGES:
        pytest.skip("not run: OMS_INFRA_IMAGES names no images (scripts/parts/50-infrastructure.sh makes them)")
    if shutil.which("docker") is None or docker("version", check=False).returncode != 0:
        pytest.skip("not run: no Docker engine answers; not started: converge, second run, broken release, roll-back, restore")
    for name in ("host", "stack"):
        if docker("image", "inspect", f"oms-infra-{name}", check=False).returncode != 0:
            docker("load", "--input", f"{IMAGES}/{name}.tar")
    made = Host(tmp_path_factory.mktemp("host"), ANSIBLE)
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stack that is deployed; the tests change it as a developer would."""
    folder = tmp_path_factory.mktemp("source") / "stack"
    shutil.copytree(ANSIBLE / "tests/stack", folder)
    return folder


@pytest.fixture(scope="module")
def settings(host: Host, source: Path) -> dict:
    outputs = source.parent / "outputs.json"
    outputs.write_text(
        '{"eventhub_fully_qualified_namespace": {"value": "evhns-oms-dev-a1b2.servicebus.windows.net"},'
        ' "eventhub_name": {"value": "orders"}, "eventhub_consumer_group": {"value": "processor"}}'
    )
    return {
        "base_administrators": [{"name": "deployer", "authorized_keys": [host.public_key]}],
        "oms_stack_source": str(source),
        "oms_stack_images": [{"name": "oms-infra-stack", "archive": f"{IMAGES}/stack.tar"}],
        "oms_stack_terraform_outputs": str(outputs),
        "oms_stack_settings": {"QUOTED": "it costs $1"},
        "oms_stack_secrets": {"WEBHOOK_KEY": "Hook$2 y"},
        "oms_stack_secret_files": {"db_root_password": "Root$1 x"},
        "oms_stack_database_client": "mariadb",
        "oms_stack_database_statements": "CREATE USER IF NOT EXISTS reader@'%' IDENTIFIED BY 'Read3r'; GRANT SELECT ON oms.* TO reader@'%';",
        "oms_stack_wait_seconds": 60,
        "oms_stack_smoke_url": "http://127.0.0.1/",
        "oms_stack_smoke_text": "release",
        "oms_stack_smoke_tries": 3,
        "oms_stack_smoke_pause": 1,
        "mysql_backup_dump_program": "mariadb-dump",
        "mysql_backup_load_program": "mariadb",
        "mysql_backup_passphrase": PASSPHRASE,
    }


def test_check_mode_on_a_bare_host_changes_nothing(host: Host, settings: dict) -> None:
    output = host.play("site.yml", "--check", "--diff", user="root", **settings)
    assert recap(output)["changed"] > 0
    assert host.sh("ls /opt/oms /etc/oms /etc/docker/daemon.json 2>/dev/null; id deployer 2>/dev/null; true") == ""


def test_converge(host: Host, settings: dict) -> None:
    output = host.play("site.yml", user="root", **settings)
    assert recap(output)["failed"] == 0
    assert page(host) == "<p>first release</p>"


def test_a_second_run_as_the_new_administrator_changes_nothing(host: Host, settings: dict) -> None:
    output = host.play("site.yml", ansible_become=True, **settings)
    assert recap(output)["changed"] == 0, re.findall(r"^changed: .*", output, re.M)


def test_check_mode_on_a_made_host_tells_of_no_change(host: Host, settings: dict) -> None:
    output = host.play("site.yml", "--check", "--diff", **settings)
    assert recap(output)["changed"] == 0, re.findall(r"^changed: .*", output, re.M)


def test_the_host_is_closed(host: Host) -> None:
    refused = subprocess.run(
        ["ssh", "-i", host.folder / "key", "-o", f"UserKnownHostsFile={host.folder}/known_hosts", "-o", "BatchMode=yes",
         f"root@{host.address}", "true"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert refused.returncode == 255 and "Permission denied" in refused.stderr
    assert "passwordauthentication no" in host.sh("sshd -T")
    assert "policy drop" in host.sh("nft list chain inet oms input")
    # Docker's own rules are still there, or the page above would not have come.
    assert "DOCKER" in host.sh("iptables -t nat -S")
    assert host.sh("systemctl is-enabled nftables docker chrony oms-mysql-backup.timer oms-health.timer").split() == ["enabled"] * 5


def test_settings_come_from_terraform_and_secrets_stay_root_s(host: Host) -> None:
    environment = host.sh("cat /opt/oms/current/compose/.env")
    assert "HUB_NAMESPACE='evhns-oms-dev-a1b2.servicebus.windows.net'" in environment
    assert host.sh("stat --format='%a %U' /opt/oms/current/compose/.env /etc/oms/backup-passphrase").split() == ["600", "root"] * 2
    assert host.sh("stat --format='%a %U' /opt/oms/current/compose/secrets").split() == ["700", "root"]
    assert "servicebus" in host.sh("docker compose -p oms exec -T web printenv HUB_NAMESPACE")
    assert host.sh("docker compose -p oms exec -T web printenv WEBHOOK_KEY QUOTED").splitlines() == ["Hook$2 y", "it costs $1"]
    assert host.query("SELECT COUNT(*) FROM mysql.user WHERE user = 'reader'") == "1"


def test_a_secret_is_in_no_output(host: Host, settings: dict, source: Path) -> None:
    (source / "compose/web/index.html").write_text("<p>second release</p>\n")
    output = host.play("deploy.yml", "--diff", "-vvv", ansible_become=True, **settings)
    assert recap(output)["failed"] == 0 and page(host) == "<p>second release</p>"
    for secret in ("Root$1 x", "Hook$2 y", "Read3r", PASSPHRASE):
        assert secret not in output


def test_an_unhealthy_release_is_taken_back(host: Host, settings: dict, source: Path) -> None:
    before = host.sh("readlink /opt/oms/current")
    compose = (source / "compose/compose.yaml").read_text()
    (source / "compose/compose.yaml").write_text(compose.replace('[nginx, -g, "daemon off;"]', "[sleep, infinity]"))
    output = host.play("deploy.yml", code=2, ansible_become=True, **settings)
    (source / "compose/compose.yaml").write_text(compose)
    assert "does not serve;" in output and "serves again" in output
    assert host.sh("readlink /opt/oms/current") == before and page(host) == "<p>second release</p>"


def test_a_healthy_release_with_the_wrong_answer_is_taken_back(host: Host, settings: dict, source: Path) -> None:
    before = host.sh("readlink /opt/oms/current")
    (source / "compose/web/index.html").write_text("<p>nothing for sale</p>\n")
    output = host.play("deploy.yml", code=2, ansible_become=True, **settings)
    assert "serves again" in output
    assert host.sh("readlink /opt/oms/current") == before and page(host) == "<p>second release</p>"


def test_a_compose_file_that_is_no_compose_file_never_starts(host: Host, settings: dict, source: Path) -> None:
    compose = (source / "compose/compose.yaml").read_text()
    (source / "compose/compose.yaml").write_text(compose.replace("services:", "servces:"))
    host.play("deploy.yml", code=2, ansible_become=True, **settings)
    (source / "compose/compose.yaml").write_text(compose)
    (source / "compose/web/index.html").write_text("<p>second release</p>\n")
    assert page(host) == "<p>second release</p>"


def test_roll_back_and_forth(host: Host, settings: dict) -> None:
    host.play("rollback.yml", ansible_become=True, **settings)
    assert page(host) == "<p>first release</p>"
    host.play("rollback.yml", ansible_become=True, **settings)
    assert page(host) == "<p>second release</p>"
    assert "no release named `none-such`" in host.play("rollback.yml", "-e", "release=none-such", code=2, ansible_become=True)


def test_backup_and_restore_compare_rows(host: Host) -> None:
    host.query("CREATE TABLE orders (number VARCHAR(16) PRIMARY KEY, total DECIMAL(10,2), note TEXT)")
    host.query("INSERT INTO orders SELECT CONCAT('ORD-', LPAD(seq, 7, '0')), seq * 1.25, 'Grüße; -- 100%' FROM seq_1_to_500")
    rows = host.query("SELECT COUNT(*), SUM(total), SUM(CRC32(CONCAT(number, total, note))) FROM orders")
    host.sh("systemctl start oms-mysql-backup.service")
    backup = host.sh("ls /var/backups/oms").strip()
    assert backup.endswith(".sql.gz.gpg")
    # Neither the rows nor the dump's frame can be read in it.
    assert host.sh(f"gzip -dc /var/backups/oms/{backup} 2>/dev/null | head -c 100; grep -c ORD- /var/backups/oms/{backup}", check=False).strip() == "0"
    host.query("DELETE FROM orders WHERE total > 100")
    host.query("CREATE TABLE came_later (id INT)")
    assert "refused to restore" in host.play("restore.yml", "-e", f"backup={backup}", code=2, ansible_become=True)
    assert host.query("SELECT COUNT(*) FROM orders") == "80"
    host.play("restore.yml", "-e", f"backup={backup}", "-e", "confirm=oms-1", ansible_become=True)
    assert host.query("SELECT COUNT(*), SUM(total), SUM(CRC32(CONCAT(number, total, note))) FROM orders") == rows
    assert host.query("SHOW TABLES") == "orders"
    # What was there before the restore was backed up too.
    assert len(host.sh("ls /var/backups/oms").split()) == 2


@pytest.mark.parametrize("damage", ["wrong passphrase", "damaged file"])
def test_a_backup_that_cannot_be_read_touches_no_row(host: Host, damage: str) -> None:
    backup = host.sh("ls /var/backups/oms").split()[0]
    if damage == "wrong passphrase":
        host.sh("cp /etc/oms/backup-passphrase /root/kept && echo another >/etc/oms/backup-passphrase")
    else:
        host.sh(f"head -c 2000 /var/backups/oms/{backup} >/var/backups/oms/half.sql.gz.gpg")
        backup = "half.sql.gz.gpg"
    failed = docker("exec", host.container, "/usr/local/sbin/oms-mysql-restore", f"/var/backups/oms/{backup}", check=False)
    host.sh("[ ! -e /root/kept ] || mv /root/kept /etc/oms/backup-passphrase; rm -f /var/backups/oms/half.sql.gz.gpg")
    assert failed.returncode == 1 and "wrong passphrase or damaged" in failed.stderr
    assert host.query("SELECT COUNT(*) FROM orders") == "500"


def test_old_backups_go_and_the_newest_stay(host: Host) -> None:
    host.sh("cd /var/backups/oms && for day in 1 2 3 4 5 6 7 8 9; do touch -d '90 days ago' oms-2026010${day}T000000.000Z.sql.gz.gpg; done")
    host.sh("/usr/local/sbin/oms-mysql-backup")
    left = host.sh("ls /var/backups/oms").split()
    # Three real ones and the four newest of the old: seven are kept however old.
    assert len(left) == 7 and "oms-20260105T000000.000Z.sql.gz.gpg" not in left


def test_health_tells_what_is_wrong(host: Host) -> None:
    assert '"healthy": true' in host.sh("oms-health")
    host.sh("docker compose -p oms stop mysql && docker compose -p oms kill web")
    # As the timer does: the unit fails, and the report says why.
    assert docker("exec", host.container, "systemctl", "start", "oms-health.service", check=False).returncode == 1
    report = host.sh("cat /var/lib/oms/health.json")
    assert "service `mysql` is exited" in report and "service `web` is exited" in report


def test_a_deploy_heals_what_was_stopped(host: Host, settings: dict) -> None:
    host.play("deploy.yml", ansible_become=True, **settings)
    assert page(host) == "<p>second release</p>" and '"healthy": true' in host.sh("oms-health")


def test_status_says_what_runs(host: Host) -> None:
    output = host.play("status.yml", ansible_become=True)
    current = host.sh("basename $(readlink /opt/oms/current)").strip()
    assert f"release: {current}" in output and "service web: Up" in output and "health: " in output
    assert recap(output)["changed"] == 0


def test_a_host_that_is_away(host: Host) -> None:
    address, host.address = host.address, "192.0.2.1"
    try:
        output = host.play("status.yml", code=4, ansible_ssh_common_args="-o ConnectTimeout=1")
    finally:
        host.address = address
    assert "UNREACHABLE" in output


@pytest.mark.parametrize(
    ("book", "setting", "told"),
    [
        (["deploy.yml"], {"oms_stack_source": "/nowhere"}, "cannot deploy `/nowhere`: it has no `compose/compose.yaml`"),
        (["site.yml", "--tags", "backup"], {"mysql_backup_passphrase": "short"}, "must have at least 20 characters"),
        (["site.yml", "--tags", "base"], {"base_administrators": []}, "refused to close the host"),
    ],
)
def test_wrong_settings_are_refused(host: Host, settings: dict, book: list[str], setting: dict, told: str) -> None:
    assert told in host.play(*book, code=2, ansible_become=True, **{**settings, **setting})
    assert page(host) == "<p>second release</p>"
