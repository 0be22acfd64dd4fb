mock_provider "azurerm" {
  mock_resource "azurerm_monitor_action_group" {
    defaults = {
      id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Insights/actionGroups/ag-oms-dev"
    }
  }
}

variables {
  resource_group_name = "rg-oms-dev"
  location            = "westeurope"
  workspace_name      = "log-oms-dev"
  action_group_name   = "ag-oms-dev"
  alert_emails        = ["oncall@example.com"]
  namespace_id        = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.EventHub/namespaces/evhns-oms-dev-a1b2"
  hub_name            = "orders"
  archive_account_id  = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdeva1b2"
}

run "workspace_name_too_short" {
  command = plan
  variables {
    workspace_name = "log"
  }
  expect_failures = [var.workspace_name]
}

run "logs_for_a_week" {
  command = plan
  variables {
    log_retention_days = 7
  }
  expect_failures = [var.log_retention_days]
}

run "no_quota" {
  command = plan
  variables {
    daily_quota_gb = 0
  }
  expect_failures = [var.daily_quota_gb]
}

run "alerts_that_reach_nobody" {
  command = plan
  variables {
    alert_emails = []
  }
  expect_failures = [var.alert_emails]
}

run "email_without_an_at" {
  command = plan
  variables {
    alert_emails = ["oncall.example.com"]
  }
  expect_failures = [var.alert_emails]
}

run "namespace_by_name" {
  command = plan
  variables {
    namespace_id = "evhns-oms-dev-a1b2"
  }
  expect_failures = [var.namespace_id]
}

run "archive_by_name" {
  command = plan
  variables {
    archive_account_id = "stomsdeva1b2"
  }
  expect_failures = [var.archive_account_id]
}

run "window_that_azure_has_not" {
  command = plan
  variables {
    thresholds = { no_messages_minutes = 45 }
  }
  expect_failures = [var.thresholds]
}

run "negative_threshold" {
  command = plan
  variables {
    thresholds = { server_errors = -1 }
  }
  expect_failures = [var.thresholds]
}
