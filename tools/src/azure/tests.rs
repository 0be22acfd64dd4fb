//! Signing in and being refused: every way that it goes wrong, and what is said then.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use azure_core::credentials::Secret;
use azure_core::http::{AsyncRawResponse, HttpClient, Request, headers::Headers};
use serde_json::json;

use super::stand_in::sign_in::{CLIENT, SECRET, TENANT};
use super::stand_in::{AzureStandIn, GROUP, NAMESPACE, SUBSCRIPTION, TOKEN};
use super::{Azure, AzureCli, AzurePlace, Cloud, Credentials, EnvironmentCredential, Got, Way};
use crate::eventhub::{EventhubStatus, EventhubStatusArguments};
use crate::{CallScope, Failure, FailureKind, Principal, Tool, Trust};

/// An `az` that runs this script; the folder goes with it.
pub(crate) struct FakeAz(tempfile::TempDir);

impl FakeAz {
    pub(crate) fn new(script: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("oms-az").tempdir().unwrap();
        // Written by another process: one that a neighbouring test starts could still hold our file open for writing, and
        // such a file cannot be run.
        let text = format!("#!/bin/sh\n{script}\n");
        let copy = ["-c", "printf %s \"$1\" > \"$0\" && chmod 755 \"$0\""];
        let written = Command::new("/bin/sh").args(copy).arg(folder.path().join("az")).arg(text).status().unwrap();
        assert!(written.success());
        Self(folder)
    }

    /// One that is signed in, and writes down how it was called.
    pub(crate) fn signed_in() -> Self {
        Self::new(&format!(
            "echo \"$@\" >> \"$(dirname \"$0\")/calls\"\necho '{{\"accessToken\": \"{TOKEN}\", \"expires_on\": 4102444800, \"tokenType\": \"Bearer\"}}'"
        ))
    }

    pub(crate) fn cli(&self) -> AzureCli {
        AzureCli { program: Some(self.path().join("az")), variables: vec![("PATH".into(), "/usr/bin:/bin".into())] }
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn calls(&self) -> Vec<String> {
        fs::read_to_string(self.path().join("calls")).unwrap_or_default().lines().map(str::to_owned).collect()
    }
}

const NO_CLI: AzureCli = AzureCli { program: None, variables: Vec::new() };

pub(crate) fn place(address: &str) -> AzurePlace {
    AzurePlace {
        subscription: Some(SUBSCRIPTION.to_owned()),
        resource_group: Some(GROUP.to_owned()),
        namespace: Some(NAMESPACE.to_owned()),
        endpoint: Some(address.to_owned()),
        ..AzurePlace::default()
    }
}

fn by_cli(cli: AzureCli) -> Credentials {
    Credentials::new([Way::AzureCli], Cloud::Public, EnvironmentCredential::default(), cli, None, None)
}

/// A client of the stand-in, signed in by a fake `az`.
pub(crate) fn client(stand_in: &AzureStandIn, az: &FakeAz) -> Arc<Azure> {
    Arc::new(Azure::new(place(&stand_in.address), by_cli(az.cli()).trusting(trust(stand_in))).unwrap())
}

/// The authority of a stand-in.
pub(crate) fn trust(stand_in: &AzureStandIn) -> Trust {
    Trust::beside(stand_in.authority.as_bytes()).unwrap()
}

async fn sign_in(credentials: &Credentials) -> Result<String, Failure> {
    credentials.token().await.map(|token| token.token.secret().to_owned())
}

/// Entra's token endpoint: what it answers, and what it was asked.
#[derive(Debug)]
struct Entra {
    status: u16,
    body: serde_json::Value,
    asked: Mutex<Vec<String>>,
}

#[async_trait]
impl HttpClient for Entra {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let azure_core::http::Body::Bytes(body) = request.body() else { panic!("a form was expected") };
        let asked = format!("{} {}", request.url(), String::from_utf8_lossy(body));
        self.asked.lock().unwrap().push(asked);
        Ok(AsyncRawResponse::from_bytes(self.status.into(), Headers::new(), self.body.to_string().into_bytes()))
    }
}

fn entra(status: u16, body: serde_json::Value) -> Arc<Entra> {
    Arc::new(Entra { status, body, asked: Mutex::default() })
}

fn application(secret: Option<&str>) -> EnvironmentCredential {
    EnvironmentCredential {
        tenant: Some(TENANT.to_owned()),
        client: Some("app-1".to_owned()),
        secret: secret.map(|secret| Secret::new(secret.to_owned())),
        ..EnvironmentCredential::default()
    }
}

