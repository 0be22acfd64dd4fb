variables {
  workload    = "oms"
  environment = "dev"
  suffix      = "a1b2"
}

run "names" {
  command = apply
  assert {
    condition     = output.eventhub_namespace == "evhns-oms-dev-a1b2"
    error_message = "event hub namespace is ${output.eventhub_namespace}"
  }
  assert {
    condition     = output.archive_account == "stomsdeva1b2"
    error_message = "archive account is ${output.archive_account}"
  }
  assert {
    condition     = output.checkpoints_account == "stomsdevcpa1b2"
    error_message = "checkpoints account is ${output.checkpoints_account}"
  }
  assert {
    condition     = output.resource_group == "rg-oms-dev"
    error_message = "resource group is ${output.resource_group}"
  }
}

run "longest_account_name_fits_24" {
  command = apply
  variables {
    workload    = "abcdefgh"
    environment = "prod"
    suffix      = "12345678"
  }
  assert {
    condition     = length(output.archive_account) <= 24
    error_message = "${output.archive_account} is longer than 24"
  }
  assert {
    condition     = length(output.checkpoints_account) <= 24
    error_message = "${output.checkpoints_account} is longer than 24"
  }
}

run "workload_with_a_dash" {
  command = plan
  variables {
    workload = "my-oms"
  }
  expect_failures = [var.workload]
}

run "workload_too_long" {
  command = plan
  variables {
    workload = "abcdefghi"
  }
  expect_failures = [var.workload]
}

run "environment_unknown" {
  command = plan
  variables {
    environment = "staging"
  }
  expect_failures = [var.environment]
}

run "suffix_upper_case" {
  command = plan
  variables {
    suffix = "A1B2"
  }
  expect_failures = [var.suffix]
}

run "suffix_too_short" {
  command = plan
  variables {
    suffix = "a1"
  }
  expect_failures = [var.suffix]
}
