//! `[environments.NAME]`: who may do what there, and how many people it takes.

use std::collections::BTreeMap;

use oms_tools::change::EnvironmentPolicy;

/// `[environments]`, by name.
pub(crate) type EnvironmentsSettings = BTreeMap<String, EnvironmentPolicy>;

/// What is wrong with an environment's figures; `None`: nothing.
pub(super) fn wrong(environments: &EnvironmentsSettings) -> Option<(&'static str, &'static str)> {
    let minutes = |value: Option<f64>| value.is_none_or(|value| value.is_finite() && value > 0.0 && value <= 10_080.0);
    environments.values().find_map(|policy| {
        if !minutes(policy.proposal_minutes) {
            Some(("proposal_minutes", "must be more than 0 and at most 10080, a week"))
        } else if !minutes(policy.approval_minutes) {
            Some(("approval_minutes", "must be more than 0 and at most 10080, a week"))
        } else if policy.approvals == Some(0) {
            Some(("approvals", "must be at least 1"))
        } else {
            None
        }
    })
}
