output "namespace_id" {
  description = "Resource id of the namespace."
  value       = azurerm_eventhub_namespace.stream.id
}

output "namespace_name" {
  description = "Name of the namespace."
  value       = azurerm_eventhub_namespace.stream.name
}

output "fully_qualified_namespace" {
  description = "Host name that clients connect to."
  value       = "${azurerm_eventhub_namespace.stream.name}.servicebus.windows.net"
}

output "hub_id" {
  description = "Resource id of the hub, the scope of the sender's role."
  value       = azurerm_eventhub.orders.id
}

output "hub_name" {
  description = "Name of the hub."
  value       = azurerm_eventhub.orders.name
}

output "consumer_group_ids" {
  description = "Resource ids of the consumer groups, by name."
  value       = { for name, group in azurerm_eventhub_consumer_group.reader : name => group.id }
}
