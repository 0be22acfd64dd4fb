"""The life of an on-prem host: bare, made, made again, sold from, deployed to, broken, healed, gone back, backed up, restored.

What is deployed is the project's own compose/ folder with its profile `local`: Traefik, three web servers, intake, event
hub, processor and database. The tests of this file follow one another on one host, as the playbooks do. Where no engine
can run, they are skipped, with the reason; where the host has no systemd and engine of its own, those that need them are.
"""

import json
import os
import re
import shutil
import time
from pathlib import Path

import pytest

import bounded
from host import Host, docker, recap

ANSIBLE = Path(__file__).parents[1]
PROJECT = ANSIBLE.parents[1]
SECONDS = float(os.environ.get("OMS_INFRA_HOST_SECONDS", "300" if os.environ.get("CI") else "600"))
THINGS = os.environ.get("OMS_INFRA_THINGS", "")
WHY_NOT = os.environ.get("OMS_INFRA_WHY_NOT", "OMS_INFRA_THINGS names no folder (scripts/parts/50-infrastructure.sh makes one)")
PASSPHRASE = "a passphrase of the test only"
FIRST, SECOND = "<h1>Products</h1>", "<h1>Second release</h1>"
TOTALS = "SELECT COUNT(*), SUM(grand_total), SUM(CRC32(CONCAT_WS('|', order_number, status, grand_total))) FROM orders"

pytestmark = [pytest.mark.seconds(420), pytest.mark.skipif(not THINGS, reason=f"not run: {WHY_NOT}")]


@pytest.fixture(scope="module")
def things() -> dict:
    return json.loads((Path(THINGS) / "settings.json").read_text())


@pytest.fixture(scope="module")
def host(things: dict, tmp_path_factory: pytest.TempPathFactory):
    made = Host(tmp_path_factory.mktemp("host"), ANSIBLE, things["host"])
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(autouse=True)
def _in_time(host: Host) -> None:
    """What comes after the time for hosts, or after a playbook that was too slow, is told as not run: a shared machine may be
    ten times slower than another, and half a deployment proves nothing."""
    if host.late:
        pytest.skip(f"not run: {host.late}")
    if time.monotonic() - host.begun > SECONDS:
        pytest.skip(f"not run: the {SECONDS:.0f} s for tests on a host are over (OMS_INFRA_HOST_SECONDS widens them)")


