//! The private server's files: its folder, its socket and its secrets, readable by their owner only.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use oms_tools::{Failure, FailureKind};

/// A socket's path may have about 107 bytes; some are kept for the server's own temporary names.
const LONGEST_SOCKET: usize = 96;

/// Where the private server keeps what.
#[derive(Clone, Debug)]
pub(super) struct Files {
    /// The folder of everything.
    pub(super) folder: PathBuf,
    /// The folder of the socket.
    pub(super) run: PathBuf,
}

impl Files {
    /// The files below a data folder. The socket's folder is beside them where its path is short enough, else in a folder
    /// of this user's below the system's temporary one.
    pub(super) fn below(data: &Path) -> Self {
        let folder = data.join("database");
        let beside = folder.join("run");
        let run = if beside.as_os_str().len() + "/mysql.sock".len() <= LONGEST_SOCKET {
            beside
        } else {
            let user = rustix::process::getuid().as_raw();
            PathBuf::from(format!("/tmp/oms-{user}-{:016x}", hash(folder.as_os_str().as_encoded_bytes())))
        };
        Self { folder, run }
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.run.join("mysql.sock")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    pub(super) fn pid(&self) -> PathBuf {
        self.run.join("server.pid")
    }

    pub(super) fn secret(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.password"))
    }

    /// Makes the folders, each for its owner only; refuses one that another user could change.
    pub(super) fn make(&self) -> Result<(), Failure> {
        for folder in [&self.folder, &self.run] {
            private_folder(folder)?;
        }
        Ok(())
    }

    /// Takes the lock that one `oms` process holds while it starts, stops or seeds. Waits for another's.
    pub(super) fn lock(&self, name: &str) -> Result<File, Failure> {
        let path = self.folder.join(name);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(|error| cannot("open", &path, &error))?;
        file.lock().map_err(|error| cannot("lock", &path, &error))?;
        Ok(file)
    }
}

/// Makes a folder with its parents, mode 0700, and checks that it is this user's own.
pub(crate) fn private_folder(folder: &Path) -> Result<(), Failure> {
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent).map_err(|error| cannot("make", parent, &error))?;
    }
    match DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(cannot("make", folder, &error)),
    }
    let found = fs::symlink_metadata(folder).map_err(|error| cannot("read", folder, &error))?;
    if !found.is_dir() || found.uid() != rustix::process::getuid().as_raw() {
        return Err(Failure::refused(format!(
            "refused to use `{}`: it is not this user's own folder",
            folder.display()
        ))
        .hint("remove it, or set XDG_DATA_HOME to a folder of your own"));
    }
    if found.mode() & 0o077 != 0 {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
            .map_err(|error| cannot("protect", folder, &error))?;
    }
    Ok(())
}

/// Writes a file of mode 0600 as a whole: a reader sees the old one or the new one.
pub(crate) fn write_private(path: &Path, contents: &[u8]) -> Result<(), Failure> {
    let beside = path.with_extension(format!("new-{}", std::process::id()));
    let write = || -> io::Result<()> {
        let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&beside)?;
        file.write_all(contents)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    write().map_err(|error| cannot("write", path, &error))
}

/// A password of 128 bits that nobody guesses: hexadecimal, so that it needs no quoting anywhere.
pub(super) fn new_password() -> Result<String, Failure> {
    use std::fmt::Write;
    let mut bytes = [0; 16];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .map_err(|error| cannot("read", Path::new("/dev/urandom"), &error))?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").ok();
        text
    }))
}

pub(super) fn cannot(what: &str, path: &Path, error: &io::Error) -> Failure {
    let (cause, hint) = match error.kind() {
        io::ErrorKind::PermissionDenied => ("this user may not".to_owned(), "check the folder's owner and mode"),
        io::ErrorKind::StorageFull => {
            ("the disk is full".to_owned(), "free some space, or set XDG_DATA_HOME elsewhere")
        }
        io::ErrorKind::NotADirectory => ("part of its path is a file".to_owned(), "check XDG_DATA_HOME"),
        kind => (kind.to_string(), "see `oms doctor`"),
    };
    Failure::new(FailureKind::Unavailable, format!("cannot {what} `{}`: {cause}", path.display())).hint(hint)
}

/// FNV-1a, 64 bits (draft-eastlake-fnv): a short name for what a file or a socket belongs to.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
