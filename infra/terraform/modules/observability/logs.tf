# Where logs and metrics go. Platform metrics are kept 93 days by Azure and are what the agent queries; the workspace
# keeps the logs that explain them, and who touched the archive.

resource "azurerm_log_analytics_workspace" "logs" {
  name                = var.workspace_name
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags
  sku                 = "PerGB2018"
  retention_in_days   = var.log_retention_days
  daily_quota_gb      = var.daily_quota_gb
  # Only Entra identities: the workspace has a shared key otherwise.
  local_authentication_enabled = false
}

resource "azurerm_monitor_diagnostic_setting" "namespace" {
  name                       = "to-workspace"
  target_resource_id         = var.namespace_id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.logs.id

  # ArchiveLogs tell why Capture failed, OperationalLogs who changed what.
  enabled_log {
    category = "ArchiveLogs"
  }
  enabled_log {
    category = "OperationalLogs"
  }
  enabled_log {
    category = "AutoScaleLogs"
  }
  enabled_metric {
    category = "AllMetrics"
  }
}

resource "azurerm_monitor_diagnostic_setting" "archive" {
  name                       = "to-workspace"
  target_resource_id         = "${var.archive_account_id}/blobServices/default"
  log_analytics_workspace_id = azurerm_log_analytics_workspace.logs.id

  enabled_log {
    category = "StorageRead"
  }
  enabled_log {
    category = "StorageWrite"
  }
  enabled_log {
    category = "StorageDelete"
  }
  enabled_metric {
    category = "Transaction"
  }
}
