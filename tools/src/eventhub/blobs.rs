//! Containers of Azure Storage (or its emulator), read only: listings with metadata, and single blobs.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use azure_core::credentials::TokenCredential;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{NaiveDateTime, Utc};
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use reqwest::{Client, Url};

use super::place::{Fields, no_token};
use super::signature;
use crate::{Failure, FailureKind, Trust, trust};

/// The version of the storage service's interface that is spoken.
const VERSION: &str = "2021-12-02";
/// The scope of tokens for storage.
const SCOPE: &str = "https://storage.azure.com/.default";
/// Times as HTTP and the listing write them.
const HTTP_TIME: &str = "%a, %d %b %Y %H:%M:%S GMT";
/// How long a connection may take, and each silence after it; whoever has less time says so himself.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes of one answer at most: Capture's own largest window is 500 MB.
const LARGEST: usize = 512 << 20;

/// A container of blobs.
#[derive(Clone)]
pub struct BlobContainer {
    container: Url,
    access: Access,
    client: Client,
}

/// Who we are where Entra ID is asked.
pub type Identity = Arc<dyn TokenCredential>;

#[derive(Clone)]
enum Access {
    /// An account's name and key.
    Key(String, Vec<u8>),
    /// The URL's own query is a SAS token.
    Token,
    /// By Entra ID.
    Identity(Identity),
}

impl fmt::Debug for BlobContainer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place())
    }
}

impl BlobContainer {
    /// A container by its address: a container's URL with a SAS token, or without one where `identity` may read it; or a
    /// storage account's connection string and the container's name.
    pub fn parse(text: &str, container: &str, identity: Option<&Identity>) -> Result<Self, Failure> {
        let wrong = |cause: &str| {
            Failure::invalid(format!("cannot read a storage address: {cause}"))
                .hint("write a storage account's connection string, or a container's URL, with a SAS token or without")
        };
        if text.contains("://") && !text.contains(';') {
            let url = Url::parse(text.trim()).map_err(|_| wrong("it is no URL"))?;
            let access = match (url.query(), identity) {
                (Some(_), _) => Access::Token,
                (None, Some(identity)) => Access::Identity(identity.clone()),
                (None, None) => return Err(wrong("it has no SAS token")),
            };
            return Self::new(sound(url).map_err(wrong)?, access);
        }
        let fields = Fields::parse(text);
        let account = fields.get("AccountName").ok_or_else(|| wrong("it has no `AccountName`"))?;
        let key = fields.get("AccountKey").ok_or_else(|| wrong("it has no `AccountKey`"))?;
        let key = STANDARD.decode(key).map_err(|_| wrong("its `AccountKey` is not in base64"))?;
        let endpoint = match fields.get("BlobEndpoint") {
            Some(endpoint) => endpoint.to_owned(),
            None => {
                format!("https://{account}.blob.{}", fields.get("EndpointSuffix").unwrap_or("core.windows.net"))
            }
        };
        let url = format!("{}/{container}", endpoint.trim_end_matches('/'));
        let url = Url::parse(&url).map_err(|_| wrong("its `BlobEndpoint` is no URL"))?;
        Self::new(url, Access::Key(account.to_owned(), key))
    }

    fn new(container: Url, access: Access) -> Result<Self, Failure> {
        Ok(Self { container, access, client: client(&Trust::default())? })
    }

    /// The same container, believing these authorities. Fails where they cannot be used.
    pub fn trusting(self, trust: &Trust) -> Result<Self, Failure> {
        Ok(Self { client: client(trust)?, ..self })
    }

    /// The same container behind another host and port, as a container of the stack has it.
    #[must_use]
    pub fn at(mut self, address: &str) -> Self {
        if let Some((host, port)) = address.rsplit_once(':') {
            self.container.set_host(Some(host)).ok();
            self.container.set_port(port.parse().ok()).ok();
        }
        self
    }