#[tokio::test]
async fn an_application_signs_in_at_its_own_cloud_and_its_token_is_used_again() {
    for (cloud, host, scope) in [
        (Cloud::Public, "login.microsoftonline.com", "management.azure.com"),
        (Cloud::UsGovernment, "login.microsoftonline.us", "management.usgovcloudapi.net"),
        (Cloud::China, "login.chinacloudapi.cn", "management.chinacloudapi.cn"),
    ] {
        let entra = entra(
            200,
            json!({"token_type": "Bearer", "expires_in": 3600, "ext_expires_in": 3600, "access_token": TOKEN}),
        );
        let credentials =
            Credentials::new(Way::ALL, cloud, application(Some("s3cret")), NO_CLI, None, None).through(entra.clone());
        assert_eq!(sign_in(&credentials).await.unwrap(), TOKEN);
        assert_eq!(sign_in(&credentials).await.unwrap(), TOKEN);
        let asked = entra.asked.lock().unwrap();
        assert_eq!(asked.len(), 1, "a token is kept");
        assert!(asked[0].starts_with(&format!("https://{host}/{TENANT}/")), "{}", asked[0]);
        assert!(asked[0].contains(scope), "{}", asked[0]);
    }
}

#[tokio::test]
async fn a_pod_signs_in_by_its_federated_token() {
    let folder = tempfile::Builder::new().prefix("oms-pod").tempdir().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, "federated").unwrap();
    let entra =
        entra(200, json!({"token_type": "Bearer", "expires_in": 3600, "ext_expires_in": 3600, "access_token": TOKEN}));
    let environment = EnvironmentCredential { token_file: Some(file), ..application(None) };
    let credentials = Credentials::new(Way::ALL, Cloud::Public, environment, NO_CLI, None, None).through(entra.clone());
    assert_eq!(sign_in(&credentials).await.unwrap(), TOKEN);
    assert!(entra.asked.lock().unwrap()[0].contains("client_assertion=federated"));
}

/// The machine's own endpoint of tokens (IMDS) as its documentation has it: it wants `Metadata: true` and a resource.
#[derive(Debug, Default)]
struct Metadata {
    asked: Mutex<Vec<String>>,
    /// Nothing answers there, as off Azure.
    silent: bool,
}

#[async_trait]
impl HttpClient for Metadata {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        if self.silent {
            return std::future::pending().await;
        }
        self.asked.lock().unwrap().push(request.url().to_string());
        let named = request.headers().iter().any(|(name, value)| {
            name.as_str().eq_ignore_ascii_case("metadata") && value.as_str().eq_ignore_ascii_case("true")
        });
        let (status, body) = if named && request.url().query().is_some_and(|query| query.contains("resource=")) {
            let token = json!({"access_token": TOKEN, "expires_in": "3599", "expires_on": "4102444800", "resource": "x",
                "token_type": "Bearer"});
            (200_u16, token)
        } else {
            (400, json!({"error": "invalid_request"}))
        };
        Ok(AsyncRawResponse::from_bytes(status.into(), Headers::new(), body.to_string().into_bytes()))
    }
}

#[tokio::test]
async fn a_machine_signs_in_by_its_own_identity_or_by_one_that_is_assigned_to_it() {
    for (client, names_it) in [(None, false), (Some("app-1"), true)] {
        let metadata = Arc::new(Metadata::default());
        let environment =
            EnvironmentCredential { client: client.map(str::to_owned), ..EnvironmentCredential::default() };
        let ways = [Way::ManagedIdentity];
        let credentials =
            Credentials::new(ways, Cloud::Public, environment, NO_CLI, None, None).through(metadata.clone());
        assert_eq!(sign_in(&credentials).await.unwrap(), TOKEN);
        let asked = metadata.asked.lock().unwrap();
        assert!(asked[0].starts_with("http://169.254.169.254/metadata/identity/oauth2/token?"), "{}", asked[0]);
        assert!(asked[0].contains("management.azure.com"), "{}", asked[0]);
        assert_eq!(asked[0].contains("client_id=app-1"), names_it, "{}", asked[0]);
    }
}

