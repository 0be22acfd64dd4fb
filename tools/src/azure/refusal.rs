//! What the management interface's refusals mean to a person: both envelopes, and the command that mends each.

use std::time::Duration;

use serde::Deserialize;

use super::arm::{AGAIN, WAITING};
use super::{AzurePlace, Way};
use crate::{Failure, FailureKind};

/// Characters of the interface's own words that are repeated.
const REPEATED: usize = 300;

/// A refusal as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    status: u16,
    code: String,
    message: String,
    retry_after: Option<Duration>,
}

/// `{"error": {"code", "message"}}`, or the same flat.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Envelope {
    error: Option<Inner>,
    #[serde(alias = "Code")]
    code: Option<String>,
    #[serde(alias = "Message")]
    message: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Inner {
    #[serde(alias = "Code")]
    code: Option<String>,
    #[serde(alias = "Message")]
    message: Option<String>,
}

impl Refusal {
    /// Reads a body that came with an unsuccessful status; one that is no envelope leaves code and message empty.
    pub(super) fn read(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Self {
        let envelope: Envelope = serde_json::from_slice(body).unwrap_or_default();
        let inner = envelope.error.unwrap_or_default();
        Self {
            status,
            code: inner.code.or(envelope.code).unwrap_or_default(),
            message: inner.message.or(envelope.message).unwrap_or_default(),
            retry_after,
        }
    }

    fn says(&self, code: &str) -> bool {
        self.code.eq_ignore_ascii_case(code)
    }

    /// The token is good, in another tenant.
    pub(super) fn is_of_another_tenant(&self) -> bool {
        self.says("InvalidAuthenticationTokenTenant")
    }

    /// How long to wait before asking again, the `again`th time; `None` where that is of no use, or would take too long.
    pub(super) fn pause(&self, again: u32, waited: Duration) -> Option<Duration> {
        if !matches!(self.status, 429 | 503) || again >= AGAIN {
            return None;
        }
        let pause = self.retry_after.unwrap_or_else(|| Duration::from_millis(500) * 2_u32.pow(again));
        (waited + pause <= WAITING).then_some(pause)
    }

    /// The refusal as a failure. `what` says what was to be read, `way` how the sign-in came about.
    pub(super) fn failure(&self, what: &str, place: &AzurePlace, way: Option<Way>) -> Failure {
        let unavailable =
            |cause: String| Failure::new(FailureKind::Unavailable, format!("cannot read {what}: {cause}"));
        let or = |name: &Option<String>| name.clone().unwrap_or_else(|| "(none)".to_owned());
        let (subscription, group) = (or(&place.subscription), or(&place.resource_group));
        match self.status {
            401 if self.is_of_another_tenant() => self.other_tenant(what, place),
            401 => {
                let by = way.map(|way| format!(" by {}", way.name())).unwrap_or_default();
                let failure = unavailable(format!("the sign-in{by} is expired or not accepted"));
                match way {
                    None | Some(Way::AzureCli) => failure
                        .hint(login(place.tenant.as_deref()))
                        .hint("`az account show` tells the tenant and the subscription of the sign-in"),
                    // Nobody can log in for these: their token was made anew, and refused again.
                    Some(_) => failure
                        .hint(format!(
                            "check that AZURE_TENANT_ID and `azure.cloud` are those of subscription `{subscription}`"
                        ))
                        .hint("or sign in yourself: az login, with `azure.credential = \"cli\"` in oms.toml"),
                }
            }
            403 => self.no_right(what, place),
            400 | 404 if self.says("SubscriptionNotFound") || self.says("InvalidSubscriptionId") => unavailable(
                format!("this sign-in sees no subscription `{subscription}`"),
            )
            .hint("az account list --output table tells those that it sees; set `azure.subscription` in oms.toml"),
            404 if self.says("ResourceGroupNotFound") => {
                unavailable(format!("subscription `{subscription}` has no resource group `{group}`"))
                    .hint(format!("az group list --subscription {subscription} --output table"))
                    .hint("set `azure.resource_group` in oms.toml")
            }
            404 => {
                let namespace = or(&place.namespace);
                unavailable(format!(
                    "there is no namespace `{namespace}` in resource group `{group}` of subscription `{subscription}`"
                ))
                .hint(format!("az eventhubs namespace list --subscription {subscription} --output table"))
                .hint("set `azure.namespace` and `azure.resource_group` in oms.toml")
            }
            429 | 503 => {
                let when = match self.retry_after {
                    Some(wait) => format!("in {} s", wait.as_secs()),
                    None => "in a minute".to_owned(),
                };
                let busy = if self.status == 429 { "Azure takes no more requests for now" } else { "Azure is busy" };
                unavailable(busy.to_owned()).hint(format!("ask again {when}"))
            }
            400 => Failure::invalid(format!("cannot read {what}: Azure refuses the request: {}", self.words())),
            status => unavailable(format!("Azure answered with status {status}{}", self.coded()))
                .hint("ask again in a minute"),
        }
    }

    fn other_tenant(&self, what: &str, place: &AzurePlace) -> Failure {
        let mut issuers = self.message.split("sts.windows.net/").skip(1).map(identifier);
        let (have, need) = (issuers.next(), issuers.next());
        let subscription = place.subscription.as_deref().unwrap_or("(none)");
        let cause = match (&have, &need) {
            (Some(have), Some(need)) => {
                format!(
                    "the sign-in is for tenant `{have}`, and subscription `{subscription}` belongs to tenant `{need}`"
                )
            }
            _ => format!("the sign-in is for another tenant than that of subscription `{subscription}`"),
        };
        let failure = Failure::new(FailureKind::Unavailable, format!("cannot read {what}: {cause}"));
        match need {
            Some(need) => failure
                .hint(login(Some(&need)))
                .hint(format!("or set `azure.tenant = \"{need}\"` in oms.toml, and AZURE_TENANT_ID where that is set")),
            None => failure.hint("az login --tenant TENANT, and set `azure.tenant` in oms.toml"),
        }
    }

    fn no_right(&self, what: &str, place: &AzurePlace) -> Failure {
        let quoted = |before: &str| self.message.split(before).nth(1).map(|rest| rest.trim_start_matches('\''));
        let until_quote = |text: &str| text.split('\'').next().unwrap_or_default().to_owned();
        let who = quoted("object id '").map(until_quote).filter(|id| !id.is_empty() && *id == identifier(id));
        let action = quoted("perform action '").map_or_else(|| "read".to_owned(), until_quote);
        let scope = quoted("over scope '").map(until_quote).filter(|scope| scope.starts_with("/subscriptions/"));
        // The role is proposed on the whole resource group: metrics, hubs and their storage are in it.
        let wanted = match (&place.subscription, &place.resource_group) {
            (Some(subscription), Some(group)) => format!("/subscriptions/{subscription}/resourceGroups/{group}"),
            _ => scope.clone().unwrap_or_else(|| "SCOPE".to_owned()),
        };
        let on = scope.map(|scope| format!(" on `{}`", clipped(&scope))).unwrap_or_default();
        Failure::refused(format!(
            "cannot read {what}: the sign-in may not `{}`{on}; it lacks the role `Monitoring Reader`",
            clipped(&action)
        ))
        .hint(format!(
            "az role assignment create --role \"Monitoring Reader\" --assignee {} --scope {wanted}",
            who.as_deref().unwrap_or("OBJECT_ID")
        ))
        .hint("a new assignment takes up to five minutes to be seen")
    }

    /// The interface's own words, bounded.
    fn words(&self) -> String {
        if self.message.is_empty() { format!("status {}{}", self.status, self.coded()) } else { clipped(&self.message) }
    }

    fn coded(&self) -> String {
        if self.code.is_empty() { String::new() } else { format!(" (`{}`)", clipped(&self.code)) }
    }
}

fn login(tenant: Option<&str>) -> String {
    tenant.map_or_else(|| "az login".to_owned(), |tenant| format!("az login --tenant {tenant}"))
}

/// The leading letters, digits and hyphens: an id, and nothing that a shell would read.
fn identifier(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '-').take(64).collect()
}

fn clipped(text: &str) -> String {
    let plain = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut shown: String = plain.chars().filter(|letter| !letter.is_control()).take(REPEATED).collect();
    if plain.chars().nth(REPEATED).is_some() {
        shown.push('…');
    }
    shown
}
