//! `oms mcp`: the tools as an MCP server, on standard input and output or over HTTP on this machine.

use oms_tools::{Failure, FailureKind};
use tokio::signal::unix::{SignalKind, signal};

use super::{Status, print, waiting::Waiting};
use crate::agent::Agent;
use crate::config::Config;
use crate::{mcp, principal};

pub(super) async fn run(config: &Config, http: Option<&str>) -> Result<Status, Failure> {
    let agent = Agent::start(config, &Waiting::of(config)).await?;
    match http {
        None => mcp::serve(agent.clone(), config, principal::local()).await?,
        Some(address) => {
            let mut ended = signal(SignalKind::terminate()).map_err(|error| {
                Failure::new(FailureKind::Unavailable, format!("cannot wait for signals: {}", error.kind()))
            })?;
            let listening = mcp::listen(agent.clone(), config, address).await?;
            // Scripts read where it is from here.
            print(&listening.url)?;
            let stopped = async {
                tokio::select! {
                    _ = ended.recv() => {}
                    _ = tokio::signal::ctrl_c() => {}
                }
            };
            listening.serve(stopped).await;
        }
    }
    agent.database().close().await;
    Ok(0)
}
