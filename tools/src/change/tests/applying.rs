//! What runs, what does not any more, and what is told afterwards.

use std::fs;
use std::sync::Mutex;
use std::time::Duration;

use super::*;
use crate::FailureKind;
use crate::process::Cancel;

fn approved(place: &Place, steps: &[&str]) -> Shown {
    let shown = place.propose("local", steps);
    place.approve(&me().name, &shown).unwrap()
}

fn statuses(shown: &Shown) -> Vec<StepStatus> {
    shown.stored.state.steps.iter().map(|step| step.status).collect()
}

#[tokio::test]
async fn steps_run_in_order_and_are_heard() {
    let place = Place::new();
    let shown = approved(&place, &["echo hello", "test -e ../mark-1.done", "echo '{\"@message\":\"made it\"}'"]);
    let lines: Lines = Arc::default();
    let heard = lines.clone();
    let progress: ProgressTold = Arc::new(move |progress: &Progress| heard.lock().unwrap().push(progress.line()));
    let watching = Watching { cancel: Cancel::default(), progress: Some(progress) };
    let applied = place.changes.apply(&me(), &shown.stored.change.id, false, &watching).await.unwrap();
    assert_eq!(applied.standing, Standing::Applied);
    assert_eq!(place.marks(), [1, 2, 3]);
    let lines = lines.lock().unwrap().join("\n");
    for text in ["step 1 of 3: do the part 1", "step 1 of 3:   hello", "step 2 of 3: done", "step 3 of 3:   made it"] {
        assert!(lines.contains(text), "{text} in\n{lines}");
    }
    assert!(said::applied(&applied).answer.contains("is applied: do the parts"));
}

#[tokio::test]
async fn a_failed_step_stops_and_what_was_done_and_what_not_is_told() {
    let place = Place::new();
    let shown = approved(&place, &["true", "echo the disk is full; exit 3", "true"]);
    let failed = place.apply(&shown).await.unwrap();
    assert_eq!(failed.standing, Standing::Failed);
    assert_eq!(statuses(&failed), [StepStatus::Done, StepStatus::Failed, StepStatus::Waiting]);
    assert_eq!(place.marks(), [1]);
    let answer = said::applied(&failed).answer;
    for text in ["step 1: done", "step 2: FAILED", "exit 3", "the disk is full", "step 3: not begun", "\"roll back c"] {
        assert!(answer.contains(text), "{text} in\n{answer}");
    }
    // The approval was used: going on with it needs another one.
    assert_eq!(place.apply(&shown).await.unwrap_err().kind, FailureKind::ApprovalRequired);
    place.approve(&me().name, &shown).unwrap();
    let again = place.apply(&shown).await.unwrap();
    assert_eq!(statuses(&again), [StepStatus::Done, StepStatus::Failed, StepStatus::Waiting]);
}

/// What happens to a place between the yes and the start.
type Drift<'a> = &'a dyn Fn(&Place);

#[tokio::test]
async fn whatever_is_not_as_it_was_seen_stops_it() {
    let drifts: [(&str, Drift); 5] = [
        ("has changed since", &|place| {
            fs::write(place.root().join("stack/compose.yaml"), "services: {a: {}}").unwrap();
        }),
        ("it is gone since", &|place| fs::remove_file(place.root().join("stack/compose.yaml")).unwrap()),
        ("a file came or went", &|place| fs::write(place.root().join("stack/compose.override.yaml"), "").unwrap()),
        ("the program is another one", &|place| edit(&place.root().join("docker-compose"), |text| text + "\n")),
        ("cannot read", &|place| fs::remove_file(place.root().join("docker-compose")).unwrap()),
    ];
    for (cause, drift) in drifts {
        let place = Place::new();
        let shown = approved(&place, &["true"]);
        drift(&place);
        let failure = place.apply(&shown).await.unwrap_err();
        assert!(failure.message.contains(cause), "{cause}: {failure}");
        assert_eq!(place.marks(), [] as [usize; 0], "{cause}");
        assert_eq!(place.recorded(), ["proposed", "approved", "stopped"], "{cause}");
    }
}

#[tokio::test]
async fn a_step_s_own_files_are_looked_at_again_before_it_starts() {
    let place = Place::new();
    let shown = approved(&place, &["echo '#' >> compose.yaml", "true"]);
    let failed = place.apply(&shown).await.unwrap();
    assert_eq!(failed.standing, Standing::Failed);
    assert_eq!(statuses(&failed), [StepStatus::Done, StepStatus::Waiting]);
    assert!(failed.stored.state.reason.as_deref().unwrap().contains("has changed since"), "{:?}", failed.stored.state);
}

