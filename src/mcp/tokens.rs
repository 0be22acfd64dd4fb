//! Bearer tokens: whose a request is. They come from files that only their owner can read, or from the environment, and are
//! never shown. What is compared are hashes, all of them, in the same time whatever was sent.

use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use oms_tools::{Failure, FailureKind, Principal};
use sha2::{Digest, Sha256};

use super::server::Caller;
use crate::config::{Config, Rights};
use crate::principal;

/// Letters that a token must have: 128 bits in hexadecimal.
const SHORTEST: usize = 32;
/// Bytes of a token's file that are read.
const LONGEST: u64 = 4096;

/// The tokens that are known, as hashes, each with its owner.
pub(super) struct Tokens(Vec<([u8; 32], Caller)>);

impl Tokens {
    /// The tokens of a configuration: `mcp.tokens`, and `OMS_MCP_TOKEN` for the user that runs this.
    ///
    /// Fails where there is none, where a file can be read by others, and where a token is too short or two people's.
    pub(super) fn of(config: &Config) -> Result<Self, Failure> {
        let mut tokens = Self(Vec::new());
        if let Some(token) = &config.environment.mcp_token {
            let own = Caller { principal: principal::local(), rights: Rights::Approver };
            tokens.add(token, own, "OMS_MCP_TOKEN")?;
        }
        for (name, given) in &config.settings.mcp.tokens {
            let file = &given.file;
            let token = read(file).map_err(|cause| {
                Failure::new(
                    FailureKind::Unavailable,
                    format!("cannot read the token `{}` of {name}: {cause}", file.display()),
                )
                .hint(format!("make one: (umask 077; openssl rand -hex 32 > {})", file.display()))
            })?;
            let owner = Caller { principal: Principal { name: name.clone() }, rights: given.rights };
            tokens.add(&token, owner, &file.display().to_string())?;
        }
        if tokens.0.is_empty() {
            return Err(Failure::new(FailureKind::Unavailable, "cannot serve MCP over HTTP: there is no token")
                .hint("make one: (umask 077; openssl rand -hex 32 > ~/.config/oms/mcp.token)")
                .hint(
                    "name its owner in oms.toml: mcp.tokens = { NAME = \"FILE\" }; or set OMS_MCP_TOKEN for yourself",
                ));
        }
        Ok(tokens)
    }

    fn add(&mut self, token: &str, owner: Caller, place: &str) -> Result<(), Failure> {
        let wrong = |cause: &str| {
            Failure::invalid(format!("cannot use the token in `{place}`: {cause}"))
                .hint("openssl rand -hex 32 makes one")
        };
        if token.chars().count() < SHORTEST {
            return Err(wrong(&format!("it has fewer than {SHORTEST} letters")));
        }
        if !token.chars().all(|letter| letter.is_ascii_graphic()) {
            return Err(wrong("it holds more than one word, or letters that no header can carry"));
        }
        let hash = hash(token.as_bytes());
        if let Some((_, other)) = self.0.iter().find(|(known, _)| *known == hash) {
            return Err(wrong(&format!("it is the token of `{}` too", other.principal.name)));
        }
        self.0.push((hash, owner));
        Ok(())
    }

    /// Whose token this is, as an `Authorization` header brings it.
    pub(super) fn owner(&self, header: Option<&[u8]>) -> Option<&Caller> {
        let header = header?;
        let (scheme, token) = header.split_at_checked(7)?;
        if !scheme.eq_ignore_ascii_case(b"bearer ") {
            return None;
        }
        let sent = hash(token.trim_ascii());
        let mut found = None;
        for (known, owner) in &self.0 {
            if same(known, &sent) {
                found = Some(owner);
            }
        }
        found
    }
}

/// A word of 256 random bits.
pub(super) fn random() -> Result<String, Failure> {
    let mut bytes = [0_u8; 32];
    fs::File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut bytes)).map_err(|error| {
        Failure::new(FailureKind::Unavailable, format!("cannot read `/dev/urandom`: {}", error.kind()))
    })?;
    Ok(bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
}

