//! What replies are drawn on: the terminal as it is, or nothing but text.

use std::io::{self, IsTerminal};

use crate::config::Environment;
use crate::reply::surface::Surface;

/// The surface of stdout.
pub(super) fn surface(environment: &Environment) -> Surface {
    if !io::stdout().is_terminal() {
        return Surface::plain();
    }
    let dumb = environment.term.as_deref().is_none_or(|term| term == "dumb");
    let width = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
    let mut surface = Surface::terminal(width, !environment.no_color && !dumb);
    surface.unicode = environment
        .locale
        .as_deref()
        .is_some_and(|locale| locale.to_ascii_lowercase().replace('-', "").contains("utf8"));
    surface
}

/// True where a person types and reads.
pub(super) fn interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}
