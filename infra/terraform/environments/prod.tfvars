# prod. A person decides: suffix, location, who is told, and one day the lock of the archive.
# subscription_id comes from TF_VAR_subscription_id; suffix is the one given to infra/azure-cli/bootstrap.

environment = "prod"
location    = "westeurope"

load = {
  peak_events_per_second = 200
  average_event_bytes    = 2048
  growth_factor          = 8
}

archive = {
  replication_type = "GRS"
  retention_days   = 3653
  locked           = false
  # confirm_account_name = "stomsprod<suffix>" with locked = true, after what modules/archive/README.md asks to prove.
}

alert_emails = ["oms-oncall@example.com"]

budget = {
  amount     = 250
  start_date = "2026-12-01T00:00:00Z"
}
