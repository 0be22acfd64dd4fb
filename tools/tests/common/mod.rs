//! A private MariaDB for one test binary: a temporary data folder, a Unix socket, no TCP; gone when dropped.

#![allow(dead_code, unreachable_pub)] // each test binary uses its own part

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use sqlx::{AssertSqlSafe, ConnectOptions, Executor, MySqlConnection, mysql::MySqlConnectOptions};

/// A running server with an empty database `oms`.
pub struct PrivateServer {
    folder: PathBuf,
    process: Child,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

impl PrivateServer {
    /// Installs and starts one; `extra` are further options of the server.
    pub async fn start(extra: &[&str]) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        // Sockets have short paths: not under the target folder.
        let folder = std::env::temp_dir().join(format!("oms-guard-{}-{number}", std::process::id()));
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
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("mariadb-install-db is on PATH");
        assert!(installed.success());
        let log = fs::File::create(folder.join("log")).unwrap();
        let process = Command::new("mariadbd")
            .env("TMPDIR", &folder)
            .args(["--no-defaults", "--skip-networking", "--innodb-buffer-pool-size=32M", "--innodb-log-file-size=8M"])
            .args(["--skip-log-bin", "--performance-schema=OFF", "--innodb-flush-log-at-trx-commit=0"])
            .arg(format!("--user={user}"))
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--socket={}", folder.join("s").display()))
            .arg(format!("--pid-file={}", folder.join("pid").display()))
            .args(extra)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("mariadbd is on PATH");
        let mut server = Self { folder, process };
        loop {
            if let Ok(mut connection) = server.administrator().connect().await {
                connection.execute("CREATE DATABASE oms CHARACTER SET utf8mb4").await.unwrap();
                return server;
            }
            if let Some(status) = server.process.try_wait().unwrap() {
                panic!("mariadbd ended with {status}: {}", fs::read_to_string(server.folder.join("log")).unwrap());
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// The folder of its files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The account that may do everything, in no database.
    pub fn administrator(&self) -> MySqlConnectOptions {
        MySqlConnectOptions::new().socket(self.folder.join("s")).username("root").disable_statement_logging()
    }

    /// A connection of the administrator in `oms`.
    pub async fn admin(&self) -> MySqlConnection {
        self.administrator().database("oms").connect().await.unwrap()
    }

    /// Another account in `oms`.
    pub fn account(&self, name: &str, password: &str) -> MySqlConnectOptions {
        MySqlConnectOptions::new()
            .socket(self.folder.join("s"))
            .username(name)
            .password(password)
            .database("oms")
            .disable_statement_logging()
    }

    /// Runs a script of the administrator's, one statement after another.
    pub async fn script(&self, sql: &str) {
        let mut connection = self.admin().await;
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
        fs::remove_dir_all(&self.folder).ok();
    }
}
