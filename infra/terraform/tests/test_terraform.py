"""Runs the real terraform over the configuration: format, validation, mocked tests, and what needs no provider for real.

Where the provider can be downloaded, it is used. Elsewhere terraform is given the recorded schema of the provider
(schema_provider.py): its type checks, its graph and the mocked tests are the same, but the provider's own value checks
are not made, which a skipped test says.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import bounded

ROOT = Path(__file__).parents[1]
MODULES = ["archive", "budget", "capacity", "checkpoints", "event-stream", "identity", "naming", "observability"]
FOLDERS = [".", *(f"modules/{module}" for module in MODULES)]

# No question is asked, nothing is told to its makers, and a registry that does not answer is given up.
QUIET = {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1", "TF_REGISTRY_CLIENT_TIMEOUT": "15", "TF_REGISTRY_DISCOVERY_RETRY": "0"}

needs_terraform = pytest.mark.skipif(
    shutil.which("terraform") is None,
    reason="not run: terraform is not on PATH (the schema test, which needs none, ran)",
)


def terraform(folder: Path, *arguments: str, environment: "dict | None" = None, succeeds: bool = True) -> str:
    """Runs terraform in a folder and gives its whole output; fails the test when the exit code is not what is expected."""
    done = bounded.run(["terraform", *arguments], cwd=folder, env={**os.environ, **QUIET, **(environment or {})})
    output = done.stdout + done.stderr
    assert (done.returncode == 0) == succeeds, output
    return output


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the configuration, so that no state or lock file lands in the repository."""
    folder = tmp_path_factory.mktemp("terraform") / "terraform"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".terraform", "*.tfstate*", "__pycache__"))
    return folder


