//! What a server's or a socket's error means to a person.
//!
//! The server's own text never leaves this file: some errors carry rows in it (EXTRACTVALUE's, a duplicate key's). The
//! number decides, and each number has a sentence of ours.

use sqlx::mysql::{MySqlConnectOptions, MySqlDatabaseError};

use crate::{Failure, FailureKind};

/// Where a server is, without a password.
pub(crate) fn place(options: &MySqlConnectOptions) -> String {
    match options.get_socket() {
        Some(socket) => format!("`{}`", socket.display()),
        None => format!("`{}:{}`", options.get_host(), options.get_port()),
    }
}

/// The failure of a connection that could not be made.
pub(crate) fn connecting(error: &sqlx::Error, options: &MySqlConnectOptions) -> Failure {
    let place = place(options);
    let user = options.get_username();
    let unavailable = |cause: String| Failure::new(FailureKind::Unavailable, cause);
    if let Some(number) = number(error) {
        return match number {
            1045 | 1698 | 1251 | 1524 => {
                unavailable(format!("cannot log in to the orders database as `{user}`: wrong user or password"))
                    .hint("check the user and the password in `--db`, or leave it out to use the private database")
            }
            1044 | 1049 => {
                let database = options.get_database().unwrap_or_default();
                let cause = if number == 1049 { "there is none of that name" } else { "this account may not use it" };
                unavailable(format!("cannot open the database `{database}` at {place}: {cause}"))
                    .hint("check the database's name in `--db`, or make the private one with `oms db seed`")
            }
            1129 | 1130 => unavailable(format!("cannot connect to {place}: the server does not admit this host"))
                .hint("let the server's administrator admit this host, or check `--db`"),
            other => running_number(other),
        };
    }
    match error {
        sqlx::Error::Io(io) => {
            let cause = match io.kind() {
                std::io::ErrorKind::NotFound | std::io::ErrorKind::ConnectionRefused => "no server listens there",
                std::io::ErrorKind::PermissionDenied => "its socket may not be opened by this user",
                std::io::ErrorKind::TimedOut => "it does not answer",
                _ => "the connection broke",
            };
            unavailable(format!("cannot reach the orders database at {place}: {cause}"))
                .hint("start the private database with `oms db start`, or check `--db`")
        }
        sqlx::Error::Tls(_) => unavailable(format!("cannot connect to {place}: TLS could not be agreed on"))
            .hint("check `ssl-mode` and `ssl-ca` in `--db`"),
        _ => unavailable(format!("cannot connect to {place}: it does not speak as a MySQL or MariaDB server does"))
            .hint("check the host and the port in `--db`"),
    }
}

/// The failure of a statement that did not end well.
pub(crate) fn running(error: &sqlx::Error) -> Failure {
    match number(error) {
        Some(number) => running_number(number),
        None => match error {
            sqlx::Error::Io(_) => lost(),
            _ => Failure::new(
                FailureKind::Internal,
                "cannot read the orders database's answer: it is not what its protocol says",
            ),
        },
    }
}

/// Whether the connection, and not the statement, is what failed.
pub(crate) fn connection_is_gone(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(_)) || matches!(number(error), Some(1053 | 1927 | 2006 | 2013 | 4031))
}

/// The failure of a statement that took longer than it may.
pub(crate) fn timed_out(limit: std::time::Duration) -> Failure {
    Failure::new(FailureKind::TimedOut, format!("stopped the statement: it took longer than {} s", limit.as_secs_f64()))
        .hint("narrow the time range or the filters, or raise `database.seconds`")
}

fn number(error: &sqlx::Error) -> Option<u16> {
    error.as_database_error()?.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number)
}

fn lost() -> Failure {
    Failure::new(FailureKind::Unavailable, "cannot run the statement: the orders database went away")
        .hint("ask again; if it stays away, see `oms db status` and start it with `oms db start`")
}

