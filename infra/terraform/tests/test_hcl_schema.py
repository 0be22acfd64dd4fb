"""Every argument of the Terraform files exists in the provider, has its type, and none that is required is missing."""

from pathlib import Path

import pytest

import hcl_schema

ROOT = Path(__file__).parents[1]
WITH_RESOURCES = {"event-stream": 4, "archive": 3, "identity": 4, "observability": 5, "budget": 1, "checkpoints": 3}


@pytest.mark.parametrize("module", sorted(WITH_RESOURCES))
def test_module_fits_the_recorded_schema(module: str) -> None:
    problems, seen = hcl_schema.check_folder(ROOT / "modules" / module)
    assert problems == []
    assert seen == WITH_RESOURCES[module]


def check(tmp_path: Path, hcl: str) -> list[str]:
    (tmp_path / "main.tf").write_text(hcl)
    return [problem.split(": ", 2)[2] for problem in hcl_schema.check_folder(tmp_path)[0]]


GROUP = 'resource "azurerm_eventhub_consumer_group" "g" {\n'
GROUP_ARGUMENTS = 'name = "a"\nnamespace_name = "b"\neventhub_name = "c"\nresource_group_name = "d"\n'


@pytest.mark.parametrize(
    ("hcl", "problem"),
    [
        (GROUP + GROUP_ARGUMENTS + 'namespace_id = "x"\n}', "no argument named `namespace_id`"),
        (GROUP + GROUP_ARGUMENTS.replace('name = "a"\n', "", 1) + "}", "`name` is required"),
        (GROUP + GROUP_ARGUMENTS.replace('"a"', '["a"]') + "}", "`name` must be string, not list"),
        (GROUP + GROUP_ARGUMENTS + "capture {\n}\n}", "no block named `capture`"),
        (GROUP + GROUP_ARGUMENTS + "name2 = 1\n}", "no argument named `name2`"),
        (GROUP + GROUP_ARGUMENTS.replace('"a"', "var.n") + '}\nvariable "n" {\n type = set(string)\n}', "`name` must be string, not list"),
        (
            'resource "azurerm_eventhub" "h" {\nname = "a"\nnamespace_id = "b"\npartition_count = "four"\n}',
            "`partition_count` must be number, not string",
        ),
        (
            'resource "azurerm_eventhub" "h" {\nname = "a"\nnamespace_id = "b"\npartition_count = 4\npartition_ids = ["0"]\n}',
            "`partition_ids` is set by the provider only",
        ),
        (
            'resource "azurerm_eventhub" "h" {\nname = "a"\nnamespace_id = "b"\npartition_count = 4\ncapture_description {\nenabled = true\nencoding = "Avro"\n}\n}',
            "block `destination` is required",
        ),
        (
            'resource "azurerm_eventhub_namespace" "n" {\nname = "a"\nlocation = "b"\nresource_group_name = "c"\nsku = "Standard"\nzone_redundant = true\n}',
            "no argument named `zone_redundant`",
        ),
        (
            'resource "azurerm_eventhub_namespace" "n" {\nname = "a"\nlocation = "b"\nresource_group_name = "c"\nsku = "Standard"\nidentity {\ntype = "SystemAssigned"\n}\nidentity {\ntype = "SystemAssigned"\n}\n}',
            "block `identity` may stand 1 times, not 2",
        ),
        (
            'resource "azurerm_monitor_action_group" "a" {\nname = "a"\nresource_group_name = "b"\nshort_name = "c"\ndynamic "email_receiver" {\nfor_each = []\ncontent {\nname = "n"\n}\n}\n}',
            "`email_address` is required",
        ),
    ],
)
def test_what_does_not_fit_is_found(tmp_path: Path, hcl: str, problem: str) -> None:
    assert check(tmp_path, hcl) == [problem]


def test_a_resource_that_the_provider_has_not(tmp_path: Path) -> None:
    assert check(tmp_path, 'resource "azurerm_event_hub" "h" {\n}') == ["the provider's record has no `azurerm_event_hub`"]
