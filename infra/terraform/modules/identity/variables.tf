variable "resource_group_id" {
  type        = string
  description = "Resource id of the environment's resource group, the scope of the agent's reading role."
  validation {
    condition     = can(regex("^/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+$", var.resource_group_id))
    error_message = "resource_group_id must be the full resource id of a resource group."
  }
}

variable "resource_group_name" {
  type        = string
  description = "Resource group of the identity of Capture."
}

variable "location" {
  type        = string
  description = "Region of the identity of Capture."
}

variable "tags" {
  type        = map(string)
  description = "Tags of every resource."
  default     = {}
}

variable "capture_identity_name" {
  type        = string
  description = "Name of the user-assigned identity that Capture writes with."
  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$", var.capture_identity_name))
    error_message = "capture_identity_name must be 3 to 128 letters, digits, dashes and underscores."
  }
}

variable "archive_container_id" {
  type        = string
  description = "Resource id of the container that Capture writes to: the widest scope that it gets."
  validation {
    condition     = can(regex("/storageAccounts/[^/]+/blobServices/default/containers/[^/]+$", var.archive_container_id))
    error_message = "archive_container_id must be the resource id of a container; a wider scope would let Capture write elsewhere."
  }
}

variable "hub_id" {
  type        = string
  description = "Resource id of the hub: the widest scope that intake and processor get."
  validation {
    condition     = can(regex("/Microsoft.EventHub/namespaces/[^/]+/eventhubs/[^/]+$", var.hub_id))
    error_message = "hub_id must be the resource id of an event hub, not of its namespace."
  }
}

variable "processor_consumer_group_id" {
  type        = string
  description = "Resource id of the processor's consumer group."
  validation {
    condition     = can(regex("/eventhubs/[^/]+/consumergroups/[^/]+$", var.processor_consumer_group_id))
    error_message = "processor_consumer_group_id must be the resource id of a consumer group."
  }
}

variable "processor_scope" {
  type        = string
  description = "`consumer_group`, or `hub` where reading the hub's properties is refused at the narrower scope (Microsoft does not say whether it is)."
  default     = "consumer_group"
  validation {
    condition     = contains(["consumer_group", "hub"], var.processor_scope)
    error_message = "processor_scope must be `consumer_group` or `hub`."
  }
}

variable "principals" {
  type = object({
    intake    = optional(string)
    processor = optional(string)
    agent     = optional(string)
    deployer  = optional(string)
  })
  description = "Object ids (not application ids) of the Entra principals; those that are null get no role yet."
  default     = {}
  validation {
    condition = alltrue([
      for id in values(var.principals) :
      id == null ? true : can(regex("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", id))
    ])
    error_message = "each of principals must be an object id: 36 lower-case hexadecimal digits and dashes."
  }
  validation {
    condition     = length(distinct([for id in values(var.principals) : id if id != null])) == length([for id in values(var.principals) : id if id != null])
    error_message = "principals must differ: one identity with two purposes has the rights of both."
  }
}