fn read(file: &Path) -> Result<String, String> {
    let mut opened = fs::File::open(file).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        kind => kind.to_string(),
    })?;
    // Of the very file that is read, so that it cannot be exchanged between the look and the reading.
    let found = opened.metadata().map_err(|error| error.kind().to_string())?;
    let own = rustix::process::geteuid().as_raw();
    if !found.is_file() {
        return Err("it is no file".to_owned());
    }
    if found.mode() & 0o077 != 0 {
        return Err("others than its owner may read or write it (chmod 600)".to_owned());
    }
    if found.uid() != own {
        return Err(format!("it belongs to another user than `{}`", principal::user_name()));
    }
    let mut text = String::new();
    opened.by_ref().take(LONGEST).read_to_string(&mut text).map_err(|error| error.kind().to_string())?;
    match text.trim() {
        "" => Err("it is empty".to_owned()),
        token => Ok(token.to_owned()),
    }
}

fn hash(token: &[u8]) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// Whether two hashes are the same, without a way out before the end.
fn same(one: &[u8; 32], other: &[u8; 32]) -> bool {
    let different = one.iter().zip(other).fold(0, |different, (one, other)| different | (one ^ other));
    std::hint::black_box(different) == 0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const ANA: &str = "0123456789abcdef0123456789abcdef";
    const BEN: &str = "fedcba9876543210fedcba9876543210";

    fn person(name: &str) -> Caller {
        Caller { principal: Principal { name: name.to_owned() }, rights: Rights::Viewer }
    }

    #[test]
    fn a_token_names_its_owner() {
        let mut tokens = Tokens(Vec::new());
        tokens.add(ANA, person("ana"), "a").unwrap();
        tokens.add(BEN, person("ben"), "b").unwrap();
        let owner = |header: &str| tokens.owner(Some(header.as_bytes())).map(|owner| owner.principal.name.as_str());
        for (header, expected) in [
            (format!("Bearer {ANA}"), Some("ana")),
            (format!("bearer {BEN}"), Some("ben")),
            (format!("BEARER  {BEN} "), Some("ben")),
            (format!("Bearer {ANA}0"), None),
            (format!("Bearer {}", &ANA[1..]), None),
            (format!("Bearer {}", ANA.to_uppercase()), None),
            (format!("Basic {ANA}"), None),
            (format!("Bearer{ANA}"), None),
            ("Bearer ".to_owned(), None),
            ("Bear".to_owned(), None),
            (ANA.to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(owner(&header), expected, "{header}");
        }
        assert!(tokens.owner(None).is_none());
        assert!(tokens.owner(Some(&[0xff; 40])).is_none());
    }

    #[test]
    fn weak_and_shared_tokens_are_refused() {
        let mut tokens = Tokens(Vec::new());
        tokens.add(ANA, person("ana"), "a").unwrap();
        for (token, said) in [
            ("short", "fewer than 32"),
            ("0123456789abcdef 0123456789abcdef", "more than one word"),
            ("0123456789abcdef0123456789abcdeé", "no header"),
            (ANA, "`ana` too"),
        ] {
            let failure = tokens.add(token, person("eve"), "file").unwrap_err();
            assert!(failure.message.contains(said), "{token}: {failure}");
            assert!(!failure.to_string().contains(ANA), "a token is shown: {failure}");
        }
    }

    #[test]
    fn a_file_that_others_can_read_is_no_token() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        fs::write(&file, format!("{ANA}\n")).unwrap();
        for (mode, fits) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false), (0o622, false)] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(read(&file).is_ok(), fits, "{mode:o}");
        }
        assert!(read(folder.path()).is_err());
        assert!(read(&folder.path().join("none")).unwrap_err().contains("no such file"));
    }

    #[test]
    fn random_words_differ() {
        let (one, other) = (random().unwrap(), random().unwrap());
        assert_eq!(one.len(), 64);
        assert_ne!(one, other);
    }
}
