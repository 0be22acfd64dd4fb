//! A private MariaDB for one test binary: a temporary data folder, a Unix socket, no TCP; gone when dropped.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Weak,
        atomic::{AtomicU32, Ordering},
    },
};

use sqlx::{AssertSqlSafe, ConnectOptions, Executor, MySqlConnection, Row, mysql::MySqlConnectOptions};
use tokio::sync::Mutex;

/// A running server without databases.
pub(crate) struct PrivateServer {
    folder: PathBuf,
    process: Child,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

impl PrivateServer {
    /// The server of this test binary: started by the first test that asks, gone with the last one that holds it.
    pub(crate) async fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<PrivateServer>> = Mutex::const_new(Weak::new());
        let mut shared = SHARED.lock().await;
        if let Some(server) = shared.upgrade() {
            return server;
        }
        let server = Arc::new(Self::start().await);
        *shared = Arc::downgrade(&server);
        server
    }

    /// Installs and starts one.
    async fn start() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        // Sockets have short paths: not under the target folder.
        let folder = std::env::temp_dir().join(format!("oms-seed-{}-{number}", std::process::id()));
        fs::remove_dir_all(&folder).ok();
        fs::create_dir_all(&folder).unwrap();
        let data = folder.join("data");
        let user = Command::new("id").arg("-un").output().unwrap();
        let user = String::from_utf8(user.stdout).unwrap().trim().to_owned();
        // A server that starts removes the temporary tables that it finds: in a shared folder they are another's.
        let installed = Command::new("mariadb-install-db")
            .env("TMPDIR", &folder)
            .args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"])
            .arg(format!("--user={user}"))
            .arg(format!("--datadir={}", data.display()))
            .output()
            .expect("mariadb-install-db is on PATH");
        let said = String::from_utf8_lossy(&installed.stderr);
        assert!(installed.status.success(), "{}{said}", String::from_utf8_lossy(&installed.stdout));
        let log = fs::File::create(folder.join("log")).unwrap();
        let process = Command::new("mariadbd")
            .env("TMPDIR", &folder)
            .args(["--no-defaults", "--skip-networking", "--innodb-buffer-pool-size=32M", "--innodb-log-file-size=8M"])
            .args(["--skip-log-bin", "--performance-schema=OFF", "--innodb-flush-log-at-trx-commit=0"])
            .arg(format!("--user={user}"))
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--socket={}", folder.join("s").display()))
            .arg(format!("--pid-file={}", folder.join("pid").display()))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("mariadbd is on PATH");
        let mut server = Self { folder, process };
        loop {
            if server.administrator().connect().await.is_ok() {
                return server;
            }
            if let Some(status) = server.process.try_wait().unwrap() {
                panic!("mariadbd ended with {status}: {}", fs::read_to_string(server.folder.join("log")).unwrap());
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// The account that may do everything, in no database.
    fn administrator(&self) -> MySqlConnectOptions {
        MySqlConnectOptions::new().socket(self.folder.join("s")).username("root").disable_statement_logging()
    }

    /// A new, empty database.
    pub(crate) async fn database(&self, name: &str) -> MySqlConnectOptions {
        let mut connection = self.administrator().connect().await.unwrap();
        let statement = format!("CREATE DATABASE {name} CHARACTER SET utf8mb4");
        connection.execute(AssertSqlSafe(statement)).await.unwrap();
        self.administrator().database(name)
    }
}

/// The one number that a query gives.
pub(crate) async fn number(connection: &mut MySqlConnection, query: &str) -> i64 {
    let query = format!("SELECT CAST(({query}) AS SIGNED)");
    let row = connection.fetch_one(AssertSqlSafe(query.clone())).await;
    row.unwrap_or_else(|error| panic!("{query}: {error}")).try_get::<Option<i64>, _>(0).unwrap().unwrap_or(0)
}

/// Runs a script, one statement after another.
pub(crate) async fn script(connection: &mut MySqlConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await.unwrap();
}

/// All rows of a query, each column as text.
pub(crate) async fn texts(connection: &mut MySqlConnection, query: &str) -> Vec<Vec<Option<String>>> {
    let rows = connection.fetch_all(AssertSqlSafe(query.to_owned())).await;
    let rows = rows.unwrap_or_else(|error| panic!("{query}: {error}"));
    rows.iter().map(|row| (0..row.len()).map(|place| row.try_get(place).unwrap()).collect()).collect()
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
        fs::remove_dir_all(&self.folder).ok();
    }
}
