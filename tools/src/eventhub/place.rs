//! Where the event hub is, and how one proves oneself to it: a connection string, or a namespace with Entra ID.

use std::fmt;
use std::sync::Arc;

use azure_core::credentials::TokenCredential;
use chrono::Utc;

use super::signature;
use crate::azure::Cloud;
use crate::{Failure, FailureKind, Trust};

/// Seconds that a signature made here is good for: one question's worth.
const GOOD_FOR: i64 = 300;
/// The scope of tokens for Event Hubs, in every cloud the same; the two slashes are the service's own.
const SCOPE: &str = "https://eventhubs.azure.net//.default";

/// An event hub, one of its consumer groups, and the way in.
#[derive(Clone)]
pub struct HubPlace {
    /// The namespace's host, by which the hub knows itself: `shop.servicebus.windows.net`.
    pub host: String,
    /// Where that host is reached, `address:port`, where that is elsewhere.
    pub address: Option<String>,
    /// The port.
    pub port: u16,
    /// Whether the connection is encrypted: always, but for the local emulator.
    pub tls: bool,
    /// The hub's name.
    pub hub: String,
    /// The processor's consumer group.
    pub group: String,
    access: Access,
    trust: Trust,
}

#[derive(Clone)]
enum Access {
    Key { rule: String, key: String },
    Signature(String),
    Token(Arc<dyn TokenCredential>),
}

impl fmt::Debug for HubPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Keys stay unsaid.
        write!(f, "{}/{} ({})", self.host, self.hub, self.group)
    }
}

impl HubPlace {
    /// A hub by its connection string; its `EntityPath` goes before `hub`.
    pub fn by_connection_string(text: &str, hub: &str, group: &str) -> Result<Self, Failure> {
        let wrong = |cause: &str| {
            Failure::invalid(format!("cannot read the event hub's connection string: {cause}")).hint(
                "write it as Endpoint=sb://NAMESPACE.servicebus.windows.net/;SharedAccessKeyName=RULE;SharedAccessKey=KEY",
            )
        };
        let fields = Fields::parse(text);
        let endpoint = fields.get("Endpoint").ok_or_else(|| wrong("it has no `Endpoint`"))?;
        let rest = endpoint.strip_prefix("sb://").ok_or_else(|| wrong("its `Endpoint` does not begin with `sb://`"))?;
        let authority = rest.split('/').next().unwrap_or_default();
        let emulator = fields.get("UseDevelopmentEmulator") == Some("true");
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().map_err(|_| wrong("its port is no number"))?),
            None => (authority, if emulator { 5672 } else { 5671 }),
        };
        if host.is_empty() {
            return Err(wrong("its `Endpoint` names no host"));
        }
        let access = match (fields.get("SharedAccessKeyName"), fields.get("SharedAccessKey")) {
            (Some(rule), Some(key)) => Access::Key { rule: rule.to_owned(), key: key.to_owned() },
            _ => match fields.get("SharedAccessSignature") {
                Some(token) => Access::Signature(token.to_owned()),
                None => {
                    return Err(wrong("it has neither `SharedAccessKeyName` with `SharedAccessKey` nor a signature"));
                }
            },
        };
        Ok(Self {
            host: host.to_owned(),
            address: None,
            port,
            tls: !emulator,
            hub: fields.get("EntityPath").unwrap_or(hub).to_owned(),
            group: group.to_owned(),
            access,
            trust: Trust::default(),
        })
    }

    /// A hub of a namespace, by Entra ID. `namespace` is its name in this cloud, or its whole host.
    ///
    /// Fails where it is no name: it decides to whom a token is shown.
    pub fn by_identity(
        namespace: &str,
        cloud: Cloud,
        hub: &str,
        group: &str,
        credential: Arc<dyn TokenCredential>,
    ) -> Result<Self, Failure> {
        let host = namespace.trim().trim_start_matches("sb://").trim_end_matches('/');
        let sound = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.');
        if host.is_empty() || !host.chars().all(sound) || host.starts_with(['-', '.']) {
            let shown: String = host.escape_debug().take(60).collect();
            return Err(Failure::invalid(format!("cannot use `eventhub.namespace`: `{shown}` is no namespace"))
                .hint(format!("write its name, such as `shop`, or its host, `shop.{}`", cloud.event_hubs())));
        }
        let host = if host.contains('.') { host.to_owned() } else { format!("{host}.{}", cloud.event_hubs()) };
        let (hub, group) = (hub.to_owned(), group.to_owned());
        let (access, trust) = (Access::Token(credential), Trust::default());
        Ok(Self { host, address: None, port: 5671, tls: true, hub, group, access, trust })
    }

    /// The same, believing these authorities.
    #[must_use]
    pub fn trusting(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }

    /// Whom it believes.
    pub(crate) fn trust(&self) -> &Trust {
        &self.trust
    }

    /// The same, reached at another address (`host:port`) than its own name.
    #[must_use]
    pub fn at(mut self, address: impl Into<String>) -> Self {
        self.address = Some(address.into());
        self
    }

    /// What is dialled.
    pub(crate) fn dialled(&self) -> String {
        self.address.clone().unwrap_or_else(|| format!("{}:{}", self.host, self.port))
    }

    /// What a token is asked for: the address of something in this namespace.
    pub(crate) fn audience(&self, path: &str) -> String {
        format!("sb://{}/{path}", self.host)
    }

    /// A token for an audience, and its kind in the words of the claims-based protocol.
    pub(crate) async fn token(&self, audience: &str) -> Result<(String, &'static str), Failure> {
        match &self.access {
            Access::Key { rule, key } => {
                let expires = Utc::now().timestamp() + GOOD_FOR;
                Ok((signature::shared_access(audience, rule, key, expires), "servicebus.windows.net:sastoken"))
            }
            Access::Signature(token) => Ok((token.clone(), "servicebus.windows.net:sastoken")),
            Access::Token(credential) => {
                let token = credential.get_token(&[SCOPE], None).await.map_err(|error| no_token(&error))?;
                Ok((token.token.secret().to_owned(), "jwt"))
            }
        }
    }

    /// What mends a refusal of this kind of proof.
    pub(crate) fn remedy(&self) -> String {
        match &self.access {
            Access::Token(_) => format!(
                "az role assignment create --role \"Azure Event Hubs Data Receiver\" --assignee OBJECT_ID --scope NAMESPACE_ID \
                 gives this identity the right to read `{}` of `{}`; it takes up to five minutes to be seen",
                self.hub, self.host
            ),
            _ => {
                "check the rule's name and key in `eventhub.connection`; the rule needs the right to listen".to_owned()
            }
        }
    }
}

