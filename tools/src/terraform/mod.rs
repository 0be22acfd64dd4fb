//! Terraform: what it would change, what it made, whether it is sound. Nothing here applies anything.
//!
//! The planning functions are those that change sets call: a plan is saved to a file with a record of its environment, and
//! only such a file can be applied later.

mod change;
mod plan;
mod plan_json;
mod saved;
mod show;
#[cfg(test)]
mod tests;
mod validate;
mod work;

pub use change::{AttributeChange, Counts, PlanReport, ResourceAction, ResourceChange};
pub use plan::{PlanOptions, TerraformPlan, TerraformPlanArguments, TerraformPlanTool, TerraformPlanned, plan};
pub use saved::{SavedPlan, apply_invocation, saved};
pub use show::{TerraformShow, TerraformShowArguments, TerraformShown, show};
pub use validate::{TerraformValidate, TerraformValidateArguments, TerraformValidated, validate};
