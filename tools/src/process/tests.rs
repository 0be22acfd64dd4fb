#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::*;
use crate::FailureKind;
use crate::redact::Redactor;

const LONG: Duration = Duration::from_mins(1);

fn shell(script: &str) -> Program {
    Program::new("/bin/sh", "/").argument("-c").argument(script).variable("PATH", "/usr/bin:/bin")
}

/// Waits until a file holds something; its text.
async fn written(file: &Path) -> String {
    let until = Instant::now() + LONG;
    loop {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        if text.ends_with('\n') {
            return text.trim().to_owned();
        }
        assert!(Instant::now() < until, "{} was not written", file.display());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Whether a process is gone, or dead and not yet collected.
fn is_gone(process: &str) -> bool {
    let state = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    state.is_empty() || state.contains(") Z ")
}

async fn until_gone(process: &str) {
    let until = Instant::now() + LONG;
    while !is_gone(process) {
        assert!(Instant::now() < until, "{process} still runs");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn output_errors_and_status_come_back() {
    let ended = shell("echo out; echo err >&2; exit 3").run().await.unwrap();
    assert_eq!((ended.output.as_str(), ended.errors.as_str(), ended.status.code()), ("out\n", "err\n", Some(3)));
    assert!(!ended.cut);
    let ended = shell("printf 'no end'").run().await.unwrap();
    assert_eq!(ended.output, "no end");
}

#[tokio::test]
async fn the_environment_is_what_was_given() {
    let ended = shell("echo \"$HOME|$GIVEN\"").variable("GIVEN", "yes").run().await.unwrap();
    assert_eq!(ended.output, "|yes\n");
}

#[tokio::test]
async fn arguments_reach_the_program_as_they_are() {
    let words = ["$(id)", "a b", "`x`", "*", "\"'"];
    let ended = Program::new("/usr/bin/printf", "/").argument("%s\n").arguments(words).run().await.unwrap();
    assert_eq!(ended.output.lines().collect::<Vec<_>>(), words);
}

#[tokio::test]
async fn a_million_lines_keep_their_head_and_tail_and_are_all_told() {
    let told = Arc::new(Mutex::new((0_u64, String::new())));
    let watch = Watch::telling({
        let told = told.clone();
        move |line| {
            let mut told = told.lock().unwrap();
            told.0 += 1;
            line.text.clone_into(&mut told.1);
        }
    });
    let ended = shell("echo first; seq 1 1000000; echo last").limit(LONG * 2).watch(&watch).await.unwrap();
    assert!(ended.output.starts_with("first\n1\n") && ended.output.ends_with("1000000\nlast\n"), "{}", ended.output);
    assert!(ended.cut && ended.output.contains("lines left out ...]\n"));
    assert!(ended.output.len() <= 70 * 1024, "{}", ended.output.len());
    assert_eq!(*told.lock().unwrap(), (1_000_002, "last".to_owned()));
}

#[tokio::test]
async fn one_endless_line_is_cut() {
    let ended = shell("head -c 50000000 /dev/zero | tr '\\0' x; echo; echo end").limit(LONG).run().await.unwrap();
    assert!(ended.output.ends_with("[... rest of the line left out]\nend\n"), "{}", ended.output.len());
    assert!(ended.output.len() < 40 * 1024);
}

#[tokio::test]
async fn secrets_are_hidden_in_output_errors_and_told_lines() {
    let told = Arc::new(Mutex::new(String::new()));
    let watch = Watch::telling({
        let told = told.clone();
        move |line| told.lock().unwrap().push_str(line.text)
    });
    let script = "echo known-value; echo password=abc >&2; printf -- '-----BEGIN PRIVATE KEY-----\\nxyz\\n-----END PRIVATE KEY-----\\n'";
    let redactor = Arc::new(Redactor::default().with("known-value"));
    let ended = shell(script).hiding(redactor).watch(&watch).await.unwrap();
    assert_eq!(ended.output, "[hidden]\n[hidden]\n[hidden]\n[hidden]\n");
    assert_eq!(ended.errors, "password=[hidden]\n");
    let told = told.lock().unwrap();
    assert!(!told.contains("known-value") && !told.contains("abc") && !told.contains("xyz"), "{told}");
}

#[tokio::test]
async fn a_program_that_does_not_end_is_stopped_with_its_children() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("child");
    let script = format!("sleep 1000 & echo $! > {}; wait", file.display());
    let failure = shell(&script).limit(Duration::from_millis(500)).run().await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::TimedOut);
    until_gone(&written(&file).await).await;
}

#[tokio::test]
async fn a_cancel_is_a_polite_word_first() {
    let folder = tempfile::tempdir().unwrap();
    let (ready, said) = (folder.path().join("ready"), folder.path().join("said"));
    let script = format!(
        "trap 'echo given up > {said}; exit 0' INT; echo $$ > {ready}; while :; do sleep 0.02; done",
        said = said.display(),
        ready = ready.display()
    );
    let watch = Watch::default();
    let program = shell(&script).grace(LONG);
    let (failure, ()) = tokio::join!(program.watch(&watch), async {
        written(&ready).await;
        watch.cancel.cancel();
    });
    assert!(failure.unwrap_err().message.contains("it was cancelled"));
    assert_eq!(written(&said).await, "given up");
}

#[tokio::test]
async fn who_does_not_listen_is_told_and_then_killed() {
    for deaf in ["trap '' INT", "trap '' INT TERM"] {
        let folder = tempfile::tempdir().unwrap();
        let ready = folder.path().join("ready");
        let script = format!("{deaf}; echo $$ > {}; while :; do sleep 0.02; done", ready.display());
        let watch = Watch::default();
        let program = shell(&script).grace(Duration::from_millis(100));
        let (failure, leader) = tokio::join!(program.watch(&watch), async {
            let leader = written(&ready).await;
            watch.cancel.cancel();
            leader
        });
        assert!(failure.is_err(), "{deaf}");
        until_gone(&leader).await;
    }
}

#[tokio::test]
async fn a_dropped_run_ends_its_group_politely_too() {
    let folder = tempfile::tempdir().unwrap();
    let (ready, said) = (folder.path().join("ready"), folder.path().join("said"));
    let script = format!(
        "trap 'echo given up > {said}; exit 0' INT; sleep 1000 & echo $! > {ready}; while :; do sleep 0.02; done",
        said = said.display(),
        ready = ready.display()
    );
    let program = shell(&script).grace(LONG);
    let child = tokio::select! {
        _ = program.run() => panic!("it ended by itself"),
        child = written(&ready) => child,
    };
    assert_eq!(written(&said).await, "given up");
    settle(LONG);
    until_gone(&child).await;
}

#[tokio::test]
async fn what_a_program_leaves_behind_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("child");
    // The child keeps the output open: the program has ended all the same.
    let ended =
        shell(&format!("sleep 1000 & echo $! > {}; echo done", file.display())).limit(LONG).run().await.unwrap();
    assert_eq!(ended.output, "done\n");
    until_gone(&written(&file).await).await;
}

#[tokio::test]
async fn output_is_streamed_into_a_reader() {
    let (ended, sum) = shell("seq 1 100000; echo said >&2; exit 2")
        .read(&Watch::default(), |output| {
            use std::io::BufRead;
            std::io::BufReader::new(output)
                .lines()
                .map_while(Result::ok)
                .filter_map(|line| line.parse::<u64>().ok())
                .sum::<u64>()
        })
        .await
        .unwrap();
    assert_eq!((sum, ended.status.code(), ended.errors.as_str()), (5_000_050_000, Some(2), "said\n"));
    // A reader that stops early does not block the program.
    let (ended, ()) = shell("seq 1 100000").read(&Watch::default(), |_| ()).await.unwrap();
    assert!(ended.status.success());
}

#[tokio::test]
async fn folders_confine_where_a_program_works() {
    let place = tempfile::tempdir().unwrap();
    let root = place.path().canonicalize().unwrap();
    let inside = root.join("in");
    std::fs::create_dir(&inside).unwrap();
    std::os::unix::fs::symlink("/", inside.join("out")).unwrap();
    let folders = Folders::new([inside.clone()]);
    let at = |folder: &Path| Program::new("/bin/pwd", folder).within(&folders);
    assert_eq!(at(&inside).run().await.unwrap().output.trim(), inside.to_str().unwrap());
    for folder in [root.as_path(), Path::new("/"), &inside.join("out"), &inside.join("..")] {
        assert_eq!(at(folder).run().await.unwrap_err().kind, FailureKind::Refused, "{}", folder.display());
    }
}

#[tokio::test]
async fn what_cannot_be_started_is_told() {
    let failure = Program::new("/nowhere/mariadbd", "/").run().await.unwrap_err();
    assert_eq!(failure.message, "cannot run `mariadbd`: there is no such program");
    let failure = Program::new("/bin/true", "/nowhere").run().await.unwrap_err();
    assert_eq!(failure.message, "cannot run `true`: there is no folder `/nowhere`");
}

/// What a shell's background job starts ignores SIGINT: programs that we start get it back all the same.
#[test]
fn a_program_hears_sigint_even_where_this_process_does_not() {
    if std::env::var_os("OMS_TEST_IGNORES_SIGINT").is_some() {
        // The second process, started by the shell below.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let ended = runtime.block_on(shell("grep SigIgn: /proc/self/status").run()).unwrap();
        let mask = u64::from_str_radix(ended.output.trim_start_matches("SigIgn:").trim(), 16).unwrap();
        assert_eq!(mask & 0b110, 0, "INT and QUIT are ignored: {mask:x}");
        return;
    }
    let test = std::env::current_exe().unwrap();
    let script =
        "trap '' INT QUIT; exec \"$0\" --exact process::tests::a_program_hears_sigint_even_where_this_process_does_not";
    let status = std::process::Command::new("/bin/sh")
        .args(["-c", script])
        .arg(test)
        .env("OMS_TEST_IGNORES_SIGINT", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
}
