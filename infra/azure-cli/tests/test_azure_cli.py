"""The Azure CLI scripts against an az that keeps a small Azure in a file and records what it is called with."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest

import bounded

SCRIPTS = Path(__file__).parents[1]
SUBSCRIPTION = "11111111-2222-4333-8444-555555555555"
COMMON = ["--subscription", SUBSCRIPTION, "--environment", "prod", "--suffix", "a1b2"]
ARCHIVE = "stomsproda1b2"
RESOURCES = [
    ["Microsoft.Storage/storageAccounts", "/g/stomsproda1b2"],
    ["Microsoft.EventHub/namespaces", "/g/evhns-oms-prod-a1b2"],
    ["Microsoft.Insights/metricalerts", "/g/orders-throttled"],
    ["Microsoft.Insights/actiongroups", "/g/ag-oms-prod"],
    ["Microsoft.OperationalInsights/workspaces", "/g/log-oms-prod"],
    ["Microsoft.ManagedIdentity/userAssignedIdentities", "/g/id-oms-prod-capture"],
    ["Microsoft.Network/privateEndpoints", "/g/made-by-hand"],
]


class Azure:
    """The folder of the stand-in: its state before and after, and the calls it got."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "bin").mkdir()
        shutil.copy(SCRIPTS / "tests/fake_az.py", folder / "bin/az")
        self.write(
            account={"state": "Enabled", "name": "Shop"},
            regions=["westeurope", "northeurope"],
            providers={"Microsoft.Storage": "Registered"},
            groups={},
            accounts=[],
            taken=[],
            containers=[],
            applications={},
            principals=[],
            roles=[],
            archive={"state": "Unlocked", "immutabilityPeriodSinceCreationInDays": 3653},
            blobs=["evhns-oms-prod-a1b2/orders/2026/12/01/0-10-05-00.avro"],
            looks=0,
            captured_after=0,
            captures=True,
            resources=RESOURCES,
            fail={},
        )

    def write(self, **changes: object) -> None:
        path = self.folder / "state.json"
        state = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps({**state, **changes}))

    @property
    def state(self) -> dict:
        return json.loads((self.folder / "state.json").read_text())

    def calls(self) -> list[tuple[str, dict]]:
        path = self.folder / "calls.jsonl"
        return [tuple(json.loads(line)) for line in path.read_text().splitlines()] if path.exists() else []

    def changes(self) -> list[str]:
        return [command for command, _ in self.calls() if re.search(r"create|update|delete|register$|rest", command)]

    def run(self, script: str, *arguments: str, code: int = 0) -> str:
        (self.folder / "calls.jsonl").unlink(missing_ok=True)
        done = bounded.run(
            ["bash", SCRIPTS / script, *arguments],
            env={**os.environ, "PATH": f"{self.folder}/bin:{os.environ['PATH']}", "FAKE_AZ": str(self.folder)},
        )
        output = done.stdout + done.stderr
        assert done.returncode == code, output
        return output


@pytest.fixture
def azure(tmp_path: Path) -> Azure:
    return Azure(tmp_path)


def test_bootstrap_makes_everything_and_a_second_run_changes_nothing(azure: Azure) -> None:
    output = azure.run("bootstrap", *COMMON)
    state = azure.state
    assert state["groups"] == {"rg-oms-prod": "westeurope", "rg-oms-prod-state": "westeurope"}
    assert state["accounts"] == ["stomsprodstatea1b2"] and state["containers"] == ["tfstate"]
    assert set(state["providers"].values()) == {"Registered"} and len(state["providers"]) == 6
    assert [role for _, role, _ in state["roles"]] == [
        "Contributor",
        "Role Based Access Control Administrator",
        "Storage Blob Data Contributor",
    ]
    assert "-backend-config=storage_account_name=stomsprodstatea1b2" in output
    azure.run("bootstrap", *COMMON)
    assert azure.changes() == []


def test_bootstrap_names_its_subscription_in_every_call_that_has_one(azure: Azure) -> None:
    azure.run("bootstrap", *COMMON)
    without = {command for command, options in azure.calls() if options.get("--subscription") != SUBSCRIPTION}
    # The regions, the directory and the check of a globally unique name belong to no subscription.
    assert without == {"account list-locations", "storage account check-name", "ad app list", "ad app create", "ad sp list", "ad sp create"}


