module "checkpoints" {
  source               = "./modules/checkpoints"
  account_name         = module.naming.checkpoints_account
  archive_account_name = module.naming.archive_account
  resource_group_name  = local.resource_group_name
  location             = var.location
  tags                 = local.tags

  replication_type       = var.checkpoints_replication_type
  processor_principal_id = var.principals.processor
  # Processors run where the hub is read from, and nowhere else. Storage takes a single address without its prefix.
  allowed_ip_ranges = [for range in var.on_prem_ip_ranges : trimsuffix(range, "/32")]
}