fn running_number(number: u16) -> Failure {
    use FailureKind::{InvalidArguments, NotFound, Refused, TimedOut, Unavailable};
    let failure = |kind, cause: &str| Failure::new(kind, format!("cannot run the statement: {cause}"));
    match number {
        1053 | 1927 | 2006 | 2013 | 4031 => lost(),
        1969 | 3024 | 1317 | 1205 | 1028 => Failure::new(TimedOut, "stopped the statement: it took longer than it may")
            .hint("narrow the time range or the filters, or raise `database.seconds`"),
        1146 | 1932 | 1356 => failure(NotFound, "a table of the orders schema is missing in this database")
            .hint("make the private database's tables with `oms db seed`, or check the database in `--db`"),
        1054 => failure(NotFound, "it names a column that is not there")
            .hint("`describe_orders` lists the tables and columns; `oms db seed` renews the private database"),
        1142 | 1143 | 1227 | 1370 => failure(Refused, "this account may not read something that it names")
            .hint("leave out personal columns, or grant them in the configuration and to the account"),
        1792 | 1290 | 1836 => failure(Refused, "it would change data, and the session is read-only"),
        1040 | 1203 | 1226 => failure(Unavailable, "the orders database has no free connection")
            .hint("ask again in a moment, or raise the server's `max_connections`"),
        3 | 28 | 1021 | 1026 | 1114 | 1030 => failure(Unavailable, "the orders database's disk is full or failing")
            .hint("free space where the server keeps its data and temporary files, then ask again"),
        5 | 1037 | 1038 | 1041 => {
            failure(Unavailable, "the orders database is out of memory").hint("narrow the time range or the filters")
        }
        1104 => failure(Refused, "it would look at more rows than the server allows")
            .hint("join on keys and filter by time"),
        1064 | 1149 => failure(InvalidArguments, "the server does not understand it as SQL")
            .hint("use plain SELECT syntax that both MySQL 8 and MariaDB know"),
        1052 => failure(InvalidArguments, "a column's name fits more than one table").hint("write `table.column`"),
        1055 | 1056 | 1111 | 1140 | 4015 | 4016 | 3593 => {
            failure(InvalidArguments, "an aggregate or window stands where it cannot")
                .hint("group by every column that is not aggregated, and filter groups in HAVING")
        }
        1222 => failure(InvalidArguments, "the parts of the UNION have different numbers of columns"),
        1241 | 1242 => failure(InvalidArguments, "a subquery used as a value gives more than one row or column")
            .hint("add LIMIT 1 or an aggregate, or use IN"),
        1248 | 1060 | 1066 => failure(InvalidArguments, "a derived table or a column has no name of its own")
            .hint("give each one a different alias"),
        1305 | 1630 | 1582 | 1128 => {
            failure(InvalidArguments, "a function is not known here, or has the wrong arguments")
        }
        1690 | 1264 | 1365 => failure(InvalidArguments, "a number in it leaves the range of its type"),
        other => failure(Unavailable, &format!("the server ended it with error {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_mends_a_connection() {
        let options = MySqlConnectOptions::new().socket("/run/none.sock").username("reader");
        let io = |kind| sqlx::Error::Io(std::io::Error::from(kind));
        let check = |error: &sqlx::Error, expected: &str| {
            let failure = connecting(error, &options);
            assert_eq!(failure.kind, FailureKind::Unavailable);
            assert!(failure.message.contains(expected), "{failure}");
            assert!(!failure.hints.is_empty());
        };
        check(&io(std::io::ErrorKind::NotFound), "no server listens there");
        check(&io(std::io::ErrorKind::ConnectionRefused), "no server listens there");
        check(&io(std::io::ErrorKind::PermissionDenied), "may not be opened");
        check(&sqlx::Error::Protocol("x".into()), "does not speak");
    }

    #[test]
    fn every_number_has_a_sentence_without_server_text() {
        for number in 0..5000 {
            let failure = running_number(number);
            assert!(failure.message.starts_with("cannot run") || failure.message.starts_with("stopped"), "{failure}");
        }
    }
}
