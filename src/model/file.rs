//! The model's file: which one, where it lies, and whether it is the one that it should be.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use oms_tools::{Failure, FailureKind};
use sha2::{Digest, Sha256};

use super::gguf;
use crate::config::Config;

/// A model that is known by its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its name.
    pub name: &'static str,
    /// Its file's name.
    pub file: &'static str,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal; the hash decides, not the source.
    pub sha256: &'static str,
    /// Its license.
    pub license: &'static str,
}

/// The embedded model: Qwen2.5-Coder-1.5B-Instruct, quantised to four bits by its makers.
pub const KNOWN: Known = Known {
    name: "Qwen2.5-Coder-1.5B-Instruct Q4_K_M",
    file: "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    bytes: 1_117_320_768,
    sha256: "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    license: "Apache-2.0",
};

/// Where a model's file is looked for.
#[derive(Clone, Debug)]
pub struct ModelFile {
    /// The folder of fetched files.
    pub folder: PathBuf,
    /// The file that is used.
    pub path: PathBuf,
}

/// What is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Absent,
    /// A part of a download, with its bytes.
    Part(u64),
    /// A file, with its bytes.
    Whole(u64),
}

impl ModelFile {
    /// The file of this configuration.
    pub fn of(config: &Config) -> Self {
        let folder = config.paths.data.join("models");
        let path = config.settings.local.file.clone().unwrap_or_else(|| folder.join(KNOWN.file));
        Self { folder, path }
    }

    /// Where an unfinished download grows.
    pub fn part(&self) -> PathBuf {
        self.folder.join(format!("{}.part", KNOWN.file))
    }

    /// What is there.
    pub fn found(&self) -> Found {
        let length = |path: &Path| path.metadata().ok().filter(fs::Metadata::is_file).map(|metadata| metadata.len());
        match (length(&self.path), length(&self.part())) {
            (Some(bytes), _) => Found::Whole(bytes),
            (None, Some(bytes)) => Found::Part(bytes),
            (None, None) => Found::Absent,
        }
    }

    /// Fails where the file's head announces what cannot be, or is not there: it is not handed to llama.cpp.
    pub fn sound(&self) -> Result<(), Failure> {
        gguf::examine(&self.path).map(|_| ()).map_err(|defect| {
            Failure::new(
                FailureKind::Unavailable,
                format!("cannot use the embedded language model: `{}`: {defect}", self.path.display()),
            )
            .hint("fetch it anew: `oms model pull`, or `oms model pull --from FILE`")
            .hint("or use `--brain rules`, which needs none")
        })
    }

    /// The file, ready to be loaded. Fails with the way out where there is none, or no model.
    pub fn usable(&self) -> Result<&Path, Failure> {
        let shown = self.path.display();
        let missing = |cause: &str| {
            Failure::new(FailureKind::Unavailable, format!("cannot use the embedded language model: {cause}"))
                .hint("fetch it: `oms model pull`, or `oms model pull --from FILE`")
                .hint("or use `--brain rules`, which needs none")
        };
        let mut magic = [0; 4];
        let read = File::open(&self.path).and_then(|mut file| file.read_exact(&mut magic));
        match read {
            Ok(()) if magic == *b"GGUF" => Ok(&self.path),
            Ok(()) => Err(missing(&format!("`{shown}` is no GGUF file"))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(missing("its file is not here yet")),
            Err(error) => Err(missing(&format!("cannot read `{shown}`: {}", error.kind()))),
        }
    }
}

/// The SHA-256 of a file in hexadecimal; `told` hears the bytes read so far.
pub(super) fn hash(path: &Path, told: &dyn Fn(u64)) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return Ok(format!("{:x}", digest.finalize()));
        }
        digest.update(&buffer[..count]);
        bytes += count as u64;
        told(bytes);
    }
}
