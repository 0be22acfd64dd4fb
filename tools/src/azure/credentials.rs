//! Who we are in Azure: the first way that is set up here, in the order environment, workload identity, managed identity,
//! Azure CLI. A way that is set up and fails ends the search: going on would answer as somebody else.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::credentials::{AccessToken, Secret, TokenCredential, TokenRequestOptions};
use azure_core::http::{ClientOptions, ExponentialRetryOptions, RetryOptions, Transport};
use azure_core::time::OffsetDateTime;
use azure_identity::{
    ClientAssertionCredentialOptions, ClientSecretCredential, ClientSecretCredentialOptions, ManagedIdentityCredential,
    ManagedIdentityCredentialOptions, UserAssignedId, WorkloadIdentityCredential, WorkloadIdentityCredentialOptions,
};
use tokio::sync::Mutex;

use super::carrier::{Carrier, DISTRUSTED};
use super::{AzureCli, Cloud};
use crate::{Failure, FailureKind, Trust, trust};

/// A token is not used in its last minutes: the request that carries it takes time too.
const SPARE: azure_core::time::Duration = azure_core::time::Duration::minutes(3);
/// How long a sign-in may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a sign-in host that does not answer is asked again: a person waits.
const AGAIN: u32 = 3;
/// How long the machine's own identity is waited for while it is only one of several ways: elsewhere nothing answers.
const PROBE: Duration = Duration::from_secs(2);

/// What a sign-in host that is named without TLS comes to.
const CLEAR: &str = "a secret would travel in the clear";

/// What the environment says of a sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvironmentCredential {
    /// `AZURE_TENANT_ID`.
    pub tenant: Option<String>,
    /// `AZURE_CLIENT_ID`.
    pub client: Option<String>,
    /// `AZURE_CLIENT_SECRET`.
    pub secret: Option<Secret>,
    /// `AZURE_FEDERATED_TOKEN_FILE`.
    pub token_file: Option<PathBuf>,
    /// `AZURE_AUTHORITY_HOST`: where tokens come from, where that is not the cloud's own host; HTTPS.
    pub authority: Option<String>,
}

/// A way to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// An application with a secret: `AZURE_TENANT_ID`, `AZURE_CLIENT_ID`, `AZURE_CLIENT_SECRET`.
    Environment,
    /// A pod's federated token: `AZURE_FEDERATED_TOKEN_FILE` with tenant and client.
    WorkloadIdentity,
    /// The identity of this machine in Azure.
    ManagedIdentity,
    /// `az login`.
    AzureCli,
}

impl Way {
    /// All, in the order in which they are tried.
    pub const ALL: [Self; 4] = [Self::Environment, Self::WorkloadIdentity, Self::ManagedIdentity, Self::AzureCli];

    /// As people say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::WorkloadIdentity => "workload identity",
            Self::ManagedIdentity => "managed identity",
            Self::AzureCli => "Azure CLI",
        }
    }

    /// What sets it up, where `azure.credential` names it alone.
    fn remedy(self) -> &'static str {
        match self {
            Self::Environment => {
                "set them to those of an application with the role `Monitoring Reader`, or name another way in `azure.credential`"
            }
            Self::WorkloadIdentity => "run it in a pod that has one, or name another way in `azure.credential`",
            Self::ManagedIdentity => {
                "az vm identity assign gives a machine in Azure one; elsewhere name another way in `azure.credential`"
            }
            Self::AzureCli => "install the Azure CLI, then: az login; or name another way in `azure.credential`",
        }
    }
}

/// How a way ended.
enum Tried {
    /// Not set up here: the next way is tried.
    Absent(String),
    /// Set up, and refused.
    Failed(String),
}

