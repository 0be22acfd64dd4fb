variable "workload" {
  type        = string
  description = "Short name of the system; the middle of every resource name."
  default     = "oms"
  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,7}$", var.workload))
    error_message = "workload must be 2 to 8 lower-case letters or digits and start with a letter: it becomes part of a storage account name, which allows 24 in all."
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
  description = "3 to 8 lower-case letters or digits that make the globally unique names (event hub namespace, storage account) yours."
  validation {
    condition     = can(regex("^[a-z0-9]{3,8}$", var.suffix))
    error_message = "suffix must be 3 to 8 lower-case letters or digits."
  }
}
