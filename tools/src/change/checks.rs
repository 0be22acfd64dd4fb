//! What must hold after the last step: an address on this machine answers.

use std::time::Duration;

use super::Check;
use crate::process::Cancel;
use crate::{Failure, FailureKind};

/// Time for one answer.
const ANSWER: Duration = Duration::from_secs(5);
/// Time between two tries.
const PAUSE: Duration = Duration::from_millis(500);
/// Bytes of an answer that are looked at.
const LARGEST: usize = 1 << 20;

/// Whether an address is on this machine: nothing else is asked, so that no change set can make this program call out.
pub(super) fn is_local(url: &reqwest::Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")) && matches!(url.scheme(), "http" | "https")
}

/// Asks until it holds, or until its time is over.
pub(super) async fn hold(check: &Check, cancel: &Cancel) -> Result<(), Failure> {
    let url: reqwest::Url = check
        .url
        .parse()
        .ok()
        .filter(is_local)
        .ok_or_else(|| Failure::refused(format!("refused to ask `{}`: it is not on this machine", check.url)))?;
    // The certificate is this machine's own, and the address cannot be another's.
    let client = reqwest::Client::builder()
        .timeout(ANSWER)
        .no_proxy()
        .danger_accept_invalid_certs(true)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|_| Failure::new(FailureKind::Internal, "cannot ask whether it serves"))?;
    let mut cause = "there was no answer".to_owned();
    let asking = async {
        loop {
            match once(&client, &url, check.contains.as_deref()).await {
                Ok(()) => return,
                Err(found) => cause = found,
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    let done = tokio::select! {
        biased;
        () = cancel.cancelled() => None,
        done = tokio::time::timeout(Duration::from_secs(check.seconds), asking) => Some(done.is_ok()),
    };
    match done {
        Some(true) => Ok(()),
        None => Err(Failure::refused("it was cancelled")),
        Some(false) => Err(Failure::new(
            FailureKind::TimedOut,
            format!("the check `{}` does not hold after {} s: {cause}", check.name, check.seconds),
        )),
    }
}

async fn once(client: &reqwest::Client, url: &reqwest::Url, contains: Option<&str>) -> Result<(), String> {
    let mut response = client.get(url.clone()).send().await.map_err(|_| "there was no answer".to_owned())?;
    if !response.status().is_success() {
        return Err(format!("it answers {}", response.status().as_u16()));
    }
    let Some(text) = contains else { return Ok(()) };
    let mut body = Vec::new();
    while let Ok(Some(part)) = response.chunk().await {
        body.extend_from_slice(&part);
        if body.len() > LARGEST {
            break;
        }
    }
    if String::from_utf8_lossy(&body).contains(text) { Ok(()) } else { Err("it answers with another page".to_owned()) }
}
