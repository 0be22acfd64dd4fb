//! Who runs the program: the operating-system user, taken from the process and never from a text or a variable.

use std::fs;

use oms_tools::Principal;

/// The name of the user that this process runs as; `uid-N` where the system has no name for it.
pub fn user_name() -> String {
    let id = rustix::process::geteuid().as_raw();
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

/// The principal at a terminal or of a script.
pub fn local() -> Principal {
    Principal { name: user_name() }
}
