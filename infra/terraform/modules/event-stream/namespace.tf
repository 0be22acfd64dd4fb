# The namespace: who may reach it, and how much it may take. Standard: Capture and a firewall need it, and seven days of
# retention are the outage budget. Premium would recreate it.

resource "azurerm_eventhub_namespace" "stream" {
  name                = var.namespace_name
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags

  sku                      = "Standard"
  capacity                 = var.throughput_units
  auto_inflate_enabled     = true
  maximum_throughput_units = var.maximum_throughput_units

  minimum_tls_version           = "1.2"
  local_authentication_enabled  = var.local_authentication_enabled
  public_network_access_enabled = true

  identity {
    type         = "UserAssigned"
    identity_ids = [var.capture.identity_id]
  }

  # The provider's schema has this as an attribute: every field of it must be given.
  network_rulesets = [{
    default_action                 = "Deny"
    public_network_access_enabled  = true
    trusted_service_access_enabled = true
    ip_rule = [
      for range in sort(var.allowed_ip_ranges) : {
        action  = "Allow"
        ip_mask = range
      }
    ]
    virtual_network_rule = [
      for id in sort(var.allowed_subnet_ids) : {
        ignore_missing_virtual_network_service_endpoint = false
        subnet_id                                       = id
      }
    ]
  }]

  lifecycle {
    # Auto-inflate raises the capacity; a plan must not put it back in the middle of a peak.
    ignore_changes = [capacity]
  }
}
