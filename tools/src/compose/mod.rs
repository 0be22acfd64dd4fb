//! Compose: what `up` would change against what runs. Nothing here applies anything.

mod compare;
mod mounts;
mod plan;
mod work;

pub use compare::{ComposeReport, ServiceAction, ServiceChange};
pub use plan::{ComposeOptions, ComposePlan, ComposePlanArguments, ComposePlanTool, plan};
pub use work::{UpOptions, down_invocation, up_invocation};
