//! `oms` and `oms chat`: the conversation.

use oms_tools::{Failure, FailureKind};

use super::waiting::{self, Waiting};
use super::{Status, ask, screen};
use crate::agent::{Agent, Presence};
use crate::config::Config;
use crate::database::private_folder;
use crate::repl::{self, LONGEST_QUESTION, ReplOptions};

pub(super) async fn run(config: &Config) -> Result<Status, Failure> {
    let agent = Agent::start(config, &Waiting::of(config)).await?;
    let interactive = screen::interactive();
    let (progress, happenings) = waiting::happenings();
    let presence = if interactive { Presence::Person } else { Presence::Nobody };
    let conversation = ask::conversation(&agent, config)?.with(presence).telling(progress);
    let history_file = private_folder(&config.paths.state).ok().map(|()| config.paths.state.join("history"));
    let options = ReplOptions {
        history_file: history_file.filter(|_| interactive),
        greeting: if interactive { Some(greeting(&agent).await) } else { None },
        surface: screen::surface(&config.environment),
        interactive,
        longest_question: LONGEST_QUESTION,
    };
    let held =
        repl::run(Box::new(conversation), agent.catalog().clone(), agent.values().clone(), options, happenings).await;
    agent.database().close().await;
    match held {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(FailureKind::Unavailable, format!("cannot go on with the conversation: {}", error.kind()))
                .hint("use `oms ask` where there is no terminal"))
        }
        _ => Ok(0),
    }
}

/// The first lines: what is there, and what can be asked.
async fn greeting(agent: &Agent) -> String {
    let span = match agent.database().orders_span().await {
        Ok(Some((first, last))) => {
            format!(
                "Orders from {} to {} (UTC); now is {}.",
                first.date(),
                last.date(),
                agent.now().format("%Y-%m-%d %H:%M")
            )
        }
        _ => "There are no orders yet.".to_owned(),
    };
    format!("{span}\nTry: revenue by country last month · top 5 products by units sold · where is ORD-0000042?")
}
