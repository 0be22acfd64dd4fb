# The hub of the order events, who reads it, and Capture, which writes every event to the archive.

resource "azurerm_eventhub" "orders" {
  name            = var.hub_name
  namespace_id    = azurerm_eventhub_namespace.stream.id
  partition_count = var.partition_count

  retention_description {
    cleanup_policy          = "Delete"
    retention_time_in_hours = var.retention_days * 24
  }

  capture_description {
    enabled             = true
    encoding            = var.capture.encoding
    interval_in_seconds = var.capture.interval_in_seconds
    size_limit_in_bytes = var.capture.size_limit_in_bytes
    skip_empty_archives = var.capture.skip_empty_archives

    destination {
      name                        = "EventHubArchive.AzureBlockBlob"
      archive_name_format         = var.capture.name_format
      blob_container_name         = var.capture.container_name
      storage_account_id          = var.capture.storage_account_id
      storage_authentication_type = "UserAssigned"
      storage_authentication_id   = var.capture.identity_id
    }
  }

  lifecycle {
    # Reading role_assignment_id makes the hub wait until Capture may write: without the grant its creation fails.
    precondition {
      condition     = var.capture.role_assignment_id != ""
      error_message = "the identity of Capture has no grant on the archive."
    }
  }
}

resource "azurerm_eventhub_consumer_group" "reader" {
  for_each = var.consumer_groups

  name                = each.key
  namespace_name      = azurerm_eventhub_namespace.stream.name
  eventhub_name       = azurerm_eventhub.orders.name
  resource_group_name = var.resource_group_name
}

resource "azurerm_eventhub_namespace_schema_group" "orders" {
  name                 = var.schema_group.name
  namespace_id         = azurerm_eventhub_namespace.stream.id
  schema_type          = var.schema_group.type
  schema_compatibility = var.schema_group.compatibility
}
