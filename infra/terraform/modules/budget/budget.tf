# Tells people of the cost. A budget never stops anything: the caps do (throughput units, workspace quota).

resource "azurerm_consumption_budget_resource_group" "month" {
  name              = var.name
  resource_group_id = var.resource_group_id
  amount            = var.amount
  time_grain        = "Monthly"

  time_period {
    start_date = var.start_date
  }

  dynamic "notification" {
    for_each = var.notify_at_percent.actual
    content {
      operator       = "GreaterThanOrEqualTo"
      threshold      = notification.value
      threshold_type = "Actual"
      contact_emails = var.contact_emails
      contact_groups = var.action_group_ids
    }
  }

  dynamic "notification" {
    for_each = var.notify_at_percent.forecast
    content {
      operator       = "GreaterThanOrEqualTo"
      threshold      = notification.value
      threshold_type = "Forecasted"
      contact_emails = var.contact_emails
      contact_groups = var.action_group_ids
    }
  }
}
