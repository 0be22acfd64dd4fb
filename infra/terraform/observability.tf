module "observability" {
  source              = "./modules/observability"
  resource_group_name = local.resource_group_name
  location            = var.location
  tags                = local.tags

  workspace_name     = module.naming.workspace
  action_group_name  = module.naming.action_group
  alert_emails       = var.alert_emails
  namespace_id       = module.event_stream.namespace_id
  hub_name           = module.event_stream.hub_name
  archive_account_id = module.archive.account_id
  # A name that is not given is null, which takes the module's default.
  thresholds = {
    throttled_requests  = lookup(var.alert_thresholds, "throttled_requests", null)
    server_errors       = lookup(var.alert_thresholds, "server_errors", null)
    user_errors         = lookup(var.alert_thresholds, "user_errors", null)
    capture_backlog     = lookup(var.alert_thresholds, "capture_backlog", null)
    no_messages_minutes = lookup(var.alert_thresholds, "no_messages_minutes", null)
    size_bytes          = lookup(var.alert_thresholds, "size_bytes", null)
  }
}