#[tokio::test]
async fn off_azure_the_machine_s_identity_is_passed_over() {
    let metadata = Arc::new(Metadata { silent: true, ..Metadata::default() });
    let az = FakeAz::signed_in();
    let ways = [Way::ManagedIdentity, Way::AzureCli];
    let environment = EnvironmentCredential::default();
    let credentials = Credentials::new(ways, Cloud::Public, environment, az.cli(), None, None).through(metadata);
    assert_eq!(sign_in(&credentials).await.unwrap(), TOKEN);
    assert_eq!(az.calls().len(), 1);
}

#[tokio::test]
async fn an_authority_of_one_s_own_is_asked_instead_of_the_cloud_s() {
    let entra =
        entra(200, json!({"token_type": "Bearer", "expires_in": 3600, "ext_expires_in": 3600, "access_token": TOKEN}));
    let environment = EnvironmentCredential {
        authority: Some("https://login.example.test".to_owned()),
        ..application(Some("s3cret"))
    };
    let credentials =
        Credentials::new([Way::Environment], Cloud::Public, environment, NO_CLI, None, None).through(entra.clone());
    assert_eq!(sign_in(&credentials).await.unwrap(), TOKEN);
    assert!(entra.asked.lock().unwrap()[0].starts_with("https://login.example.test/"));
}

#[tokio::test]
async fn a_refused_application_is_told_why_and_its_secret_is_not_shown() {
    for (code, says, hint) in [
        (7_000_222, "the secret of application `app-1` is expired", "az ad app credential reset --id app-1"),
        (7_000_215, "the secret of application `app-1` is wrong", "AZURE_CLIENT_SECRET"),
        (90_002, &*format!("there is no tenant `{TENANT}`"), "AZURE_TENANT_ID"),
        (700_016, &*format!("tenant `{TENANT}` does not know this sign-in"), "wrong tenant"),
        (53_003, "asks for a person", "az login"),
        (1, "it was refused", "az account get-access-token"),
    ] {
        let description = format!("AADSTS{code}: someone@example.com may not, with s3cret");
        let entra =
            entra(401, json!({"error": "invalid_client", "error_codes": [code], "error_description": description}));
        let cli = FakeAz::signed_in();
        let credentials = Credentials::new(Way::ALL, Cloud::Public, application(Some("s3cret")), cli.cli(), None, None)
            .through(entra);
        let failure = sign_in(&credentials).await.unwrap_err();
        let text = failure.to_string();
        assert!(failure.message.contains("by environment") && failure.message.contains(says), "{text}");
        assert!(failure.hints.iter().any(|one| one.contains(hint)), "{text}");
        assert!(!text.contains("s3cret") && !text.contains("someone@"), "{text}");
        assert!(cli.calls().is_empty(), "a refused way is the end: the next would be somebody else");
    }
}

#[tokio::test]
async fn without_any_credentials_each_way_is_named_with_what_it_lacks() {
    let ways = [Way::Environment, Way::WorkloadIdentity, Way::AzureCli];
    let environment = EnvironmentCredential::default();
    let credentials = Credentials::new(ways, Cloud::China, environment, NO_CLI, Some(TENANT.to_owned()), None);
    insta::assert_snapshot!(sign_in(&credentials).await.unwrap_err(), @r"
    cannot sign in to Azure: no credentials (environment: AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET are not all set; workload identity: AZURE_FEDERATED_TOKEN_FILE is not set; Azure CLI: `az` is not installed)
    hint: az cloud set --name AzureChinaCloud && az login --tenant aaaaaaaa-0000-0000-0000-000000000001
    hint: or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET of an application with the role `Monitoring Reader`
    ");
}

#[tokio::test]
async fn the_cli_is_asked_for_the_management_scope_without_a_shell() {
    let az = FakeAz::signed_in();
    let with = |tenant: Option<&str>| {
        let subscription = Some("$(touch /tmp/x)".to_owned());
        let environment = EnvironmentCredential::default();
        let tenant = tenant.map(str::to_owned);
        Credentials::new([Way::AzureCli], Cloud::Public, environment, az.cli(), tenant, subscription)
    };
    assert_eq!(sign_in(&with(None)).await.unwrap(), TOKEN);
    assert_eq!(sign_in(&with(Some(TENANT))).await.unwrap(), TOKEN);
    let asked = "account get-access-token --output json --scope https://management.azure.com/.default";
    assert_eq!(az.calls(), [format!("{asked} --subscription $(touch /tmp/x)"), format!("{asked} --tenant {TENANT}")]);
}

#[tokio::test]
async fn the_cli_s_refusals_are_told_with_the_command_that_mends_them() {
    for (script, says, hint) in [
        ("echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1", "nobody is signed in", "az login"),
        (
            "echo 'ERROR: AADSTS700082: The refresh token has expired. Please run: az login' >&2; exit 1",
            "the sign-in is expired",
            "az login",
        ),
        (
            "echo 'ERROR: Subscription x not found. Check the spelling' >&2; exit 1",
            "sees no subscription `(none)`",
            "az account list --output table",
        ),
        ("echo '{\"accessToken\": \"t\"}'", "it was refused", "az account get-access-token"),
        ("echo nonsense", "it was refused", "az account get-access-token"),
    ] {
        let az = FakeAz::new(script);
        let failure = sign_in(&by_cli(az.cli())).await.unwrap_err();
        assert!(failure.message.contains(says), "{failure}");
        assert!(failure.hints.iter().any(|one| one.contains(hint)), "{failure}");
    }
}

#[tokio::test]
async fn a_token_goes_to_the_cloud_or_to_this_machine_and_nowhere_else() {
    let refused = |endpoint: &str| {
        let place = AzurePlace { endpoint: Some(endpoint.to_owned()), ..AzurePlace::default() };
        Azure::new(place, by_cli(NO_CLI)).unwrap_err().to_string()
    };
    for endpoint in ["https://management.example.com", "http://10.0.0.1", "http://127.0.0.1.example.com", "ftp://host"]
    {
        assert!(refused(endpoint).contains("not on this machine"), "{endpoint}");
    }
    for endpoint in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:1", "ftp://localhost"] {
        let said = refused(endpoint);
        assert!(said.contains("in the clear") && said.contains("https://"), "{endpoint}: {said}");
    }
    assert!(refused("nonsense").contains("no URL"));
    assert!(refused("https://localhost:1/path?x").contains("path"));
}

