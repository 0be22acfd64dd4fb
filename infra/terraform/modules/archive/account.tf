# The storage account that keeps every order event for ten years. Its immutability is that of the account, at version
# level: README.md tells the three patterns and why this one is built.

locals {
  period_days = coalesce(var.trial_retention_days, var.retention_days)
}

resource "azurerm_storage_account" "archive" {
  name                = var.account_name
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags

  account_kind             = "StorageV2"
  account_tier             = "Standard"
  account_replication_type = var.replication_type
  access_tier              = "Hot"
  # Version-level immutability and a hierarchical namespace exclude each other.
  is_hns_enabled = false

  https_traffic_only_enabled        = true
  min_tls_version                   = "TLS1_2"
  shared_access_key_enabled         = false
  default_to_oauth_authentication   = true
  local_user_enabled                = false
  allow_nested_items_to_be_public   = false
  cross_tenant_replication_enabled  = false
  allowed_copy_scope                = "AAD"
  infrastructure_encryption_enabled = true

  blob_properties {
    versioning_enabled       = true
    change_feed_enabled      = true
    last_access_time_enabled = false

    delete_retention_policy {
      days = var.soft_delete_days
    }
    container_delete_retention_policy {
      days = var.soft_delete_days
    }
  }

  immutability_policy {
    state                         = var.lock.locked ? "Locked" : "Unlocked"
    period_since_creation_in_days = local.period_days
    allow_protected_append_writes = false
  }

  # Capture comes as a trusted service, with the identity that identity/ gives it.
  network_rules {
    default_action = "Deny"
    bypass         = ["AzureServices", "Logging", "Metrics"]
    ip_rules       = var.allowed_ip_ranges
  }

  lifecycle {
    # Ten years of orders: taking the archive down is never a side effect of a plan.
    prevent_destroy = true
  }
}

resource "azurerm_storage_container" "events" {
  name                  = var.container_name
  storage_account_id    = azurerm_storage_account.archive.id
  container_access_type = "private"

  lifecycle {
    prevent_destroy = true
  }
}
