//! Who runs the program: the operating-system user, taken from the process and never from a text or a variable.

use oms_tools::{Principal, private};

/// The name of the user that this process runs as; `uid-N` where the system has no name for it.
pub fn user_name() -> String {
    private::user_name(rustix::process::geteuid().as_raw())
}

/// The principal at a terminal or of a script.
pub fn local() -> Principal {
    Principal { name: user_name() }
}
