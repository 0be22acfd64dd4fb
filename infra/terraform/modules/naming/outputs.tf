output "resource_group" {
  description = "Resource group of the environment; `infra/azure-cli/bootstrap` makes it."
  value       = "rg-${local.stem}"
}

output "eventhub_namespace" {
  description = "Event Hubs namespace; globally unique, 6 to 50 characters."
  value       = "evhns-${local.stem}-${var.suffix}"
}

output "archive_account" {
  description = "Storage account of the archive; globally unique, 3 to 24 lower-case letters and digits."
  value       = "st${var.workload}${var.environment}${var.suffix}"
}

output "checkpoints_account" {
  description = "Storage account of the processors' checkpoints; globally unique, 3 to 24 lower-case letters and digits."
  value       = "st${var.workload}${var.environment}cp${var.suffix}"
}

output "workspace" {
  description = "Log Analytics workspace."
  value       = "log-${local.stem}"
}

output "action_group" {
  description = "Action group that alerts and budget notify."
  value       = "ag-${local.stem}"
}

output "budget" {
  description = "Monthly budget of the resource group."
  value       = "budget-${local.stem}"
}

output "identities" {
  description = "Names of the user-assigned identities, by purpose."
  value = {
    capture = "id-${local.stem}-capture"
  }
}
