//! Whose certificates are believed: this machine's authorities, and those of a file beside them, such as a company's own.
//!
//! One file for all of Azure: the sign-in, the management interface, storage, and the hub itself.

use std::sync::Arc;

use reqwest::{Certificate, ClientBuilder};
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls_platform_verifier::Verifier;
use tokio_rustls::TlsConnector;

use crate::{Failure, FailureKind};

/// What mends a certificate that is not believed.
pub(crate) const REMEDY: &str = "set `azure.certificates` in oms.toml to the PEM file of the authority that signed it (a company's proxy has its own), or \
     install that authority on this machine";

/// Whose certificates are believed.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    beside: Arc<[CertificateDer<'static>]>,
    /// Why the file cannot be used: told by whoever needs it, and no question that does not is held up.
    unusable: Option<Failure>,
}

impl Trust {
    /// The authorities of a PEM file beside this machine's.
    ///
    /// Fails where it holds no certificate, or one that is none.
    pub fn beside(pem: &[u8]) -> Result<Self, Failure> {
        let wrong = |cause: &str| {
            Failure::new(FailureKind::Unavailable, format!("cannot use `azure.certificates`: {cause}"))
                .hint("name a PEM file with the certificates of authorities: -----BEGIN CERTIFICATE-----")
        };
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let certificates = certificates.map_err(|_| wrong("it is no PEM file"))?;
        if certificates.is_empty() {
            return Err(wrong("there is no certificate in it"));
        }
        let trust = Self { beside: certificates.into(), unusable: None };
        trust.verifier().map_err(|_| wrong("one of its certificates cannot be read"))?;
        Ok(trust)
    }

    /// One that cannot be used, and why.
    pub fn unusable(failure: Failure) -> Self {
        Self { unusable: Some(failure), ..Self::default() }
    }

    fn usable(&self) -> Result<(), Failure> {
        self.unusable.clone().map_or(Ok(()), Err)
    }

    fn verifier(&self) -> Result<Verifier, rustls::Error> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        Verifier::new_with_extra_roots(self.beside.iter().cloned(), provider)
    }

    /// A client for HTTP that follows no redirect: what is sent with a request must go nowhere else.
    pub(crate) fn http(&self) -> Result<ClientBuilder, Failure> {
        self.usable()?;
        let certificates: Result<Vec<Certificate>, _> =
            self.beside.iter().map(|one| Certificate::from_der(one)).collect();
        let certificates = certificates.map_err(|_| none())?;
        let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        Ok(if certificates.is_empty() { builder } else { builder.tls_certs_merge(certificates) })
    }

    /// For everything else that speaks TLS.
    pub(crate) fn tls(&self) -> Result<TlsConnector, Failure> {
        self.usable()?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let verifier = self.verifier().map_err(|_| none())?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| none())?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        Ok(TlsConnector::from(Arc::new(config)))
    }
}

/// No request can be made.
pub(crate) fn none() -> Failure {
    Failure::new(FailureKind::Unavailable, "no request can be prepared: this machine trusts no authority")
        .hint("install the certificates of the authorities (ca-certificates)")
}

/// Whether a connection failed because the other's certificate is not believed. The error of TLS is several layers down, and of
/// another crate.
pub(crate) fn is_distrust(error: &dyn std::fmt::Debug) -> bool {
    let text = format!("{error:?}").to_lowercase();
    text.contains("invalidcertificate") || text.contains("invalid peer certificate")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_is_no_certificate_is_refused_with_what_to_name() {
        for pem in [
            "",
            "nonsense",
            "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\nbm9uc2Vuc2U=\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\n",
        ] {
            let failure = Trust::beside(pem.as_bytes()).unwrap_err();
            assert!(failure.message.contains("azure.certificates") && failure.hints.len() == 1, "{pem}: {failure}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_used_is_told_by_whoever_needs_it() {
        let trust = Trust::unusable(Failure::invalid("cannot read `/nowhere`"));
        assert!(trust.http().unwrap_err().message.contains("/nowhere"));
        assert!(trust.tls().err().unwrap().message.contains("/nowhere"));
    }
}
