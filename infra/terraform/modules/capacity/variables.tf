variable "peak_events_per_second" {
  type        = number
  description = "Order events a second at the worst minute of the year."
  default     = 200
  validation {
    condition     = var.peak_events_per_second > 0 && var.peak_events_per_second <= 40000
    error_message = "peak_events_per_second must be above 0 and at most 40000: 40 throughput units of 1000 events/s are all that Standard has."
  }
}

variable "average_event_bytes" {
  type        = number
  description = "Mean size of an event in bytes, headers included."
  default     = 2048
  validation {
    condition     = var.average_event_bytes >= 1 && var.average_event_bytes <= 1048576
    error_message = "average_event_bytes must be 1 to 1048576: Standard refuses publications above 1 MB."
  }
}

variable "growth_factor" {
  type        = number
  description = "How many times today's peak the partitions must carry. The partition count of a Standard hub can never be changed."
  default     = 8
  validation {
    condition     = var.growth_factor >= 1 && var.growth_factor <= 100
    error_message = "growth_factor must be 1 to 100."
  }
}

variable "processor_events_per_second" {
  type        = number
  description = "Events a second that one partition's processor applies to MySQL, as measured; one partition is read by one processor."
  default     = 400
  validation {
    condition     = var.processor_events_per_second >= 1
    error_message = "processor_events_per_second must be at least 1."
  }
}
