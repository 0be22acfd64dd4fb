# shellcheck shell=bash
# Shared by the Azure CLI scripts: names, errors with a next step, and changes that --what-if only tells. Sourced, not run.
# It never logs in, and never changes which subscription is the default: every call names its own.

set -euo pipefail

say() { printf '%s\n' "$*" >&2; }

# fail CAUSE [HINT...]: what could not be done and what to do next; ends the script.
fail() {
    say "$1"
    shift
    local hint
    for hint in "$@"; do say "hint: $hint"; done
    exit 1
}

# Options that every script takes, and what they mean to the names. The names are those of modules/naming.
SUBSCRIPTION='' ENVIRONMENT='' SUFFIX='' WHAT_IF=no

# options USAGE EXTRA... -- ARGUMENT...: reads --subscription, --environment, --suffix, and those named in EXTRA:
# `location=LOCATION` takes a value into the variable LOCATION, `what-if!WHAT_IF` is a switch that sets it to yes.
options() {
    local usage=$1 extra=() spec name
    shift
    while [ "$1" != -- ]; do
        extra+=("$1")
        shift
    done
    shift
    extra+=(subscription=SUBSCRIPTION environment=ENVIRONMENT suffix=SUFFIX)
    while [ $# -gt 0 ]; do
        if [ "$1" = --help ]; then
            printf '%s\n' "$usage"
            exit 0
        fi
        name=''
        for spec in "${extra[@]}"; do
            case $spec in
            *=*) if [ "--${spec%%=*}" = "$1" ]; then
                [ $# -ge 2 ] || fail "$1 needs a value" "$usage"
                name=${spec#*=}
                printf -v "$name" '%s' "$2"
                shift
            fi ;;
            *!*) if [ "--${spec%%!*}" = "$1" ]; then
                name=${spec#*!}
                printf -v "$name" yes
            fi ;;
            esac
        done
        [ -n "$name" ] || fail "no option named \`$1\`" "$usage"
        shift
    done
    [[ $SUBSCRIPTION =~ ^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$ ]] ||
        fail "--subscription must be a subscription's id, not \`$SUBSCRIPTION\`" "az account list --query '[].{name:name, id:id}' -o table" "$usage"
    [[ $ENVIRONMENT == dev || $ENVIRONMENT == prod ]] || fail "--environment must be \`dev\` or \`prod\`, not \`$ENVIRONMENT\`" "$usage"
    [[ $SUFFIX =~ ^[a-z0-9]{3,8}$ ]] || fail "--suffix must be 3 to 8 lower-case letters or digits, not \`$SUFFIX\`" "$usage"
    GROUP=rg-oms-$ENVIRONMENT
    STATE_GROUP=rg-oms-$ENVIRONMENT-state
    STATE_ACCOUNT=stoms${ENVIRONMENT}state$SUFFIX
    ARCHIVE_ACCOUNT=stoms$ENVIRONMENT$SUFFIX
    NAMESPACE=evhns-oms-$ENVIRONMENT-$SUFFIX
    export GROUP STATE_GROUP STATE_ACCOUNT ARCHIVE_ACCOUNT NAMESPACE
}

# explain WHAT FILE: turns what az said, in FILE, into a cause and a next step, and ends the script.
explain() {
    local what=$1 text
    text=$(tr '\n' ' ' <"$2" | sed 's/^ERROR: //; s/  */ /g' | cut -c1-400)
    case $text in
    *"az login"* | *"AADSTS"*) fail "$what: nobody is logged in, or the login is too old" "az login" ;;
    *SubscriptionNotFound* | *"doesn't exist in cloud"*)
        fail "$what: this login does not see the subscription \`$SUBSCRIPTION\`" "az account list -o table shows those that it sees" ;;
    *AuthorizationFailed* | *"does not have authorization"* | *"Insufficient privileges"*)
        fail "$what: the rights are missing: $text" \
            "bootstrap wants Owner of the subscription (or Contributor and User Access Administrator) and, for the deployer, the right to register applications" ;;
    *AlreadyTaken* | *"already taken"* | *AlreadyExists*) fail "$what: the name is taken by somebody else" "choose another --suffix, the same in environments/$ENVIRONMENT.tfvars" ;;
    *Quota* | *quota*) fail "$what: a quota is used up: $text" "ask for more in the portal under Quotas, or choose another --location" ;;
    *LocationNotAvailable* | *"not available for resource type"* | *"not available in location"*)
        fail "$what: the region does not offer it: $text" "choose another --location, the same in environments/$ENVIRONMENT.tfvars" ;;
    *) fail "$what: ${text:-az said nothing}" "run the same command again: what is done already is left as it is" ;;
    esac
}

# ask WHAT ARGUMENT...: runs az for reading and prints what it answers; explains a failure.
ask() {
    local what=$1 errors
    shift
    errors=$(mktemp)
    if ! az "$@" --only-show-errors 2>"$errors"; then
        explain "$what" "$errors"
    fi
    rm -f "$errors"
}

# exists ARGUMENT...: whether az show finds the thing; any other failure than "not found" is explained.
exists() {
    local errors
    errors=$(mktemp)
    if az "$@" --only-show-errors >/dev/null 2>"$errors"; then
        rm -f "$errors"
        return 0
    fi
    grep -qiE 'ResourceNotFound|ResourceGroupNotFound|was not found|could not be found|NotFound' "$errors" ||
        explain "cannot look up with \`az $1 $2 $3\`" "$errors"
    rm -f "$errors"
    return 1
}

# change WHAT ARGUMENT...: runs az to change something, or with --what-if says what it would do.
change() {
    local what=$1 errors
    shift
    if [ "$WHAT_IF" = yes ]; then
        say "would $what"
        return 0
    fi
    say "$what"
    errors=$(mktemp)
    az "$@" --only-show-errors --output none 2>"$errors" || explain "cannot $what" "$errors"
    rm -f "$errors"
}

# check_subscription: az is there, somebody is logged in, and the subscription is seen and enabled.
check_subscription() {
    local state name
    command -v az >/dev/null 2>&1 || fail "cannot speak to Azure: az is not on PATH" "install it: pip install azure-cli, or your system's package"
    state=$(ask "cannot read the subscription" account show --subscription "$SUBSCRIPTION" --query state --output tsv)
    name=$(ask "cannot read the subscription" account show --subscription "$SUBSCRIPTION" --query name --output tsv)
    [ "$state" = Enabled ] || fail "the subscription \`$name\` is $state, not Enabled" "enable it in the portal, or choose another"
    say "subscription \`$name\` ($SUBSCRIPTION), environment $ENVIRONMENT"
}

# immutability FIELD: state or immutabilityPeriodSinceCreationInDays of the archive's account.
immutability() {
    ask "cannot read the archive \`$ARCHIVE_ACCOUNT\`" storage account show --subscription "$SUBSCRIPTION" \
        --resource-group "$GROUP" --name "$ARCHIVE_ACCOUNT" \
        --query "immutableStorageWithVersioning.immutabilityPolicy.$1" --output tsv
}