def test_bootstrap_makes_accounts_without_keys_and_a_deployer_that_cannot_make_owners(azure: Azure) -> None:
    azure.run("bootstrap", *COMMON)
    calls = dict(azure.calls())
    assert calls["storage account create"]["--allow-shared-key-access"] == "false"
    assert calls["storage account create"]["--allow-blob-public-access"] == "false"
    conditions = [
        options["--condition"]
        for command, options in azure.calls()
        if command == "role assignment create" and options["--role"].startswith("Role Based")
    ]
    assert len(conditions) == 1
    # Owner is 8e3af657-a8ff-443c-a75c-2fe8c4bcb635; only the four roles of modules/identity may be handed out.
    assert len(set(re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", conditions[0]))) == 4
    assert "8e3af657" not in conditions[0]


def test_bootstrap_what_if_changes_nothing_and_tells_all(azure: Azure) -> None:
    before = azure.state
    output = azure.run("bootstrap", *COMMON, "--what-if")
    assert azure.changes() == [] and azure.state == before
    for told in ("resource group `rg-oms-prod`", "storage account `stomsprodstatea1b2`", "application `oms-prod-deployer`", "nothing was changed"):
        assert told in output


def test_bootstrap_continues_where_it_stopped(azure: Azure) -> None:
    azure.write(fail={"storage container-rm create": "(AuthorizationFailed) The client does not have authorization"})
    output = azure.run("bootstrap", *COMMON, code=1)
    assert "the rights are missing" in output and azure.state["accounts"] == ["stomsprodstatea1b2"]
    azure.write(fail={})
    azure.run("bootstrap", *COMMON)
    assert "storage account create" not in azure.changes() and "storage container-rm create" in azure.changes()


@pytest.mark.parametrize(
    ("command", "text", "told"),
    [
        ("account show", "Please run 'az login' to setup account.", "nobody is logged in"),
        ("account show", "(SubscriptionNotFound) The subscription could not be found.", "does not see the subscription"),
        ("provider register", "(AuthorizationFailed) no authorization to perform action", "the rights are missing"),
        ("storage account create", "(StorageAccountAlreadyTaken) The storage account named x is already taken.", "name is taken"),
        ("storage account create", "(QuotaExceeded) maximum number of storage accounts", "a quota is used up"),
        ("group create", "(LocationNotAvailableForResourceType) not available", "the region does not offer it"),
        ("ad app create", "Insufficient privileges to complete the operation.", "the rights are missing"),
    ],
)
def test_bootstrap_explains_what_az_refuses(azure: Azure, command: str, text: str, told: str) -> None:
    azure.write(fail={command: text})
    output = azure.run("bootstrap", *COMMON, code=1)
    assert told in output and "\nhint: " in output


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"account": {"state": "Disabled", "name": "Shop"}}, "is Disabled, not Enabled"),
        ({"taken": ["stomsprodstatea1b2"]}, "the name is taken by somebody else"),
        ({"groups": {"rg-oms-prod": "eastus"}}, "is in eastus, not in westeurope"),
        ({"regions": ["eastus"]}, "no region named `westeurope`"),
    ],
)
def test_bootstrap_refuses_before_it_changes(azure: Azure, state: dict, told: str) -> None:
    azure.write(**state)
    assert told in azure.run("bootstrap", *COMMON, code=1)
    assert "storage account create" not in azure.changes()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--subscription", "Shop", "--environment", "dev", "--suffix", "a1b2"], "must be a subscription's id"),
        (["--subscription", SUBSCRIPTION, "--environment", "test", "--suffix", "a1b2"], "must be `dev` or `prod`"),
        (["--subscription", SUBSCRIPTION, "--environment", "dev", "--suffix", "A"], "3 to 8 lower-case"),
        ([*COMMON, "--force"], "no option named `--force`"),
        ([*COMMON, "--subscription"], "needs a value"),
    ],
)
@pytest.mark.parametrize("script", ["bootstrap", "lock-archive", "smoke", "teardown"])
def test_bad_options_reach_no_azure(azure: Azure, script: str, arguments: list[str], told: str) -> None:
    assert told in azure.run(script, *arguments, code=1)
    assert azure.calls() == []


def test_lock_needs_the_name_and_locks_once(azure: Azure) -> None:
    assert "it can never be undone" in azure.run("lock-archive", *COMMON, code=1)
    assert "it can never be undone" in azure.run("lock-archive", *COMMON, "--confirm", "stomsdeva1b2", code=1)
    assert azure.state["archive"]["state"] == "Unlocked"
    azure.run("lock-archive", *COMMON, "--confirm", ARCHIVE, "--what-if")
    assert azure.state["archive"]["state"] == "Unlocked"
    assert f'confirm_account_name = "{ARCHIVE}"' in azure.run("lock-archive", *COMMON, "--confirm", ARCHIVE)
    assert azure.state["archive"] == {"state": "Locked", "immutabilityPeriodSinceCreationInDays": 3653}
    assert "is locked already" in azure.run("lock-archive", *COMMON, "--confirm", ARCHIVE)
    assert azure.changes() == []


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ({"archive": {"state": "Unlocked", "immutabilityPeriodSinceCreationInDays": 3650}}, "ten years have 3653"),
        ({"archive": {"state": "Disabled", "immutabilityPeriodSinceCreationInDays": 3653}}, "not Unlocked"),
        ({"archive": {}}, "`absent`, not Unlocked"),
        ({"blobs": []}, "Capture has not written a file yet"),
    ],
)
def test_lock_refuses_what_is_not_proved(azure: Azure, state: dict, told: str) -> None:
    azure.write(**state)
    assert told in azure.run("lock-archive", *COMMON, "--confirm", ARCHIVE, code=1)
    assert azure.changes() == []


