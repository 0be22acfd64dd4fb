mock_provider "azurerm" {
  mock_resource "azurerm_monitor_action_group" {
    defaults = {
      id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Insights/actionGroups/ag-oms-dev"
    }
  }
}

variables {
  resource_group_name = "rg-oms-dev"
  location            = "westeurope"
  workspace_name      = "log-oms-dev"
  action_group_name   = "ag-oms-dev"
  alert_emails        = ["oncall@example.com"]
  namespace_id        = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.EventHub/namespaces/evhns-oms-dev-a1b2"
  hub_name            = "orders"
  archive_account_id  = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdeva1b2"
}

run "every_failure_has_an_alert_that_reaches_somebody" {
  command = apply
  assert {
    condition     = sort([for alert in azurerm_monitor_metric_alert.stream : alert.criteria[0].metric_name]) == tolist(["CaptureBacklog", "IncomingMessages", "ServerErrors", "Size", "ThrottledRequests", "UserErrors"])
    error_message = "the watched metrics are ${join(", ", sort([for alert in azurerm_monitor_metric_alert.stream : alert.criteria[0].metric_name]))}"
  }
  assert {
    condition     = alltrue([for alert in azurerm_monitor_metric_alert.stream : one(alert.action).action_group_id == azurerm_monitor_action_group.people.id])
    error_message = "an alert reaches nobody"
  }
  assert {
    condition     = alltrue([for alert in azurerm_monitor_metric_alert.stream : alert.criteria[0].dimension[0].values == tolist(["orders"])])
    error_message = "an alert watches other hubs too"
  }
  assert {
    condition     = azurerm_monitor_metric_alert.stream["no-messages"].window_size == "PT30M" && azurerm_monitor_metric_alert.stream["no-messages"].criteria[0].operator == "LessThan"
    error_message = "silence is not watched for 30 minutes"
  }
  assert {
    condition     = length(azurerm_monitor_action_group.people.email_receiver) == 1 && length(azurerm_monitor_action_group.people.short_name) <= 12
    error_message = "the action group tells nobody, or its short name is too long"
  }
}

run "logs_of_capture_and_of_the_archive_are_kept" {
  command = apply
  assert {
    condition     = contains([for log in azurerm_monitor_diagnostic_setting.namespace.enabled_log : log.category], "ArchiveLogs")
    error_message = "failures of capture leave no log"
  }
  assert {
    condition     = contains([for log in azurerm_monitor_diagnostic_setting.archive.enabled_log : log.category], "StorageDelete")
    error_message = "deletions in the archive leave no log"
  }
}

run "a_day_and_an_hour" {
  command = apply
  variables {
    thresholds = { no_messages_minutes = 1440 }
  }
  assert {
    condition     = azurerm_monitor_metric_alert.stream["no-messages"].window_size == "P1D"
    error_message = azurerm_monitor_metric_alert.stream["no-messages"].window_size
  }
}

run "six_hours" {
  command = apply
  variables {
    thresholds = { no_messages_minutes = 360 }
  }
  assert {
    condition     = azurerm_monitor_metric_alert.stream["no-messages"].window_size == "PT6H"
    error_message = azurerm_monitor_metric_alert.stream["no-messages"].window_size
  }
}
