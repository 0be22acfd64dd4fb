output "workspace_id" {
  description = "Resource id of the Log Analytics workspace."
  value       = azurerm_log_analytics_workspace.logs.id
}

output "action_group_id" {
  description = "Resource id of the action group, which the budget notifies too."
  value       = azurerm_monitor_action_group.people.id
}

output "alerts" {
  description = "Names of the alerts."
  value       = sort([for alert in azurerm_monitor_metric_alert.stream : alert.name])
}
