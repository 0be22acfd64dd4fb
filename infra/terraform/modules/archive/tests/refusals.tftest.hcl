mock_provider "azurerm" {}

variables {
  account_name        = "stomsproda1b2"
  resource_group_name = "rg-oms-prod"
  location            = "westeurope"
}

run "account_name_with_a_dash" {
  command = plan
  variables {
    account_name = "st-oms"
  }
  expect_failures = [var.account_name]
}

run "account_name_too_long" {
  command = plan
  variables {
    account_name = "stomsprodabcdefghijklmnop"
  }
  expect_failures = [var.account_name]
}

run "resource_group_name_with_a_slash" {
  command = plan
  variables {
    resource_group_name = "rg/oms"
  }
  expect_failures = [var.resource_group_name]
}

run "resource_group_name_ends_with_a_stop" {
  command = plan
  variables {
    resource_group_name = "rg."
  }
  expect_failures = [var.resource_group_name]
}

run "location_in_its_long_form" {
  command = plan
  variables {
    location = "West Europe"
  }
  expect_failures = [var.location]
}

run "zone_redundancy_has_no_archive_tier" {
  command = plan
  variables {
    replication_type = "ZRS"
  }
  expect_failures = [var.replication_type]
}

run "geo_zone_redundancy_has_no_archive_tier" {
  command = plan
  variables {
    replication_type = "GZRS"
  }
  expect_failures = [var.replication_type]
}

run "container_name_with_two_dashes" {
  command = plan
  variables {
    container_name = "order--events"
  }
  expect_failures = [var.container_name]
}

run "container_name_in_upper_case" {
  command = plan
  variables {
    container_name = "Orders"
  }
  expect_failures = [var.container_name]
}

run "ten_times_365_days_is_short" {
  command = plan
  variables {
    retention_days = 3650
  }
  expect_failures = [var.retention_days]
}

run "period_beyond_azures_limit" {
  command = plan
  variables {
    retention_days = 146001
  }
  expect_failures = [var.retention_days]
}

run "period_of_half_a_day" {
  command = plan
  variables {
    retention_days = 3653.5
  }
  expect_failures = [var.retention_days]
}

run "trial_of_zero_days" {
  command = plan
  variables {
    trial_retention_days = 0
  }
  expect_failures = [var.trial_retention_days]
}

run "trial_of_a_year" {
  command = plan
  variables {
    trial_retention_days = 365
  }
  expect_failures = [var.trial_retention_days]
}

run "lock_without_confirmation" {
  command = plan
  variables {
    lock = { locked = true, confirm_account_name = "" }
  }
  expect_failures = [var.lock]
}

run "lock_confirmed_with_another_name" {
  command = plan
  variables {
    lock = { locked = true, confirm_account_name = "stomsdeva1b2" }
  }
  expect_failures = [var.lock]
}

run "soft_delete_of_a_day" {
  command = plan
  variables {
    soft_delete_days = 1
  }
  expect_failures = [var.soft_delete_days]
}

run "cold_before_cool_is_paid_for" {
  command = plan
  variables {
    tiers = { cool_after_days = 30, cold_after_days = 40 }
  }
  expect_failures = [var.tiers]
}

run "archive_before_cold_is_paid_for" {
  command = plan
  variables {
    tiers = { cold_after_days = 100, archive_after_days = 120 }
  }
  expect_failures = [var.tiers]
}

run "deletion_within_the_period" {
  command = plan
  variables {
    tiers = { delete_after_days = 3653 }
  }
  expect_failures = [var.tiers]
}

run "deletion_soon_after_archive" {
  command = plan
  variables {
    tiers = { archive_after_days = 3650, delete_after_days = 3700 }
  }
  expect_failures = [var.tiers]
}

run "range_is_everybody" {
  command = plan
  variables {
    allowed_ip_ranges = ["0.0.0.0/0"]
  }
  expect_failures = [var.allowed_ip_ranges]
}

run "range_is_no_address" {
  command = plan
  variables {
    allowed_ip_ranges = ["203.0.113.999"]
  }
  expect_failures = [var.allowed_ip_ranges]
}

run "range_is_too_narrow_for_storage" {
  command = plan
  variables {
    allowed_ip_ranges = ["203.0.113.0/31"]
  }
  expect_failures = [var.allowed_ip_ranges]
}

run "trial_locked" {
  command = plan
  variables {
    trial_retention_days = 1
    lock                 = { locked = true, confirm_account_name = "stomsproda1b2" }
  }
  expect_failures = [var.lock]
}