@pytest.fixture(scope="session")
def reachable(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> bool:
    """Whether the real provider can be downloaded."""
    probe = tmp_path_factory.mktemp("probe")
    shutil.copy(copy / "modules/budget/versions.tf", probe)
    done = bounded.run(["timeout", "--kill-after=5", "90", "terraform", "init", "-input=false"], cwd=probe, env={**os.environ, **QUIET})
    return done.returncode == 0


@pytest.fixture(scope="session")
def provider(reachable: bool):
    """The environment in which terraform finds the provider: the real one, or the recorded schema."""
    if reachable:
        yield {}
        return
    process = bounded.start([sys.executable, ROOT / "tests/schema_provider.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield {"TF_REATTACH_PROVIDERS": process.stdout.readline().strip()}
    finally:
        process.stdin.close()
        bounded.end(process)


@pytest.fixture(scope="session")
def initialised(copy: Path, provider: dict) -> Path:
    for folder in FOLDERS:
        terraform(copy / folder, "init", "-backend=false", "-input=false", "-no-color", environment=provider)
    return copy


@needs_terraform
def test_the_real_provider_is_used(reachable: bool) -> None:
    if not reachable:
        pytest.skip("not run: provider unreachable; terraform used the recorded schema of azurerm 5.2.0 in its place")


@needs_terraform
def test_format() -> None:
    assert terraform(ROOT, "fmt", "-check", "-recursive", "-no-color").strip() in ("", config_warning())


def config_warning() -> str:
    """What terraform says of its own settings, where it says something."""
    return bounded.run(["terraform", "version"], env={**os.environ, **QUIET}).stderr.strip()


@needs_terraform
@pytest.mark.parametrize("folder", FOLDERS)
def test_validate(initialised: Path, provider: dict, folder: str) -> None:
    report = json.loads(
        re.search(r"^\{.*^\}", terraform(initialised / folder, "validate", "-json", environment=provider), re.S | re.M)[0]
    )
    assert report["valid"]
    # Warnings are deprecations and the like.
    assert report["diagnostics"] == []


@needs_terraform
@pytest.mark.parametrize("folder", FOLDERS)
def test_mocked_tests(initialised: Path, provider: dict, folder: str) -> None:
    output = terraform(initialised / folder, "test", "-no-color", environment=provider)
    counted = re.search(r"^Success! (\d+) passed, 0 failed\.", output, re.M)
    runs = sum(
        len(re.findall(r"^run ", path.read_text(), re.M)) for path in (initialised / folder / "tests").glob("*.tftest.hcl")
    )
    assert counted and int(counted[1]) == runs > 0, output


@needs_terraform
@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_environment_can_be_planned(initialised: Path, provider: dict, tmp_path: Path, environment: str) -> None:
    folder = tmp_path / "terraform"
    shutil.copytree(initialised, folder, symlinks=True)
    mocks = (folder / "tests/root.tftest.hcl").read_text().split("\nvariables {")[0]
    for path in (folder / "tests").glob("*.tftest.hcl"):
        path.unlink()
    (folder / "tests/environment.tftest.hcl").write_text(
        mocks
        + '\nvariables {\n  subscription_id = "11111111-2222-4333-8444-555555555555"\n  suffix = "a1b2"\n}\n'
        + '\nrun "plan" {\n  command = plan\n  assert {\n    condition     = output.environment == "'
        + environment
        + '"\n    error_message = output.environment\n  }\n}\n'
    )
    output = terraform(folder, "test", "-no-color", f"-var-file=environments/{environment}.tfvars", environment=provider)
    assert "Success! 1 passed, 0 failed." in output


@needs_terraform
def test_the_archive_refuses_to_be_destroyed(initialised: Path, provider: dict, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    shutil.copytree(initialised / "modules/archive", folder, symlinks=True)
    for path in (folder / "tests").glob("*.tftest.hcl"):
        path.unlink()
    (folder / "tests/destroy.tftest.hcl").write_text(
        'mock_provider "azurerm" {}\nvariables {\n  account_name = "stomsproda1b2"\n  resource_group_name = "rg"\n'
        '  location = "westeurope"\n}\nrun "applied_and_then_destroyed" {\n  command = apply\n}\n'
    )
    output = terraform(folder, "test", "-no-color", environment=provider, succeeds=False)
    assert "1 passed, 0 failed" in output
    assert "has lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed" in " ".join(output.split())


@needs_terraform
@pytest.mark.parametrize(
    ("module", "before", "after", "problem"),
    [
        ("event-stream", "partition_count = var.partition_count", "partitions = 4", "Unsupported argument"),
        ("event-stream", "namespace_id    = azurerm_eventhub_namespace.stream.id", "", "Missing required argument"),
        ("archive", "versioning_enabled       = true", 'versioning_enabled = "often"', "Incorrect attribute value type"),
        ("budget", "time_period {", "period {", "Unsupported block type"),
    ],
)
def test_validation_finds_what_is_wrong(
    initialised: Path, provider: dict, tmp_path: Path, module: str, before: str, after: str, problem: str
) -> None:
    folder = tmp_path / module
    shutil.copytree(initialised / "modules" / module, folder, symlinks=True)
    changed = 0
    for path in folder.glob("*.tf"):
        text = path.read_text()
        changed += text.count(before)
        path.write_text(text.replace(before, after))
    assert changed == 1
    assert problem in terraform(folder, "validate", "-no-color", environment=provider, succeeds=False)


@needs_terraform
def test_modules_without_a_provider_are_applied_for_real(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "modules", tmp_path / "modules", ignore=shutil.ignore_patterns(".terraform"))
    (tmp_path / "main.tf").write_text(
        'module "naming" {\n  source = "./modules/naming"\n  environment = "prod"\n  suffix = "a1b2"\n}\n'
        'module "capacity" {\n  source = "./modules/capacity"\n  peak_events_per_second = 900\n}\n'
        "resource \"terraform_data\" \"names\" {\n  input = module.naming\n}\n"
        'output "partitions" {\n  value = module.capacity.partition_count\n}\n'
    )
    terraform(tmp_path, "init", "-input=false", "-no-color")
    terraform(tmp_path, "plan", "-input=false", "-no-color", "-out=saved.tfplan")
    assert "1 added" in terraform(tmp_path, "apply", "-input=false", "-no-color", "saved.tfplan")
    state = json.loads((tmp_path / "terraform.tfstate").read_text())
    assert state["outputs"]["partitions"]["value"] == 32
    assert state["resources"][0]["instances"][0]["attributes"]["input"]["value"]["archive_account"] == "stomsproda1b2"
    assert "No changes." in terraform(tmp_path, "plan", "-input=false", "-no-color")
    assert "1 destroyed" in terraform(tmp_path, "destroy", "-auto-approve", "-input=false", "-no-color")


def test_no_secret_is_an_output() -> None:
    text = (ROOT / "outputs.tf").read_text()
    assert not re.search(r"connection_string|primary_key|secondary_key|access_key", text)


@pytest.mark.parametrize(
    ("program", "arguments"),
    [("tofu", ["fmt", "-check", "-recursive"]), ("tflint", ["--recursive", "--no-color"])],
)
def test_other_programs_agree(copy: Path, program: str, arguments: list[str]) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"not run: {program} is not on PATH, and no package registry has it")
    done = bounded.run([program, *arguments], cwd=copy, env={**os.environ, **QUIET})
    assert done.returncode == 0, done.stdout + done.stderr


def test_opentofu_runs_the_mocked_tests(copy: Path, provider: dict) -> None:
    if shutil.which("tofu") is None:
        pytest.skip("not run: tofu is not on PATH, and no package registry has it")
    for arguments in (["init", "-backend=false", "-input=false"], ["validate"], ["test"]):
        done = bounded.run(["tofu", *arguments], cwd=copy, env={**os.environ, **QUIET, **provider})
        assert done.returncode == 0, done.stdout + done.stderr
