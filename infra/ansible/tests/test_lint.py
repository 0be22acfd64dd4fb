"""The playbooks as text: style, production rules, syntax, and that every variable is a documented default."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

import bounded

ANSIBLE = Path(__file__).parents[1]
PLAYBOOKS = ["site.yml", "deploy.yml", "rollback.yml", "restore.yml", "status.yml"]
ROLES = sorted(path.name for path in (ANSIBLE / "roles").iterdir() if path.is_dir())


def run(*command: str) -> subprocess.CompletedProcess:
    return bounded.run(command, cwd=ANSIBLE, env={**os.environ, "ANSIBLE_NOCOLOR": "1", "NO_COLOR": "1"})


def test_yamllint() -> None:
    done = run("yamllint", "--strict", ".")
    assert done.returncode == 0, done.stdout


def test_ansible_lint_with_the_production_profile() -> None:
    done = run("ansible-lint", "--offline", "--strict", "--nocolor", "--profile", "production")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("book", PLAYBOOKS)
def test_syntax(book: str) -> None:
    done = run("ansible-playbook", "-i", "inventory/example/hosts.yml", "--syntax-check", book)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_broken_playbook_is_found(tmp_path: Path) -> None:
    (tmp_path / "broken.yml").write_text("---\n- name: Broken\n  hosts: oms\n  roles:\n    - role: none_such\n")
    assert run("ansible-playbook", "-i", "inventory/example/hosts.yml", "--syntax-check", str(tmp_path / "broken.yml")).returncode != 0


@pytest.mark.parametrize("role", ROLES)
def test_every_default_has_a_comment_and_the_role_s_name(role: str) -> None:
    path = ANSIBLE / "roles" / role / "defaults/main.yml"
    lines = path.read_text().splitlines()
    names = list(yaml.safe_load(path.read_text()))
    assert names
    for name in names:
        assert name.startswith(f"{role}_")
        at = next(number for number, line in enumerate(lines) if line.startswith(f"{name}:"))
        # The comment stands above it, or above the group of variables that it belongs to.
        above = [line for line in lines[:at][::-1]]
        block = [line for line in above[: next((n for n, line in enumerate(above) if not line), len(above))]]
        assert any(line.startswith("#") for line in block), f"{name} has no comment"


@pytest.mark.parametrize("role", ROLES)
def test_every_variable_of_a_role_is_known(role: str) -> None:
    folder = ANSIBLE / "roles" / role
    known = set(yaml.safe_load((folder / "defaults/main.yml").read_text()))
    text = ""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            text += path.read_text()
    if (folder / "vars/main.yml").exists():
        known |= set(yaml.safe_load((folder / "vars/main.yml").read_text()))
    known |= set(re.findall(rf"(?:register|loop_var): ({role}_\w+)", text)) | set(re.findall(rf"^ +({role}_\w+):", text, re.M))
    assert set(re.findall(rf"(?<![/\w]){role}_\w+", text)) - known == set()


def test_the_vault_s_password_is_asked_for_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    secret = tmp_path / "vault.yml"
    secret.write_text("vault_mysql_backup_passphrase: hidden\n")
    (tmp_path / "right").write_text("right\n")
    (tmp_path / "wrong").write_text("wrong\n")
    assert run("ansible-vault", "encrypt", "--vault-password-file", str(tmp_path / "right"), str(secret)).returncode == 0
    assert "hidden" not in secret.read_text()
    done = run(
        "ansible-playbook", "-i", "inventory/example/hosts.yml", "--syntax-check", "-e", f"@{secret}",
        "--vault-password-file", str(tmp_path / "wrong"), "site.yml",
    )  # fmt: skip
    assert done.returncode != 0 and "Decryption failed" in done.stdout + done.stderr
