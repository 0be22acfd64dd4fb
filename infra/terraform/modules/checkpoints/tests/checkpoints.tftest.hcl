mock_provider "azurerm" {
  mock_resource "azurerm_storage_account" {
    defaults = {
      id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdevcpa1b2"
    }
  }
  mock_resource "azurerm_storage_container" {
    defaults = {
      id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdevcpa1b2/blobServices/default/containers/checkpoints"
    }
  }
}

variables {
  account_name         = "stomsdevcpa1b2"
  archive_account_name = "stomsdeva1b2"
  resource_group_name  = "rg-oms-dev"
  location             = "westeurope"
}

run "blobs_can_be_written_again" {
  command = apply
  assert {
    condition     = length(azurerm_storage_account.checkpoints.immutability_policy) == 0
    error_message = "a checkpoint could be written once only"
  }
  assert {
    condition     = !azurerm_storage_account.checkpoints.blob_properties[0].versioning_enabled && length(azurerm_storage_account.checkpoints.blob_properties[0].delete_retention_policy) == 0
    error_message = "every checkpoint ever written would be kept"
  }
}

run "closed_to_everybody_but_the_hosts" {
  command = apply
  variables {
    allowed_ip_ranges = ["203.0.113.10"]
  }
  assert {
    condition     = azurerm_storage_account.checkpoints.network_rules[0].default_action == "Deny" && azurerm_storage_account.checkpoints.network_rules[0].ip_rules == toset(["203.0.113.10"])
    error_message = "the account is open to others than the hosts"
  }
  assert {
    condition     = !contains(azurerm_storage_account.checkpoints.network_rules[0].bypass, "AzureServices")
    error_message = "services of Azure may pass by the rules"
  }
  assert {
    condition     = !azurerm_storage_account.checkpoints.shared_access_key_enabled && !azurerm_storage_account.checkpoints.allow_nested_items_to_be_public
    error_message = "the account has a shared key or public blobs"
  }
  assert {
    condition     = length(output.roles) == 0
    error_message = "somebody has a role that nobody named"
  }
}

run "the_processor_on_its_container_alone" {
  command = apply
  variables {
    processor_principal_id = "aaaaaaaa-0000-4000-8000-000000000002"
  }
  assert {
    condition     = output.roles.processor_checkpoints == { role = "Storage Blob Data Contributor", scope = azurerm_storage_container.checkpoints.id }
    error_message = "processor has ${jsonencode(output.roles)}"
  }
  assert {
    condition     = output.container_url == "https://stomsdevcpa1b2.blob.core.windows.net/checkpoints"
    error_message = output.container_url
  }
}
