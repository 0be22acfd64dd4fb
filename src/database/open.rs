//! From a configuration to an open orders database: the one that was named, or the private one, seeded where it is new.

use std::str::FromStr;

use oms_seed::{Progress, SeedSummary, ShopOptions, ShopState};
use oms_tools::orders::{OrdersDatabase, PersonalColumns, grants};
use oms_tools::{Failure, FailureKind};
use sqlx::mysql::MySqlConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor};

use super::accounts::{self, Account};
use super::server::PrivateServer;
use crate::config::Config;

const CUSTOMERS: [(&str, &str); 2] = [("customers", "email"), ("customers", "phone")];

/// What a run is told while the private database is made ready.
pub trait Seeding: Send + Sync {
    /// A step that takes time.
    fn said(&self, what: &str);
    /// How far the seeding is.
    fn progress(&self, progress: Progress);
    /// The seeding ended.
    fn done(&self, summary: &SeedSummary);
}

/// Reads a database's address. The failure does not repeat it: it may hold a password.
pub fn parse_url(url: &str) -> Result<MySqlConnectOptions, Failure> {
    let wrong = |cause: &str| {
        Failure::invalid(format!("cannot read the database's address: {cause}"))
            .hint("write it as mysql://user:password@host:port/name, with `%40` for an @ in the password")
    };
    if !url.starts_with("mysql://") && !url.starts_with("mariadb://") {
        return Err(wrong("it does not begin with `mysql://`"));
    }
    let named = |options: &MySqlConnectOptions| options.get_database().is_some_and(|name| !name.is_empty());
    MySqlConnectOptions::from_str(url)
        .ok()
        .filter(named)
        .ok_or_else(|| wrong("it is not a URL that names a user, a host and a database"))
}

/// Opens the orders database of this configuration.
///
/// With no address the private server is started, made and seeded as needed. Fails with what mends it.
pub async fn open(config: &Config, seeding: &dyn Seeding) -> Result<OrdersDatabase, Failure> {
    let (limits, personal) = (config.settings.limits(), config.settings.personal());
    if let Some(url) = config.database_url() {
        return OrdersDatabase::connect(parse_url(url)?, limits, personal).await;
    }
    let server = PrivateServer::of(config);
    if let Some(database) = ready(&server, config).await? {
        return Ok(database);
    }
    server.start(&|what| seeding.said(what)).await?;
    let _lock = server.seed_lock().await?;
    // Another process may have made it ready while this one waited.
    if let Some(database) = ready(&server, config).await? {
        return Ok(database);
    }
    make_ready(&server, &personal, seeding).await?;
    OrdersDatabase::connect(server.options(Account::Reader)?, limits, personal).await
}

/// The private database, where it runs, holds a whole shop and shows what the settings show.
///
/// The reader has rights only while a whole shop is there: that it can connect says that all is ready.
async fn ready(server: &PrivateServer, config: &Config) -> Result<Option<OrdersDatabase>, Failure> {
    let Ok(reader) = server.options(Account::Reader) else { return Ok(None) };
    let personal = config.settings.personal();
    match OrdersDatabase::connect(reader, config.settings.limits(), personal.clone()).await {
        Ok(database) => {
            if shows_as_configured(&database, &personal).await? {
                return Ok(Some(database));
            }
            database.close().await;
            Ok(None)
        }
        Err(failure) if failure.kind == FailureKind::Refused => Err(failure),
        Err(_) => Ok(None),
    }
}

/// Whether the reader's own rights show exactly the columns that the settings show.
async fn shows_as_configured(database: &OrdersDatabase, personal: &PersonalColumns) -> Result<bool, Failure> {
    let rights = grants::check(&database.grants().await?, Account::Reader.name(), database.name())?;
    Ok(PersonalColumns::default().hidden().all(|(table, column)| {
        let object = format!("{}.{table}", database.name());
        let shown = rights.iter().any(|right| {
            right.object == object && (right.columns.is_empty() || right.columns.iter().any(|name| name == column))
        });
        shown != personal.hides(table, column)
    }))
}

/// Seeds the private database where it holds no whole shop, and gives the reader its rights. Under the seed lock.
async fn make_ready(server: &PrivateServer, personal: &PersonalColumns, seeding: &dyn Seeding) -> Result<(), Failure> {
    let administrator = server.options(Account::Administrator)?;
    let mut connection = administrator.connect().await.map_err(|_| went_away())?;
    let state = oms_seed::state(&mut connection).await.map_err(|error| seed_failure(&error))?;
    connection.close().await.ok();
    match state {
        ShopState::Whole => grant(server, personal).await,
        ShopState::Empty => {
            seeding.said("seeding the shop");
            seed_locked(server, &ShopOptions::default(), personal, seeding).await.map(|_| ())
        }
        ShopState::Half => {
            seeding.said("seeding the shop anew: the last time was cut off");
            seed_locked(server, &ShopOptions::default(), personal, seeding).await.map(|_| ())
        }
        ShopState::Foreign { missing } => Err(Failure::new(
            FailureKind::Unavailable,
            format!("cannot use the private database: it lacks the tables {}", missing.join(", ")),
        )
        .hint("make it anew with `oms db seed`")),
    }
}

