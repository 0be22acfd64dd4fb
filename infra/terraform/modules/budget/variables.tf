variable "name" {
  type        = string
  description = "Name of the budget."
}

variable "resource_group_id" {
  type        = string
  description = "Resource id of the resource group whose cost counts."
  validation {
    condition     = can(regex("^/subscriptions/[0-9a-f-]{36}/resourceGroups/[^/]+$", var.resource_group_id))
    error_message = "resource_group_id must be the full resource id of a resource group."
  }
}

variable "amount" {
  type        = number
  description = "Budget of a month, in the currency of the subscription."
  validation {
    condition     = var.amount > 0
    error_message = "amount must be above 0."
  }
}

variable "start_date" {
  type        = string
  description = "First day of the first month that counts, such as `2026-12-01T00:00:00Z`. Azure refuses any other day."
  validation {
    condition     = can(regex("^20[0-9]{2}-(0[1-9]|1[0-2])-01T00:00:00Z$", var.start_date))
    error_message = "start_date must be the first of a month at midnight UTC, such as `2026-12-01T00:00:00Z`."
  }
}

variable "action_group_ids" {
  type        = list(string)
  description = "Action groups that are notified."
  default     = []
}

variable "contact_emails" {
  type        = list(string)
  description = "Addresses that are notified."
  default     = []
  validation {
    condition     = length(var.contact_emails) + length(var.action_group_ids) >= 1
    error_message = "contact_emails or action_group_ids must name somebody: Azure refuses a notification without a contact."
  }
}

variable "notify_at_percent" {
  type = object({
    actual   = optional(set(number), [50, 80, 100])
    forecast = optional(set(number), [100])
  })
  description = "Shares of the amount at which people are told, of the cost so far and of the forecast."
  default     = {}
  validation {
    condition     = alltrue([for percent in setunion(var.notify_at_percent.actual, var.notify_at_percent.forecast) : percent > 0 && percent <= 1000])
    error_message = "notify_at_percent must be above 0 and at most 1000."
  }
  validation {
    condition     = length(var.notify_at_percent.actual) + length(var.notify_at_percent.forecast) >= 1 && length(var.notify_at_percent.actual) + length(var.notify_at_percent.forecast) <= 5
    error_message = "notify_at_percent must have 1 to 5 entries in all, the most that a budget has."
  }
}
