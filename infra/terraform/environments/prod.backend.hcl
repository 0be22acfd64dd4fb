# Where the state of prod lives; infra/azure-cli/bootstrap makes it and prints the account's name:
# terraform init -backend-config=environments/prod.backend.hcl -backend-config=storage_account_name=<name>
resource_group_name = "rg-oms-prod-state"
container_name      = "tfstate"
key                 = "oms-prod.tfstate"
use_azuread_auth    = true