    /// Its host and port.
    pub(crate) fn host(&self) -> Option<(&str, u16)> {
        Some((self.container.host_str()?, self.container.port_or_known_default()?))
    }

    /// Where it is, without any token.
    pub fn place(&self) -> String {
        let mut shown = self.container.clone();
        shown.set_query(None);
        shown.to_string()
    }

    /// The blobs whose names begin with `prefix`, with their metadata; with `delimiter` only those directly below it, and
    /// the folders beside them.
    ///
    /// Fails with what mends it: not reachable, not allowed, no such container.
    pub(crate) async fn list(&self, prefix: &str, delimiter: Option<&str>) -> Result<Listing, Failure> {
        let mut found = Listing::default();
        loop {
            let mut query = vec![("comp", "list"), ("include", "metadata"), ("restype", "container")];
            if !prefix.is_empty() {
                query.push(("prefix", prefix));
            }
            query.extend(delimiter.map(|delimiter| ("delimiter", delimiter)));
            if !found.marker.is_empty() {
                query.push(("marker", found.marker.as_str()));
            }
            let body = self.get(&query).await?;
            if !listing(&body, &mut found) {
                return Err(self.unreadable("its listing is not understood"));
            }
            if found.marker.is_empty() {
                return Ok(found);
            }
        }
    }

    /// One blob's bytes.
    pub(crate) async fn read(&self, name: &str) -> Result<Vec<u8>, Failure> {
        let mut blob = self.clone();
        blob.container
            .path_segments_mut()
            .map_err(|()| self.unreadable("its address has no path"))?
            .pop_if_empty()
            .extend(name.split('/'));
        blob.get(&[]).await
    }

    async fn get(&self, query: &[(&str, &str)]) -> Result<Vec<u8>, Failure> {
        let mut url = self.container.clone();
        url.query_pairs_mut().extend_pairs(query);
        let mut request = self.client.get(url).header("x-ms-version", VERSION);
        match &self.access {
            Access::Token => {}
            Access::Key(account, key) => {
                let date = Utc::now().format(HTTP_TIME).to_string();
                let signature = signature::hmac(key, &signed(account, &date, self.container.path(), query));
                request = request
                    .header("x-ms-date", date)
                    .header("authorization", format!("SharedKey {account}:{signature}"));
            }
            Access::Identity(credential) => {
                // Asked again here: the host may be another than the one that was written.
                if !may_carry(&self.container) {
                    return Err(self
                        .unreadable("its token would travel in the clear")
                        .hint("write it with `https://`"));
                }
                let token = credential.get_token(&[SCOPE], None).await.map_err(|error| no_token(&error))?;
                request = request.header("authorization", format!("Bearer {}", token.token.secret()));
            }
        }
        let mut response = request.send().await.map_err(|error| {
            if trust::is_distrust(&error) {
                return self.unreadable("its certificate is not trusted").hint(trust::REMEDY);
            }
            // The error's own text holds the URL, and with it a token.
            self.unreadable(if error.is_timeout() { "it does not answer" } else { "it cannot be reached" })
        })?;
        match response.status().as_u16() {
            200 => {}
            401 | 403 => return Err(self.refused()),
            404 => {
                return Err(self
                    .unreadable("there is no such container")
                    .hint("check `eventhub.checkpoints`, `eventhub.container` and `archive.source` in oms.toml"));
            }
            status => return Err(self.unreadable(&format!("it answered with status {status}"))),
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|_| self.unreadable("its answer broke off"))? {
            body.extend_from_slice(&chunk);
            if body.len() > LARGEST {
                return Err(self.unreadable("its listing is too long"));
            }
        }
        Ok(body)
    }

