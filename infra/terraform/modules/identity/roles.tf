# Who may do what, each at the narrowest scope that serves. Nobody gets Event Hubs Data Owner, and nobody a role that
# lists keys. A role that can write a blob can also delete one: immutability, not roles, protects the archive.

locals {
  grants = {
    intake = {
      role    = "Azure Event Hubs Data Sender"
      scope   = var.hub_id
      purpose = "sends order events"
    }
    processor = {
      role    = "Azure Event Hubs Data Receiver"
      scope   = var.processor_scope == "hub" ? var.hub_id : var.processor_consumer_group_id
      purpose = "receives order events in its consumer group"
    }
    agent = {
      # Metrics and management reads; no data, no keys.
      role    = "Monitoring Reader"
      scope   = var.resource_group_id
      purpose = "reads metrics and settings"
    }
  }
}

resource "azurerm_role_assignment" "principal" {
  for_each = { for name, grant in local.grants : name => grant if var.principals[name] != null }

  scope                = each.value.scope
  role_definition_name = each.value.role
  principal_id         = var.principals[each.key]
  description          = "oms ${each.key}: ${each.value.purpose}"
}

# Turning Capture on checks that the caller, too, may write to the container. Its other rights come from
# infra/azure-cli/bootstrap, because they must be there before the first plan. A resource of its own: the hub waits for
# it, and the roles above wait for the hub.
resource "azurerm_role_assignment" "deployer" {
  count = var.principals.deployer == null ? 0 : 1

  scope                = var.archive_container_id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = var.principals.deployer
  description          = "oms deployer: passes the linked access check of Capture"
}

resource "azurerm_user_assigned_identity" "capture" {
  name                = var.capture_identity_name
  resource_group_name = var.resource_group_name
  location            = var.location
  tags                = var.tags
}

resource "azurerm_role_assignment" "capture" {
  scope                = var.archive_container_id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_user_assigned_identity.capture.principal_id
  principal_type       = "ServicePrincipal"
  description          = "oms capture: writes captured files"
}
