# Where the processors keep what they have read and which partitions they own. An account of its own: the archive's
# immutability lets no blob be written twice, and a checkpoint is nothing but a blob that is written again and again.
# What is here can be made anew: without it the processors read the hub from its oldest event, and the database takes
# each event once. So it is cheap, has no versions, no soft delete (each would keep every checkpoint ever written) and no
# prevent_destroy.

resource "azurerm_storage_account" "checkpoints" {
  #checkov:skip=CKV_AZURE_36:no service of Azure writes here, so none is let past the rules
  #checkov:skip=CKV2_AZURE_38:soft delete would keep every checkpoint ever written; what is lost is made anew
  name                = var.account_name
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags

  account_kind             = "StorageV2"
  account_tier             = "Standard"
  account_replication_type = var.replication_type
  access_tier              = "Hot"
  # The checkpoint store wants flat blobs.
  is_hns_enabled = false

  https_traffic_only_enabled       = true
  min_tls_version                  = "TLS1_2"
  shared_access_key_enabled        = false
  default_to_oauth_authentication  = true
  local_user_enabled               = false
  allow_nested_items_to_be_public  = false
  cross_tenant_replication_enabled = false
  allowed_copy_scope               = "AAD"

  blob_properties {
    versioning_enabled       = false
    change_feed_enabled      = false
    last_access_time_enabled = false
  }

  # Only the on-prem hosts: no service of Azure writes here, so none is trusted with it.
  network_rules {
    default_action = "Deny"
    bypass         = ["Logging", "Metrics"]
    ip_rules       = var.allowed_ip_ranges
  }
}

resource "azurerm_storage_container" "checkpoints" {
  name                  = var.container_name
  storage_account_id    = azurerm_storage_account.checkpoints.id
  container_access_type = "private"
}