def test_extend_only_ever_grows(azure: Azure) -> None:
    azure.write(archive={"state": "Locked", "immutabilityPeriodSinceCreationInDays": 3653})
    assert "refused to shorten" in azure.run("extend-retention", *COMMON, "--days", "3652", code=1)
    assert "must be a whole number" in azure.run("extend-retention", *COMMON, "--days", "ten", code=1)
    assert "must be a whole number" in azure.run("extend-retention", *COMMON, "--days", "146001", code=1)
    assert azure.state["archive"]["immutabilityPeriodSinceCreationInDays"] == 3653
    assert "retention_days = 4018" in azure.run("extend-retention", *COMMON, "--days", "4018")
    assert azure.state["archive"] == {"state": "Locked", "immutabilityPeriodSinceCreationInDays": 4018}
    azure.run("extend-retention", *COMMON, "--days", "4018")
    assert azure.changes() == []


def test_smoke_sends_one_event_and_finds_it_in_the_archive(azure: Azure) -> None:
    azure.write(captured_after=2)
    output = azure.run("smoke", *COMMON, "--pause", "0", "--tries", "5")
    sent = azure.state["sent"]
    assert sent["specversion"] == "1.0" and sent["type"] == "oms.smoke"
    assert f"read the event {sent['id']}" in output and output.count("not captured yet") == 2
    assert [command for command, _ in azure.calls()].count("rest") == 1


def test_smoke_fails_when_the_event_does_not_come(azure: Azure) -> None:
    azure.write(captures=False)
    output = azure.run("smoke", *COMMON, "--pause", "0", "--tries", "3", code=1)
    assert "is in no captured file after 3 looks" in output and "ArchiveLogs" in output
    # A file that was read is not read again.
    assert [command for command, _ in azure.calls()].count("storage blob download") == 1


def test_teardown_refuses_the_archive(azure: Azure) -> None:
    assert "refused to take down" in azure.run("teardown", *COMMON, code=1)
    azure.run("teardown", *COMMON, "--confirm", "rg-oms-prod", "--what-if")
    assert azure.state["resources"] == RESOURCES
    output = azure.run("teardown", *COMMON, "--confirm", "rg-oms-prod")
    assert [identity for _, identity in azure.state["resources"]] == ["/g/stomsproda1b2", "/g/made-by-hand"]
    assert "stomsproda1b2 (Microsoft.Storage/storageAccounts)" in output and "stomsprodstatea1b2 (the state" in output
    deleted = [options["--ids"] for command, options in azure.calls() if command == "resource delete"]
    assert deleted[0] == "/g/orders-throttled" and deleted[-1] == "/g/log-oms-prod"
    azure.run("teardown", *COMMON, "--confirm", "rg-oms-prod")
    assert azure.changes() == []


def test_a_machine_without_az(azure: Azure) -> None:
    (azure.folder / "bin/az").unlink()
    for program in ("bash", "dirname", "tr", "sed", "cut", "mktemp", "rm", "grep"):
        (azure.folder / "bin" / program).symlink_to(shutil.which(program))
    done = bounded.run([shutil.which("bash"), SCRIPTS / "bootstrap", *COMMON], env={"PATH": f"{azure.folder}/bin"})
    assert done.returncode == 1 and "az is not on PATH\nhint: install it" in done.stderr


def test_every_option_exists_in_the_real_azure_cli(azure: Azure, tmp_path: Path) -> None:
    real = shutil.which("az")
    if real is None:
        pytest.skip("not run: az is not on PATH, so the options could not be compared with the real program's help")
    used: dict[str, set] = {}
    for arguments in (
        ["bootstrap", *COMMON, "--grant-caller"],
        ["smoke", *COMMON, "--pause", "0"],
        ["extend-retention", *COMMON, "--days", "3700"],
        ["lock-archive", *COMMON, "--confirm", ARCHIVE],
        ["teardown", *COMMON, "--confirm", "rg-oms-prod"],
    ):
        azure.run(*arguments)
        for command, options in azure.calls():
            used.setdefault(command, set()).update(options)
    missing = []
    for command, options in used.items():
        text = bounded.run(
            [real, *command.split(), "--help"],
            env={**os.environ, "AZURE_CONFIG_DIR": str(tmp_path / "config"), "AZURE_CORE_COLLECT_TELEMETRY": "no"},
        ).stdout
        offered = set(re.findall(r"--[a-z][a-z0-9-]+", text))
        missing += [f"{command} {option}" for option in sorted(options) if option not in offered]
    assert missing == []


def test_shellcheck() -> None:
    program = shutil.which("shellcheck")
    assert program, "shellcheck is among the pinned requirements"
    scripts = [name for name in ("lib.sh", "bootstrap", "lock-archive", "extend-retention", "smoke", "teardown")]
    done = bounded.run([program, "-x", *(f"infra/azure-cli/{name}" for name in scripts)], cwd=SCRIPTS.parents[1])
    assert done.returncode == 0, done.stdout
