# What wakes a person. Metric names are the REST names; the upper-case short names are deprecated. Error and throttling
# metrics are silent when zero, which these alerts rightly read as "no failure"; only the absence of messages is an
# alert in itself.

locals {
  alerts = {
    throttled = {
      description = "Requests are throttled: the namespace has reached its cap of throughput units."
      metric      = "ThrottledRequests"
      aggregation = "Total"
      operator    = "GreaterThan"
      threshold   = var.thresholds.throttled_requests
      window      = "PT5M"
      severity    = 2
    }
    server-errors = {
      description = "Event Hubs fails requests by its own fault."
      metric      = "ServerErrors"
      aggregation = "Total"
      operator    = "GreaterThan"
      threshold   = var.thresholds.server_errors
      window      = "PT5M"
      severity    = 1
    }
    user-errors = {
      description = "Clients send what is refused: credentials, sizes or names are wrong."
      metric      = "UserErrors"
      aggregation = "Total"
      operator    = "GreaterThan"
      threshold   = var.thresholds.user_errors
      window      = "PT5M"
      severity    = 3
    }
    capture-backlog = {
      description = "Captured events wait: the archive is not written. What is older than the hub's retention is lost to the archive."
      metric      = "CaptureBacklog"
      aggregation = "Total"
      operator    = "GreaterThan"
      threshold   = var.thresholds.capture_backlog
      window      = "PT15M"
      severity    = 1
    }
    no-messages = {
      description = "No order event came: intake or the way to Azure is down."
      metric      = "IncomingMessages"
      aggregation = "Total"
      operator    = "LessThan"
      threshold   = 1
      window      = local.no_messages_window
      severity    = 1
    }
    size = {
      description = "The hub stores more than is planned for."
      metric      = "Size"
      aggregation = "Average"
      operator    = "GreaterThan"
      threshold   = var.thresholds.size_bytes
      window      = "PT15M"
      severity    = 3
    }
  }

  no_messages_window = var.thresholds.no_messages_minutes >= 60 ? (
    var.thresholds.no_messages_minutes == 1440 ? "P1D" : "PT${var.thresholds.no_messages_minutes / 60}H"
  ) : "PT${var.thresholds.no_messages_minutes}M"
}

resource "azurerm_monitor_action_group" "people" {
  name                = var.action_group_name
  resource_group_name = var.resource_group_name
  # Shown in messages; 12 characters at most.
  short_name = "oms"
  tags       = var.tags

  dynamic "email_receiver" {
    for_each = sort(var.alert_emails)
    content {
      name                    = "email-${email_receiver.key}"
      email_address           = email_receiver.value
      use_common_alert_schema = true
    }
  }
}

resource "azurerm_monitor_metric_alert" "stream" {
  for_each = local.alerts

  name                = "${var.hub_name}-${each.key}"
  description         = each.value.description
  resource_group_name = var.resource_group_name
  scopes              = [var.namespace_id]
  severity            = each.value.severity
  # The window must be longer than the frequency.
  frequency   = "PT1M"
  window_size = each.value.window
  tags        = var.tags

  criteria {
    metric_namespace = "Microsoft.EventHub/namespaces"
    metric_name      = each.value.metric
    aggregation      = each.value.aggregation
    operator         = each.value.operator
    threshold        = each.value.threshold

    dimension {
      name     = "EntityName"
      operator = "Include"
      values   = [var.hub_name]
    }
  }

  action {
    action_group_id = azurerm_monitor_action_group.people.id
  }
}
