//! Who may propose and who may approve, and how many people it takes. Data from the settings; decided here alone.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Blast;
use crate::Failure;

/// Stands for everybody in a list of people.
const EVERYBODY: &str = "*";
/// The environment that always needs two people.
const PRODUCTION: &str = "prod";
/// Where a machine's own stack runs; always known.
pub const LOCAL: &str = "local";

/// `[people]`: who may do what where an environment says nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct People {
    /// Operating-system users who may propose; `*`: everybody.
    pub propose: Vec<String>,
    /// Operating-system users who may approve; `*`: everybody.
    pub approve: Vec<String>,
    /// Users whose programs (a bridge, a server) speak for other people that they have identified.
    pub speakers: Vec<String>,
}

/// `[environments.NAME]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EnvironmentPolicy {
    /// Who may propose here; absent: as `[people]` says.
    pub propose: Option<Vec<String>>,
    /// Who may approve here; absent: as `[people]` says.
    pub approve: Option<Vec<String>>,
    /// How many different people must approve; never fewer than two for `prod` and for what destroys.
    pub approvals: Option<usize>,
    /// True: who proposed a change may not approve it.
    pub other_approver: bool,
    /// True: the environment's name must be typed. Always so for `prod` and for what destroys.
    pub type_name: bool,
    /// Minutes that a proposal stands.
    pub proposal_minutes: Option<f64>,
    /// Minutes that an approval counts.
    pub approval_minutes: Option<f64>,
}

impl Default for People {
    fn default() -> Self {
        let everybody = || vec![EVERYBODY.to_owned()];
        Self { propose: everybody(), approve: everybody(), speakers: Vec::new() }
    }
}

/// What a change set needs before it may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// How many different people.
    pub people: usize,
    /// Whether each must type the environment's name.
    pub type_name: bool,
}

/// The policy of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policy {
    /// `[people]`.
    pub people: People,
    /// `[environments]`.
    pub environments: BTreeMap<String, EnvironmentPolicy>,
}

impl Policy {
    fn environment(&self, name: &str) -> Option<&EnvironmentPolicy> {
        self.environments.get(name)
    }

    /// Refuses a person who may not propose here.
    pub fn may_propose(&self, person: &str, environment: &str) -> Result<(), Failure> {
        let list = self.environment(environment).and_then(|policy| policy.propose.as_ref());
        allowed(person, environment, list.unwrap_or(&self.people.propose), "propose")
    }

    /// Refuses a person who may not approve here.
    pub fn may_approve(&self, person: &str, environment: &str) -> Result<(), Failure> {
        let list = self.environment(environment).and_then(|policy| policy.approve.as_ref());
        allowed(person, environment, list.unwrap_or(&self.people.approve), "approve")
    }

    /// Refuses who proposed a change as its approver, where the environment wants another one.
    pub fn may_approve_of(&self, person: &str, environment: &str, proposed_by: &str) -> Result<(), Failure> {
        self.may_approve(person, environment)?;
        let another = self.environment(environment).is_some_and(|policy| policy.other_approver);
        if another && person == proposed_by {
            return Err(Failure::refused(format!(
                "refused: `{person}` proposed this change of `{environment}`, and somebody else must approve it"
            ))
            .hint(format!("`environments.{environment}.other_approver` in oms.toml")));
        }
        Ok(())
    }

    /// Whether this user's programs may speak for somebody else.
    pub fn speaks_for_others(&self, user: &str) -> bool {
        self.people.speakers.iter().any(|name| name == user)
    }

    /// What a change that reaches this needs.
    pub fn requirement(&self, environment: &str, blast: &Blast) -> Requirement {
        let policy = self.environment(environment);
        let grave = environment == PRODUCTION || blast.destroys();
        let least = if grave { 2 } else { 1 };
        Requirement {
            people: policy.and_then(|policy| policy.approvals).unwrap_or(least).max(least),
            type_name: grave || policy.is_some_and(|policy| policy.type_name),
        }
    }