@pytest.fixture
def whole(host: Host) -> Host:
    """The host, for what needs its own systemd and engine."""
    if not host.whole:
        pytest.skip(
            f"not run: {host.why}; so no host gets the roles base, docker, mysql_backup and monitoring (administrators, SSH, "
            "firewall, time, engine, backups, restores, health), no archive of images and no check mode; the stack is on the outer engine"
        )
    return host


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the stack that is deployed; the tests change it as a developer would."""
    folder = tmp_path_factory.mktemp("source")
    shutil.copytree(PROJECT / "compose", folder / "compose", ignore=shutil.ignore_patterns("node_modules"))
    (folder / "seed").mkdir()
    shutil.copy(PROJECT / "seed/schema.sql", folder / "seed")
    return folder


@pytest.fixture(scope="module")
def secret() -> dict[str, str]:
    return {path.name: path.read_text() for path in (Path(THINGS) / "secrets").iterdir() if path.is_file()}


@pytest.fixture(scope="module")
def settings(host: Host, source: Path, things: dict, secret: dict) -> dict:
    return {
        "base_administrators": [{"name": "deployer", "authorized_keys": [host.public_key]}],
        "oms_stack_source": str(source),
        "oms_stack_root": host.root,
        "oms_stack_project": host.project,
        # The outer engine has them: it made them. An engine of its own gets them as a host without a registry does.
        "oms_stack_images": [{"name": name, **({"archive": f"{THINGS}/stack.tar"} if host.whole else {})} for name in things["images"]],
        "oms_stack_settings": {**things["settings"], **host.ports, "COMPOSE_PROFILES": "local", "OMS_BUFFER_POOL": "64M"},
        "oms_stack_secret_files": secret,
        "oms_stack_database_client": "mariadb -h 127.0.0.1",
        # The stack makes its own accounts at its first start; one more, as a site may have it.
        "oms_stack_database_statements": "CREATE USER IF NOT EXISTS auditor@'%' IDENTIFIED BY 'Aud1tor$'; GRANT SELECT ON oms.* TO auditor@'%';",
        "oms_stack_wait_seconds": 120,
        "oms_stack_smoke_url": f"https://127.0.0.1:{host.ports.get('OMS_HTTPS_PORT', 8443)}/",
        # Its certificate is for the tests' own names and by nobody that the host knows.
        "oms_stack_smoke_certificate": False,
        "oms_stack_smoke_text": "<strong>The shop</strong>",
        "oms_stack_smoke_tries": 3,
        "oms_stack_smoke_pause": 1,
        "mysql_backup_dump_program": "mariadb-dump",
        "mysql_backup_load_program": "mariadb",
        "mysql_backup_passphrase": PASSPHRASE,
    }


def change(source: Path, file: str, before: str, after: str) -> None:
    path = source / "compose" / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def current(host: Host) -> str:
    return host.sh(f"basename $(readlink {host.root}/current)").strip()


def test_check_mode_on_a_bare_host_changes_nothing(whole: Host, settings: dict) -> None:
    output = whole.play("site.yml", "--check", "--diff", user="root", **settings)
    assert recap(output)["changed"] > 0
    assert whole.sh("ls /opt/oms /etc/oms /etc/docker/daemon.json 2>/dev/null; id deployer 2>/dev/null; true") == ""


def test_converge(host: Host, settings: dict) -> None:
    tags = [] if host.whole else ["--tags", "stack"]
    output = host.play("site.yml", *tags, user="root", seconds=250, **settings)
    assert recap(output)["failed"] == 0
    assert FIRST in host.shop("/")


def test_a_second_run_as_the_new_administrator_changes_nothing(host: Host, settings: dict) -> None:
    tags = [] if host.whole else ["--tags", "stack"]
    output = host.play("site.yml", *tags, ansible_become=True, **settings)
    assert recap(output)["changed"] == 0, re.findall(r"^changed: .*", output, re.M)


def test_check_mode_on_a_made_host_tells_of_no_change(whole: Host, settings: dict) -> None:
    output = whole.play("site.yml", "--check", "--diff", ansible_become=True, **settings)
    assert recap(output)["changed"] == 0, re.findall(r"^changed: .*", output, re.M)


def test_the_host_is_closed(whole: Host) -> None:
    refused = bounded.run(
        ["ssh", "-i", whole.folder / "key", "-o", f"UserKnownHostsFile={whole.folder}/known_hosts", "-o", "BatchMode=yes",
         "-o", "ConnectTimeout=10", f"root@{whole.address}", "true"],
    )  # fmt: skip
    assert refused.returncode == 255 and "Permission denied" in refused.stderr
    assert "passwordauthentication no" in whole.sh("sshd -T")
    assert "policy drop" in whole.sh("nft list chain inet oms input")
    # Docker's own rules are still there, or nobody would have been served.
    assert "DOCKER" in whole.sh("iptables -t nat -S")
    assert whole.sh("systemctl is-enabled nftables docker chrony oms-mysql-backup.timer oms-health.timer").split() == ["enabled"] * 5


def test_settings_and_secrets_stay_root_s(host: Host, secret: dict) -> None:
    place = f"{host.root}/current/compose"
    assert host.sh(f"stat --format='%a %U' {place}/.env {place}/secrets").split() == ["600", "root", "700", "root"]
    assert set(host.sh(f"ls {place}/secrets").split()) == set(secret)
    assert host.query("SELECT user FROM mysql.user WHERE user IN ('oms_app', 'oms_reader', 'auditor') ORDER BY user").split() == ["auditor", "oms_app", "oms_reader"]
    if host.whole:
        assert host.sh("stat --format='%a %U' /etc/oms/backup-passphrase").split() == ["600", "root"]


def test_an_order_through_the_shop_comes_to_the_database(host: Host) -> None:
    host.query((PROJECT / "compose/database/catalogue.sql").read_text())
    # The intake reads the catalogue again within seconds.
    found = host.sh(
        f"for i in $(seq 1 60); do curl -sSk --max-time 5 https://localhost:{host.ports.get('OMS_HTTPS_PORT', 8443)}/api/products/SKU-00007 "
        "| tee /tmp/product | grep -q price && break; sleep 0.5; done; cat /tmp/product"
    )
    order = {
        "customer": {"full_name": "Ana Sousa", "email": "ana@example.test", "city": "Lisbon", "country": "PT"},
        "lines": [{"sku": "SKU-00007", "quantity": 2, "unit_price": json.loads(found)["price"]}],
    }
    answer = host.shop(
        "/api/orders", "--header", "content-type: application/json", "--header", "idempotency-key: infra-test-1",
        "--data", json.dumps(order),
    )  # fmt: skip
    number = json.loads(answer)["order_number"]
    # Traefik, web server, intake, event hub, processor, database.
    host.sh(
        f"for i in $(seq 1 120); do docker compose -p {host.project} exec -T mysql sh -c "
        "'MYSQL_PWD=$(cat $MYSQL_ROOT_PASSWORD_FILE) mariadb -h 127.0.0.1 -uroot -N oms -e \"SELECT order_number FROM orders\"' "
        f"| grep -q {number} && exit 0; sleep 0.5; done; exit 1"
    )
    assert host.query("SELECT COUNT(*) FROM orders") == "1"


def test_a_new_release_serves_and_no_secret_is_in_any_output(host: Host, settings: dict, source: Path, secret: dict) -> None:
    change(source, "web/index.html", FIRST, SECOND)
    output = host.play("deploy.yml", "-e", "oms_stack_version=2.0", "--diff", ansible_become=True, **settings)
    assert recap(output)["failed"] == 0 and SECOND in host.shop("/")
    assert re.fullmatch(r"2\.0-[0-9a-f]{12}", current(host))
    assert host.query("SELECT COUNT(*) FROM orders") == "1"
    for hidden in (*(value for value in secret.values() if len(value) > 12), PASSPHRASE):
        assert hidden not in output


def test_an_unhealthy_release_is_taken_back(host: Host, settings: dict, source: Path) -> None:
    before = current(host)
    change(source, "nginx/nginx.conf", "/healthz", "/elsewhere")
    output = host.play("deploy.yml", code=2, seconds=250, ansible_become=True, **settings)
    change(source, "nginx/nginx.conf", "/elsewhere", "/healthz")
    assert "does not serve;" in output and "serves again" in output
    assert current(host) == before and SECOND in host.shop("/")


def test_a_healthy_release_with_the_wrong_answer_is_taken_back(host: Host, settings: dict, source: Path) -> None:
    before = current(host)
    change(source, "web/index.html", "<strong>The shop</strong>", "<strong>Nothing for sale</strong>")
    output = host.play("deploy.yml", code=2, seconds=250, ansible_become=True, **settings)
    change(source, "web/index.html", "<strong>Nothing for sale</strong>", "<strong>The shop</strong>")
    assert "serves again" in output
    assert current(host) == before and SECOND in host.shop("/")


def test_a_compose_file_that_is_no_compose_file_never_starts(host: Host, settings: dict, source: Path) -> None:
    change(source, "compose.yaml", "\nservices:", "\nservces:")
    host.play("deploy.yml", code=2, ansible_become=True, **settings)
    change(source, "compose.yaml", "\nservces:", "\nservices:")
    assert SECOND in host.shop("/")


def test_roll_back_and_forth(host: Host, settings: dict) -> None:
    host.play("rollback.yml", ansible_become=True, **settings)
    assert FIRST in host.shop("/")
    host.play("rollback.yml", "-e", "release=2.0", ansible_become=True, **settings)
    assert SECOND in host.shop("/") and current(host).startswith("2.0-")
    told = host.play("rollback.yml", "-e", "release=none-such", code=2, ansible_become=True, **settings)
    assert "no release named `none-such`" in told


def test_backup_and_restore_compare_rows(whole: Host) -> None:
    whole.query(
        "CREATE TABLE notes (number VARCHAR(16) PRIMARY KEY, total DECIMAL(10,2), note TEXT);"
        "INSERT INTO notes SELECT CONCAT('ORD-', LPAD(seq, 7, '0')), seq * 1.25, 'Grüße; -- 100%' FROM seq_1_to_500"
    )
    compared = f"{TOTALS}; SELECT COUNT(*), SUM(total), SUM(CRC32(CONCAT(number, total, note))) FROM notes; SELECT COUNT(*), SUM(price) FROM products"
    rows = whole.query(compared)
    whole.sh("systemctl start oms-mysql-backup.service")
    backup = whole.sh("ls /var/backups/oms").strip()
    assert backup.endswith(".sql.gz.gpg")
    # Neither the rows nor the dump's frame can be read in it.
    assert whole.sh(f"gzip -dc /var/backups/oms/{backup} 2>/dev/null | head -c 100; grep -c ORD- /var/backups/oms/{backup}", check=False).strip() == "0"
    whole.query("DELETE FROM notes WHERE total > 100; DELETE FROM products WHERE id = 58 AND 0; UPDATE orders SET grand_total = 0; CREATE TABLE came_later (id INT)")
    assert "refused to restore" in whole.play("restore.yml", "-e", f"backup={backup}", code=2, ansible_become=True)
    assert whole.query("SELECT COUNT(*) FROM notes") == "80"
    whole.play("restore.yml", "-e", f"backup={backup}", "-e", "confirm=oms-1", ansible_become=True)
    assert whole.query(compared) == rows
    assert "came_later" not in whole.query("SHOW TABLES")
    # What was there before the restore was backed up too.
    assert len(whole.sh("ls /var/backups/oms").split()) == 2


@pytest.mark.parametrize("damage", ["wrong passphrase", "damaged file"])
def test_a_backup_that_cannot_be_read_touches_no_row(whole: Host, damage: str) -> None:
    backup = whole.sh("ls /var/backups/oms").split()[0]
    if damage == "wrong passphrase":
        whole.sh("cp /etc/oms/backup-passphrase /root/kept && echo another >/etc/oms/backup-passphrase")
    else:
        whole.sh(f"head -c 2000 /var/backups/oms/{backup} >/var/backups/oms/half.sql.gz.gpg")
        backup = "half.sql.gz.gpg"
    failed = docker("exec", whole.container, "/usr/local/sbin/oms-mysql-restore", f"/var/backups/oms/{backup}", check=False)
    whole.sh("[ ! -e /root/kept ] || mv /root/kept /etc/oms/backup-passphrase; rm -f /var/backups/oms/half.sql.gz.gpg")
    assert failed.returncode == 1 and "wrong passphrase or damaged" in failed.stderr
    assert whole.query("SELECT COUNT(*) FROM notes") == "500"


def test_old_backups_go_and_the_newest_stay(whole: Host) -> None:
    whole.sh("cd /var/backups/oms && for day in 1 2 3 4 5 6 7 8 9; do touch -d '90 days ago' oms-2026010${day}T000000.000Z.sql.gz.gpg; done")
    whole.sh("/usr/local/sbin/oms-mysql-backup")
    left = whole.sh("ls /var/backups/oms").split()
    # Three real ones and the four newest of the old: seven are kept however old.
    assert len(left) == 7 and "oms-20260105T000000.000Z.sql.gz.gpg" not in left


def test_health_tells_what_is_wrong(whole: Host) -> None:
    assert '"healthy": true' in whole.sh("oms-health")
    whole.sh("docker compose -p oms stop --timeout 5 processor && docker compose -p oms kill web-2")
    # As the timer does: the unit fails, and the report says why.
    assert docker("exec", whole.container, "systemctl", "start", "oms-health.service", check=False).returncode == 1
    report = whole.sh("cat /var/lib/oms/health.json")
    assert "service `processor` is exited" in report and "service `web-2` is exited" in report
    # Two servers are left: the shop is open.
    assert SECOND in whole.shop("/")


def test_a_deploy_heals_what_was_stopped(whole: Host, settings: dict) -> None:
    whole.play("deploy.yml", "-e", "oms_stack_version=2.0", ansible_become=True, **settings)
    assert SECOND in whole.shop("/") and '"healthy": true' in whole.sh("oms-health")


def test_status_says_what_runs(host: Host, settings: dict) -> None:
    output = host.play("status.yml", ansible_become=True, **settings)
    assert f"release: {current(host)}" in output and "service web-1: Up" in output and "health: " in output
    assert recap(output)["changed"] == 0


def test_a_host_that_is_away(host: Host) -> None:
    address, host.address = host.address, "192.0.2.1"
    try:
        output = host.play("status.yml", code=4, ansible_ssh_common_args="-o ConnectTimeout=1 -o BatchMode=yes")
    finally:
        host.address = address
    assert "UNREACHABLE" in output


@pytest.mark.parametrize(
    ("book", "setting", "told"),
    [
        (["deploy.yml"], {"oms_stack_source": "/nowhere"}, "cannot deploy `/nowhere`: it has no `compose/compose.yaml`"),
        (["deploy.yml"], {"oms_stack_version": "../2"}, "cannot deploy a release named `../2`"),
        (["site.yml", "--tags", "backup"], {"mysql_backup_passphrase": "short"}, "must have at least 20 characters"),
        (["site.yml", "--tags", "base"], {"base_administrators": []}, "refused to close the host"),
    ],
)
def test_wrong_settings_are_refused(host: Host, settings: dict, book: list[str], setting: dict, told: str) -> None:
    before = current(host)
    assert told in host.play(*book, code=2, ansible_become=True, **{**settings, **setting})
    assert current(host) == before
