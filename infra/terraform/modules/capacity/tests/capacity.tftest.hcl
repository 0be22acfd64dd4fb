run "defaults" {
  command = apply
  assert {
    condition     = output.partition_count == 4 && output.throughput_units == 1 && output.maximum_throughput_units == 2
    error_message = "200 events/s of 2 KB: ${output.partition_count} partitions, ${output.throughput_units} to ${output.maximum_throughput_units} units"
  }
}

run "bytes_decide" {
  command = apply
  variables {
    peak_events_per_second = 500
    average_event_bytes    = 10000
    growth_factor          = 2
  }
  # 5 MB/s: 5 units, 10 for growth, so 16 partitions.
  assert {
    condition     = output.partition_count == 16 && output.throughput_units == 5 && output.maximum_throughput_units == 10
    error_message = "${output.partition_count} partitions, ${output.throughput_units} to ${output.maximum_throughput_units} units"
  }
}

run "processor_decides" {
  command = apply
  variables {
    peak_events_per_second      = 300
    average_event_bytes         = 500
    growth_factor               = 8
    processor_events_per_second = 100
  }
  # 2400 events/s at 100 a partition: 24, so 32.
  assert {
    condition     = output.partition_count == 32
    error_message = "${output.partition_count} partitions"
  }
}

run "more_than_a_hub_has" {
  command = plan
  variables {
    peak_events_per_second = 15000
  }
  expect_failures = [output.partition_count]
}

run "more_units_than_standard_has" {
  command = plan
  variables {
    peak_events_per_second      = 1000
    average_event_bytes         = 100000
    growth_factor               = 1
    processor_events_per_second = 1000
  }
  expect_failures = [output.throughput_units, output.partition_count]
}

run "peak_zero" {
  command = plan
  variables {
    peak_events_per_second = 0
  }
  expect_failures = [var.peak_events_per_second]
}

run "peak_above_standard" {
  command = plan
  variables {
    peak_events_per_second = 40001
  }
  expect_failures = [var.peak_events_per_second]
}

run "event_above_1_mb" {
  command = plan
  variables {
    average_event_bytes = 1048577
  }
  expect_failures = [var.average_event_bytes]
}

run "growth_below_1" {
  command = plan
  variables {
    growth_factor = 0.5
  }
  expect_failures = [var.growth_factor]
}

run "processor_at_0" {
  command = plan
  variables {
    processor_events_per_second = 0
  }
  expect_failures = [var.processor_events_per_second]
}