    /// Minutes that a proposal stands.
    pub fn proposal_minutes(&self, environment: &str) -> f64 {
        self.environment(environment).and_then(|policy| policy.proposal_minutes).unwrap_or(60.0)
    }

    /// Minutes that an approval counts.
    pub fn approval_minutes(&self, environment: &str) -> f64 {
        self.environment(environment).and_then(|policy| policy.approval_minutes).unwrap_or(30.0)
    }
}

fn allowed(person: &str, environment: &str, list: &[String], verb: &str) -> Result<(), Failure> {
    if list.iter().any(|name| name == EVERYBODY || name == person) {
        return Ok(());
    }
    let names = if list.is_empty() { "nobody".to_owned() } else { list.join(", ") };
    Err(Failure::refused(format!("refused: `{person}` may not {verb} a change of `{environment}`"))
        .hint(format!("who may: {names} (`environments.{environment}.{verb}` in oms.toml, else `people.{verb}`)")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

    use super::*;

    fn policy() -> Policy {
        let mut policy = Policy::default();
        policy.people.propose = vec!["ana".into(), "ben".into()];
        policy.people.approve = vec!["ana".into()];
        let list = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
        policy.environments.insert(
            "prod".into(),
            EnvironmentPolicy { approve: list(&["ben", "eve"]), approvals: Some(1), ..EnvironmentPolicy::default() },
        );
        policy.environments.insert(
            "dev".into(),
            EnvironmentPolicy {
                propose: list(&["*"]),
                approve: list(&[]),
                approvals: Some(3),
                ..EnvironmentPolicy::default()
            },
        );
        policy
    }

    #[test]
    fn who_may_do_what() {
        let policy = policy();
        for (person, environment, propose, approve) in [
            ("ana", "local", true, true),
            ("ben", "local", true, false),
            ("eve", "local", false, false),
            ("*", "local", false, false),
            ("", "local", false, false),
            ("ana", "prod", true, false),
            ("ben", "prod", true, true),
            ("eve", "prod", false, true),
            ("eve", "dev", true, false),
            ("ana", "dev", true, false),
        ] {
            assert_eq!(policy.may_propose(person, environment).is_ok(), propose, "{person} proposes in {environment}");
            assert_eq!(policy.may_approve(person, environment).is_ok(), approve, "{person} approves in {environment}");
        }
    }

    #[test]
    fn another_approver_where_the_environment_says_so() {
        let mut policy = policy();
        let dev = EnvironmentPolicy { other_approver: true, ..EnvironmentPolicy::default() };
        policy.people.approve.push("ben".into());
        policy.environments.insert("dev".into(), dev);
        for (person, environment, proposed_by, may) in [
            ("ana", "dev", "ben", true),
            ("ana", "dev", "ana", false),
            ("ana", "local", "ana", true),
            ("eve", "dev", "ana", false),
        ] {
            let found = policy.may_approve_of(person, environment, proposed_by);
            assert_eq!(found.is_ok(), may, "{person} in {environment}, proposed by {proposed_by}");
        }
    }

    #[test]
    fn production_and_what_destroys_need_two_people_whatever_the_settings_say() {
        let policy = policy();
        let harmless = Blast { added: 5, changed: 2, ..Blast::default() };
        let destroys = [
            Blast { destroyed: 1, ..Blast::default() },
            Blast { replaced: 1, ..Blast::default() },
            Blast { data_at_risk: vec!["mysql".into()], ..Blast::default() },
        ];
        let needs = |environment: &str, blast: &Blast| {
            let Requirement { people, type_name } = policy.requirement(environment, blast);
            (people, type_name)
        };
        assert_eq!(needs("local", &harmless), (1, false));
        assert_eq!(needs("prod", &harmless), (2, true));
        assert_eq!(needs("dev", &harmless), (3, false));
        for blast in &destroys {
            assert_eq!(needs("local", blast), (2, true), "{blast:?}");
            assert_eq!(needs("prod", blast), (2, true), "{blast:?}");
        }
    }
}
