//! The private server: made once, started on demand, found again by every `oms` process of the user, stopped on request.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use oms_tools::process::{self, Program, Server};
use oms_tools::{Failure, FailureKind};
use sqlx::mysql::MySqlConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, Row};

use super::accounts::{self, Account};
use super::files::{self, Files};
use crate::config::Config;
use crate::principal::user_name;

/// How long a server may take to answer after it was started; recovery after a crash included.
const PATIENCE: Duration = Duration::from_secs(90);
/// How often a starting server is asked.
const PAUSE: Duration = Duration::from_millis(20);
/// How often a server that ended at once is started again, and after how long.
const RETRIES: u32 = 2;
const AGAIN: Duration = Duration::from_millis(500);

/// A MariaDB or MySQL server of this user's own.
#[derive(Clone, Debug)]
pub struct PrivateServer {
    pub(super) files: Files,
    path: std::ffi::OsString,
    port: Option<u16>,
}

/// What is known of a server that answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// The server's version.
    pub version: String,
    /// Its process.
    pub process: Option<u32>,
}

impl PrivateServer {
    /// The server of this configuration's data folder. Nothing is made or started.
    pub fn of(config: &Config) -> Self {
        Self {
            files: Files::below(&config.paths.data),
            path: config.environment.path.clone().unwrap_or_default(),
            port: config.settings.database.port,
        }
    }

    /// The folder of its files.
    pub fn folder(&self) -> &Path {
        &self.files.folder
    }

    /// How to connect as an account. Fails where the server was never started.
    pub fn options(&self, account: Account) -> Result<MySqlConnectOptions, Failure> {
        account.options(&self.files)
    }

    /// The address of an account as a URL.
    pub fn url(&self, account: Account) -> Result<String, Failure> {
        let socket = self.files.socket();
        let password = account.password(&self.files)?;
        Ok(format!(
            "mysql://{}:{password}@localhost/{}?socket={}",
            account.name(),
            accounts::DATABASE,
            encoded(&socket)
        ))
    }

    /// What answers on the socket, if anything does.
    pub async fn running(&self) -> Option<Running> {
        let options = self.options(Account::Root).ok()?;
        let mut connection = options.connect().await.ok()?;
        let row = connection.fetch_one("SELECT VERSION()").await.ok()?;
        let version = row.try_get_unchecked(0).ok()?;
        connection.close().await.ok();
        let process = fs::read_to_string(self.files.pid()).ok().and_then(|text| text.trim().parse().ok());
        Some(Running { version, process })
    }

    /// Starts it where it does not run, and makes it where there is none. `said` is told what takes time.
    pub async fn start(&self, said: &(dyn Fn(&str) + Send + Sync)) -> Result<(), Failure> {
        self.files.make()?;
        let files = self.files.clone();
        let lock = tokio::task::spawn_blocking(move || files.lock("start.lock"));
        let _lock = lock.await.map_err(|_| Failure::new(FailureKind::Internal, "cannot wait for the start lock"))??;
        if self.running().await.is_some() {
            return Ok(());
        }
        let program = process::find(&["mariadbd", "mysqld"], &self.path).ok_or_else(|| {
            Failure::new(
                FailureKind::Unavailable,
                "cannot start the private database: no MariaDB or MySQL server is installed",
            )
            .hint("install one: apt-get install mariadb-server (or `make setup`)")
            .hint("or name a server of your own with `--db mysql://user@host/name`")
        })?;
        if !self.files.data().exists() {
            said("making the private database");
            self.make(&program).await?;
        }
        said("starting the private database");
        self.start_and_wait(&program).await?;
        if self.running().await.is_none() {
            accounts::make(&self.files).await?;
        }
        Ok(())
    }

