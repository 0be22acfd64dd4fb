variable "resource_group_name" {
  type        = string
  description = "Resource group of the workspace, the action group and the alerts."
}

variable "location" {
  type        = string
  description = "Region of the workspace."
}

variable "tags" {
  type        = map(string)
  description = "Tags of every resource."
  default     = {}
}

variable "workspace_name" {
  type        = string
  description = "Log Analytics workspace."
  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$", var.workspace_name))
    error_message = "workspace_name must be 4 to 63 letters, digits and dashes."
  }
}

variable "log_retention_days" {
  type        = number
  description = "Days that logs are kept."
  default     = 90
  validation {
    condition     = var.log_retention_days >= 30 && var.log_retention_days <= 730
    error_message = "log_retention_days must be 30 to 730."
  }
}

variable "daily_quota_gb" {
  type        = number
  description = "Gigabytes a day that the workspace takes in at most, a guard of the cost."
  default     = 1
  validation {
    condition     = var.daily_quota_gb >= 0.1 && var.daily_quota_gb <= 100
    error_message = "daily_quota_gb must be 0.1 to 100."
  }
}

variable "action_group_name" {
  type        = string
  description = "Action group that is told of alerts."
}

variable "alert_emails" {
  type        = set(string)
  description = "Who is told by e-mail. At least one: an alert that reaches nobody is none."
  validation {
    condition     = length(var.alert_emails) >= 1
    error_message = "alert_emails must name at least one address: an alert that reaches nobody is none."
  }
  validation {
    condition     = alltrue([for address in var.alert_emails : can(regex("^[^@[:space:]]+@[^@[:space:]]+\\.[^@[:space:]]+$", address))])
    error_message = "each of alert_emails must be an e-mail address."
  }
}

variable "namespace_id" {
  type        = string
  description = "Resource id of the Event Hubs namespace that is watched."
  validation {
    condition     = can(regex("/Microsoft.EventHub/namespaces/[^/]+$", var.namespace_id))
    error_message = "namespace_id must be the resource id of an Event Hubs namespace."
  }
}

variable "hub_name" {
  type        = string
  description = "The hub that is watched."
}

variable "archive_account_id" {
  type        = string
  description = "Resource id of the archive's storage account, whose accesses are logged."
  validation {
    condition     = can(regex("/Microsoft.Storage/storageAccounts/[^/]+$", var.archive_account_id))
    error_message = "archive_account_id must be the resource id of a storage account."
  }
}

variable "thresholds" {
  type = object({
    throttled_requests  = optional(number, 0)
    server_errors       = optional(number, 5)
    capture_backlog     = optional(number, 50000)
    no_messages_minutes = optional(number, 30)
    size_bytes          = optional(number, 50000000000)
    user_errors         = optional(number, 100)
  })
  description = "Where alerts fire: above these counts in five minutes; no message at all in no_messages_minutes (5, 15, 30, 60, 360, 720 or 1440); stored bytes above size_bytes."
  default     = {}
  validation {
    condition     = contains([5, 15, 30, 60, 360, 720, 1440], var.thresholds.no_messages_minutes)
    error_message = "thresholds.no_messages_minutes must be 5, 15, 30, 60, 360, 720 or 1440: the windows that Azure Monitor has."
  }
  validation {
    condition     = alltrue([for name in ["throttled_requests", "server_errors", "capture_backlog", "size_bytes", "user_errors"] : var.thresholds[name] >= 0])
    error_message = "thresholds must not be negative."
  }
}
