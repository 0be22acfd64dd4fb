module "identity" {
  source              = "./modules/identity"
  resource_group_id   = local.resource_group_id
  resource_group_name = local.resource_group_name
  location            = var.location
  tags                = local.tags

  capture_identity_name       = module.naming.identities.capture
  archive_container_id        = module.archive.container_id
  hub_id                      = module.event_stream.hub_id
  processor_consumer_group_id = module.event_stream.consumer_group_ids["processor"]
  processor_scope             = var.processor_scope
  principals                  = var.principals
}