    /// Starts the program and waits until it answers. One that ends at once is tried again: a server that is just going
    /// down, killed or not, keeps its files locked for a moment.
    async fn start_and_wait(&self, program: &Path) -> Result<(), Failure> {
        let mut tries = 0;
        loop {
            let mut server = self.program(program).start_server(&self.files.log())?;
            match self.wait(&mut server).await {
                Err(_) if tries < RETRIES && server.ended().is_some() => {
                    tries += 1;
                    tokio::time::sleep(AGAIN).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// Stops it. True where one ran.
    pub async fn stop(&self) -> Result<bool, Failure> {
        if !self.files.folder.exists() {
            return Ok(false);
        }
        let files = self.files.clone();
        let lock = tokio::task::spawn_blocking(move || files.lock("start.lock"));
        let _lock = lock.await.map_err(|_| Failure::new(FailureKind::Internal, "cannot wait for the start lock"))??;
        let Some(running) = self.running().await else { return Ok(false) };
        let mut connection = self.options(Account::Root)?.connect().await.map_err(|_| self.stays())?;
        connection.execute("SHUTDOWN").await.map_err(|_| self.stays())?;
        drop(connection);
        let started = Instant::now();
        let gone = |process: u32| !Path::new(&format!("/proc/{process}")).exists() || zombie(process);
        while self.files.socket().exists() || running.process.is_some_and(|process| !gone(process)) {
            if started.elapsed() > PATIENCE {
                return Err(self.stays());
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(true)
    }

    fn stays(&self) -> Failure {
        Failure::new(FailureKind::Unavailable, "cannot stop the private database: it does not end")
            .hint(format!("look into `{}`", self.files.log().display()))
    }

    /// Makes the data folder: whole, or not at all. A try that failed is made again: on a busy machine the installing
    /// server has been seen to give up.
    async fn make(&self, program: &Path) -> Result<(), Failure> {
        let making = self.files.folder.join("data.making");
        let install = self.installation(program, &making)?;
        let mut tries = 0;
        loop {
            if making.exists() {
                fs::remove_dir_all(&making).map_err(|error| files::cannot("remove", &making, &error))?;
            }
            let ended = install.run().await?;
            if ended.status.success() {
                return fs::rename(&making, self.files.data())
                    .map_err(|error| files::cannot("make", &self.files.data(), &error));
            }
            let said = format!("{}{}", ended.output, ended.errors);
            self.keep(&said);
            if tries == RETRIES {
                return Err(self.not_ready("cannot make the private database", &said));
            }
            tries += 1;
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Adds what an installing server said to the log.
    fn keep(&self, said: &str) {
        use std::io::Write;
        let log = fs::OpenOptions::new().create(true).append(true).open(self.files.log());
        if let Err(error) = log.and_then(|mut log| log.write_all(said.as_bytes())) {
            tracing::debug!(%error, "the installing server's words are lost");
        }
    }

    /// The server's own temporary folder: one that starts removes the temporary tables that it finds, and in a shared folder
    /// they are another server's.
    fn temporary(&self) -> PathBuf {
        let folder = self.files.folder.join("tmp");
        fs::create_dir_all(&folder).ok();
        folder
    }

    /// The program that makes a data folder.
    fn installation(&self, program: &Path, making: &Path) -> Result<Program, Failure> {
        let mariadb = program.file_name().is_some_and(|name| name == "mariadbd");
        let install = if mariadb {
            let script = process::find(&["mariadb-install-db", "mysql_install_db"], &self.path).ok_or_else(|| {
                Failure::new(
                    FailureKind::Unavailable,
                    "cannot make the private database: `mariadb-install-db` is missing",
                )
                .hint("apt-get install mariadb-server")
            })?;
            Program::new(script, &self.files.folder)
                .argument("--no-defaults")
                .argument("--auth-root-authentication-method=normal")
                .argument("--skip-test-db")
        } else {
            Program::new(program, &self.files.folder).argument("--no-defaults").argument("--initialize-insecure")
        };
        Ok(install
            .argument(format!("--datadir={}", making.display()))
            .argument(format!("--user={}", user_name()))
            .variable("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            .variable("TMPDIR", self.temporary())
            .limit(Duration::from_mins(2)))
    }

    fn program(&self, program: &Path) -> Program {
        let files = &self.files;
        let mut server =
            Program::new(program, &files.folder).argument("--no-defaults").variable("TMPDIR", self.temporary());
        for (name, value) in [
            ("datadir", files.data()),
            ("socket", files.socket()),
            ("pid-file", files.pid()),
            // Files that a statement could read or write: none, whatever the account.
            ("secure-file-priv", files.folder.join("nothing")),
        ] {
            server = server.argument(format!("--{name}={}", value.display()));
        }
        fs::create_dir_all(files.folder.join("nothing")).ok();
        server = match self.port {
            Some(port) => server.argument("--bind-address=127.0.0.1").argument(format!("--port={port}")),
            None => server.argument("--skip-networking"),
        };
        if program.file_name().is_some_and(|name| name == "mysqld") {
            server = server.argument("--loose-mysqlx=OFF");
        }
        [
            "--skip-name-resolve",
            "--skip-log-bin",
            "--local-infile=0",
            "--skip-symbolic-links",
            "--performance-schema=OFF",
            "--character-set-server=utf8mb4",
            "--collation-server=utf8mb4_unicode_520_ci",
            "--default-time-zone=+00:00",
            // Groups of a million orders stay in memory while they are gathered: on disk they take five times as long.
            "--tmp-table-size=256M",
            "--max-heap-table-size=256M",
            "--loose-innodb-log-file-size=128M",
            "--max-allowed-packet=16M",
            "--max-connections=200",
        ]
        .iter()
        .fold(server, |server, argument| server.argument(*argument))
        .argument(format!("--innodb-buffer-pool-size={}M", buffer_pool(memory())))
        .argument(format!("--user={}", user_name()))
    }

    /// Waits until the server answers on its socket.
    async fn wait(&self, server: &mut Server) -> Result<(), Failure> {
        let started = Instant::now();
        loop {
            // Any answer is one, a wrong password's too: accounts come later.
            match MySqlConnectOptions::new()
                .socket(self.files.socket())
                .ssl_mode(sqlx::mysql::MySqlSslMode::Disabled)
                .username("root")
                .disable_statement_logging()
                .connect()
                .await
            {
                Ok(connection) => {
                    connection.close().await.ok();
                    return Ok(());
                }
                Err(sqlx::Error::Database(_)) => return Ok(()),
                Err(_) => {}
            }
            if server.ended().is_some() {
                let log = fs::read_to_string(self.files.log()).unwrap_or_default();
                return Err(self.not_ready("cannot start the private database", &log));
            }
            if started.elapsed() > PATIENCE {
                return Err(self.not_ready("cannot start the private database", "it does not answer"));
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// What a server's own words mean to a person.
    fn not_ready(&self, what: &str, log: &str) -> Failure {
        let recent: Vec<&str> = log.lines().rev().take(60).collect();
        let says = |words: &[&str]| recent.iter().any(|line| words.iter().any(|word| line.contains(word)));
        let (cause, hint) = if says(&["No space left", "Errcode: 28", "Disk full", "disk full"]) {
            ("the disk is full", "free some space, or set XDG_DATA_HOME elsewhere".to_owned())
        } else if says(&["Can't start server: Bind on TCP/IP port", "Address already in use"]) {
            ("its port is taken", "choose another `database.port` in oms.toml, or leave it out".to_owned())
        } else if says(&["Permission denied", "Errcode: 13"]) {
            ("it may not read or write its folder", format!("check the owner of `{}`", self.files.folder.display()))
        } else if says(&["Unable to lock", "another mysqld", "Resource temporarily unavailable"]) {
            ("another server uses its folder", "see which with `oms db status`, and stop it".to_owned())
        } else {
            ("its server ended", "to begin anew, remove that folder".to_owned())
        };
        Failure::new(FailureKind::Unavailable, format!("{what}: {cause}"))
            .hint(hint)
            .hint(format!("its log is `{}`", self.files.log().display()))
    }

    /// Takes the lock of seeding; waits for another process that seeds.
    pub(super) async fn seed_lock(&self) -> Result<fs::File, Failure> {
        let files = self.files.clone();
        tokio::task::spawn_blocking(move || files.lock("seed.lock"))
            .await
            .map_err(|_| Failure::new(FailureKind::Internal, "cannot wait for the seed lock"))?
    }

    /// The socket's path.
    pub fn socket(&self) -> PathBuf {
        self.files.socket()
    }
}

/// True for a process that ended and was not collected.
fn zombie(process: u32) -> bool {
    fs::read_to_string(format!("/proc/{process}/stat"))
        .is_ok_and(|stat| stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('Z')))
}

/// A path as a URL's query value: everything but unreserved characters and `/` is escaped.
fn encoded(path: &Path) -> String {
    use std::fmt::Write;
    path.as_os_str().as_encoded_bytes().iter().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(byte) {
            text.push(char::from(*byte));
        } else {
            write!(text, "%{byte:02X}").ok();
        }
        text
    })
}

/// MiB of pages that the server keeps in memory, of a machine with so many MiB: an eighth, so that the shop of a million
/// orders fits on an ordinary one. They are taken as they are read, a small shop's are few.
fn buffer_pool(memory: u64) -> u64 {
    (memory / 8).clamp(256, 2048)
}

/// MiB of this machine's memory; 0 where it does not say.
fn memory() -> u64 {
    let says = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total =
        says.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix("kB")?.trim().parse().ok());
    total.unwrap_or(0_u64) / 1024
}
