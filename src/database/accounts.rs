//! The private server's accounts: an administrator for seeding and for the processor, and a reader that can only SELECT.

use std::fs;

use oms_tools::orders::PersonalColumns;
use oms_tools::{Failure, FailureKind};
use sqlx::mysql::MySqlConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, MySqlConnection, Row};

use super::files::{self, Files};

/// The private database's name.
pub(super) const DATABASE: &str = "oms";

/// An account of the private server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// The server's own administrator: starts and stops it, makes the others. Never handed out.
    Root,
    /// All rights on the orders database and on nothing else.
    Administrator,
    /// SELECT on the orders tables, without their personal columns.
    Reader,
    /// SELECT on the orders tables, with the personal columns of customers; made only where the bridge has a user who may see them.
    Personal,
}

impl Account {
    /// Its name on the server.
    pub fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Administrator => "oms_admin",
            Self::Reader => "oms_reader",
            Self::Personal => "oms_personal",
        }
    }

    /// Its password, as it was written when the server was made.
    pub(super) fn password(self, files: &Files) -> Result<String, Failure> {
        let path = files.secret(self.name());
        fs::read_to_string(&path)
            .map(|text| text.trim().to_owned())
            .map_err(|error| files::cannot("read", &path, &error))
    }

    /// How to connect as this account.
    pub(super) fn options(self, files: &Files) -> Result<MySqlConnectOptions, Failure> {
        let options = MySqlConnectOptions::new()
            .socket(files.socket())
            .ssl_mode(sqlx::mysql::MySqlSslMode::Disabled)
            .username(self.name())
            .password(&self.password(files)?)
            .disable_statement_logging();
        Ok(if self == Self::Root { options } else { options.database(DATABASE) })
    }
}

/// Makes the database and the accounts on a server that has just been made, and closes its passwordless ways in.
pub(super) async fn make(files: &Files) -> Result<(), Failure> {
    let passwords = [Account::Root, Account::Administrator, Account::Reader]
        .map(|account| files::new_password().map(|password| (account, password)));
    let [root, administrator, reader] = passwords;
    let (root, administrator, reader) = (root?, administrator?, reader?);
    // The files first: a server whose passwords nobody knows could not be used again.
    for (account, password) in [&root, &administrator, &reader] {
        files::write_private(&files.secret(account.name()), password.as_bytes())?;
    }
    let options = MySqlConnectOptions::new()
        .socket(files.socket())
        .ssl_mode(sqlx::mysql::MySqlSslMode::Disabled)
        .username("root")
        .disable_statement_logging();
    let mut connection = options.connect().await.map_err(|error| failed(&error))?;
    let mut statements =
        vec![format!("CREATE DATABASE IF NOT EXISTS {DATABASE} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci")];
    for host in ["localhost", "127.0.0.1"] {
        for (account, password) in [&administrator, &reader] {
            let name = format!("'{}'@'{host}'", account.name());
            statements.push(format!("CREATE USER IF NOT EXISTS {name} IDENTIFIED BY '{password}'"));
            statements.push(format!("ALTER USER {name} IDENTIFIED BY '{password}'"));
        }
        statements.push(format!("GRANT ALL PRIVILEGES ON {DATABASE}.* TO 'oms_admin'@'{host}' WITH GRANT OPTION"));
    }
    for host in other_roots(&mut connection).await? {
        statements.push(format!("DROP USER 'root'@'{}'", host.replace('\'', "''")));
    }
    statements.push("DROP USER IF EXISTS ''@'localhost'".to_owned());
    // Last, so that a start that was cut off can begin again.
    statements.push(format!("ALTER USER 'root'@'localhost' IDENTIFIED BY '{}'", root.1));
    for statement in statements {
        connection.execute(AssertSqlSafe(statement)).await.map_err(|error| failed(&error))?;
    }
    connection.close().await.ok();
    Ok(())
}

