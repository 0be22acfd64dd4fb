//! The same tools as an MCP server, on standard input and output or over HTTP on this machine: schemas, annotations that are
//! true to each tool's effect, structured results, the runbooks as prompts, what the data means as resources.
//!
//! Over standard input a client acts for the operating-system user that started it, over HTTP for the owner of its token. It
//! can propose; what applies needs approvals made outside the model (`approval`).

mod approval;
mod http;
mod lines;
mod progress;
mod prompts;
mod resources;
mod results;
mod server;
mod sockets;
mod structured;
mod tokens;
mod tool;

use std::sync::Arc;

use oms_tools::process::Cancel;
use oms_tools::{Failure, FailureKind, Principal};
use rmcp::ServiceExt;
use rmcp::service::ServerInitializeError;
use tokio::io::AsyncRead;

use crate::agent::Agent;
use crate::config::{Config, Rights};

pub use http::{Listening, listen};

use lines::Lines;
use server::{Caller, Server};

/// Bytes that wait in standard output for a client.
const PIPE: usize = 1 << 20;

/// Serves on standard input and output until the input ends and all that was taken is answered.
pub async fn serve(agent: Arc<Agent>, config: &Config, principal: Principal) -> Result<(), Failure> {
    let gone = Cancel::default();
    let server =
        Server::new(agent, &config.settings.mcp, Some(Caller { principal, rights: Rights::Approver }), gone.clone());
    let longest = config.settings.mcp.bytes;
    if let Some((input, output)) = sockets::standard() {
        return speak(server, Lines::new(input, output, longest, gone)).await;
    }
    // A result of a thousand rows fits into the pipe as a whole; where this is no pipe, or may not be so large, it takes longer.
    rustix::pipe::fcntl_setpipe_size(std::io::stdout(), PIPE).ok();
    let (input, output) = rmcp::transport::io::stdio_pipes();
    speak(server, Lines::new(input, output, longest, gone)).await
}

async fn speak<R>(server: Server, lines: Lines<R>) -> Result<(), Failure>
where
    R: AsyncRead + Unpin + Send + 'static,
{
    let cannot = |cause: String| Failure::new(FailureKind::Unavailable, format!("cannot speak MCP: {cause}"));
    let server = server.over(lines.open());
    match Box::pin(server.serve(lines)).await {
        Ok(running) => running.waiting().await.map(|_| ()).map_err(|error| cannot(error.to_string())),
        // The input ended before anything was said.
        Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
        Err(error) => Err(cannot(error.to_string()).hint("start it from an MCP client: `oms mcp`")),
    }
}
