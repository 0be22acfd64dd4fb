//! The binary: reads the command line, runs the command, maps what came of it to an exit status.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use oms::cli::Cli;
use oms::commands;

// Gives memory back: what a burst of a thousand conversations needed, a bridge would keep for as long as it runs. How it is
// set up stands in .cargo/config.toml.
#[global_allocator]
static MEMORY: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    // Two providers can be linked in; whoever asks for "the" provider gets this one.
    rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
    // clap prints help and usage errors itself and exits with 0 or 2.
    let cli = Cli::parse();
    let workers = cli.workers();
    match tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build() {
        Ok(runtime) => {
            let code = runtime.block_on(commands::run(cli));
            // A reader of stdin may still wait for a line that never comes.
            runtime.shutdown_background();
            // Programs of a turn that was given up are still ending: Terraform gives its lock back.
            oms_tools::process::settle(Duration::from_secs(25));
            ExitCode::from(code)
        }
        Err(error) => commands::cannot_start(&error),
    }
}
