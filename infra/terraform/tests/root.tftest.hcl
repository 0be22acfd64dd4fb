# The whole graph, with answers in place of Azure's: that the parts fit, that nothing waits for itself, and that what
# Ansible reads is there. Only planned: what is applied is destroyed after a test, which the archive refuses
# (test_terraform.py proves that it does).

mock_provider "azurerm" {
  mock_resource "azurerm_storage_account" {
    defaults = {
      id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdeva1b2"
    }
  }
  mock_resource "azurerm_storage_container" {
    defaults = {
      id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdeva1b2/blobServices/default/containers/order-events"
    }
  }
  mock_resource "azurerm_user_assigned_identity" {
    defaults = {
      id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-oms-dev-capture"
    }
  }
  mock_resource "azurerm_eventhub_namespace" {
    defaults = {
      id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.EventHub/namespaces/evhns-oms-dev-a1b2"
    }
  }
  mock_resource "azurerm_eventhub" {
    defaults = {
      id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.EventHub/namespaces/evhns-oms-dev-a1b2/eventhubs/orders"
    }
  }
  mock_resource "azurerm_eventhub_consumer_group" {
    defaults = {
      id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.EventHub/namespaces/evhns-oms-dev-a1b2/eventhubs/orders/consumergroups/processor"
    }
  }
  mock_resource "azurerm_monitor_action_group" {
    defaults = {
      id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Insights/actionGroups/ag-oms-dev"
    }
  }
}

variables {
  subscription_id = "11111111-2222-4333-8444-555555555555"
  environment     = "dev"
  suffix          = "a1b2"
  alert_emails    = ["oncall@example.com"]
  budget = {
    amount     = 60
    start_date = "2026-12-01T00:00:00Z"
  }
}

run "everything_in_dev" {
  command = plan
  variables {
    load = {
      peak_events_per_second = 50
      growth_factor          = 2
    }
    archive = {
      replication_type     = "LRS"
      trial_retention_days = 1
    }
    on_prem_ip_ranges = ["203.0.113.10/32", "198.51.100.0/24"]
    principals = {
      intake    = "aaaaaaaa-0000-4000-8000-000000000001"
      processor = "aaaaaaaa-0000-4000-8000-000000000002"
      agent     = "aaaaaaaa-0000-4000-8000-000000000003"
      deployer  = "aaaaaaaa-0000-4000-8000-000000000004"
    }
  }
  assert {
    condition     = output.eventhub_fully_qualified_namespace == "evhns-oms-dev-a1b2.servicebus.windows.net"
    error_message = output.eventhub_fully_qualified_namespace
  }
  assert {
    condition     = output.eventhub_name == "orders" && output.eventhub_consumer_group == "processor" && output.eventhub_partition_count == 4
    error_message = "the hub is ${output.eventhub_name} with ${output.eventhub_partition_count} partitions"
  }
  assert {
    condition     = output.archive_immutability.days == 1 && !output.archive_immutability.locked
    error_message = "the trial period did not reach the archive"
  }
  assert {
    condition     = join(" ", keys(output.roles)) == "agent capture deployer intake processor processor_checkpoints"
    error_message = "roles: ${join(" ", keys(output.roles))}"
  }
  assert {
    condition     = output.checkpoint_container_url == "https://stomsdevcpa1b2.blob.core.windows.net/checkpoints"
    error_message = output.checkpoint_container_url
  }
  assert {
    condition     = output.resource_group_name == "rg-oms-dev"
    error_message = output.resource_group_name
  }
}

run "prod_keeps_ten_years" {
  command = plan
  variables {
    environment = "prod"
  }
  assert {
    condition     = output.archive_immutability.days == 3653 && !output.archive_immutability.locked
    error_message = "prod keeps ${output.archive_immutability.days} days"
  }
  assert {
    condition     = output.eventhub_fully_qualified_namespace == "evhns-oms-prod-a1b2.servicebus.windows.net"
    error_message = output.eventhub_fully_qualified_namespace
  }
}
