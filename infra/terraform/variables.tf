# What a person decides about an environment. The modules' own variables hold the limits; here stand the choices.

variable "subscription_id" {
  type        = string
  description = "The subscription that this environment lives in. It has no default: a wrong subscription is the costliest slip."
  validation {
    condition     = can(regex("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", var.subscription_id))
    error_message = "subscription_id must be a subscription's id (az account show --query id): 36 lower-case hexadecimal digits and dashes."
  }
  validation {
    condition     = var.subscription_id != "00000000-0000-0000-0000-000000000000"
    error_message = "subscription_id is still the placeholder: set TF_VAR_subscription_id, or write yours into the tfvars file."
  }
}

variable "environment" {
  type        = string
  description = "`dev` or `prod`."
  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "environment must be `dev` or `prod`."
  }
}

variable "suffix" {
  type        = string
  description = "3 to 8 lower-case letters or digits that make the globally unique names yours."
  validation {
    condition     = can(regex("^[a-z0-9]{3,8}$", var.suffix))
    error_message = "suffix must be 3 to 8 lower-case letters or digits."
  }
}

variable "location" {
  type        = string
  description = "Region, in its short form."
  default     = "westeurope"
  validation {
    condition     = can(regex("^[a-z][a-z0-9]+$", var.location))
    error_message = "location must be a region's short name, such as `westeurope` (az account list-locations -o table)."
  }
}

variable "load" {
  type = object({
    peak_events_per_second      = number
    average_event_bytes         = optional(number, 2048)
    growth_factor               = optional(number, 8)
    processor_events_per_second = optional(number, 400)
  })
  description = "The load that partitions and throughput units are sized for; the rule is in modules/capacity."
  default = {
    peak_events_per_second = 200
  }
}

variable "on_prem_ip_ranges" {
  type        = set(string)
  description = "Public IPv4 addresses or ranges of the on-prem hosts; only they reach the event hub."
  default     = []
}

variable "administrator_ip_ranges" {
  type        = set(string)
  description = "Public IPv4 addresses or ranges that may read the archive directly; empty: none."
  default     = []
}

variable "local_authentication_enabled" {
  type        = bool
  description = "Whether connection strings work on the namespace. Only for tests that speak to the emulator's clients."
  default     = false
  validation {
    condition     = !(var.local_authentication_enabled && var.environment == "prod")
    error_message = "local_authentication_enabled must stay false in prod: a connection string cannot be told apart or withdrawn from one holder."
  }
}

variable "principals" {
  type = object({
    intake    = optional(string)
    processor = optional(string)
    agent     = optional(string)
    deployer  = optional(string)
  })
  description = "Object ids of the Entra principals; those that are null get no role yet."
  default     = {}
}

variable "processor_scope" {
  type        = string
  description = "`consumer_group` or `hub`: the scope of the processor's role."
  default     = "consumer_group"
}

variable "archive" {
  type = object({
    replication_type     = optional(string, "GRS")
    retention_days       = optional(number, 3653)
    trial_retention_days = optional(number)
    locked               = optional(bool, false)
    confirm_account_name = optional(string, "")
    soft_delete_days     = optional(number, 30)
  })
  description = "The ten-year archive. `locked` can never be undone and wants the account's name in confirm_account_name; modules/archive/README.md tells what to prove first."
  default     = {}
  validation {
    condition     = !(var.environment == "prod" && var.archive.trial_retention_days != null)
    error_message = "archive.trial_retention_days is for dev: prod keeps retention_days."
  }
}

variable "checkpoints_replication_type" {
  type        = string
  description = "LRS, or ZRS where the region has zones: the redundancy of the processors' checkpoints, which can be made anew."
  default     = "LRS"
}

variable "capture" {
  type = object({
    interval_in_seconds = optional(number, 300)
    size_limit_in_bytes = optional(number, 314572800)
    skip_empty_archives = optional(bool, true)
    name_format         = optional(string, "{Namespace}/{EventHub}/{Year}/{Month}/{Day}/{PartitionId}-{Hour}-{Minute}-{Second}")
  })
  description = "Window and names of the captured files."
  default     = {}
}

variable "alert_emails" {
  type        = set(string)
  description = "Who is told of alerts and cost."
}

variable "alert_thresholds" {
  type        = map(number)
  description = "Thresholds that differ from the defaults of modules/observability, by its names."
  default     = {}
  validation {
    condition = alltrue([
      for name in keys(var.alert_thresholds) :
      contains(["throttled_requests", "server_errors", "user_errors", "capture_backlog", "no_messages_minutes", "size_bytes"], name)
    ])
    error_message = "alert_thresholds has a name that no alert has: throttled_requests, server_errors, user_errors, capture_backlog, no_messages_minutes, size_bytes."
  }
}

variable "budget" {
  type = object({
    amount     = number
    start_date = string
  })
  description = "Budget of a month in the subscription's currency, and the first of the month that it starts with."
}
