output "account_name" {
  description = "Name of the storage account."
  value       = azurerm_storage_account.checkpoints.name
}

output "container_name" {
  description = "Container of the checkpoints."
  value       = azurerm_storage_container.checkpoints.name
}

output "container_url" {
  description = "Address of the container, as the processor takes it (CHECKPOINT_CONTAINER_URL)."
  value       = "https://${azurerm_storage_account.checkpoints.name}.blob.core.windows.net/${azurerm_storage_container.checkpoints.name}"
}

output "roles" {
  description = "What the processor got: role and scope; empty where no processor is named."
  value = {
    for assignment in azurerm_role_assignment.processor :
    "processor_checkpoints" => { role = assignment.role_definition_name, scope = assignment.scope }
  }
}
