"""What oms_stack makes of settings, secrets, Terraform's outputs and versions, without a host."""

import json
import os
import re
from pathlib import Path

import pytest
import yaml

import bounded

ANSIBLE = Path(__file__).parents[1]
PLAY = """---
- name: Name a release and show its settings
  hosts: all
  gather_facts: false
  tasks:
    - name: Name it
      ansible.builtin.include_role:
        name: oms_stack
        tasks_from: name.yml
        public: true
    - name: Show them
      ansible.builtin.copy:
        content: "{{ oms_stack_environment }}"
        dest: "{{ shown }}"
        mode: "0600"
    - name: Show it
      ansible.builtin.debug:
        msg: "named <{{ oms_stack_release }}>"
"""
OUTPUTS = {
    "eventhub_fully_qualified_namespace": "evhns-oms-dev-a1b2.servicebus.windows.net",
    "eventhub_name": "orders",
    "eventhub_consumer_group": "processor",
    "checkpoint_container_url": "https://stomsdevcpa1b2.blob.core.windows.net/checkpoints",
}


class Stack:
    """A source folder, and what the role makes of it on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "compose").mkdir()
        (folder / "compose/compose.yaml").write_text("services: {}\n")
        (folder / "seed").mkdir()
        (folder / "seed/schema.sql").write_text("SELECT 1;\n")
        (folder / "play.yml").write_text(PLAY)
        # Seen from outside the role, its templates are looked for beside the play.
        (folder / "templates").symlink_to(ANSIBLE / "roles/oms_stack/templates")

    def outputs(self, **values: str) -> str:
        path = self.folder / "outputs.json"
        path.write_text(json.dumps({name: {"value": value} for name, value in values.items()}))
        return str(path)

    def name(self, code: int = 0, **settings: object) -> tuple[str, str]:
        """The release's name and its .env, or what was told."""
        shown = self.folder / "shown"
        shown.unlink(missing_ok=True)
        given = {"oms_stack_source": str(self.folder), "shown": str(shown), **settings}
        done = bounded.run(
            ["ansible-playbook", "-i", "localhost,", "-c", "local", self.folder / "play.yml", "-e", json.dumps(given)],
            cwd=ANSIBLE,
            env={**os.environ, "ANSIBLE_NOCOLOR": "1", "TMPDIR": str(self.folder), "ANSIBLE_ROLES_PATH": str(ANSIBLE / "roles")},
        )
        said = done.stdout + done.stderr
        assert done.returncode == code, said
        named = re.search(r"named <(.*)>", said)
        return (named[1], shown.read_text()) if named else (said, "")


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    return Stack(tmp_path)


def test_settings_come_from_terraform_and_a_person_s_win(stack: Stack) -> None:
    _, environment = stack.name(oms_stack_terraform_outputs=stack.outputs(**OUTPUTS), oms_stack_settings={"HUB_NAME": "trial"})
    assert "HUB_NAMESPACE='evhns-oms-dev-a1b2.servicebus.windows.net'" in environment
    assert "CHECKPOINT_CONTAINER_URL='https://stomsdevcpa1b2.blob.core.windows.net/checkpoints'" in environment
    assert "HUB_NAME='trial'" in environment and "OMS_SECRETS" not in environment


def test_outputs_of_an_apply_that_broke_off_are_told(stack: Stack) -> None:
    half = {name: value for name, value in OUTPUTS.items() if not name.startswith("checkpoint")}
    told, _ = stack.name(code=2, oms_stack_terraform_outputs=stack.outputs(**half))
    assert "it has no checkpoint_container_url" in told and "hint: terraform" in told


def test_what_compose_would_expand_is_quoted(stack: Stack) -> None:
    _, environment = stack.name(oms_stack_settings={"QUOTED": "it's $1 \\ 100%"}, oms_stack_secrets={"KEY": "Hook$2 y"})
    assert "QUOTED='it\\'s $1 \\\\ 100%'" in environment and "KEY='Hook$2 y'" in environment


def test_a_release_is_its_version_and_its_content(stack: Stack) -> None:
    name, environment = stack.name(oms_stack_version="1.4.0", oms_stack_secret_files={"key": "one"})
    assert re.fullmatch(r"1\.4\.0-[0-9a-f]{12}", name)
    assert "OMS_VERSION='1.4.0'" in environment and "OMS_SECRETS='./secrets'" in environment
    assert stack.name(oms_stack_version="1.4.0", oms_stack_secret_files={"key": "one"})[0] == name
    assert stack.name(oms_stack_version="1.4.0", oms_stack_secret_files={"key": "two"})[0] != name
    (stack.folder / "seed/schema.sql").write_text("SELECT 2;\n")
    assert stack.name(oms_stack_version="1.4.0", oms_stack_secret_files={"key": "one"})[0] != name
    assert re.fullmatch(r"[0-9a-f]{12}", stack.name()[0])


def test_the_app_s_image_follows_the_version_where_nothing_names_it(stack: Stack) -> None:
    assert "OMS_IMAGE_APP" not in stack.name()[1]
    assert "OMS_IMAGE_APP='oms-app:1.4'" in stack.name(oms_stack_version="1.4")[1]
    registry = "registry.example.com/oms/app:{{ oms_stack_version }}"
    assert "OMS_IMAGE_APP='registry.example.com/oms/app:1.4'" in stack.name(oms_stack_version="1.4", oms_stack_app_image=registry)[1]
    named = stack.name(oms_stack_version="1.4", oms_stack_settings={"OMS_IMAGE_APP": "mine:2"})[1]
    assert "OMS_IMAGE_APP='mine:2'" in named and "oms-app:1.4" not in named


@pytest.mark.parametrize("version", ["../up", "x" * 42, "1.0\n"])
def test_a_version_that_is_no_name_is_refused(stack: Stack, version: str) -> None:
    told, _ = stack.name(code=2, oms_stack_version=version)
    assert "cannot deploy a release named" in told


def test_the_example_names_every_secret_of_the_stack() -> None:
    compose = yaml.safe_load((ANSIBLE.parents[1] / "compose/compose.yaml").read_text())
    example = yaml.safe_load((ANSIBLE / "inventory/example/group_vars/oms/vault.yml.example").read_text())
    assert set(compose["secrets"]) - set(example["vault_oms_stack_secret_files"]) == set()
