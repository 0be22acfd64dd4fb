mock_provider "azurerm" {}

variables {
  account_name         = "stomsdevcpa1b2"
  archive_account_name = "stomsdeva1b2"
  resource_group_name  = "rg-oms-dev"
  location             = "westeurope"
}

run "account_name_with_a_dash" {
  command = plan
  variables {
    account_name = "st-oms"
  }
  expect_failures = [var.account_name]
}

run "the_archive_itself" {
  command = plan
  variables {
    account_name = "stomsdeva1b2"
  }
  expect_failures = [var.account_name]
}

run "resource_group_that_ends_with_a_full_stop" {
  command = plan
  variables {
    resource_group_name = "rg-oms."
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

run "copy_in_another_region" {
  command = plan
  variables {
    replication_type = "GRS"
  }
  expect_failures = [var.replication_type]
}

run "container_name_with_two_dashes" {
  command = plan
  variables {
    container_name = "check--points"
  }
  expect_failures = [var.container_name]
}

run "processor_by_name" {
  command = plan
  variables {
    processor_principal_id = "oms-processor"
  }
  expect_failures = [var.processor_principal_id]
}

run "single_address_with_a_prefix" {
  command = plan
  variables {
    allowed_ip_ranges = ["203.0.113.10/32"]
  }
  expect_failures = [var.allowed_ip_ranges]
}

run "open_to_every_address" {
  command = plan
  variables {
    allowed_ip_ranges = ["0.0.0.0/0"]
  }
  expect_failures = [var.allowed_ip_ranges]
}
