# dev: everything as in prod, but small, near and short: it can be taken down again.
# subscription_id comes from TF_VAR_subscription_id; suffix is the one given to infra/azure-cli/bootstrap.

environment = "dev"
location    = "westeurope"

load = {
  peak_events_per_second = 50
  growth_factor          = 2
}

archive = {
  replication_type     = "LRS"
  trial_retention_days = 1
  soft_delete_days     = 7
}

alert_emails = ["oms-dev@example.com"]

# Nobody orders at night in dev.
alert_thresholds = {
  no_messages_minutes = 1440
}

budget = {
  amount     = 60
  start_date = "2026-12-01T00:00:00Z"
}
