//! `oms bridge`: JSON lines on standard input and output.

use oms_tools::Failure;

use super::{Status, waiting::Waiting};
use crate::agent::Agent;
use crate::config::Config;
use crate::{bridge, database};

pub(super) async fn run(config: &Config) -> Result<Status, Failure> {
    let agent = Agent::start(config, &Waiting::of(config)).await?;
    let settings = &config.settings.bridge;
    let personal = if settings.users.values().any(|user| user.personal) {
        let mut config = config.clone();
        config.settings.database.show.extend(database::customers());
        let database = database::open_personal(&config, settings.personal_url.as_deref()).await?;
        Some(Agent::on(&config, database).await?)
    } else {
        None
    };
    bridge::serve(agent.clone(), personal.clone(), config, tokio::io::stdin(), tokio::io::stdout()).await?;
    for agent in std::iter::once(&agent).chain(&personal) {
        agent.database().close().await;
    }
    Ok(0)
}
