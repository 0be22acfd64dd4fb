//! Settings files as people write them, and what is said of broken ones.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Environment, Paths, Settings};

fn parse(text: &str) -> Result<Settings, String> {
    Settings::parse(text, Path::new("oms.toml")).map_err(|failure| failure.to_string())
}

#[test]
fn an_empty_file_is_the_defaults() {
    assert_eq!(parse("").unwrap(), Settings::default());
    let limits = Settings::default().limits();
    assert_eq!((limits.time, limits.rows, limits.bytes), (Duration::from_secs(10), 10_000, 8 << 20));
}

#[test]
fn settings_are_read() {
    let settings = parse(
        "brain = 'rules'\n[database]\nseconds = 2.5\nrows = 5\nshow = ['customers.email']\nport = 3307\n[agent]\ncalls = 3\n",
    )
    .unwrap();
    assert_eq!(settings.brain.as_deref(), Some("rules"));
    assert_eq!(settings.limits().time, Duration::from_millis(2500));
    assert_eq!((settings.limits().rows, settings.database.port, settings.agent.calls), (5, Some(3307), 3));
    assert!(!settings.personal().hides("customers", "email"));
    assert!(settings.personal().hides("customers", "phone"));
}

#[test]
fn broken_files_are_told_with_line_and_nearest_word() {
    let check = |text: &str, expected: &str| assert_eq!(parse(text).unwrap_err(), expected, "{text}");
    check(
        "\n[database]\nroows = 5\n",
        "cannot use `oms.toml`, line 3: unknown field `roows`, expected one of `url`, `port`, `seconds`, `rows`, `bytes`, `show`\nhint: did you mean `rows`?",
    );
    let section = parse("[datbase]\n").unwrap_err();
    assert!(
        section.starts_with("cannot use `oms.toml`, line 1: unknown field `datbase`, expected one of"),
        "{section}"
    );
    assert!(section.ends_with("hint: did you mean `database`?"), "{section}");
    check("[database]\nrows = 0\n", "cannot use `oms.toml`, line 2: `rows` must be at least 1");
    check(
        "[database]\nseconds = -1\n",
        "cannot use `oms.toml`, line 2: `seconds` must be more than 0 and at most 3600",
    );
    assert!(parse("[database]\nrows = 'many'\n").unwrap_err().contains("line 2"));
    assert!(parse("[database\n").unwrap_err().contains("line 1"));
    let hidden = parse("[database]\nshow = ['customers.mail']\n").unwrap_err();
    assert!(
        hidden.contains("`customers.mail`, which is no hidden column") && hidden.contains("customers.email"),
        "{hidden}"
    );
}

#[test]
fn folders_follow_the_specification() {
    let environment = Environment {
        home: Some(PathBuf::from("/home/ana")),
        state_home: Some(PathBuf::from("/var/state")),
        cache_home: Some(PathBuf::from("relative")),
        ..Environment::default()
    };
    let paths = Paths::of(&environment).unwrap();
    assert_eq!(paths.data, Path::new("/home/ana/.local/share/oms"));
    assert_eq!(paths.state, Path::new("/var/state/oms"));
    assert_eq!(paths.cache, Path::new("/home/ana/.cache/oms"), "a relative path is ignored");
    assert!(Paths::of(&Environment::default()).is_err());
}
