//! The gold SQL on four seeded shops: every statement runs and finds something, and wrong readings show.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use oms_seed::ShopOptions;
use oms_tools::orders::{Limits, OrdersDatabase, PersonalColumns};
use sqlx::mysql::MySqlConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};

use crate::eval::mutants;
use crate::eval::run::{Gold, bind, gold_sql, is_empty};
use crate::eval::suites::load;

/// The seeds of the shops.
const SEEDS: [u64; 4] = [11, 12, 13, 14];
/// Orders of each.
const ORDERS: u32 = 5_000;

/// A private server in a temporary folder: a Unix socket, no TCP; gone when dropped.
struct Server {
    folder: PathBuf,
    process: Child,
}

impl Server {
    async fn start() -> Self {
        // Sockets have short paths: not under the target folder.
        let folder = std::env::temp_dir().join(format!("oms-evals-{}", std::process::id()));
        std::fs::remove_dir_all(&folder).ok();
        std::fs::create_dir_all(&folder).unwrap();
        let user = String::from_utf8(Command::new("id").arg("-un").output().unwrap().stdout).unwrap();
        let own = [format!("--user={}", user.trim()), format!("--datadir={}", folder.join("data").display())];
        // A server that starts removes the temporary tables that it finds: in a shared folder they are another's.
        let installed = Command::new("mariadb-install-db")
            .env("TMPDIR", &folder)
            .args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"])
            .args(&own)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("mariadb-install-db is on PATH");
        assert!(installed.success());
        let process = Command::new("mariadbd")
            .env("TMPDIR", &folder)
            .args(["--no-defaults", "--skip-networking", "--skip-log-bin", "--innodb-flush-log-at-trx-commit=0"])
            .args(&own)
            .arg(format!("--socket={}", folder.join("s").display()))
            .arg(format!("--pid-file={}", folder.join("pid").display()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("mariadbd is on PATH");
        let mut server = Self { folder, process };
        while server.administrator().connect().await.is_err() {
            assert!(server.process.try_wait().unwrap().is_none(), "mariadbd ended");
            tokio::task::yield_now().await;
        }
        server
    }

    fn administrator(&self) -> MySqlConnectOptions {
        MySqlConnectOptions::new().socket(self.folder.join("s")).username("root").disable_statement_logging()
    }

    /// A shop, as an account sees it that may only read.
    async fn shop(&self, seed: u64) -> OrdersDatabase {
        let name = format!("shop{seed}");
        let mut connection = self.administrator().connect().await.unwrap();
        for sql in [
            format!("CREATE DATABASE {name} CHARACTER SET utf8mb4"),
            "CREATE USER IF NOT EXISTS reader@localhost IDENTIFIED BY 'reader'".to_owned(),
            format!("GRANT SELECT ON {name}.* TO reader@localhost"),
        ] {
            connection.execute(AssertSqlSafe(sql)).await.unwrap();
        }
        let shop = ShopOptions { orders: ORDERS, seed, live_until: None };
        oms_seed::seed(self.administrator().database(&name), &shop, |_| {}).await.unwrap();
        let options = self.administrator().username("reader").password("reader").database(&name);
        // The reader sees every shop here, which `connect` would refuse.
        OrdersDatabase::connect_unchecked(options, Limits::default(), PersonalColumns::default()).await.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// Written by somebody who did not know what mutants are made of: all batches from the fourth on.
fn is_fresh(suite: &str) -> bool {
    let batch = suite.strip_prefix("first-look-").and_then(|number| number.parse::<u32>().ok());
    batch.is_some_and(|number| number >= 4)
}

#[tokio::test]
async fn gold_finds_rows_on_every_shop_and_wrong_readings_show() {
    let server = Server::start().await;
    let mut shops = Vec::new();
    for seed in SEEDS {
        shops.push(server.shop(seed).await);
    }
    let suites = load(&[]).unwrap();
    let (mut answered, mut empty) = (0, Vec::new());
    for shop in &shops {
        for suite in &suites {
            let turns =
                suite.conversations.iter().flat_map(|one| one.turns.iter().map(move |turn| (turn, &one.values)));
            for (case, values) in suite.cases.iter().map(|case| (case, &case.values)).chain(turns) {
                let values = bind(shop, &case.id, values).await.unwrap();
                let Some(sql) = gold_sql(suite, case, &values) else { continue };
                let rows = shop.select(&sql).await.unwrap_or_else(|failure| panic!("{}: {failure}\n{sql}", case.id));
                assert!(!rows.truncated, "{}", case.id);
                answered += 1;
                if is_empty(&rows) && !case.empty {
                    empty.push(case.id.clone());
                }
            }
        }
    }
    assert!(empty.len() * 100 <= answered * 5, "more than 5 % of the gold is empty: {empty:?}");

    let databases: Vec<&dyn Gold> = shops.iter().map(|shop| shop as &dyn Gold).collect();
    // The batches of fresh questions ask as people ask: their bounds are round, and a week more or less often changes no row.
    let (fresh, made): (Vec<_>, Vec<_>) = suites.into_iter().partition(|suite| is_fresh(&suite.name));
    let report = mutants::check(&fresh, &databases).await.unwrap();
    let (caught, of) = (report.total.hits, report.total.of);
    assert!(caught * 100 >= of * 88, "fresh questions: {caught} of {of} mutants differ:\n{}", mutants::render(&report));
    let report = mutants::check(&made, &databases).await.unwrap();
    assert!(report.total.of > 1_000, "{} mutants", report.total.of);
    // What survives is told by `oms eval --mutants`.
    let (caught, of) = (report.total.hits, report.total.of);
    assert!(caught * 100 >= of * 98, "{caught} of {of} mutants differ:\n{}", mutants::render(&report));
    for shop in &shops {
        shop.close().await;
    }
}
