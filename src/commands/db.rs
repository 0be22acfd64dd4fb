//! `oms db`: the private database, and seeding.

use chrono::Utc;
use oms_seed::{ShopOptions, ShopState};
use oms_tools::{Failure, FailureKind};
use sqlx::{ConnectOptions, Connection, Executor};

use super::{FAILED, Status, print, waiting::Waiting};
use crate::cli::DbCommand;
use crate::config::Config;
use crate::database::{self, Account, PrivateServer, Seeding};

pub(super) async fn run(config: &Config, command: DbCommand) -> Result<Status, Failure> {
    let server = PrivateServer::of(config);
    let waiting = Waiting::of(config);
    match command {
        DbCommand::Start => {
            server.start(&|what| waiting.said(what)).await?;
            print(&format!("the private database runs: {}", server.socket().display()))?;
        }
        DbCommand::Stop => {
            print(if server.stop().await? {
                "stopped the private database"
            } else {
                "the private database does not run"
            })?;
        }
        DbCommand::Status => return status(&server).await,
        DbCommand::Seed { orders, seed, live, replace } => {
            let live_until = live.then(|| Utc::now().timestamp_millis());
            let shop = ShopOptions { orders, seed, live_until };
            if let Some(url) = config.database_url() {
                seed_other(url, &shop, replace, &waiting).await?;
            } else {
                server.start(&|what| waiting.said(what)).await?;
                database::seed(&server, &shop, &config.settings.personal(), &waiting).await?;
            }
        }
        DbCommand::Url { admin } => {
            server.start(&|what| waiting.said(what)).await?;
            if admin {
                print(&server.url(Account::Administrator)?)?;
            } else {
                // A reader has rights only on a shop that is there.
                let mut private = config.clone();
                private.given.db = None;
                private.environment.database_url = None;
                private.settings.database.url = None;
                database::open(&private, &waiting).await?.close().await;
                print(&server.url(Account::Reader)?)?;
            }
        }
    }
    Ok(0)
}

async fn status(server: &PrivateServer) -> Result<Status, Failure> {
    let Some(running) = server.running().await else {
        print(&format!("the private database does not run; its folder is {}", server.folder().display()))?;
        print("hint: start it with `oms db start`")?;
        return Ok(FAILED);
    };
    let mut connection = server.options(Account::Administrator)?.connect().await.map_err(|_| {
        Failure::new(FailureKind::Unavailable, "cannot log in to the private database").hint("see its `server.log`")
    })?;
    let state = oms_seed::state(&mut connection).await.map_err(|error| database::seed_failure(&error))?;
    connection.close().await.ok();
    let holds = match state {
        ShopState::Whole => "a whole shop".to_owned(),
        ShopState::Empty => "nothing yet: `oms db seed` fills it".to_owned(),
        ShopState::Half => "a shop whose seeding was cut off: `oms db seed` makes it anew".to_owned(),
        ShopState::Foreign { missing } => format!("another schema: it lacks {}", missing.join(", ")),
    };
    let process = running.process.map_or_else(String::new, |process| format!(", process {process}"));
    print(&format!(
        "the private database runs: version {}{process}\nsocket  {}\nfolder  {}\nlog     {}\nholds   {holds}",
        running.version,
        server.socket().display(),
        server.folder().display(),
        server.folder().join("server.log").display(),
    ))?;
    Ok(0)
}

/// Seeds a database that was named: never over orders that are there, unless that was said.
async fn seed_other(url: &str, shop: &ShopOptions, replace: bool, waiting: &Waiting) -> Result<(), Failure> {
    let options = database::parse_url(url)?;
    let mut connection = options.clone().disable_statement_logging().connect().await.map_err(|_| {
        Failure::new(FailureKind::Unavailable, "cannot connect to the database in `--db`")
            .hint("check its user, password, host and name; seeding needs an account that may create tables")
    })?;
    let has_orders = matches!(connection.fetch_optional("SELECT 1 FROM orders LIMIT 1").await, Ok(Some(_)));
    connection.close().await.ok();
    if has_orders && !replace {
        return Err(Failure::refused("refused to seed this database: it has orders, and seeding replaces them")
            .hint("use an empty database, or say `--replace` to lose what is there"));
    }
    waiting.said("seeding the shop");
    let summary = oms_seed::seed(options, shop, |progress| waiting.progress(progress))
        .await
        .map_err(|error| database::seed_failure(&error))?;
    waiting.done(&summary);
    Ok(())
}
