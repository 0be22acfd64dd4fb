mock_provider "azurerm" {}

variables {
  name              = "budget-oms-dev"
  resource_group_id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev"
  amount            = 60
  start_date        = "2026-12-01T00:00:00Z"
  contact_emails    = ["oncall@example.com"]
}

run "told_of_cost_and_forecast" {
  command = apply
  assert {
    condition     = sort([for notification in azurerm_consumption_budget_resource_group.month.notification : "${notification.threshold_type} ${notification.threshold}"]) == tolist(["Actual 100", "Actual 50", "Actual 80", "Forecasted 100"])
    error_message = "people are not told at 50, 80 and 100 percent and of the forecast"
  }
  assert {
    condition     = azurerm_consumption_budget_resource_group.month.time_grain == "Monthly"
    error_message = "the budget is not of a month"
  }
}
