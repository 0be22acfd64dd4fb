# The documented rule for partitions and throughput units. It creates nothing and needs no provider.
#
# A Standard throughput unit takes 1 MB/s or 1000 events/s in, whichever is reached first, and a partition is best kept
# under the same. The partition count is fixed for ever at creation, so it is sized for growth_factor times the peak, by
# the slower of the two: what a partition takes in, and what the one processor that reads it can apply. It is rounded up
# to a power of two (even shares for 2, 4 or 8 processors) and kept between 4 and 32, the limit of a Standard hub.

terraform {
  required_version = ">= 1.9"
}

locals {
  bytes_per_unit  = 1000000
  events_per_unit = 1000

  peak_units = max(
    var.peak_events_per_second / local.events_per_unit,
    var.peak_events_per_second * var.average_event_bytes / local.bytes_per_unit,
  )
  grown_events = var.peak_events_per_second * var.growth_factor

  partitions_wanted = max(
    local.peak_units * var.growth_factor,
    local.grown_events / var.processor_events_per_second,
    4,
  )
  # The first power of two that is enough; without one, more than the hub has, which the output refuses.
  partition_powers = [for power in [4, 8, 16, 32] : power if power >= local.partitions_wanted]
}
