output "account_id" {
  description = "Resource id of the storage account."
  value       = azurerm_storage_account.archive.id
}

output "account_name" {
  description = "Name of the storage account."
  value       = azurerm_storage_account.archive.name
}

output "container_id" {
  description = "Resource id of the container, the scope of Capture's role."
  value       = azurerm_storage_container.events.id
}

output "container_name" {
  description = "Container that Capture writes to."
  value       = azurerm_storage_container.events.name
}

output "immutability" {
  description = "The period in days and whether it is locked."
  value = {
    days   = local.period_days
    locked = var.lock.locked
  }
}