async fn other_roots(connection: &mut MySqlConnection) -> Result<Vec<String>, Failure> {
    let rows = connection
        .fetch_all("SELECT CAST(Host AS CHAR) FROM mysql.user WHERE User = 'root' AND Host <> 'localhost'")
        .await
        .map_err(|error| failed(&error))?;
    Ok(rows.iter().filter_map(|row| row.try_get_unchecked(0).ok()).collect())
}

/// Makes the account that may read personal columns; its password is kept where the others' are.
pub(super) async fn make_personal(files: &Files, connection: &mut MySqlConnection) -> Result<(), Failure> {
    // The one that is there stays: a bridge that runs connects with it.
    let password = match Account::Personal.password(files) {
        Ok(password) if !password.is_empty() => password,
        _ => {
            let password = files::new_password()?;
            files::write_private(&files.secret(Account::Personal.name()), password.as_bytes())?;
            password
        }
    };
    for host in ["localhost", "127.0.0.1"] {
        let name = format!("'{}'@'{host}'", Account::Personal.name());
        for statement in [
            format!("CREATE USER IF NOT EXISTS {name} IDENTIFIED BY '{password}'"),
            format!("ALTER USER {name} IDENTIFIED BY '{password}'"),
        ] {
            connection.execute(AssertSqlSafe(statement)).await.map_err(|error| failed(&error))?;
        }
    }
    Ok(())
}

/// Removes the account that may read personal columns.
pub(super) async fn drop_personal(connection: &mut MySqlConnection) -> Result<(), Failure> {
    for host in ["localhost", "127.0.0.1"] {
        let statement = format!("DROP USER IF EXISTS '{}'@'{host}'", Account::Personal.name());
        connection.execute(AssertSqlSafe(statement)).await.map_err(|error| failed(&error))?;
    }
    Ok(())
}

/// Gives a reading account SELECT on every table of the orders database but the pipeline's own, without the hidden columns,
/// and nothing else. `connection` is root's.
pub(super) async fn grant(
    connection: &mut MySqlConnection,
    account: Account,
    hidden: &PersonalColumns,
) -> Result<(), Failure> {
    let rows = connection
        .fetch_all(AssertSqlSafe(format!(
            "SELECT CAST(table_name AS CHAR), CAST(column_name AS CHAR) FROM information_schema.columns \
             WHERE table_schema = '{DATABASE}' AND table_name NOT LIKE 'oms\\_%' ORDER BY table_name, ordinal_position"
        )))
        .await
        .map_err(|error| failed(&error))?;
    let mut tables: Vec<(String, Vec<String>)> = Vec::new();
    for row in rows {
        let cell = |index: usize| row.try_get_unchecked::<String, _>(index).map_err(|error| failed(&error));
        let (table, column) = (cell(0)?, cell(1)?);
        match tables.last_mut() {
            Some((name, columns)) if *name == table => columns.push(column),
            _ => tables.push((table, vec![column])),
        }
    }
    for host in ["localhost", "127.0.0.1"] {
        let reader = format!("'{}'@'{host}'", account.name());
        // Rights of another setting, or of tables that are gone, do not stay.
        for statement in std::iter::once(format!("REVOKE ALL PRIVILEGES, GRANT OPTION FROM {reader}")).chain(
            tables.iter().map(|(table, columns)| {
                let shown: Vec<String> = columns
                    .iter()
                    .filter(|column| !hidden.hides(table, column))
                    .map(|column| format!("`{column}`"))
                    .collect();
                let columns =
                    if shown.len() == columns.len() { String::new() } else { format!(" ({})", shown.join(", ")) };
                format!("GRANT SELECT{columns} ON `{DATABASE}`.`{table}` TO {reader}")
            }),
        ) {
            connection.execute(AssertSqlSafe(statement)).await.map_err(|error| failed(&error))?;
        }
    }
    Ok(())
}

fn failed(error: &sqlx::Error) -> Failure {
    let number = error.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap_or_default().into_owned();
    tracing::debug!(number, "the private database refused a statement of its set-up");
    Failure::new(FailureKind::Unavailable, "cannot set up the private database: its server refused a statement")
        .hint("look into `server.log` of its folder (`oms db status` names it)")
        .hint("to begin anew, stop it with `oms db stop` and remove that folder")
}
