//! `oms mcp`: the tools as an MCP server on standard input and output.

use oms_tools::Failure;

use super::{Status, waiting::Waiting};
use crate::agent::Agent;
use crate::config::Config;
use crate::{mcp, principal};

pub(super) async fn run(config: &Config) -> Result<Status, Failure> {
    let agent = Agent::start(config, &Waiting::of(config)).await?;
    mcp::serve(agent.clone(), principal::local()).await?;
    agent.database().close().await;
    Ok(0)
}
