output "capture_identity_id" {
  description = "Resource id of the identity that Capture writes with."
  value       = azurerm_user_assigned_identity.capture.id
}

output "capture_role_assignment_id" {
  description = "The grant of that identity on the archive's container; the hub waits for it."
  value       = azurerm_role_assignment.capture.id
}

output "deployer_role_assignment_id" {
  description = "The deployer's grant on the archive's container, or null where no deployer is named."
  value       = one(azurerm_role_assignment.deployer[*].id)
}

output "roles" {
  description = "What each principal got: role and scope."
  value = merge(
    { for name, assignment in azurerm_role_assignment.principal : name => { role = assignment.role_definition_name, scope = assignment.scope } },
    { for assignment in azurerm_role_assignment.deployer : "deployer" => { role = assignment.role_definition_name, scope = assignment.scope } },
    { capture = { role = azurerm_role_assignment.capture.role_definition_name, scope = azurerm_role_assignment.capture.scope } },
  )
}
