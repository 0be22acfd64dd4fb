//! Carries the sign-in's requests: a host whose certificate is not believed is told at once, and not asked again and again.

use async_trait::async_trait;
use azure_core::error::{Error, ErrorKind};
use azure_core::http::{AsyncRawResponse, HttpClient, Request};

use crate::trust;

/// What a sign-in host's certificate that is not believed comes to.
pub(super) const DISTRUSTED: &str = "the certificate of the sign-in host is not trusted";

/// A client for sign-in hosts.
#[derive(Debug)]
pub(super) struct Carrier(pub(super) reqwest::Client);

#[async_trait]
impl HttpClient for Carrier {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let carried = self.0.execute_request(request).await;
        // Of this kind nothing is tried again.
        carried.map_err(|error| {
            if trust::is_distrust(&error) { Error::with_message(ErrorKind::Other, DISTRUSTED) } else { error }
        })
    }
}
