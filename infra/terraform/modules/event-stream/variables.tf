variable "namespace_name" {
  type        = string
  description = "Event Hubs namespace; globally unique."
  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9-]{4,48}[A-Za-z0-9]$", var.namespace_name))
    error_message = "namespace_name must be 6 to 50 letters, digits and dashes, start with a letter and end with a letter or digit."
  }
}

variable "resource_group_name" {
  type        = string
  description = "Resource group of the namespace."
  validation {
    condition     = can(regex("^[A-Za-z0-9._()-]{1,90}$", var.resource_group_name)) && !endswith(var.resource_group_name, ".")
    error_message = "resource_group_name must be 1 to 90 letters, digits or ._()- and not end with a full stop."
  }
}

variable "location" {
  type        = string
  description = "Region, in its short form (`westeurope`)."
  validation {
    condition     = can(regex("^[a-z][a-z0-9]+$", var.location))
    error_message = "location must be a region's short name, such as `westeurope`."
  }
}

variable "tags" {
  type        = map(string)
  description = "Tags of every resource."
  default     = {}
}

variable "throughput_units" {
  type        = number
  description = "Throughput units to start with: each takes 1 MB/s or 1000 events/s in. Auto-inflate raises them and nothing lowers them."
  default     = 1
  validation {
    condition     = var.throughput_units >= 1 && var.throughput_units <= 40 && floor(var.throughput_units) == var.throughput_units
    error_message = "throughput_units must be a whole number from 1 to 40, the most that Standard has."
  }
}

variable "maximum_throughput_units" {
  type        = number
  description = "Cap of auto-inflate, and so of the cost."
  default     = 4
  validation {
    condition     = var.maximum_throughput_units <= 40 && floor(var.maximum_throughput_units) == var.maximum_throughput_units
    error_message = "maximum_throughput_units must be a whole number of at most 40, the most that Standard has."
  }
  validation {
    condition     = var.maximum_throughput_units >= var.throughput_units
    error_message = "maximum_throughput_units must not be below throughput_units: it is the cap of auto-inflate."
  }
}

variable "local_authentication_enabled" {
  type        = bool
  description = "Whether connection strings (SAS) work. Off: only Entra identities, which can be told apart and withdrawn."
  default     = false
}

variable "allowed_ip_ranges" {
  type        = set(string)
  description = "Public IPv4 addresses or ranges of the on-prem hosts. Everybody else is refused."
  default     = []
  validation {
    condition     = alltrue([for range in var.allowed_ip_ranges : can(cidrhost(strcontains(range, "/") ? range : "${range}/32", 0)) && can(regex("^[0-9.]+(/[0-9]+)?$", range))])
    error_message = "each of allowed_ip_ranges must be an IPv4 address or range, such as `203.0.113.10` or `203.0.113.0/28`."
  }
  validation {
    condition     = !contains([for range in var.allowed_ip_ranges : split("/", range)[0]], "0.0.0.0")
    error_message = "allowed_ip_ranges must not open the namespace to every address."
  }
}

variable "allowed_subnet_ids" {
  type        = set(string)
  description = "Resource ids of subnets that may reach the namespace."
  default     = []
  validation {
    condition     = alltrue([for id in var.allowed_subnet_ids : can(regex("^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft.Network/virtualNetworks/[^/]+/subnets/[^/]+$", id))])
    error_message = "each of allowed_subnet_ids must be the full resource id of a subnet."
  }
}

variable "hub_name" {
  type        = string
  description = "The event hub of the order events."
  default     = "orders"
  validation {
    condition     = can(regex("^[A-Za-z0-9]([A-Za-z0-9._-]{0,254}[A-Za-z0-9])?$", var.hub_name))
    error_message = "hub_name must be 1 to 256 letters, digits, dots, dashes and underscores, and start and end with a letter or digit."
  }
}

variable "partition_count" {
  type        = number
  description = "Partitions of the hub, from the rule in modules/capacity. Fixed for ever at creation on Standard."
  default     = 4
  validation {
    condition     = var.partition_count >= 2 && var.partition_count <= 32 && floor(var.partition_count) == var.partition_count
    error_message = "partition_count must be a whole number from 2 to 32."
  }
}

