//! Change sets: what would run, exactly as a person saw it, and the one way to apply it.
//!
//! A runbook's calls are planned by the reading tools (`terraform`, `ansible`, `compose`) and become one typed value, `set`;
//! people approve its digest, `changes`; `apply` looks at everything again and runs it. What is on disk stands in `store`,
//! `state` and `lock`. No tool and no text reaches an approval: it takes a [`Person`].

mod apply;
mod apply_tool;
mod blast;
mod calls;
mod changes;
mod checks;
mod files;
mod lock;
mod plan;
mod policy;
mod progress;
mod propose;
mod records;
mod runbook;
pub mod said;
mod set;
mod state;
mod store;
#[cfg(test)]
mod tests;

pub use apply::Watching;
pub use apply_tool::{ApplyChange, ApplyChangeArguments};
pub use blast::Blast;
pub use changes::{Changes, Decision, Listed, Person, Shown};
pub use lock::Owner;
pub use policy::{EnvironmentPolicy, LOCAL, People, Policy, Requirement};
pub use progress::{Happened, Progress, Told as ProgressTold};
pub use propose::{PreviewChange, ProposeChange, ProposeChangeArguments};
pub use records::{ListChanges, ListChangesArguments, ShowChange, ShowChangeArguments};
pub use runbook::{Argument, Kind, Runbook, runbook, runbooks};
pub use set::{ChangeSet, Check, FORMAT, Identity, Input, Step, Undo};
pub use state::{Standing, State, Status, StepState, StepStatus};
pub use store::{Approval, Stored, is_id};