#[tokio::test]
async fn nothing_is_applied_where_the_record_cannot_be_written() {
    let place = Place::new();
    let shown = approved(&place, &["true"]);
    fs::write(place.root().join("audit/audit.jsonl"), "no record\n").unwrap();
    assert!(place.apply(&shown).await.unwrap_err().message.contains("cannot add to the record"));
    assert_eq!(place.marks(), [] as [usize; 0]);
}

#[tokio::test]
async fn a_person_s_word_ends_the_step_and_no_other_begins() {
    let place = Place::new();
    let shown = approved(&place, &["true", "echo waiting; sleep 1000", "true"]);
    let cancel = Cancel::default();
    let word = cancel.clone();
    let progress: ProgressTold = Arc::new(move |progress: &Progress| {
        if progress.happened == Happened::Says("waiting".into()) {
            word.cancel();
        }
    });
    let watching = Watching { cancel, progress: Some(progress) };
    let stopped = place.changes.apply(&me(), &shown.stored.change.id, false, &watching).await.unwrap();
    assert_eq!(stopped.standing, Standing::Cancelled);
    assert_eq!(statuses(&stopped), [StepStatus::Done, StepStatus::Cancelled, StepStatus::Waiting]);
    assert_eq!(place.marks(), [1]);
    assert!(place.recorded().ends_with(&["step_ended cancelled".into(), "apply_ended cancelled".into()]));
}

#[tokio::test]
async fn what_was_broken_off_is_told_as_it_is_and_goes_on() {
    let place = Place::new();
    let shown = approved(&place, &["true", "test -e ../go || sleep 1000", "true"]);
    let (started, starts) = tokio::sync::oneshot::channel();
    let started = Mutex::new(Some(started));
    let progress: ProgressTold = Arc::new(move |progress: &Progress| {
        if progress.step == 2 && matches!(progress.happened, Happened::Says(_)) {
            started.lock().unwrap().take().into_iter().for_each(|started| started.send(()).unwrap_or_default());
        }
    });
    let watching = Watching { cancel: Cancel::default(), progress: Some(progress) };
    let id = shown.stored.change.id.clone();
    let me_now = me();
    tokio::select! {
        _ = place.changes.apply(&me_now, &id, false, &watching) => panic!("it cannot end"),
        _ = starts => {}
    }
    crate::process::settle(Duration::from_mins(1));
    let broken = place.changes.show(&id).unwrap();
    assert_eq!(broken.standing, Standing::Interrupted);
    assert_eq!(statuses(&broken), [StepStatus::Done, StepStatus::Started, StepStatus::Waiting]);
    let told = said::standing(&broken).answer;
    for text in ["interrupted", "step 1: done", "step 2: began; it is not known how it ended", "step 3: not begun"] {
        assert!(told.contains(text), "{text} in\n{told}");
    }
    fs::write(place.root().join("go"), "").unwrap();
    fs::remove_file(place.root().join("mark-1.done")).unwrap();
    place.approve(&me().name, &shown).unwrap();
    assert_eq!(place.apply(&shown).await.unwrap().standing, Standing::Applied);
    assert_eq!(place.marks(), [2, 3], "what was done is not done again");
}

#[tokio::test]
async fn one_change_at_a_time_and_a_dead_owner_s_lock_is_told() {
    let place = Place::new();
    let shown = approved(&place, &["true"]);
    let file = place.root().join("locks/local.json");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::set_permissions(file.parent().unwrap(), fs::Permissions::from_mode(0o700)).unwrap();
    let living = Owner::this("ben", "c00000000", Utc::now());
    fs::write(&file, serde_json::to_vec(&living).unwrap()).unwrap();
    let failure = place.apply(&shown).await.unwrap_err();
    assert!(failure.message.contains("is being changed by `ben`"), "{failure}");
    let dead = Owner { started: "1/x".into(), ..living };
    fs::write(&file, serde_json::to_vec(&dead).unwrap()).unwrap();
    let failure = place.apply(&shown).await.unwrap_err();
    assert!(failure.message.contains("that program has ended"), "{failure}");
    assert!(failure.hints.iter().any(|hint| hint.contains("--take-over")), "{failure}");
    let id = &shown.stored.change.id;
    let applied = place.changes.apply(&me(), id, true, &Watching::default()).await.unwrap();
    assert_eq!(applied.standing, Standing::Applied);
    assert!(!file.exists() && place.recorded().contains(&"took_over".to_owned()));
    // Another machine's program may well live.
    let elsewhere = Owner { machine: "elsewhere".into(), ..dead };
    fs::write(&file, serde_json::to_vec(&elsewhere).unwrap()).unwrap();
    let shown = approved(&place, &["true"]);
    let id = &shown.stored.change.id;
    assert!(place.changes.apply(&me(), id, true, &Watching::default()).await.is_err());
}
