//! How fast a shop is seeded, and how fast LOAD DATA INFILE takes the same rows, for `make bench`.
//!
//!     cargo run --release -p oms-seed --example bench_seed -- 'mysql://root@localhost/bench?socket=/path/s' [ORDERS]
//!
//! The account is an administrator's with FILE and the server on this machine. The database `bench` (whatever the
//! address names) is dropped and created; beside it `bench_load` is made and dropped. Prints one line for each way.

#![allow(clippy::print_stdout)] // a program whose answer is what it prints

use std::{error::Error, str::FromStr, time::Instant};

use oms_seed::{SCHEMA, ShopOptions, seed};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor, MySqlConnection, Row, mysql::MySqlConnectOptions};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().ok_or("say the address: mysql://root@localhost/bench?socket=/path/s")?;
    let orders = arguments.next().map_or(Ok(50_000), |number| number.parse())?;
    let options = MySqlConnectOptions::from_str(&address)?.disable_statement_logging();
    let database = options.get_database().unwrap_or("bench").to_owned();
    let mut connection = options.clone().database("mysql").connect().await?;
    for name in [database.as_str(), "bench_load"] {
        run(&mut connection, &format!("DROP DATABASE IF EXISTS `{name}`")).await?;
        run(&mut connection, &format!("CREATE DATABASE `{name}` CHARACTER SET utf8mb4")).await?;
    }

    let start = Instant::now();
    let shop = ShopOptions { orders, ..ShopOptions::default() };
    let summary = seed(options.database(&database), &shop, |_| {}).await?;
    report("seed", summary.rows, start);

    let folder: String = connection.fetch_one("SELECT CAST(@@datadir AS CHAR)").await?.try_get(0)?;
    let mut files = Vec::new();
    for table in &summary.tables {
        let file = format!("{}/bench-{}-{}.tsv", folder.trim_end_matches('/'), std::process::id(), table.table);
        let statement =
            format!("SELECT * INTO OUTFILE '{file}' CHARACTER SET utf8mb4 FROM `{database}`.{}", table.table);
        run(&mut connection, &statement).await?;
        files.push((table.table, file));
    }
    run(&mut connection, "USE bench_load").await?;
    run(&mut connection, SCHEMA).await?;
    run(&mut connection, "SET SESSION unique_checks = 0, foreign_key_checks = 0").await?;
    let start = Instant::now();
    for (table, file) in &files {
        run(&mut connection, &format!("LOAD DATA INFILE '{file}' INTO TABLE {table} CHARACTER SET utf8mb4")).await?;
    }
    report("LOAD DATA INFILE", summary.rows, start);
    run(&mut connection, "DROP DATABASE bench_load").await?;
    for (_, file) in &files {
        std::fs::remove_file(file)?;
    }
    Ok(())
}

async fn run(connection: &mut MySqlConnection, statement: &str) -> Result<(), sqlx::Error> {
    connection.execute(sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))).await.map(|_| ())
}

fn report(way: &str, rows: u64, start: Instant) {
    let seconds = start.elapsed().as_secs_f64();
    #[allow(clippy::cast_precision_loss)] // a rate to be read
    let rate = rows as f64 / seconds;
    println!("{way}: {rows} rows in {seconds:.2} s, {rate:.0} rows/s");
}
