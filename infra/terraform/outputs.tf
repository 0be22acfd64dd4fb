# What Ansible (infra/ansible, through terraform output -json) and the agent read. No secret is among them.

output "environment" {
  description = "`dev` or `prod`."
  value       = var.environment
}

output "subscription_id" {
  description = "Subscription of the environment."
  value       = var.subscription_id
}

output "resource_group_name" {
  description = "Resource group of the environment."
  value       = local.resource_group_name
}

output "eventhub_namespace_id" {
  description = "Resource id of the namespace, which metrics are asked of."
  value       = module.event_stream.namespace_id
}

output "eventhub_fully_qualified_namespace" {
  description = "Host name that intake and processor connect to."
  value       = module.event_stream.fully_qualified_namespace
}

output "eventhub_name" {
  description = "The hub of the order events."
  value       = module.event_stream.hub_name
}

output "eventhub_consumer_group" {
  description = "Consumer group of the processor."
  value       = "processor"
}

output "eventhub_partition_count" {
  description = "Partitions of the hub: at most so many processors share the work."
  value       = module.capacity.partition_count
}

output "archive_account_name" {
  description = "Storage account of the archive."
  value       = module.archive.account_name
}

output "archive_container_name" {
  description = "Container of the captured files."
  value       = module.archive.container_name
}

output "archive_immutability" {
  description = "Period in days, and whether it is locked."
  value       = module.archive.immutability
}

output "checkpoint_container_url" {
  description = "Where processors keep their checkpoints (CHECKPOINT_CONTAINER_URL)."
  value       = module.checkpoints.container_url
}

output "checkpoint_account_name" {
  description = "Storage account of the checkpoints."
  value       = module.checkpoints.account_name
}

output "log_workspace_id" {
  description = "Resource id of the Log Analytics workspace."
  value       = module.observability.workspace_id
}

output "roles" {
  description = "Role and scope of each principal."
  value       = merge(module.identity.roles, module.checkpoints.roles)
}
