# The processor reads, writes and lists blobs of this one container, and nobody else does. It is a role of the container,
# so a second container of the account would be closed to it.

resource "azurerm_role_assignment" "processor" {
  count = var.processor_principal_id == null ? 0 : 1

  scope                = azurerm_storage_container.checkpoints.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = var.processor_principal_id
  description          = "oms processor: keeps its checkpoints and the ownership of partitions"
}
