mock_provider "azurerm" {
  mock_resource "azurerm_storage_account" {
    defaults = {
      id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdeva1b2"
    }
  }
  mock_resource "azurerm_storage_container" {
    defaults = {
      id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdeva1b2/blobServices/default/containers/order-events"
    }
  }
  mock_resource "azurerm_user_assigned_identity" {
    defaults = {
      id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-oms-dev-capture"
    }
  }
  mock_resource "azurerm_eventhub_namespace" {
    defaults = {
      id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.EventHub/namespaces/evhns-oms-dev-a1b2"
    }
  }
  mock_resource "azurerm_eventhub" {
    defaults = {
      id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.EventHub/namespaces/evhns-oms-dev-a1b2/eventhubs/orders"
    }
  }
  mock_resource "azurerm_eventhub_consumer_group" {
    defaults = {
      id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.EventHub/namespaces/evhns-oms-dev-a1b2/eventhubs/orders/consumergroups/processor"
    }
  }
  mock_resource "azurerm_monitor_action_group" {
    defaults = {
      id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Insights/actionGroups/ag-oms-dev"
    }
  }
}

variables {
  subscription_id = "11111111-2222-4333-8444-555555555555"
  environment     = "dev"
  suffix          = "a1b2"
  alert_emails    = ["oncall@example.com"]
  budget = {
    amount     = 60
    start_date = "2026-12-01T00:00:00Z"
  }
}


run "connection_strings_in_prod" {
  command = plan
  variables {
    environment                  = "prod"
    local_authentication_enabled = true
  }
  expect_failures = [var.local_authentication_enabled]
}

run "trial_period_in_prod" {
  command = plan
  variables {
    environment = "prod"
    archive     = { trial_retention_days = 1 }
  }
  expect_failures = [var.archive]
}

run "placeholder_subscription" {
  command = plan
  variables {
    subscription_id = "00000000-0000-0000-0000-000000000000"
  }
  expect_failures = [var.subscription_id]
}

run "subscription_by_name" {
  command = plan
  variables {
    subscription_id = "Pay-As-You-Go"
  }
  expect_failures = [var.subscription_id]
}

run "environment_unknown" {
  command = plan
  variables {
    environment = "staging"
  }
  expect_failures = [var.environment]
}

run "suffix_with_a_dash" {
  command = plan
  variables {
    suffix = "a-1"
  }
  expect_failures = [var.suffix]
}

run "location_in_its_long_form" {
  command = plan
  variables {
    location = "West Europe"
  }
  expect_failures = [var.location]
}

run "threshold_that_no_alert_has" {
  command = plan
  variables {
    alert_thresholds = { latency = 5 }
  }
  expect_failures = [var.alert_thresholds]
}