/// The ways that may be tried, and the token in hand.
pub struct Credentials {
    ways: Vec<Way>,
    cloud: Cloud,
    environment: EnvironmentCredential,
    cli: AzureCli,
    /// The tenant and subscription that a sign-in is for.
    tenant: Option<String>,
    subscription: Option<String>,
    options: ClientOptions,
    trust: Trust,
    /// Why no sign-in host can be asked.
    unprepared: Option<Failure>,
    /// By what they were asked for.
    held: Mutex<HashMap<String, AccessToken>>,
    /// The way that the last token came by.
    signed_in: std::sync::Mutex<Option<Way>>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("ways", &self.ways).field("cloud", &self.cloud).finish_non_exhaustive()
    }
}

impl Credentials {
    /// The ways that may be tried, in their order, for a sign-in to this cloud.
    pub fn new(
        ways: impl Into<Vec<Way>>,
        cloud: Cloud,
        environment: EnvironmentCredential,
        cli: AzureCli,
        tenant: Option<String>,
        subscription: Option<String>,
    ) -> Self {
        let configuration = match &environment.authority {
            Some(host) => {
                let mut custom = CustomConfiguration::default();
                custom.authority_host.clone_from(host);
                CloudConfiguration::Custom(custom)
            }
            None => cloud.configuration(),
        };
        let retry = RetryOptions::exponential(ExponentialRetryOptions {
            max_retries: AGAIN,
            ..ExponentialRetryOptions::default()
        });
        let options = ClientOptions { cloud: Some(Arc::new(configuration)), retry, ..ClientOptions::default() };
        let held = Mutex::new(HashMap::new());
        let signed_in = std::sync::Mutex::default();
        let (ways, trust) = (ways.into(), Trust::default());
        Self { ways, cloud, environment, cli, tenant, subscription, options, trust, unprepared: None, held, signed_in }
    }

    /// The same, believing these authorities, here and wherever its tokens are shown.
    #[must_use]
    pub fn trusting(mut self, trust: Trust) -> Self {
        let client = trust.http().and_then(|builder| {
            let builder = builder.connect_timeout(PATIENCE).read_timeout(PATIENCE);
            builder.build().map_err(|_| trust::none())
        });
        match client {
            Ok(client) => self.options.transport = Some(Transport::new(Arc::new(Carrier(client)))),
            Err(failure) => self.unprepared = Some(failure),
        }
        self.trust = trust;
        self
    }

    /// Whom it believes.
    pub(super) fn trust(&self) -> &Trust {
        &self.trust
    }

    /// The same with another way to reach the sign-in hosts: tests stand in for them.
    #[cfg(test)]
    pub(super) fn through(mut self, client: Arc<dyn azure_core::http::HttpClient>) -> Self {
        self.options.transport = Some(Transport::new(client));
        self.options.retry = azure_core::http::RetryOptions::none();
        self
    }

    /// A token for the management interface; one in hand is used until shortly before it expires.
    ///
    /// Fails with what was tried and what mends it. No text of a token or a secret is in the failure.
    pub(crate) async fn token(&self) -> Result<AccessToken, Failure> {
        self.token_for(&self.cloud.scope()).await
    }

    async fn token_for(&self, scope: &str) -> Result<AccessToken, Failure> {
        let mut held = self.held.lock().await;
        if let Some(token) = held.get(scope)
            && token.expires_on - SPARE > OffsetDateTime::now_utc()
        {
            return Ok(token.clone());
        }
        held.remove(scope);
        if let Some(failure) = &self.unprepared {
            return Err(failure.clone());
        }
        let mut absent = Vec::new();
        for way in &self.ways {
            match self.by(*way, scope).await {
                Ok(token) => {
                    tracing::info!(way = way.name(), "signed in to Azure");
                    *self.signed_in.lock().unwrap_or_else(PoisonError::into_inner) = Some(*way);
                    held.insert(scope.to_owned(), token.clone());
                    return Ok(token);
                }
                Err(Tried::Absent(cause)) => absent.push(format!("{}: {cause}", way.name())),
                Err(Tried::Failed(text)) => return Err(self.refused(*way, &text)),
            }
        }
        let failure = Failure::new(
            FailureKind::Unavailable,
            format!("cannot sign in to Azure: no credentials ({})", absent.join("; ")),
        );
        Err(match self.ways.as_slice() {
            [way] => failure.hint(way.remedy()),
            _ => failure.hint(self.login(None)).hint(
                "or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET of an application with the role `Monitoring Reader`",
            ),
        })
    }