#[tokio::test]
async fn a_certificate_of_another_authority_gets_no_token() {
    let (stand_in, other, az) = (AzureStandIn::start().await, AzureStandIn::start().await, FakeAz::signed_in());
    for unknown in [trust(&other), Trust::default()] {
        let azure = Arc::new(Azure::new(place(&stand_in.address), by_cli(az.cli()).trusting(unknown)).unwrap());
        let metrics = read(&azure).await.unwrap_err();
        insta::allow_duplicates! {
            insta::assert_snapshot!(metrics, @r"
            cannot read the namespace: the certificate of the management interface is not trusted
            hint: set `azure.certificates` in oms.toml to the PEM file of the authority that signed it (a company's proxy has its own), or install that authority on this machine
            ");
        }
        // The management crate's way is another one.
        let scope = CallScope { principal: Principal { name: "ana".into() }, now: chrono::NaiveDateTime::default() };
        let status = EventhubStatus::new(azure.clone());
        let hubs = status.call(&scope, EventhubStatusArguments::default()).await.unwrap_err();
        assert!(hubs.message.contains("the certificate of the management interface is not trusted"), "{hubs}");
        assert_eq!((hubs.kind, hubs.hints), (FailureKind::Refused, metrics.hints));
    }
    assert_eq!(stand_in.asked(""), 0, "nothing was sent");
}

#[tokio::test]
async fn a_sign_in_host_of_another_authority_gets_no_secret() {
    let (stand_in, other) = (AzureStandIn::start().await, AzureStandIn::start().await);
    let credentials = |believed: &AzureStandIn| {
        let environment = EnvironmentCredential {
            tenant: Some(TENANT.to_owned()),
            client: Some(CLIENT.to_owned()),
            secret: Some(Secret::new(SECRET)),
            authority: Some(stand_in.address.clone()),
            ..EnvironmentCredential::default()
        };
        Credentials::new([Way::Environment], Cloud::Public, environment, NO_CLI, None, None).trusting(trust(believed))
    };
    let failure = sign_in(&credentials(&other)).await.unwrap_err();
    insta::assert_snapshot!(failure, @r"
    cannot sign in to Azure by environment: the certificate of the sign-in host is not trusted
    hint: set `azure.certificates` in oms.toml to the PEM file of the authority that signed it (a company's proxy has its own), or install that authority on this machine
    ");
    assert_eq!(stand_in.asked(""), 0, "nothing was sent");
    assert_eq!(sign_in(&credentials(&stand_in)).await.unwrap(), TOKEN);
    // In the clear it is not asked at all.
    let environment = EnvironmentCredential {
        authority: Some(stand_in.address.replace("https", "http")),
        ..application(Some("s3cret"))
    };
    let clear = Credentials::new([Way::Environment], Cloud::Public, environment, NO_CLI, None, None);
    let failure = sign_in(&clear.trusting(trust(&stand_in))).await.unwrap_err();
    insta::assert_snapshot!(failure, @r"
    cannot sign in to Azure by environment: AZURE_AUTHORITY_HOST does not begin with `https://`: a secret would travel in the clear
    hint: write it with https://, or leave it out for the cloud's own
    ");
}

#[tokio::test]
async fn a_file_of_authorities_that_cannot_be_used_is_told_where_it_is_needed() {
    let az = FakeAz::signed_in();
    let credentials = || by_cli(az.cli()).trusting(Trust::unusable(Failure::invalid("cannot read `/nowhere`")));
    assert_eq!(sign_in(&credentials()).await.unwrap_err().message, "cannot read `/nowhere`");
    let azure = Azure::new(place("https://127.0.0.1:9"), credentials()).unwrap();
    assert_eq!(read(&azure).await.unwrap_err().message, "cannot read `/nowhere`");
}

async fn read(azure: &Azure) -> Result<Got, Failure> {
    let url = azure.url(&azure.namespace_id()?);
    let mut url = url;
    url.query_pairs_mut().append_pair("api-version", "2024-01-01");
    azure.get(url, "the namespace", None).await
}

#[tokio::test]
async fn a_busy_interface_is_waited_for_and_a_long_wait_is_told() {
    let (stand_in, az) = (AzureStandIn::start().await, FakeAz::signed_in());
    let azure = client(&stand_in, &az);
    let busy = json!({"error": {"code": "TooManyRequests", "message": "x"}});
    stand_in.refuse("/namespaces", 429, Some("0"), busy.clone());
    stand_in.refuse("/namespaces", 503, Some("0"), json!("busy"));
    assert!(matches!(read(&azure).await.unwrap(), Got::Body { .. }));
    assert_eq!(stand_in.asked("/namespaces"), 3);
    stand_in.refuse("/namespaces", 429, Some("3600"), busy);
    insta::assert_snapshot!(read(&azure).await.unwrap_err(), @r"
    cannot read the namespace: Azure takes no more requests for now
    hint: ask again in 3600 s
    ");
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_and_then_told() {
    let (stand_in, az) = (AzureStandIn::start().await, FakeAz::signed_in());
    let azure = client(&stand_in, &az);
    let expired = json!({"error": {"code": "ExpiredAuthenticationToken", "message": "expired"}});
    stand_in.refuse("/namespaces", 401, None, expired.clone());
    assert!(matches!(read(&azure).await.unwrap(), Got::Body { .. }));
    assert_eq!(az.calls().len(), 2, "a new token was asked for");
    stand_in.refuse("/namespaces", 401, None, expired.clone());
    stand_in.refuse("/namespaces", 401, None, expired);
    insta::assert_snapshot!(read(&azure).await.unwrap_err(), @r"
    cannot read the namespace: the sign-in by Azure CLI is expired or not accepted
    hint: az login
    hint: `az account show` tells the tenant and the subscription of the sign-in
    ");
    assert_eq!(az.calls().len(), 3, "it is renewed once for each reading, and not again and again");
}

#[tokio::test]
async fn an_application_s_token_that_is_not_accepted_is_not_mended_by_a_login() {
    let stand_in = AzureStandIn::start().await;
    let expired = json!({"error": {"code": "ExpiredAuthenticationToken", "message": "expired"}});
    stand_in.refuse("/namespaces", 401, None, expired.clone());
    stand_in.refuse("/namespaces", 401, None, expired);
    let given = json!({"token_type": "Bearer", "expires_in": 3600, "ext_expires_in": 3600, "access_token": TOKEN});
    let entra = entra(200, given);
    let credentials = Credentials::new(Way::ALL, Cloud::Public, application(Some("s3cret")), NO_CLI, None, None)
        .trusting(trust(&stand_in))
        .through(entra.clone());
    let azure = Azure::new(place(&stand_in.address), credentials).unwrap();
    insta::assert_snapshot!(read(&azure).await.unwrap_err(), @r#"
    cannot read the namespace: the sign-in by environment is expired or not accepted
    hint: check that AZURE_TENANT_ID and `azure.cloud` are those of subscription `11111111-2222-3333-4444-555555555555`
    hint: or sign in yourself: az login, with `azure.credential = "cli"` in oms.toml
    "#);
    assert_eq!(entra.asked.lock().unwrap().len(), 2, "one new token was asked for");
}

#[tokio::test]
async fn a_wrong_tenant_is_shown_with_the_right_one() {
    let (stand_in, az) = (AzureStandIn::start().await, FakeAz::signed_in());
    let message = format!(
        "The access token is from the wrong issuer 'https://sts.windows.net/{TENANT}/'. It must match the tenant \
         'https://sts.windows.net/bbbbbbbb-0000-0000-0000-000000000002/' associated with this subscription."
    );
    stand_in.refuse(
        "/namespaces",
        401,
        None,
        json!({"error": {"code": "InvalidAuthenticationTokenTenant", "message": message}}),
    );
    insta::assert_snapshot!(read(&client(&stand_in, &az)).await.unwrap_err(), @r#"
    cannot read the namespace: the sign-in is for tenant `aaaaaaaa-0000-0000-0000-000000000001`, and subscription `11111111-2222-3333-4444-555555555555` belongs to tenant `bbbbbbbb-0000-0000-0000-000000000002`
    hint: az login --tenant bbbbbbbb-0000-0000-0000-000000000002
    hint: or set `azure.tenant = "bbbbbbbb-0000-0000-0000-000000000002"` in oms.toml, and AZURE_TENANT_ID where that is set
    "#);
}

#[tokio::test]
async fn a_missing_right_names_the_role_and_the_command() {
    let (stand_in, az) = (AzureStandIn::start().await, FakeAz::signed_in());
    let message = format!(
        "The client 'ana@example.com' with object id 'cccccccc-0000-0000-0000-000000000003' does not have authorization to \
         perform action 'Microsoft.Insights/metrics/read' over scope '/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}' \
         or the scope is invalid."
    );
    stand_in.refuse("/namespaces", 403, None, json!({"error": {"code": "AuthorizationFailed", "message": message}}));
    let failure = read(&client(&stand_in, &az)).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Refused);
    insta::assert_snapshot!(failure, @r#"
    cannot read the namespace: the sign-in may not `Microsoft.Insights/metrics/read` on `/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop`; it lacks the role `Monitoring Reader`
    hint: az role assignment create --role "Monitoring Reader" --assignee cccccccc-0000-0000-0000-000000000003 --scope /subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop
    hint: a new assignment takes up to five minutes to be seen
    "#);
}

#[tokio::test]
async fn what_is_not_there_is_named_with_the_command_that_lists_it() {
    let (stand_in, az) = (AzureStandIn::start().await, FakeAz::signed_in());
    for (wrong, says, hint) in [
        (
            AzurePlace { subscription: Some("99999999-0000".into()), ..place(&stand_in.address) },
            "sees no subscription `99999999-0000`",
            "az account list --output table",
        ),
        (
            AzurePlace { resource_group: Some("shpo".into()), ..place(&stand_in.address) },
            "has no resource group `shpo`",
            "az group list --subscription",
        ),
        (
            AzurePlace { namespace: Some("oms-prd".into()), ..place(&stand_in.address) },
            "there is no namespace `oms-prd` in resource group `shop`",
            "az eventhubs namespace list",
        ),
        (
            AzurePlace { namespace: Some("x/../../secret".into()), ..place(&stand_in.address) },
            "is no namespace",
            "azure.namespace",
        ),
        (
            AzurePlace { namespace: None, ..place(&stand_in.address) },
            "no Event Hubs namespace is set",
            "azure.namespace",
        ),
        (AzurePlace { subscription: None, ..place(&stand_in.address) }, "subscription is not set", "az account show"),
    ] {
        let azure = Azure::new(wrong, by_cli(az.cli()).trusting(trust(&stand_in))).unwrap();
        let failure = read(&azure).await.unwrap_err();
        assert!(failure.message.contains(says), "{failure}");
        assert!(failure.hints.iter().any(|one| one.contains(hint)), "{failure}");
    }
}

#[tokio::test]
async fn an_interface_that_is_not_there_is_told_and_its_address_is_not_the_token_s() {
    let az = FakeAz::signed_in();
    // Port 9 is discard: nothing speaks HTTP there.
    let azure = Azure::new(place("https://127.0.0.1:9"), by_cli(az.cli())).unwrap();
    let failure = read(&azure).await.unwrap_err();
    assert!(failure.message.contains("it cannot be reached") && !failure.to_string().contains(TOKEN), "{failure}");
}
