mock_provider "azurerm" {}

variables {
  namespace_name      = "evhns-oms-dev-a1b2"
  resource_group_name = "rg-oms-dev"
  location            = "westeurope"
  capture = {
    storage_account_id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdeva1b2"
    container_name     = "order-events"
    identity_id        = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-oms-dev-capture"
    role_assignment_id = "/subscriptions/11111111-2222-4333-8444-555555555555/roleAssignments/1"
  }
}

run "namespace_name_too_short" {
  command = plan
  variables {
    namespace_name = "evhns"
  }
  expect_failures = [var.namespace_name]
}

run "namespace_name_ends_with_a_dash" {
  command = plan
  variables {
    namespace_name = "evhns-oms-"
  }
  expect_failures = [var.namespace_name]
}

run "namespace_name_starts_with_a_digit" {
  command = plan
  variables {
    namespace_name = "1evhns-oms"
  }
  expect_failures = [var.namespace_name]
}

run "resource_group_name_empty" {
  command = plan
  variables {
    resource_group_name = ""
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

run "no_throughput_unit" {
  command = plan
  variables {
    throughput_units = 0
  }
  expect_failures = [var.throughput_units]
}

run "half_a_throughput_unit" {
  command = plan
  variables {
    throughput_units = 1.5
  }
  expect_failures = [var.throughput_units]
}

run "cap_above_standard" {
  command = plan
  variables {
    maximum_throughput_units = 41
  }
  expect_failures = [var.maximum_throughput_units]
}

run "cap_below_the_start" {
  command = plan
  variables {
    maximum_throughput_units = 0
  }
  expect_failures = [var.maximum_throughput_units]
}

run "open_to_everybody" {
  command = plan
  variables {
    allowed_ip_ranges = ["0.0.0.0/0"]
  }
  expect_failures = [var.allowed_ip_ranges]
}

run "range_is_a_name" {
  command = plan
  variables {
    allowed_ip_ranges = ["shop.example.com"]
  }
  expect_failures = [var.allowed_ip_ranges]
}

run "subnet_by_name" {
  command = plan
  variables {
    allowed_subnet_ids = ["default"]
  }
  expect_failures = [var.allowed_subnet_ids]
}

run "hub_name_with_a_slash" {
  command = plan
  variables {
    hub_name = "orders/1"
  }
  expect_failures = [var.hub_name]
}

run "one_partition" {
  command = plan
  variables {
    partition_count = 1
  }
  expect_failures = [var.partition_count]
}

run "partitions_above_standard" {
  command = plan
  variables {
    partition_count = 33
  }
  expect_failures = [var.partition_count]
}

run "retention_of_ten_years" {
  command = plan
  variables {
    retention_days = 3653
  }
  expect_failures = [var.retention_days]
}

run "retention_of_no_day" {
  command = plan
  variables {
    retention_days = 0
  }
  expect_failures = [var.retention_days]
}

run "default_group_listed" {
  command = plan
  variables {
    consumer_groups = ["$Default", "processor"]
  }
  expect_failures = [var.consumer_groups]
}

run "no_processor_group" {
  command = plan
  variables {
    consumer_groups = ["audit"]
  }
  expect_failures = [var.consumer_groups]
}

run "more_groups_than_a_hub_has" {
  command = plan
  variables {
    consumer_groups = [for number in range(20) : number == 0 ? "processor" : "group-${number}"]
  }
  expect_failures = [var.consumer_groups]
}

run "schema_type_unknown_to_the_provider" {
  command = plan
  variables {
    schema_group = { type = "Json" }
  }
  expect_failures = [var.schema_group]
}

run "schema_compatibility_unknown" {
  command = plan
  variables {
    schema_group = { compatibility = "Full" }
  }
  expect_failures = [var.schema_group]
}

run "capture_window_below_a_minute" {
  command = plan
  variables {
    capture = {
      storage_account_id  = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdeva1b2"
      container_name      = "order-events"
      identity_id         = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-oms-dev-capture"
      role_assignment_id  = "/subscriptions/11111111-2222-4333-8444-555555555555/roleAssignments/1"
      interval_in_seconds = 59
    }
  }
  expect_failures = [var.capture]
}

run "capture_window_above_15_minutes" {
  command = plan
  variables {
    capture = {
      storage_account_id  = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdeva1b2"
      container_name      = "order-events"
      identity_id         = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-oms-dev-capture"
      role_assignment_id  = "/subscriptions/11111111-2222-4333-8444-555555555555/roleAssignments/1"
      interval_in_seconds = 901
    }
  }
  expect_failures = [var.capture]
}

run "capture_size_below_10_mb" {
  command = plan
  variables {
    capture = {
      storage_account_id  = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdeva1b2"
      container_name      = "order-events"
      identity_id         = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-oms-dev-capture"
      role_assignment_id  = "/subscriptions/11111111-2222-4333-8444-555555555555/roleAssignments/1"
      size_limit_in_bytes = 10485759
    }
  }
  expect_failures = [var.capture]
}

run "capture_size_above_500_mb" {
  command = plan
  variables {
    capture = {
      storage_account_id  = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdeva1b2"
      container_name      = "order-events"
      identity_id         = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-oms-dev-capture"
      role_assignment_id  = "/subscriptions/11111111-2222-4333-8444-555555555555/roleAssignments/1"
      size_limit_in_bytes = 524288001
    }
  }
  expect_failures = [var.capture]
}

run "capture_encoding_unknown" {
  command = plan
  variables {
    capture = {
      storage_account_id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdeva1b2"
      container_name     = "order-events"
      identity_id        = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-oms-dev-capture"
      role_assignment_id = "/subscriptions/11111111-2222-4333-8444-555555555555/roleAssignments/1"
      encoding           = "Parquet"
    }
  }
  expect_failures = [var.capture]
}

run "capture_name_without_the_second" {
  command = plan
  variables {
    capture = {
      storage_account_id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdeva1b2"
      container_name     = "order-events"
      identity_id        = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-oms-dev-capture"
      role_assignment_id = "/subscriptions/11111111-2222-4333-8444-555555555555/roleAssignments/1"
      name_format        = "{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}"
    }
  }
  expect_failures = [var.capture]
}

run "capture_account_by_name" {
  command = plan
  variables {
    capture = {
      storage_account_id = "stomsdeva1b2"
      container_name     = "order-events"
      identity_id        = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-oms-dev-capture"
      role_assignment_id = "/subscriptions/11111111-2222-4333-8444-555555555555/roleAssignments/1"
    }
  }
  expect_failures = [var.capture]
}

run "capture_identity_by_name" {
  command = plan
  variables {
    capture = {
      storage_account_id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdeva1b2"
      container_name     = "order-events"
      identity_id        = "id-oms-dev-capture"
      role_assignment_id = "/subscriptions/11111111-2222-4333-8444-555555555555/roleAssignments/1"
    }
  }
  expect_failures = [var.capture]
}

run "capture_without_a_grant" {
  command = plan
  variables {
    capture = {
      storage_account_id = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.Storage/storageAccounts/stomsdeva1b2"
      container_name     = "order-events"
      identity_id        = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-oms-dev/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-oms-dev-capture"
      role_assignment_id = ""
    }
  }
  expect_failures = [var.capture]
}
