module "capacity" {
  source                      = "./modules/capacity"
  peak_events_per_second      = var.load.peak_events_per_second
  average_event_bytes         = var.load.average_event_bytes
  growth_factor               = var.load.growth_factor
  processor_events_per_second = var.load.processor_events_per_second
}

module "event_stream" {
  source              = "./modules/event-stream"
  namespace_name      = module.naming.eventhub_namespace
  resource_group_name = local.resource_group_name
  location            = var.location
  tags                = local.tags

  throughput_units             = module.capacity.throughput_units
  maximum_throughput_units     = module.capacity.maximum_throughput_units
  partition_count              = module.capacity.partition_count
  local_authentication_enabled = var.local_authentication_enabled
  allowed_ip_ranges            = var.on_prem_ip_ranges

  capture = {
    storage_account_id = module.archive.account_id
    container_name     = module.archive.container_name
    identity_id        = module.identity.capture_identity_id
    # Both grants: Capture's own, and the one that the linked access check asks of whoever applies this.
    role_assignment_id  = join(" ", compact([module.identity.capture_role_assignment_id, module.identity.deployer_role_assignment_id]))
    interval_in_seconds = var.capture.interval_in_seconds
    size_limit_in_bytes = var.capture.size_limit_in_bytes
    skip_empty_archives = var.capture.skip_empty_archives
    name_format         = var.capture.name_format
  }
}
