//! Where captured files are: a folder, or a container of Azure Storage (or its emulator).

use std::fs;
use std::path::{Path, PathBuf};

use crate::eventhub::{BlobContainer, Identity};
use crate::{Failure, FailureKind, Trust};

/// A place of captured files.
#[derive(Clone)]
pub enum ArchiveSource {
    /// A folder that holds them below it.
    Folder(PathBuf),
    /// A container that we may read and list.
    Container(BlobContainer),
}

impl std::fmt::Debug for ArchiveSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.place())
    }
}

impl ArchiveSource {
    /// A source by what a person typed: a container's URL, with a SAS token or, where `identity` may read it, without; or a
    /// folder.
    pub fn parse(text: &str, identity: Option<&Identity>) -> Result<Self, Failure> {
        if !text.contains("://") {
            return Ok(Self::Folder(PathBuf::from(text)));
        }
        let container = BlobContainer::parse(text, "", identity).map_err(|failure| {
            failure.hint("write the archive as https://ACCOUNT.blob.core.windows.net/CONTAINER?SAS, or name a folder")
        })?;
        Ok(Self::Container(container))
    }

    /// The same, believing these authorities. Fails where they cannot be used.
    pub fn trusting(self, trust: &Trust) -> Result<Self, Failure> {
        Ok(match self {
            Self::Container(container) => Self::Container(container.trusting(trust)?),
            folder @ Self::Folder(_) => folder,
        })
    }

    /// Where it is, without its token.
    pub fn place(&self) -> String {
        match self {
            Self::Folder(folder) => folder.display().to_string(),
            Self::Container(container) => container.place(),
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
            Self::Container(container) => {
                container.list("", None).await?.blobs.into_iter().map(|blob| blob.name).collect()
            }
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
            Self::Container(container) => container.read(name).await,
        }
    }

    fn unreadable(&self, cause: &str) -> Failure {
        Failure::new(FailureKind::Unavailable, format!("cannot read the archive `{}`: {cause}", self.place()))
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
    fn tokens_are_not_shown_and_do_not_travel_in_the_clear() {
        let source = ArchiveSource::parse("https://shop.blob.core.windows.net/archive?sig=secret", None).unwrap();
        assert_eq!(source.place(), "https://shop.blob.core.windows.net/archive");
        assert!(!format!("{source:?}").contains("secret"));
        assert!(ArchiveSource::parse("http://shop.blob.core.windows.net/archive?sig=secret", None).is_err());
        assert!(ArchiveSource::parse("http://127.0.0.1:10000/devaccount/archive?sig=x", None).is_ok());
        assert!(ArchiveSource::parse("ftp://x/y", None).is_err());
        assert!(matches!(ArchiveSource::parse("some/folder", None).unwrap(), ArchiveSource::Folder(_)));
    }
}