    /// The way that the last token came by.
    pub(super) fn signed_in(&self) -> Option<Way> {
        *self.signed_in.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets the tokens in hand: one was not taken.
    pub(crate) async fn forget(&self) {
        self.held.lock().await.clear();
    }

    async fn by(&self, way: Way, scope: &str) -> Result<AccessToken, Tried> {
        let absent = |cause: &str| Tried::Absent(cause.to_owned());
        // What lies below is read too: that a certificate is not believed is said there alone.
        let failed = |error: azure_core::Error| {
            let below = format!("{error:?}").contains(DISTRUSTED);
            Tried::Failed(if below { DISTRUSTED.to_owned() } else { error.to_string() })
        };
        let only = self.ways.len() == 1;
        let clear = self.environment.authority.as_ref().is_some_and(|host| !host.starts_with("https://"));
        let credential: Arc<dyn TokenCredential> = match way {
            Way::Environment => {
                let EnvironmentCredential { tenant, client, secret, .. } = &self.environment;
                let tenant = self.tenant.as_ref().or(tenant.as_ref());
                let (Some(tenant), Some(client), Some(secret)) = (tenant, client, secret) else {
                    return Err(absent("AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET are not all set"));
                };
                if clear {
                    return Err(Tried::Failed(CLEAR.to_owned()));
                }
                let options = ClientSecretCredentialOptions { client_options: self.options.clone() };
                ClientSecretCredential::new(tenant, client.clone(), secret.clone(), Some(options)).map_err(failed)?
            }
            Way::WorkloadIdentity => {
                let Some(file) = &self.environment.token_file else {
                    return Err(absent("AZURE_FEDERATED_TOKEN_FILE is not set"));
                };
                if clear {
                    return Err(Tried::Failed(CLEAR.to_owned()));
                }
                WorkloadIdentityCredential::new(Some(WorkloadIdentityCredentialOptions {
                    credential_options: ClientAssertionCredentialOptions { client_options: self.options.clone() },
                    client_id: self.environment.client.clone(),
                    tenant_id: self.tenant.clone().or_else(|| self.environment.tenant.clone()),
                    token_file_path: Some(file.clone()),
                }))
                .map_err(failed)?
            }
            Way::ManagedIdentity => ManagedIdentityCredential::new(Some(ManagedIdentityCredentialOptions {
                user_assigned_id: self.environment.client.clone().map(UserAssignedId::ClientId),
                client_options: self.options.clone(),
            }))
            .map_err(|_| absent("this machine has none that is known"))?,
            Way::AzureCli => {
                let asked = self.cli.token(scope, self.tenant.as_deref(), self.subscription.as_deref()).await;
                return asked.map_err(|text| {
                    let signed_out = text.to_lowercase().contains("az login") && !text.contains("AADSTS");
                    if text.contains("not installed") {
                        Tried::Absent(text)
                    } else if signed_out && !only {
                        absent("`az` is not signed in")
                    } else {
                        Tried::Failed(text)
                    }
                });
            }
        };
        let patience = if way == Way::ManagedIdentity && !only { PROBE } else { PATIENCE };
        match tokio::time::timeout(patience, credential.get_token(&[scope], None)).await {
            Ok(Ok(token)) => Ok(token),
            // Off Azure anything may answer at that address, or nothing: that is no refusal of ours.
            Ok(Err(_)) | Err(_) if way == Way::ManagedIdentity => Err(absent("this machine has none")),
            Ok(Err(error)) => Err(failed(error)),
            Err(_) => Err(Tried::Failed("the sign-in did not answer in time".to_owned())),
        }
    }

    fn login(&self, tenant: Option<&str>) -> String {
        let tenant = tenant.or(self.tenant.as_deref()).map(|tenant| format!(" --tenant {tenant}")).unwrap_or_default();
        let cloud = match self.cloud {
            Cloud::Public => String::new(),
            cloud => format!("az cloud set --name {} && ", cloud.az_name()),
        };
        format!("{cloud}az login{tenant}")
    }

    /// What a refused sign-in means. Its own text is read for Entra's numbers and not repeated: it may name people.
    fn refused(&self, way: Way, text: &str) -> Failure {
        let says = |words: &[&str]| words.iter().any(|word| text.to_lowercase().contains(&word.to_lowercase()));
        let tenant = self.tenant.as_deref().or(self.environment.tenant.as_deref()).unwrap_or("(the sign-in's own)");
        let subscription = self.subscription.as_deref().unwrap_or("(none)");
        let client = self.environment.client.as_deref().unwrap_or("(none)");
        let failure = |cause: String| {
            Failure::new(FailureKind::Unavailable, format!("cannot sign in to Azure by {}: {cause}", way.name()))
        };
        tracing::warn!(way = way.name(), "a sign-in to Azure failed");
        if text == CLEAR {
            failure(format!("AZURE_AUTHORITY_HOST does not begin with `https://`: {CLEAR}"))
                .hint("write it with https://, or leave it out for the cloud's own")
        } else if text == DISTRUSTED {
            failure(DISTRUSTED.to_owned()).hint(trust::REMEDY)
        } else if says(&["AADSTS7000222"]) {
            failure(format!("the secret of application `{client}` is expired"))
                .hint(format!("az ad app credential reset --id {client}, then set AZURE_CLIENT_SECRET"))
        } else if says(&["AADSTS7000215", "AADSTS7000216"]) {
            failure(format!("the secret of application `{client}` is wrong")).hint("check AZURE_CLIENT_SECRET")
        } else if says(&["AADSTS90002", "AADSTS900023", "AADSTS50059"]) {
            failure(format!("there is no tenant `{tenant}`"))
                .hint("az account tenant list tells yours; set `azure.tenant` in oms.toml, or AZURE_TENANT_ID")
        } else if says(&["AADSTS700016", "AADSTS50020", "AADSTS90072"]) {
            failure(format!("tenant `{tenant}` does not know this sign-in (application `{client}`)"))
                .hint("check `azure.tenant` and AZURE_CLIENT_ID: it is probably the wrong tenant")
                .hint(self.login(None))
        } else if says(&["AADSTS700082", "AADSTS50173", "AADSTS70043", "AADSTS50078", "AADSTS700084", "expired"]) {
            failure("the sign-in is expired".to_owned()).hint(self.login(None))
        } else if says(&["AADSTS50076", "AADSTS50079", "AADSTS53003", "interaction", "AADSTS65001"]) {
            failure("it asks for a person at the keyboard".to_owned()).hint(self.login(None))
        } else if way == Way::AzureCli && says(&["subscription"]) && says(&["not found", "doesn't exist", "not exist"])
        {
            failure(format!("this sign-in sees no subscription `{subscription}`"))
                .hint("az account list --output table tells those that it sees; set `azure.subscription` in oms.toml")
                .hint(self.login(None))
        } else if says(&["az login"]) {
            failure("nobody is signed in".to_owned()).hint(self.login(None))
        } else if says(&["did not answer", "took longer", "connect", "dns", "timed out", "resolve"]) {
            failure("its sign-in host cannot be reached".to_owned())
                .hint("check the network and `azure.cloud` in oms.toml")
        } else {
            failure("it was refused".to_owned())
                .hint("try `az account get-access-token` to see what is wrong")
                .hint(self.login(None))
        }
    }
}

/// For clients of Azure's other services, such as Event Hubs itself.
#[async_trait]
impl TokenCredential for Credentials {
    async fn get_token(
        &self,
        scopes: &[&str],
        _options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let [scope] = scopes else {
            let kind = azure_core::error::ErrorKind::Credential;
            return Err(azure_core::Error::with_message(kind, "a token is asked for with one scope"));
        };
        self.token_for(scope)
            .await
            .map_err(|failure| azure_core::Error::new(azure_core::error::ErrorKind::Credential, failure))
    }
}
