mock_provider "azurerm" {}

variables {
  namespace_name      = "evhns-oms-dev-a1b2"
  resource_group_name = "rg-oms-dev"
  location            = "westeurope"
  capture = {
    storage_account_id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdeva1b2"
    container_name     = "order-events"
    identity_id        = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-oms-dev-capture"
    role_assignment_id = "/subscriptions/11111111-2222-4333-8444-555555555555/roleAssignments/1"
  }
}

run "defaults" {
  command = apply
  assert {
    condition     = azurerm_eventhub_namespace.stream.sku == "Standard" && azurerm_eventhub_namespace.stream.auto_inflate_enabled && azurerm_eventhub_namespace.stream.maximum_throughput_units == 4
    error_message = "the namespace is not Standard with a cap of 4"
  }
  assert {
    condition     = azurerm_eventhub_namespace.stream.minimum_tls_version == "1.2" && !azurerm_eventhub_namespace.stream.local_authentication_enabled
    error_message = "TLS 1.2 and no connection strings are the default"
  }
  assert {
    condition     = azurerm_eventhub_namespace.stream.network_rulesets[0].default_action == "Deny"
    error_message = "the namespace is open to every address"
  }
  assert {
    condition     = azurerm_eventhub.orders.name == "orders" && azurerm_eventhub.orders.retention_description[0].retention_time_in_hours == 168
    error_message = "the hub is not `orders` with seven days"
  }
  assert {
    condition     = azurerm_eventhub.orders.namespace_id == azurerm_eventhub_namespace.stream.id
    error_message = "the hub is in another namespace"
  }
  assert {
    condition     = sort(keys(azurerm_eventhub_consumer_group.reader)) == tolist(["audit", "processor"])
    error_message = "the consumer groups are ${join(", ", keys(azurerm_eventhub_consumer_group.reader))}"
  }
  assert {
    condition     = azurerm_eventhub.orders.capture_description[0].enabled && azurerm_eventhub.orders.capture_description[0].skip_empty_archives
    error_message = "capture is off, or writes empty files"
  }
  assert {
    condition     = azurerm_eventhub.orders.capture_description[0].destination[0].storage_authentication_type == "UserAssigned"
    error_message = "capture writes with a key"
  }
  assert {
    condition     = output.fully_qualified_namespace == "evhns-oms-dev-a1b2.servicebus.windows.net"
    error_message = "clients would connect to ${output.fully_qualified_namespace}"
  }
}

run "only_the_named_addresses_are_let_in" {
  command = apply
  variables {
    allowed_ip_ranges = ["203.0.113.10", "198.51.100.0/28"]
  }
  assert {
    condition     = tolist([for rule in azurerm_eventhub_namespace.stream.network_rulesets[0].ip_rule : rule.ip_mask]) == tolist(["198.51.100.0/28", "203.0.113.10"])
    error_message = "the addresses are not those that were given"
  }
}