    fn refused(&self) -> Failure {
        match &self.access {
            Access::Key(account, _) => self
                .unreadable("its account does not accept our key")
                .hint(format!("az storage account keys list --account-name {account} tells the keys that are good")),
            Access::Token => self
                .unreadable("its SAS token is not accepted")
                .hint("make a token that is not expired, with the rights to read and list"),
            Access::Identity(_) => self
                .unreadable("this identity may not; it lacks the role `Storage Blob Data Reader`")
                .hint("az role assignment create --role \"Storage Blob Data Reader\" --assignee OBJECT_ID --scope CONTAINER_ID; it takes up to five minutes to be seen"),
        }
    }

    fn unreadable(&self, cause: &str) -> Failure {
        Failure::new(FailureKind::Unavailable, format!("cannot read the container `{}`: {cause}", self.place()))
    }
}

/// A client that follows no redirect: a signature must go nowhere else.
fn client(trust: &Trust) -> Result<Client, Failure> {
    let builder = trust.http()?.connect_timeout(PATIENCE).read_timeout(PATIENCE);
    builder.build().map_err(|_| trust::none())
}

/// A URL over which a token may travel.
fn sound(url: Url) -> Result<Url, &'static str> {
    if may_carry(&url) { Ok(url) } else { Err("it does not begin with `https://`") }
}

/// Whether a token may travel to this URL: never in the clear, but on this machine.
fn may_carry(url: &Url) -> bool {
    let local = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    url.scheme() == "https" || (url.scheme() == "http" && local)
}

/// What a shared key signs for a GET without a body: "Authorize with Shared Key", Microsoft.
fn signed(account: &str, date: &str, path: &str, query: &[(&str, &str)]) -> String {
    let empty = "\n".repeat(11);
    let mut text = format!("GET\n{empty}x-ms-date:{date}\nx-ms-version:{VERSION}\n/{account}{path}");
    let mut query = query.to_vec();
    query.sort_unstable();
    for (name, value) in query {
        write!(text, "\n{name}:{value}").ok();
    }
    text
}

/// One blob of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Blob {
    pub(crate) name: String,
    pub(crate) modified: Option<NaiveDateTime>,
    pub(crate) metadata: BTreeMap<String, String>,
}

/// What a container holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listing {
    pub(crate) blobs: Vec<Blob>,
    /// The folders beside them, each with the delimiter at its end.
    pub(crate) folders: Vec<String>,
    marker: String,
}

/// Adds what a List Blobs answer holds, and takes its next marker, empty at the end; false where it is no such answer.
fn listing(body: &[u8], found: &mut Listing) -> bool {
    found.marker.clear();
    parsed(body, found).unwrap_or_default()
}

