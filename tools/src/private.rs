//! Files that hold what must not be read or lost: made for their owner, or for a team that shares a folder, and written
//! as a whole.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use crate::{Failure, FailureKind};

/// Who may read and change what is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// The owner alone.
    #[default]
    Owner,
    /// The folder's group too: a team that shares a folder which its administrator made.
    Team,
}

impl Access {
    fn folder_mode(self) -> u32 {
        match self {
            Self::Owner => 0o700,
            // The group is inherited, so that what one person makes the others can read.
            Self::Team => 0o2770,
        }
    }

    fn file_mode(self) -> u32 {
        match self {
            Self::Owner => 0o600,
            Self::Team => 0o660,
        }
    }
}

/// Makes a folder with its parents, and checks that nobody else can change it.
pub fn folder(path: &Path, access: Access) -> Result<(), Failure> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|error| cannot("make", parent, &error))?;
    }
    match DirBuilder::new().mode(access.folder_mode()).create(path) {
        Ok(()) => fs::set_permissions(path, fs::Permissions::from_mode(access.folder_mode()))
            .map_err(|error| cannot("protect", path, &error))?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(cannot("make", path, &error)),
    }
    let found = fs::symlink_metadata(path).map_err(|error| cannot("read", path, &error))?;
    let own = found.uid() == rustix::process::geteuid().as_raw();
    let safe =
        found.is_dir() && (own && access == Access::Owner || access == Access::Team && found.mode() & 0o002 == 0);
    if !safe {
        return Err(Failure::refused(format!("refused to use `{}`: others could change it", path.display()))
            .hint("remove it, or set `changes.folder` to a folder that only your team may write"));
    }
    Ok(())
}

/// Writes a file as a whole, on the disk when this returns: a reader sees the old one or the new one.
pub fn write(path: &Path, contents: &[u8], access: Access) -> Result<(), Failure> {
    let beside = path.with_extension(format!("new-{}", std::process::id()));
    let write = || -> io::Result<()> {
        let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&beside)?;
        file.set_permissions(fs::Permissions::from_mode(access.file_mode()))?;
        file.write_all(contents)?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        // The name is on the disk only when its folder is.
        path.parent().map_or(Ok(()), |parent| File::open(parent)?.sync_all())
    };
    write().map_err(|error| cannot("write", path, &error))
}

/// Opens a file for reading and for writing at its end; makes it where there is none.
pub(crate) fn open(path: &Path, access: Access) -> Result<File, Failure> {
    let open = || -> io::Result<File> {
        match OpenOptions::new().read(true).append(true).create_new(true).mode(0o600).open(path) {
            Ok(file) => {
                file.set_permissions(fs::Permissions::from_mode(access.file_mode()))?;
                Ok(file)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                OpenOptions::new().read(true).append(true).open(path)
            }
            Err(error) => Err(error),
        }
    };
    open().map_err(|error| cannot("open", path, &error))
}

/// The name of a user by its number; `uid-N` where the system has no name for it.
pub fn user_name(id: u32) -> String {
    fs::read_to_string("/etc/passwd")
        .ok()
        .and_then(|users| {
            users.lines().find_map(|line| {
                let mut fields = line.split(':');
                let name = fields.next()?;
                (fields.nth(1)?.parse() == Ok(id)).then(|| name.to_owned())
            })
        })
        .unwrap_or_else(|| format!("uid-{id}"))
}

/// The user who owns a file: nobody but root can make a file that belongs to somebody else.
pub(crate) fn owner(file: &File) -> io::Result<String> {
    Ok(user_name(file.metadata()?.uid()))
}

pub(crate) fn cannot(what: &str, path: &Path, error: &io::Error) -> Failure {
    let (cause, hint) = match error.kind() {
        io::ErrorKind::PermissionDenied => ("this user may not".to_owned(), "check the folder's owner and mode"),
        io::ErrorKind::StorageFull => ("the disk is full".to_owned(), "free some space"),
        io::ErrorKind::NotADirectory => ("part of its path is a file".to_owned(), "check the state folder's path"),
        kind => (kind.to_string(), "see `oms doctor`"),
    };
    Failure::new(FailureKind::Unavailable, format!("cannot {what} `{}`: {cause}", path.display())).hint(hint)
}
