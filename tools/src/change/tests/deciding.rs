//! Who can approve what, and what an approval is worth.

use std::fs;

use super::*;
use crate::FailureKind;

#[tokio::test]
async fn nothing_runs_before_a_yes_and_not_twice_for_one() {
    let place = Place::new();
    let shown = place.propose("local", &["true"]);
    assert_eq!((shown.standing, shown.missing()), (Standing::Waiting, 1));
    let failure = place.apply(&shown).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::ApprovalRequired);
    assert_eq!(place.marks(), [] as [usize; 0]);
    let me = me().name;
    assert_eq!(place.approve(&me, &shown).unwrap().missing(), 0);
    assert_eq!(place.apply(&shown).await.unwrap().standing, Standing::Applied);
    assert_eq!(place.marks(), [1]);
    assert!(place.apply(&shown).await.unwrap_err().message.contains("has been applied already"));
    assert_eq!(
        place.recorded(),
        ["proposed", "approved", "apply_started", "step_started", "step_ended done", "apply_ended applied", "stopped"]
    );
}

#[tokio::test]
async fn a_no_ends_it() {
    let place = Place::new();
    let shown = place.propose("local", &["true"]);
    let declined = place.decide(&me().name, &shown, &Decision::Decline).unwrap();
    assert_eq!(declined.standing, Standing::Declined);
    assert!(place.approve(&me().name, &shown).unwrap_err().message.contains("was declined"));
    assert!(place.apply(&shown).await.unwrap_err().message.contains("was declined"));
    assert_eq!(place.marks(), [] as [usize; 0]);
    assert_eq!(place.recorded(), ["proposed", "declined", "stopped", "stopped"]);
}

#[tokio::test]
async fn proposals_and_approvals_expire() {
    let expiring = |proposal: f64, approval: f64| {
        Place::with(|policy| {
            let limits = EnvironmentPolicy {
                proposal_minutes: Some(proposal),
                approval_minutes: Some(approval),
                ..EnvironmentPolicy::default()
            };
            policy.environments.insert("local".into(), limits);
        })
    };
    let place = expiring(0.000_001, 30.0);
    let shown = place.propose("local", &["true"]);
    assert!(place.approve(&me().name, &shown).unwrap_err().message.contains("has expired"));
    assert!(place.apply(&shown).await.unwrap_err().message.contains("has expired"));
    assert_eq!(place.changes.show(&shown.stored.change.id).unwrap().standing, Standing::Expired);
    let place = expiring(60.0, 0.000_001);
    let shown = place.propose("local", &["true"]);
    place.approve(&me().name, &shown).unwrap();
    assert_eq!(place.apply(&shown).await.unwrap_err().kind, FailureKind::ApprovalRequired);
    assert_eq!(place.marks(), [] as [usize; 0]);
}

#[tokio::test]
async fn the_wrong_person_is_refused_and_the_try_is_on_record() {
    let place = Place::with(|policy| policy.people.approve = vec!["ben".into()]);
    let shown = place.propose("local", &["true"]);
    let failure = place.approve("ana", &shown).unwrap_err();
    assert!(failure.kind == FailureKind::Refused && failure.message.contains("`ana` may not approve"), "{failure}");
    assert!(place.recorded().contains(&"stopped".to_owned()));
    // A file that says it is ben's and is not: it belongs to who wrote it.
    place.approve("ben", &shown).unwrap();
    assert_eq!(place.changes.show(&shown.stored.change.id).unwrap().missing(), 1);
    assert_eq!(place.apply(&shown).await.unwrap_err().kind, FailureKind::ApprovalRequired);
    assert_eq!(place.marks(), [] as [usize; 0]);
}

#[tokio::test]
async fn production_and_what_destroys_need_two_people_and_the_name() {
    let bridge = me().name;
    let place = Place::with(|policy| policy.people.speakers = vec![bridge]);
    let destroys = Blast { destroyed: 1, ..Blast::default() };
    for (environment, blast) in [("prod", Blast::default()), ("local", destroys)] {
        let shown = place.try_propose(environment, &["true"], &blast).unwrap();
        let by_name = Decision::Approve { typed_name: Some(environment.into()) };
        let asked = place.approve("ana", &shown).unwrap_err();
        assert!(
            asked.kind == FailureKind::InvalidArguments && asked.message.contains("type the environment"),
            "{asked}"
        );
        let wrong = Decision::Approve { typed_name: Some("staging".into()) };
        assert!(place.decide("ana", &shown, &wrong).is_err());
        assert_eq!(place.decide("ana", &shown, &by_name).unwrap().missing(), 1);
        // The same person again is no other person.
        let twice = place.decide("ana", &shown, &by_name).unwrap();
        assert_eq!((twice.missing(), twice.approved_by.as_slice()), (1, ["ana".to_owned()].as_slice()));
        assert_eq!(place.apply(&shown).await.unwrap_err().kind, FailureKind::ApprovalRequired);
        assert_eq!(place.decide("ben", &shown, &by_name).unwrap().missing(), 0);
        assert_eq!(place.apply(&shown).await.unwrap().standing, Standing::Applied);
    }
}

