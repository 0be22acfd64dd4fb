variable "account_name" {
  type        = string
  description = "Storage account of the archive; globally unique."
  validation {
    condition     = can(regex("^[a-z0-9]{3,24}$", var.account_name))
    error_message = "account_name must be 3 to 24 lower-case letters and digits."
  }
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
  description = "Region, in its short form (`westeurope`). It must offer the archive tier."
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
  description = "LRS, GRS or RAGRS: the only ones with the archive tier. Another family later would mean a new account, so decide now."
  default     = "GRS"
  validation {
    condition     = contains(["LRS", "GRS", "RAGRS"], var.replication_type)
    error_message = "replication_type must be LRS, GRS or RAGRS: zone-redundant accounts have no archive tier."
  }
}

variable "container_name" {
  type        = string
  description = "Container that Capture writes to."
  default     = "order-events"
  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9]|-[a-z0-9]){2,62}$", var.container_name))
    error_message = "container_name must be 3 to 63 lower-case letters, digits and single dashes, and start and end with a letter or digit."
  }
}

variable "retention_days" {
  type        = number
  description = "Days that a captured file can be neither changed nor deleted, from its creation. Ten calendar years hold up to three leap days: 3653."
  default     = 3653
  validation {
    condition     = var.retention_days >= 3653 && var.retention_days <= 146000 && floor(var.retention_days) == var.retention_days
    error_message = "retention_days must be a whole number from 3653 (ten years with their leap days) to 146000."
  }
}

variable "trial_retention_days" {
  type        = number
  description = "A shorter period for an account that only tries things out (dev), so that it can be taken down again. Null: retention_days holds. Cannot be locked."
  default     = null
  validation {
    condition     = var.trial_retention_days == null ? true : var.trial_retention_days >= 1 && var.trial_retention_days <= 30
    error_message = "trial_retention_days must be 1 to 30, or null for the period of retention_days."
  }
}

variable "lock" {
  type = object({
    locked               = bool
    confirm_account_name = string
  })
  description = "The switch that can never be turned back. Locked, the period can only grow, and the account cannot be deleted before its last file is free. `confirm_account_name` must repeat the account's name."
  default = {
    locked               = false
    confirm_account_name = ""
  }
  validation {
    condition     = !var.lock.locked || var.lock.confirm_account_name == var.account_name
    error_message = "lock.locked cannot be undone: set lock.confirm_account_name to the name of the archive's storage account to confirm it."
  }
  validation {
    condition     = !var.lock.locked || var.trial_retention_days == null
    error_message = "a trial period cannot be locked: remove trial_retention_days first."
  }
}

variable "soft_delete_days" {
  type        = number
  description = "Days that a deleted blob or container can be brought back."
  default     = 30
  validation {
    condition     = var.soft_delete_days >= 7 && var.soft_delete_days <= 365
    error_message = "soft_delete_days must be 7 to 365."
  }
}

variable "tiers" {
  type = object({
    cool_after_days    = optional(number, 30)
    cold_after_days    = optional(number, 90)
    archive_after_days = optional(number, 180)
    delete_after_days  = optional(number, 3720)
  })
  description = "Days from a file's creation to each cheaper tier, and to its deletion. Ages of last access are not usable: tracking them is incompatible with immutability."
  default     = {}
  validation {
    condition     = var.tiers.cool_after_days >= 1 && var.tiers.cool_after_days + 30 <= var.tiers.cold_after_days
    error_message = "tiers.cold_after_days must be at least 30 days after tiers.cool_after_days, which must be at least 1: cool is charged for 30 days."
  }
  validation {
    condition     = var.tiers.cold_after_days + 90 <= var.tiers.archive_after_days
    error_message = "tiers.archive_after_days must be at least 90 days after tiers.cold_after_days: cold is charged for 90 days."
  }
  validation {
    condition     = var.tiers.archive_after_days + 180 <= var.tiers.delete_after_days
    error_message = "tiers.delete_after_days must be at least 180 days after tiers.archive_after_days: archive is charged for 180 days."
  }
  validation {
    condition     = var.tiers.delete_after_days > var.retention_days
    error_message = "tiers.delete_after_days must be above retention_days: nothing may be deleted within the period."
  }
}

variable "allowed_ip_ranges" {
  type        = set(string)
  description = "Public IPv4 addresses or ranges that may reach the account besides trusted Azure services; empty: none."
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
