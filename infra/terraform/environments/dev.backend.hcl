# Where the state of dev lives; infra/azure-cli/bootstrap makes it and prints the account's name:
# terraform init -backend-config=environments/dev.backend.hcl -backend-config=storage_account_name=<name>
resource_group_name = "rg-oms-dev-state"
container_name      = "tfstate"
key                 = "oms-dev.tfstate"
use_azuread_auth    = true
