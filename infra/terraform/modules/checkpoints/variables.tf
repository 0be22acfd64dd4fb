variable "account_name" {
  type        = string
  description = "Storage account of the checkpoints; globally unique, and never the archive's."
  validation {
    condition     = can(regex("^[a-z0-9]{3,24}$", var.account_name))
    error_message = "account_name must be 3 to 24 lower-case letters and digits."
  }
  validation {
    condition     = var.account_name != var.archive_account_name
    error_message = "account_name must not be the archive's: its immutability refuses a blob that is written twice, as every checkpoint is."
  }
}

variable "archive_account_name" {
  type        = string
  description = "Storage account of the archive, which this must not be."
}

variable "resource_group_name" {
  type        = string
  description = "Resource group of the account."
  validation {
    condition     = can(regex("^[A-Za-z0-9._()-]{1,90}$", var.resource_group_name)) && !endswith(var.resource_group_name, ".")
    error_message = "resource_group_name must be 1 to 90 letters, digits or ._()- and not end with a full stop."
  }
}

variable "location" {
  type        = string
  description = "Region, in its short form (`westeurope`). The hub's: every batch of events waits for a checkpoint."
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

variable "replication_type" {
  type        = string
  description = "LRS or ZRS. A copy in another region is of no use: the hub that the checkpoints are of is not there."
  default     = "LRS"
  validation {
    condition     = contains(["LRS", "ZRS"], var.replication_type)
    error_message = "replication_type must be LRS or ZRS: checkpoints are of no use in another region than the hub's."
  }
}

variable "container_name" {
  type        = string
  description = "Container of the checkpoints."
  default     = "checkpoints"
  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9]|-[a-z0-9]){2,62}$", var.container_name))
    error_message = "container_name must be 3 to 63 lower-case letters, digits and single dashes, and start and end with a letter or digit."
  }
}

variable "processor_principal_id" {
  type        = string
  description = "Object id (not application id) of the processor's Entra principal; null: no role yet."
  default     = null
  validation {
    condition     = var.processor_principal_id == null ? true : can(regex("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", var.processor_principal_id))
    error_message = "processor_principal_id must be an object id: 36 lower-case hexadecimal digits and dashes."
  }
}

variable "allowed_ip_ranges" {
  type        = set(string)
  description = "Public IPv4 addresses or ranges of the hosts that processors run on; empty: none."
  default     = []
  validation {
    condition     = alltrue([for range in var.allowed_ip_ranges : can(regex("^[0-9]{1,3}(\\.[0-9]{1,3}){3}(/([0-9]|[12][0-9]|30))?$", range)) && can(cidrhost(strcontains(range, "/") ? range : "${range}/32", 0))])
    error_message = "each of allowed_ip_ranges must be an IPv4 address or a range of /30 or wider (storage takes single addresses without a prefix)."
  }
  validation {
    condition     = !contains([for range in var.allowed_ip_ranges : split("/", range)[0]], "0.0.0.0")
    error_message = "allowed_ip_ranges must not open the account to every address."
  }
}
