module "naming" {
  source      = "./modules/naming"
  environment = var.environment
  suffix      = var.suffix
}

locals {
  # Made by infra/azure-cli/bootstrap, because the deployer's roles must stand on it before the first plan.
  resource_group_name = module.naming.resource_group
  resource_group_id   = "/subscriptions/${var.subscription_id}/resourceGroups/${module.naming.resource_group}"

  tags = {
    workload    = "oms"
    environment = var.environment
    managed-by  = "terraform"
  }
}
