# Cheaper tiers with age: a tier may change while a file is protected. Deletion stands beyond the period, and is not
# to be relied upon: Microsoft documents that lifecycle deletion does not work in immutable containers, and does not
# say whether it starts once a file is free. An account has one policy, read and written whole: all rules stand here.

resource "azurerm_storage_management_policy" "archive" {
  storage_account_id = azurerm_storage_account.archive.id

  rule {
    name    = "age-of-captured-files"
    enabled = true

    filters {
      blob_types   = ["blockBlob"]
      prefix_match = ["${azurerm_storage_container.events.name}/"]
    }

    actions {
      base_blob {
        tier_to_cool_after_days_since_creation_greater_than    = var.tiers.cool_after_days
        tier_to_cold_after_days_since_creation_greater_than    = var.tiers.cold_after_days
        tier_to_archive_after_days_since_creation_greater_than = var.tiers.archive_after_days
        delete_after_days_since_creation_greater_than          = var.tiers.delete_after_days
      }
      # A current blob is not deleted while it has versions.
      version {
        change_tier_to_cool_after_days_since_creation       = var.tiers.cool_after_days
        tier_to_cold_after_days_since_creation_greater_than = var.tiers.cold_after_days
        change_tier_to_archive_after_days_since_creation    = var.tiers.archive_after_days
        delete_after_days_since_creation                    = var.tiers.delete_after_days
      }
    }
  }
}
