terraform {
  required_version = ">= 1.4"
}
variable "units" {
  type    = number
  default = 1
}
variable "secret" {
  type      = string
  sensitive = true
  default   = "s3cr3t-of-the-fixture"
}
resource "terraform_data" "hub" {
  input = { units = var.units, name = "orders" }
}
resource "terraform_data" "archive" {
  input            = "archive"
  triggers_replace = [var.units]
}
resource "terraform_data" "keys" {
  input = var.secret
}
resource "terraform_data" "old" {
  count = var.units < 5 ? 1 : 0
  input = "old"
}
resource "terraform_data" "new" {
  for_each = var.units < 5 ? toset([]) : toset(["a", "b"])
  input    = each.key
}
output "units" {
  value = var.units
}
output "secret" {
  value     = terraform_data.keys.output
  sensitive = true
}