/// Seeds the private database: what was there is replaced.
pub(crate) async fn seed(
    server: &PrivateServer,
    shop: &ShopOptions,
    personal: &PersonalColumns,
    seeding: &dyn Seeding,
) -> Result<SeedSummary, Failure> {
    let _lock = server.seed_lock().await?;
    seed_locked(server, shop, personal, seeding).await
}

async fn seed_locked(
    server: &PrivateServer,
    shop: &ShopOptions,
    personal: &PersonalColumns,
    seeding: &dyn Seeding,
) -> Result<SeedSummary, Failure> {
    // Nobody reads while the tables are replaced, and after a cut-off nobody takes the half for a whole.
    revoke(server).await?;
    let summary = oms_seed::seed(server.options(Account::Administrator)?, shop, |progress| seeding.progress(progress))
        .await
        .map_err(|error| seed_failure(&error))?;
    grant(server, personal).await?;
    seeding.done(&summary);
    Ok(summary)
}

async fn grant(server: &PrivateServer, personal: &PersonalColumns) -> Result<(), Failure> {
    let mut root = server.options(Account::Root)?.connect().await.map_err(|_| went_away())?;
    accounts::grant(&mut root, Account::Reader, personal).await?;
    if Account::Personal.password(&server.files).is_ok() {
        // A bridge that runs goes on with the account that it has.
        grant_personal(server, &mut root, personal).await?;
    }
    root.close().await.ok();
    Ok(())
}

/// Makes the account that may read the personal columns of customers, and gives it its rights.
async fn grant_personal(
    server: &PrivateServer,
    root: &mut sqlx::MySqlConnection,
    personal: &PersonalColumns,
) -> Result<(), Failure> {
    accounts::make_personal(&server.files, root).await?;
    accounts::grant(root, Account::Personal, &with_customers(personal)).await
}

/// The columns that are kept also from those who may see e-mail addresses and telephone numbers.
fn with_customers(personal: &PersonalColumns) -> PersonalColumns {
    CUSTOMERS.iter().fold(personal.clone(), |personal, (table, column)| personal.granting(table, column))
}

/// The personal columns of customers, as the setting `database.show` names them.
pub(crate) fn customers() -> impl Iterator<Item = String> {
    CUSTOMERS.iter().map(|(table, column)| format!("{table}.{column}"))
}

/// Opens the orders database for who may see the personal columns of customers: under the account of `url`, else, on the
/// private server, under one that is made for this. [`open`] comes first.
pub(crate) async fn open_personal(config: &Config, url: Option<&str>) -> Result<OrdersDatabase, Failure> {
    let (limits, personal) = (config.settings.limits(), config.settings.personal());
    if let Some(url) = url {
        return OrdersDatabase::connect(parse_url(url)?, limits, with_customers(&personal)).await;
    }
    if config.database_url().is_some() {
        return Err(Failure::invalid("cannot show personal columns: no account may read them")
            .hint("set `bridge.personal_url` to the orders database under an account that may, or take `personal` from `bridge.users`"));
    }
    let server = PrivateServer::of(config);
    let _lock = server.seed_lock().await?;
    let mut root = server.options(Account::Root)?.connect().await.map_err(|_| went_away())?;
    grant_personal(&server, &mut root, &personal).await?;
    root.close().await.ok();
    OrdersDatabase::connect(server.options(Account::Personal)?, limits, with_customers(&personal)).await
}

async fn revoke(server: &PrivateServer) -> Result<(), Failure> {
    let mut root = server.options(Account::Root)?.connect().await.map_err(|_| went_away())?;
    for host in ["localhost", "127.0.0.1"] {
        let statement = format!("REVOKE ALL PRIVILEGES, GRANT OPTION FROM '{}'@'{host}'", Account::Reader.name());
        root.execute(sqlx::AssertSqlSafe(statement)).await.map_err(|_| went_away())?;
    }
    accounts::drop_personal(&mut root).await?;
    root.close().await.ok();
    Ok(())
}

fn went_away() -> Failure {
    Failure::new(FailureKind::Unavailable, "cannot use the private database: it went away")
        .hint("start it with `oms db start`; `oms db status` names its log")
}

/// What a seeding that failed means to a person.
pub(crate) fn seed_failure(error: &oms_seed::SeedError) -> Failure {
    Failure::new(FailureKind::Unavailable, error.to_string()).hint("try again with `oms db seed`")
}