/// Why there is no token: in the words of our own sign-in; without the identity library's text, which may name tenants and
/// accounts.
pub(crate) fn no_token(error: &azure_core::Error) -> Failure {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return failure.clone();
    }
    tracing::warn!("no token");
    Failure::new(FailureKind::Unavailable, "cannot prove who we are to Azure: no credential gave a token")
        .hint("az login, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and a secret or certificate")
}

/// The `Name=value;` pairs of a connection string; values may hold `=`.
pub(crate) struct Fields<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Fields<'a> {
    pub(crate) fn parse(text: &'a str) -> Self {
        Self(text.trim().split(';').filter_map(|pair| pair.split_once('=')).collect())
    }

    /// A field that is there and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.0
            .iter()
            .find(|(known, _)| known.trim().eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;

    const LOCAL: &str =
        "Endpoint=sb://event-hub;SharedAccessKeyName=Root;SharedAccessKey=a=b==;UseDevelopmentEmulator=true;";

    #[test]
    fn connection_strings_are_read() {
        let place = HubPlace::by_connection_string(LOCAL, "orders", "processor").unwrap();
        assert_eq!((place.dialled().as_str(), place.tls, place.hub.as_str()), ("event-hub:5672", false, "orders"));
        assert!(matches!(&place.access, Access::Key { key, .. } if key == "a=b=="));
        assert_eq!(place.clone().at("127.0.0.1:9").dialled(), "127.0.0.1:9");
        assert!(!format!("{place:?}").contains("a=b"));
        let cloud = "Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=r;SharedAccessKey=k;EntityPath=o2";
        let place = HubPlace::by_connection_string(cloud, "orders", "g").unwrap();
        assert_eq!((place.port, place.tls, place.hub.as_str()), (5671, true, "o2"));
        assert_eq!(place.audience("o2/$management"), "sb://shop.servicebus.windows.net/o2/$management");
        let ported = HubPlace::by_connection_string(&LOCAL.replace("event-hub", "h:15672/"), "o", "g").unwrap();
        assert_eq!(ported.dialled(), "h:15672");
    }

    #[derive(Debug)]
    struct Refusing;

    #[async_trait::async_trait]
    impl TokenCredential for Refusing {
        async fn get_token(
            &self,
            scopes: &[&str],
            _: Option<azure_core::credentials::TokenRequestOptions<'_>>,
        ) -> azure_core::Result<azure_core::credentials::AccessToken> {
            assert_eq!(scopes, [SCOPE]);
            let failure = Failure::invalid("cannot sign in to Azure: nobody is signed in").hint("az login");
            Err(azure_core::Error::new(azure_core::error::ErrorKind::Credential, failure))
        }
    }

    #[tokio::test]
    async fn a_namespace_is_found_in_its_own_cloud_and_a_refused_sign_in_keeps_its_words() {
        let place = |namespace: &str, cloud| HubPlace::by_identity(namespace, cloud, "orders", "g", Arc::new(Refusing));
        for (namespace, cloud, host) in [
            ("shop", Cloud::Public, "shop.servicebus.windows.net"),
            ("shop", Cloud::UsGovernment, "shop.servicebus.usgovcloudapi.net"),
            ("shop", Cloud::China, "shop.servicebus.chinacloudapi.cn"),
            ("sb://shop.servicebus.windows.net/", Cloud::China, "shop.servicebus.windows.net"),
        ] {
            let place = place(namespace, cloud).unwrap();
            assert_eq!((place.host.as_str(), place.port, place.tls), (host, 5671, true));
        }
        for namespace in ["", "shop/../x", "a b", "x@y", "shop:99", "-x", "https://shop", "sh\u{f6}p"] {
            let failure = place(namespace, Cloud::Public).unwrap_err();
            assert!(failure.message.contains("eventhub.namespace") && failure.hints.len() == 1, "{failure}");
        }
        let failure = place("shop", Cloud::Public).unwrap().token("sb://x").await.unwrap_err();
        assert_eq!(failure.hints, ["az login"]);
    }

    #[test]
    fn broken_connection_strings_are_told_and_their_keys_are_not() {
        for text in [
            "",
            "nonsense",
            "Endpoint=",
            "Endpoint=https://x;SharedAccessKeyName=r;SharedAccessKey=s3cret",
            "Endpoint=sb://;SharedAccessKeyName=r;SharedAccessKey=s3cret",
            "Endpoint=sb://x:port;SharedAccessKeyName=r;SharedAccessKey=s3cret",
            "Endpoint=sb://x;SharedAccessKey=s3cret",
            "Endpoint=sb://x;SharedAccessKeyName=r",
        ] {
            let failure = HubPlace::by_connection_string(text, "orders", "processor").unwrap_err();
            assert!(failure.hints.len() == 1 && !failure.to_string().contains("s3cret"), "{text}: {failure}");
        }
    }
}
