//! The hubs of the namespace by name: what a question may mean.

use std::sync::Arc;

use futures::StreamExt;

use crate::azure::{Azure, eventhub_client, management_failure};
use crate::{Failure, FailureKind};

/// Names that are listed where none is near.
const LISTED: usize = 10;

/// The names of the namespace's hubs, in order.
pub(super) async fn names(azure: &Arc<Azure>) -> Result<Vec<String>, Failure> {
    let mut names: Vec<String> = all(azure).await?.into_iter().filter_map(|hub| hub.proxy_resource.name).collect();
    names.sort();
    Ok(names)
}

/// The hubs as the management interface describes them.
pub(super) async fn all(
    azure: &Arc<Azure>,
) -> Result<Vec<azure_mgmt_eventhub::package_2024_01::models::Eventhub>, Failure> {
    let (group, namespace) = (azure.resource_group()?.to_owned(), azure.namespace()?.to_owned());
    let subscription = azure.subscription()?.to_owned();
    let what = format!("the hubs of `{namespace}`");
    let mut pages =
        eventhub_client(azure)?.event_hubs_client().list_by_namespace(group, namespace, subscription).into_stream();
    let mut hubs = Vec::new();
    let mut count = 0;
    while let Some(page) = pages.next().await {
        hubs.extend(page.map_err(|error| management_failure(&error, &what, azure))?.value);
        count += 1;
        if count > MOST_PAGES {
            return Err(Failure::new(FailureKind::Unavailable, format!("cannot read {what}: the list has no end")));
        }
    }
    Ok(hubs)
}

/// Pages of one list at most: a list that leads in a circle ends.
pub(super) const MOST_PAGES: usize = 200;

/// The hub that is meant. Fails with the nearest name where there is no such hub.
pub(super) fn named(hub: &str, known: &[String], namespace: &str) -> Result<String, Failure> {
    if let Some(known) = known.iter().find(|known| known.eq_ignore_ascii_case(hub)) {
        return Ok(known.clone());
    }
    let failure = Failure::invalid(format!("no hub named `{}` in namespace `{namespace}`", clipped(hub)));
    let distance = |known: &&String| strsim::damerau_levenshtein(&known.to_lowercase(), &hub.to_lowercase());
    let near = known.iter().min_by_key(distance).filter(|near| distance(near) <= 1 + near.chars().count() / 3);
    Err(match near {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => failure.hint("the namespace has no hubs"),
        None => {
            let listed: Vec<String> = known.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
            let more = known.len().saturating_sub(LISTED);
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            failure.hint(format!("its hubs are {}{more}", listed.join(", ")))
        }
    })
}

fn clipped(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;

    #[test]
    fn a_hub_is_found_in_any_case_and_the_nearest_is_offered() {
        let known = ["orders".to_owned(), "Payments".to_owned()];
        assert_eq!(named("payments", &known, "n").unwrap(), "Payments");
        for (asked, hint) in [
            ("order", "did you mean `orders`?"),
            ("paymnets", "did you mean `Payments`?"),
            ("telemetry", "its hubs are `orders`, `Payments`"),
        ] {
            let failure = named(asked, &known, "n").unwrap_err();
            assert_eq!(failure.hints, [hint], "{asked}");
            assert!(failure.message.contains(asked));
        }
        assert_eq!(named("x", &[], "n").unwrap_err().hints, ["the namespace has no hubs"]);
    }
}
