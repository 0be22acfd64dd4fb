mock_provider "azurerm" {}

variables {
  resource_group_id           = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev"
  resource_group_name         = "rg-oms-dev"
  location                    = "westeurope"
  capture_identity_name       = "id-oms-dev-capture"
  archive_container_id        = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdeva1b2/blobServices/default/containers/order-events"
  hub_id                      = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.EventHub/namespaces/evhns-oms-dev-a1b2/eventhubs/orders"
  processor_consumer_group_id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.EventHub/namespaces/evhns-oms-dev-a1b2/eventhubs/orders/consumergroups/processor"
}

run "capture_alone_without_principals" {
  command = apply
  assert {
    condition     = join(" ", keys(output.roles)) == "capture" && output.roles.capture.role == "Storage Blob Data Contributor"
    error_message = "somebody has a role that nobody named"
  }
  assert {
    condition     = output.deployer_role_assignment_id == null
    error_message = "a deployer has a grant that nobody named"
  }
}

run "each_at_its_narrowest_scope" {
  command = apply
  variables {
    principals = {
      intake    = "aaaaaaaa-0000-4000-8000-000000000001"
      processor = "aaaaaaaa-0000-4000-8000-000000000002"
      agent     = "aaaaaaaa-0000-4000-8000-000000000003"
      deployer  = "aaaaaaaa-0000-4000-8000-000000000004"
    }
  }
  assert {
    condition     = output.roles.intake == { role = "Azure Event Hubs Data Sender", scope = var.hub_id }
    error_message = "intake has ${jsonencode(output.roles.intake)}"
  }
  assert {
    condition     = output.roles.processor == { role = "Azure Event Hubs Data Receiver", scope = var.processor_consumer_group_id }
    error_message = "processor has ${jsonencode(output.roles.processor)}"
  }
  assert {
    condition     = output.roles.agent == { role = "Monitoring Reader", scope = var.resource_group_id }
    error_message = "agent has ${jsonencode(output.roles.agent)}"
  }
  assert {
    condition     = output.roles.deployer == { role = "Storage Blob Data Contributor", scope = var.archive_container_id }
    error_message = "deployer has ${jsonencode(output.roles.deployer)}"
  }
  assert {
    condition     = !anytrue([for grant in output.roles : endswith(grant.role, "Owner")])
    error_message = "somebody owns data"
  }
}

run "processor_on_the_hub" {
  command = apply
  variables {
    processor_scope = "hub"
    principals = {
      processor = "aaaaaaaa-0000-4000-8000-000000000002"
    }
  }
  assert {
    condition     = output.roles.processor.scope == var.hub_id
    error_message = "processor has ${jsonencode(output.roles.processor)}"
  }
}
