module "archive" {
  source              = "./modules/archive"
  account_name        = module.naming.archive_account
  resource_group_name = local.resource_group_name
  location            = var.location
  tags                = local.tags

  replication_type     = var.archive.replication_type
  retention_days       = var.archive.retention_days
  trial_retention_days = var.archive.trial_retention_days
  soft_delete_days     = var.archive.soft_delete_days
  allowed_ip_ranges    = var.administrator_ip_ranges

  lock = {
    locked               = var.archive.locked
    confirm_account_name = var.archive.confirm_account_name
  }
}
