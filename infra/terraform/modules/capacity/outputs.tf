output "partition_count" {
  description = "Partitions of the hub: a power of two, 4 to 32."
  value       = length(local.partition_powers) > 0 ? local.partition_powers[0] : 0
  precondition {
    condition     = length(local.partition_powers) > 0
    error_message = "${ceil(local.partitions_wanted)} partitions are wanted and a Standard hub has at most 32: lower growth_factor, make the processor faster, or use Premium."
  }
}

output "throughput_units" {
  description = "Units to start with: the peak of today, at least 1."
  value       = max(1, ceil(local.peak_units))
  precondition {
    condition     = ceil(local.peak_units) <= 40
    error_message = "${ceil(local.peak_units)} throughput units are wanted and Standard has at most 40: lower the peak or the event size, or use Premium."
  }
}

output "maximum_throughput_units" {
  description = "Cap of auto-inflate: twice the peak of today, between 2 and 40. It only ever inflates; a person lowers it."
  value       = min(40, max(2, ceil(local.peak_units * 2)))
}