variable "retention_days" {
  type        = number
  description = "Days that the hub keeps events: the time that Capture or a processor may be away without loss."
  default     = 7
  validation {
    condition     = var.retention_days >= 1 && var.retention_days <= 7 && floor(var.retention_days) == var.retention_days
    error_message = "retention_days must be 1 to 7, the most that Standard keeps; the ten years are the archive's."
  }
}

variable "consumer_groups" {
  type        = set(string)
  description = "Readers of the hub. `$Default` exists by itself and is left unused."
  default     = ["processor", "audit"]
  validation {
    condition     = alltrue([for group in var.consumer_groups : can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,48}[A-Za-z0-9]$", group))])
    error_message = "each of consumer_groups must be 2 to 50 letters, digits, dots, dashes and underscores; `$Default` must not be listed."
  }
  validation {
    condition     = length(var.consumer_groups) <= 19 && contains(var.consumer_groups, "processor")
    error_message = "consumer_groups must contain `processor` and at most 19 names: a Standard hub has 20, `$Default` among them."
  }
}

variable "schema_group" {
  type = object({
    name          = optional(string, "orders")
    type          = optional(string, "Avro")
    compatibility = optional(string, "Forward")
  })
  description = "Schema group that describes the captured files."
  default     = {}
  validation {
    condition     = contains(["Avro", "Unknown"], var.schema_group.type) && contains(["None", "Backward", "Forward"], var.schema_group.compatibility)
    error_message = "schema_group.type must be Avro or Unknown, and schema_group.compatibility None, Backward or Forward."
  }
  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$", var.schema_group.name))
    error_message = "schema_group.name must be 1 to 50 letters, digits, dots, dashes and underscores."
  }
}

variable "capture" {
  type = object({
    storage_account_id  = string
    container_name      = string
    identity_id         = string
    role_assignment_id  = string
    interval_in_seconds = optional(number, 300)
    size_limit_in_bytes = optional(number, 314572800)
    skip_empty_archives = optional(bool, true)
    encoding            = optional(string, "Avro")
    name_format         = optional(string, "{Namespace}/{EventHub}/{Year}/{Month}/{Day}/{PartitionId}-{Hour}-{Minute}-{Second}")
  })
  description = "Where and how Capture writes the archive. `role_assignment_id` is the grant of identity_id on the container: the hub waits for it. A file is written every interval_in_seconds or size_limit_in_bytes, whichever is first."
  validation {
    condition     = can(regex("^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft.Storage/storageAccounts/[^/]+$", var.capture.storage_account_id))
    error_message = "capture.storage_account_id must be the full resource id of a storage account."
  }
  validation {
    condition     = can(regex("/Microsoft.ManagedIdentity/userAssignedIdentities/[^/]+$", var.capture.identity_id))
    error_message = "capture.identity_id must be the full resource id of a user-assigned identity."
  }
  validation {
    condition     = var.capture.role_assignment_id != ""
    error_message = "capture.role_assignment_id must name the role assignment that lets the identity write."
  }
  validation {
    condition     = var.capture.interval_in_seconds >= 60 && var.capture.interval_in_seconds <= 900
    error_message = "capture.interval_in_seconds must be 60 to 900."
  }
  validation {
    condition     = var.capture.size_limit_in_bytes >= 10485760 && var.capture.size_limit_in_bytes <= 524288000
    error_message = "capture.size_limit_in_bytes must be 10485760 to 524288000."
  }
  validation {
    condition     = contains(["Avro", "AvroDeflate"], var.capture.encoding)
    error_message = "capture.encoding must be Avro or AvroDeflate."
  }
  validation {
    condition = alltrue([
      for part in ["Namespace", "EventHub", "PartitionId", "Year", "Month", "Day", "Hour", "Minute", "Second"] :
      strcontains(var.capture.name_format, "{${part}}")
    ])
    error_message = "capture.name_format must contain all of {Namespace} {EventHub} {PartitionId} {Year} {Month} {Day} {Hour} {Minute} {Second}."
  }
}
