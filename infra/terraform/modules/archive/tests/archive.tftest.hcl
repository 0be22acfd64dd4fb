mock_provider "azurerm" {}

variables {
  account_name        = "stomsproda1b2"
  resource_group_name = "rg-oms-prod"
  location            = "westeurope"
}

run "ten_years_unlocked_by_default" {
  command = plan
  assert {
    condition     = azurerm_storage_account.archive.immutability_policy[0].period_since_creation_in_days == 3653
    error_message = "the period is ${azurerm_storage_account.archive.immutability_policy[0].period_since_creation_in_days} days"
  }
  assert {
    condition     = azurerm_storage_account.archive.immutability_policy[0].state == "Unlocked"
    error_message = "an account may only start Unlocked"
  }
  assert {
    condition     = azurerm_storage_account.archive.blob_properties[0].versioning_enabled && !azurerm_storage_account.archive.is_hns_enabled
    error_message = "version-level immutability needs versioning and no hierarchical namespace"
  }
  assert {
    condition     = !azurerm_storage_account.archive.shared_access_key_enabled && !azurerm_storage_account.archive.allow_nested_items_to_be_public
    error_message = "the account has a shared key or public blobs"
  }
  assert {
    condition     = azurerm_storage_account.archive.network_rules[0].default_action == "Deny"
    error_message = "the account is open to every address"
  }
  assert {
    condition     = azurerm_storage_account.archive.account_replication_type == "GRS"
    error_message = "the redundancy is ${azurerm_storage_account.archive.account_replication_type}"
  }
}

run "tiers_in_order_and_deletion_after_the_period" {
  command = plan
  assert {
    condition = alltrue([
      for rule in azurerm_storage_management_policy.archive.rule :
      rule.actions[0].base_blob[0].tier_to_cool_after_days_since_creation_greater_than == 30
      && rule.actions[0].base_blob[0].tier_to_cold_after_days_since_creation_greater_than == 90
      && rule.actions[0].base_blob[0].tier_to_archive_after_days_since_creation_greater_than == 180
      && rule.actions[0].base_blob[0].delete_after_days_since_creation_greater_than > 3653
      && rule.actions[0].version[0].delete_after_days_since_creation > 3653
    ])
    error_message = "the tiers are not 30, 90 and 180 days, or something is deleted within the period"
  }
  assert {
    condition     = azurerm_storage_management_policy.archive.rule[0].filters[0].prefix_match == toset(["order-events/"])
    error_message = "the rule is not held to the container"
  }
}

run "locked_when_confirmed" {
  command = plan
  variables {
    lock = {
      locked               = true
      confirm_account_name = "stomsproda1b2"
    }
  }
  assert {
    condition     = azurerm_storage_account.archive.immutability_policy[0].state == "Locked"
    error_message = "a confirmed lock is not planned"
  }
}

run "trial_period" {
  command = plan
  variables {
    trial_retention_days = 1
  }
  assert {
    condition     = output.immutability.days == 1 && !output.immutability.locked
    error_message = "the trial period is not used"
  }
}
