# One place that makes names, so that scripts, alerts and Ansible can say them without asking Azure. It creates nothing
# and needs no provider.

terraform {
  required_version = ">= 1.9"
}

locals {
  stem = "${var.workload}-${var.environment}"
}
