mock_provider "azurerm" {}

variables {
  name              = "budget-oms-dev"
  resource_group_id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev"
  amount            = 60
  start_date        = "2026-12-01T00:00:00Z"
  contact_emails    = ["oncall@example.com"]
}

run "group_by_name" {
  command = plan
  variables {
    resource_group_id = "rg-oms-dev"
  }
  expect_failures = [var.resource_group_id]
}

run "amount_of_nothing" {
  command = plan
  variables {
    amount = 0
  }
  expect_failures = [var.amount]
}

run "start_within_a_month" {
  command = plan
  variables {
    start_date = "2026-12-02T00:00:00Z"
  }
  expect_failures = [var.start_date]
}

run "start_without_a_time" {
  command = plan
  variables {
    start_date = "2026-12-01"
  }
  expect_failures = [var.start_date]
}

run "start_in_month_13" {
  command = plan
  variables {
    start_date = "2026-13-01T00:00:00Z"
  }
  expect_failures = [var.start_date]
}

run "nobody_is_told" {
  command = plan
  variables {
    contact_emails = []
  }
  expect_failures = [var.contact_emails]
}

run "share_above_1000" {
  command = plan
  variables {
    notify_at_percent = { actual = [1001] }
  }
  expect_failures = [var.notify_at_percent]
}

run "more_notifications_than_a_budget_has" {
  command = plan
  variables {
    notify_at_percent = { actual = [10, 20, 30, 40, 50], forecast = [100] }
  }
  expect_failures = [var.notify_at_percent]
}
