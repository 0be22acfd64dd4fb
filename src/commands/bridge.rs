//! `oms bridge`: JSON lines on standard input and output.

use oms_tools::Failure;

use super::{Status, waiting::Waiting};
use crate::agent::Agent;
use crate::bridge;
use crate::config::Config;

pub(super) async fn run(config: &Config) -> Result<Status, Failure> {
    let agent = Agent::start(config, &Waiting::of(config)).await?;
    bridge::serve(agent.clone(), config, tokio::io::stdin(), tokio::io::stdout()).await?;
    agent.database().close().await;
    Ok(0)
}