#[test]
fn an_approval_is_of_exactly_what_was_seen() {
    let place = Place::new();
    let shown = place.propose("local", &["true"]);
    let id = &shown.stored.change.id;
    let yes = Decision::Approve { typed_name: None };
    let other = "0".repeat(64);
    let failure = place.changes.decide(&Person::present(me()), id, &other, &yes).unwrap_err();
    assert!(failure.message.contains("is not what was shown"), "{failure}");
    // The set on disk is edited after the yes.
    place.approve(&me().name, &shown).unwrap();
    let file = place.root().join("changes").join(id).join("change.json");
    edit(&file, |text| text.replace("mark-1", "mark-5"));
    assert!(place.changes.show(id).unwrap_err().message.contains("is not what was proposed"));
    assert_eq!(place.changes.list().unwrap().len(), 0);
    // Nobody else can read it.
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

/// What a step touches is named in part and counted whole, what its plan left out of the list included; and a change set
/// that leaves nothing out has the digest that it had before there was a count.
#[test]
fn what_is_not_named_is_counted() {
    let place = Place::new();
    let mut change = place.propose("local", &["true"]).stored.change;
    assert!(!change.canonical().contains("left_out"));
    change.steps[0].touches = (0..500).map(|at| format!("x.n[{at}] (added)")).collect();
    change.steps[0].touches_left_out = 49_500;
    let told = said::preview(&change);
    assert!(told.answer.contains("x.n[11] (added) and 49,988 more\n"), "{}", told.answer);
    assert!(change.canonical().contains("\"touches_left_out\":49500"));
}

/// What was noted stands in the text that people and programs read, whatever looks at it: `oms ask --json` has no key for it.
#[test]
fn notes_are_told_before_a_decision() {
    let place = Place::new();
    let mut shown = place.propose("local", &["true"]);
    shown.stored.change.notes =
        vec!["`a` cannot be undone: there is no way back".into(), "b is as it should be".into()];
    let lines = "  note: `a` cannot be undone: there is no way back\n  note: b is as it should be\n";
    for told in [said::proposal(&shown), said::preview(&shown.stored.change), said::standing(&shown)] {
        assert!(told.answer.contains(lines), "{}", told.answer);
        assert!(told.notes.is_empty(), "they are not said twice");
    }
    let asks = said::proposal(&shown).answer;
    assert!(asks.find("note:") < asks.find("Say \"yes, apply it\""), "before it is asked for: {asks}");
}

#[test]
fn ids_are_no_paths() {
    let place = Place::new();
    for id in ["", "../x", "c123", "c0123abcdx", "C0123ABCD", "c0123abc/", "c0123abc\n"] {
        assert_eq!(place.changes.show(id).unwrap_err().kind, FailureKind::NotFound, "{id:?}");
    }
}

fn walk(value: &serde_json::Value, path: String, leaves: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| walk(value, format!("{path}/{name}"), leaves));
        }
        serde_json::Value::Array(items) => {
            items.iter().enumerate().for_each(|(place, item)| walk(item, format!("{path}/{place}"), leaves));
        }
        serde_json::Value::String(_) => leaves.push(path),
        _ => {}
    }
}

#[test]
fn every_part_of_a_change_set_is_under_its_digest() {
    let place = Place::new();
    let change = place.propose("local", &["true"]).stored.change;
    let digest = change.digest();
    let value = serde_json::to_value(&change).unwrap();
    let mut leaves = Vec::new();
    walk(&value, String::new(), &mut leaves);
    assert!(leaves.len() > 15, "{leaves:?}");
    for leaf in leaves.iter().filter(|leaf| !leaf.ends_with("_at") && !leaf.ends_with("/how")) {
        let mut other = value.clone();
        *other.pointer_mut(leaf).unwrap() = "other".into();
        let other: ChangeSet = serde_json::from_value(other).unwrap();
        assert_ne!(other.digest(), digest, "{leaf}");
    }
}