fn parsed(body: &[u8], found: &mut Listing) -> Option<bool> {
    let mut reader = Reader::from_reader(body);
    let (mut path, mut buffer, mut known) = (Vec::new(), Vec::new(), false);
    let (mut text, mut blob) = (String::new(), Blob::default());
    loop {
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(start) => {
                path.push(String::from_utf8_lossy(start.name().as_ref()).into_owned());
                known |= path.len() == 1 && path[0] == "EnumerationResults";
                text.clear();
            }
            Event::Text(part) => text.push_str(&part.decode().ok()?),
            Event::GeneralRef(reference) => {
                let name = reference.decode().ok()?;
                text.push_str(&quick_xml::escape::unescape(&format!("&{name};")).ok()?);
            }
            Event::End(_) => {
                match path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
                    [.., "Blob", "Name"] => blob.name = std::mem::take(&mut text),
                    [.., "Blob", "Properties", "Last-Modified"] => {
                        blob.modified = NaiveDateTime::parse_from_str(&text, HTTP_TIME).ok();
                    }
                    [.., "Blob", "Metadata", name] => {
                        blob.metadata.insert(name.to_ascii_lowercase(), std::mem::take(&mut text));
                    }
                    [.., "Blobs", "Blob"] => found.blobs.push(std::mem::take(&mut blob)),
                    [.., "BlobPrefix", "Name"] => found.folders.push(std::mem::take(&mut text)),
                    [_, "NextMarker"] => found.marker = std::mem::take(&mut text),
                    _ => {}
                }
                text.clear();
                path.pop();
            }
            Event::Eof => return Some(known),
            _ => {}
        }
        buffer.clear();
    }
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;

    /// The blobs of one page.
    pub(crate) fn listed(page: &str) -> Vec<Blob> {
        let mut found = Listing::default();
        assert!(listing(page.as_bytes(), &mut found));
        assert_eq!(found.marker, "m&1");
        found.blobs
    }

    #[test]
    fn names_are_unescaped_and_names_elsewhere_are_none() {
        let page = r"<EnumerationResults><Blobs><Blob><Name>oms/orders/0/a&amp;b.avro</Name><Properties><Name>no</Name></Properties>
            </Blob><BlobPrefix><Name>oms/</Name></BlobPrefix></Blobs><NextMarker>m&amp;1</NextMarker></EnumerationResults>";
        let names: Vec<String> = listed(page).into_iter().map(|blob| blob.name).collect();
        assert_eq!(names, ["oms/orders/0/a&b.avro"]);
    }

    #[test]
    fn what_is_no_listing_is_told() {
        for broken in ["", "<html></html>", "<Blobs>", "\u{1}", "<EnumerationResults"] {
            assert!(!listing(broken.as_bytes(), &mut Listing::default()), "{broken}");
        }
    }

    #[test]
    fn a_refusal_names_the_role_that_lacks_or_what_gives_another_key() {
        use crate::azure::{AzureCli, Cloud, Credentials, EnvironmentCredential};
        let text = "AccountName=shop;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net";
        let refused = |access| {
            let store = BlobContainer::parse(text, "checkpoints", None).unwrap();
            BlobContainer { access, ..store }.refused().to_string()
        };
        let cli = AzureCli { program: None, variables: Vec::new() };
        let identity = Credentials::new([], Cloud::Public, EnvironmentCredential::default(), cli, None, None);
        for (access, says, mends) in [
            (
                Access::Identity(Arc::new(identity)),
                "it lacks the role `Storage Blob Data Reader`",
                "az role assignment create --role \"Storage Blob Data Reader\"",
            ),
            (
                Access::Key("shop".to_owned(), Vec::new()),
                "does not accept our key",
                "az storage account keys list --account-name shop",
            ),
            (Access::Token, "its SAS token is not accepted", "make a token that is not expired"),
        ] {
            let said = refused(access);
            assert!(said.contains(says) && said.contains(mends), "{said}");
        }
    }

    #[test]
    fn what_a_shared_key_signs_is_the_published_form() {
        let text = signed("a", "Wed, 14 Jan 2026 12:00:00 GMT", "/a/c", &[("restype", "container"), ("comp", "list")]);
        assert_eq!(
            text,
            "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:Wed, 14 Jan 2026 12:00:00 GMT\nx-ms-version:2021-12-02\n/a/a/c\ncomp:list\nrestype:container"
        );
    }

    #[test]
    fn addresses_are_read_and_their_keys_are_not_shown() {
        let text = "AccountName=shop;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net";
        let store = BlobContainer::parse(text, "checkpoints", None).unwrap();
        assert_eq!(store.place(), "https://shop.blob.core.windows.net/checkpoints");
        let local =
            "DefaultEndpointsProtocol=http;AccountName=dev;AccountKey=c2VjcmV0;BlobEndpoint=http://azurite:10000/dev;";
        let store = BlobContainer::parse(local, "c", None).unwrap().at("127.0.0.1:9");
        assert_eq!(store.place(), "http://127.0.0.1:9/dev/c");
        for text in
            ["", "AccountName=x", "AccountName=x;AccountKey=***", "https://x/y", "http://x/y?sig=s3cret", "://;"]
        {
            let failure = BlobContainer::parse(text, "c", None).unwrap_err();
            assert!(!failure.to_string().contains("s3cret") && !failure.hints.is_empty(), "{text}: {failure}");
        }
    }
}
