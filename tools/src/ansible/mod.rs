//! Ansible: what a playbook would change on each host, and which hosts there are. Nothing here applies anything.

mod check;
mod hosts;
mod report;
#[cfg(test)]
mod tests;
mod work;

pub use check::{AnsibleCheck, AnsibleCheckArguments, AnsibleCheckTool, check};
pub use hosts::{AnsibleHosts, AnsibleHostsArguments, HostsReport, InventoryHost, hosts};
pub use report::{AnsibleReport, HostReport, Outcome, TaskResult};
pub use work::{AnsibleOptions, run_invocation};
