terraform {
  required_version = ">= 1.9"
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 5.2"
    }
  }

  # Locked by a lease on the blob, so that two applies cannot run at once. The names come from
  # environments/*.backend.hcl: terraform init -backend-config=environments/dev.backend.hcl
  backend "azurerm" {
    use_azuread_auth = true
  }
}

provider "azurerm" {
  features {
    resource_group {
      prevent_deletion_if_contains_resources = true
    }
  }
  subscription_id = var.subscription_id
  # The accounts have no shared keys.
  storage_use_azuread = true
  # infra/azure-cli/bootstrap registers the resource providers once; the deployer has no right to.
  resource_provider_registrations = "none"
}
