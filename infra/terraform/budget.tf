module "budget" {
  source            = "./modules/budget"
  name              = module.naming.budget
  resource_group_id = local.resource_group_id
  amount            = var.budget.amount
  start_date        = var.budget.start_date
  action_group_ids  = [module.observability.action_group_id]
  contact_emails    = sort(var.alert_emails)
}
