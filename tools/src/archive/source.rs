//! Where captured files are: a folder, or a container of Azure Storage (or its emulator) by a URL with a SAS token.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use quick_xml::events::Event;
use quick_xml::reader::Reader;
use reqwest::{Client, Url};

use crate::{Failure, FailureKind};

/// How long one request may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// The version of the storage service's interface that is spoken.
const VERSION: &str = "2021-12-02";
/// Bytes of a captured file at most: Capture's own largest window is 500 MB.
const LARGEST: usize = 512 << 20;

/// A place of captured files.
#[derive(Clone)]
pub enum ArchiveSource {
    /// A folder that holds them below it.
    Folder(PathBuf),
    /// A container's URL; its query is a SAS token with the rights to read and list.
    Container(Url),
}

impl std::fmt::Debug for ArchiveSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.place())
    }
}

impl ArchiveSource {
    /// A source by what a person typed: a URL, or a folder.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        if !text.contains("://") {
            return Ok(Self::Folder(PathBuf::from(text)));
        }
        let wrong = |cause: &str| {
            Failure::invalid(format!("cannot read the archive's address: {cause}"))
                .hint("write it as https://ACCOUNT.blob.core.windows.net/CONTAINER?SAS, or name a folder")
        };
        let url = Url::parse(text).map_err(|_| wrong("it is no URL"))?;
        let local = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        match url.scheme() {
            "https" => {}
            // The token would be readable on its way.
            "http" if local => {}
            _ => return Err(wrong("it does not begin with `https://`")),
        }
        Ok(Self::Container(url))
    }

    /// Where it is, without its token.
    pub fn place(&self) -> String {
        match self {
            Self::Folder(folder) => folder.display().to_string(),
            Self::Container(url) => {
                let mut shown = url.clone();
                shown.set_query(None);
                shown.to_string()
            }
        }
    }

    /// The names of all captured files, in order.
    pub async fn names(&self) -> Result<Vec<String>, Failure> {
        let mut names = match self {
            Self::Folder(folder) => {
                let mut names = Vec::new();
                collect(folder, folder, &mut names).map_err(|error| self.unreadable(&error.kind().to_string()))?;
                names
            }
            Self::Container(url) => self.listed(url).await?,
        };
        names.retain(|name| name.to_ascii_lowercase().ends_with(".avro"));
        names.sort();
        Ok(names)
    }

    /// One file's bytes.
    pub async fn read(&self, name: &str) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Folder(folder) => {
                fs::read(folder.join(name)).map_err(|error| self.unreadable(&error.kind().to_string()))
            }
            Self::Container(url) => {
                let mut blob = url.clone();
                blob.path_segments_mut()
                    .map_err(|()| self.unreadable("its address has no path"))?
                    .pop_if_empty()
                    .extend(name.split('/'));
                self.get(blob).await
            }
        }
    }

    /// List Blobs, page by page.
    async fn listed(&self, url: &Url) -> Result<Vec<String>, Failure> {
        let (mut names, mut marker) = (Vec::new(), String::new());
        loop {
            let mut page = url.clone();
            page.query_pairs_mut().append_pair("restype", "container").append_pair("comp", "list");
            if !marker.is_empty() {
                page.query_pairs_mut().append_pair("marker", &marker);
            }
            let body = self.get(page).await?;
            marker = listing(&body, &mut names).ok_or_else(|| self.unreadable("its listing is not understood"))?;
            if marker.is_empty() {
                return Ok(names);
            }
        }
    }

    async fn get(&self, url: Url) -> Result<Vec<u8>, Failure> {
        let client = Client::builder()
            .timeout(PATIENCE)
            .build()
            .map_err(|_| Failure::new(FailureKind::Internal, "cannot prepare a request"))?;
        let mut response = client
            .get(url)
            .header("x-ms-version", VERSION)
            .send()
            .await
            // The error's own text holds the URL, and with it the token.
            .map_err(|error| {
                self.unreadable(if error.is_timeout() { "it does not answer" } else { "it cannot be reached" })
            })?;
        match response.status().as_u16() {
            200 => {}
            401 | 403 => {
                return Err(self
                    .unreadable("its SAS token is not accepted")
                    .hint("make a token with the rights to read and list"));
            }
            404 => return Err(self.unreadable("there is no such container or file")),
            status => return Err(self.unreadable(&format!("it answered with status {status}"))),
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|_| self.unreadable("its answer broke off"))? {
            if body.len() + chunk.len() > LARGEST {
                return Err(self.unreadable("one of its files is larger than Capture writes them"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn unreadable(&self, cause: &str) -> Failure {
        Failure::new(FailureKind::Unavailable, format!("cannot read the archive `{}`: {cause}", self.place()))
    }
}

/// The names of a List Blobs answer, and its next marker, empty at the end; `None` where it is no such answer.
fn listing(body: &[u8], names: &mut Vec<String>) -> Option<String> {
    let mut reader = Reader::from_reader(body);
    let (mut path, mut marker, mut buffer, mut known) = (Vec::new(), String::new(), Vec::new(), false);
    let mut text = String::new();
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
                    [.., "Blob", "Name"] => names.push(std::mem::take(&mut text)),
                    [_, "NextMarker"] => marker = std::mem::take(&mut text),
                    _ => {}
                }
                path.pop();
            }
            Event::Eof => return known.then_some(marker),
            _ => {}
        }
        buffer.clear();
    }
}

/// The files below a folder by their paths from its root, `/` between the parts.
fn collect(root: &Path, folder: &Path, names: &mut Vec<String>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        // Links are not followed: they could lead anywhere.
        if entry.file_type()?.is_dir() {
            collect(root, &path, names)?;
        } else if let Ok(below) = path.strip_prefix(root) {
            names.push(below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    #[test]
    fn listings_are_read_page_by_page() {
        let body = br#"<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="archive"><Blobs>
            <Blob><Name>oms/orders/0/2026/a&amp;b.avro</Name><Properties><Name>no</Name></Properties></Blob>
            <Blob><Name>x.avro</Name></Blob></Blobs><NextMarker>2!more</NextMarker></EnumerationResults>"#;
        let mut names = Vec::new();
        assert_eq!(listing(body, &mut names).as_deref(), Some("2!more"));
        assert_eq!(names, ["oms/orders/0/2026/a&b.avro", "x.avro"]);
        for broken in [b"".as_slice(), b"<html></html>", b"<EnumerationResults><Blobs>", b"\xff\xfe"] {
            assert!(listing(broken, &mut Vec::new()).is_none_or(|marker| marker.is_empty()), "{broken:?}");
        }
        assert_eq!(listing(b"<html></html>", &mut Vec::new()), None);
    }

    #[test]
    fn tokens_are_not_shown_and_do_not_travel_in_the_clear() {
        let source = ArchiveSource::parse("https://shop.blob.core.windows.net/archive?sig=secret").unwrap();
        assert_eq!(source.place(), "https://shop.blob.core.windows.net/archive");
        assert!(!format!("{source:?}").contains("secret"));
        assert!(ArchiveSource::parse("http://shop.blob.core.windows.net/archive?sig=secret").is_err());
        assert!(ArchiveSource::parse("http://127.0.0.1:10000/devaccount/archive?sig=x").is_ok());
        assert!(ArchiveSource::parse("ftp://x/y").is_err());
        assert!(matches!(ArchiveSource::parse("some/folder").unwrap(), ArchiveSource::Folder(_)));
    }
}
