//! The program as its users run it: real processes, a real private database, a scripted model server.
//!
//! - `home`: folders of their own for each test, and the program in them
//! - `archive`: `oms archive verify` on a folder
//! - `change`: deploying by conversation; `terminal`: a person at a terminal
//! - `crashes`: killed at every boundary of a change set
//! - `azure`: metrics and set-up of the event hub, from a stand-in of Azure
//! - `audit`: the record of calls, and its proof
//! - `ask`: `oms ask`, its JSON and its exit codes
//! - `bridge`: JSON lines of a bot, kills and repeats; `bridge_changes`: buttons, rights and personal data;
//!   `bridge_charts`: what draws for it; `bridge_load`: ten thousand lines, and kills at random; `bot`: the bot's end
//! - `conversation`: sessions and the piped conversation
//! - `database`: the private server's life, seeding, and what its accounts may do
//! - `configuration`: broken settings and models
//! - `licence`: what a language model must pass before it may propose changes
//! - `local`: the embedded language model, with a stand-in for its process
//! - `mcp`: an MCP client over standard input and output; `mcp_http`: what waits and what ends over HTTP
//! - `model_server`: a scripted provider of language models
//! - `remote`: language models of each provider
//! - `watch`: `oms health` and `oms watch`

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

mod archive;
mod ask;
mod audit;
mod azure;
mod bot;
mod bridge;
mod bridge_changes;
mod bridge_charts;
mod bridge_load;
mod change;
mod configuration;
mod conversation;
mod crashes;
mod database;
mod home;
mod licence;
mod local;
mod mcp;
mod mcp_http;
mod model_server;
mod remote;
mod terminal;
mod watch;
