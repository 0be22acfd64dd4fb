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

run "scope_is_a_subscription" {
  command = plan
  variables {
    resource_group_id = "/subscriptions/11111111-2222-4333-8444-555555555555"
  }
  expect_failures = [var.resource_group_id]
}

run "capture_may_write_to_the_whole_account" {
  command = plan
  variables {
    archive_container_id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdeva1b2"
  }
  expect_failures = [var.archive_container_id]
}

run "sender_on_the_whole_namespace" {
  command = plan
  variables {
    hub_id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.EventHub/namespaces/evhns-oms-dev-a1b2"
  }
  expect_failures = [var.hub_id]
}

run "processor_on_a_hub_id" {
  command = plan
  variables {
    processor_consumer_group_id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.EventHub/namespaces/evhns-oms-dev-a1b2/eventhubs/orders"
  }
  expect_failures = [var.processor_consumer_group_id]
}

run "processor_scope_unknown" {
  command = plan
  variables {
    processor_scope = "namespace"
  }
  expect_failures = [var.processor_scope]
}

run "identity_name_with_a_space" {
  command = plan
  variables {
    capture_identity_name = "id oms"
  }
  expect_failures = [var.capture_identity_name]
}

run "principal_by_name" {
  command = plan
  variables {
    principals = { agent = "oms-agent" }
  }
  expect_failures = [var.principals]
}

run "one_principal_for_two_purposes" {
  command = plan
  variables {
    principals = { intake = "11111111-2222-4333-8444-555555555555", processor = "11111111-2222-4333-8444-555555555555" }
  }
  expect_failures = [var.principals]
}
