//! A process group: how all of it is ended, politely first, and how the program waits for those that are still ending.

use std::process::ExitStatus;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{
    Pid, Signal, WaitOptions, kill_process_group, test_kill_process, test_kill_process_group, waitpgid,
};
use tokio::process::Child;

/// How long a program may take to end after it was told to, the second time.
const SECOND_GRACE: Duration = Duration::from_secs(2);
/// How often it is looked whether a group is gone.
const PAUSE: Duration = Duration::from_millis(5);

/// Groups that a thread is ending because nobody waits for them any more.
static ENDING: Mutex<usize> = Mutex::new(0);
static ENDED: Condvar = Condvar::new();

/// Waits until no group is ending any more, up to a limit. To be called before the program ends.
pub fn settle(limit: Duration) {
    let ending = ENDING.lock().unwrap_or_else(PoisonError::into_inner);
    drop(ENDED.wait_timeout_while(ending, limit, |ending| *ending > 0));
}

/// A child that leads a group of its own.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) child: Child,
    /// The group's id, while something of it may be left.
    leader: Option<Pid>,
    grace: Duration,
}

impl Group {
    pub(super) fn new(child: Child, grace: Duration) -> Self {
        let leader = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        Self { child, leader, grace }
    }

    /// Waits until the leader has ended by itself. What it left behind is killed, so that it keeps no output open.
    pub(super) async fn leader_s_end(&mut self) -> std::io::Result<ExitStatus> {
        let status = self.child.wait().await?;
        if let Some(group) = self.leader.take() {
            kill_process_group(group, Signal::KILL).ok();
        }
        Ok(status)
    }

    /// Asks the group to end (Terraform then gives up its lock), tells it to, and kills what is left.
    pub(super) async fn end(&mut self) {
        let Some(group) = self.leader else { return };
        for (signal, grace) in [(Signal::INT, self.grace), (Signal::TERM, SECOND_GRACE)] {
            kill_process_group(group, signal).ok();
            // A stopped process sees signals only after it is let go on.
            kill_process_group(group, Signal::CONT).ok();
            if tokio::time::timeout(grace, self.child.wait()).await.is_ok() {
                break;
            }
        }
        kill_process_group(group, Signal::KILL).ok();
        self.child.wait().await.ok();
        self.leader = None;
        // A killed process is still there for a moment; one that nobody collects stays longer, and does no harm.
        let gone = async {
            while test_kill_process_group(group).is_ok() {
                tokio::time::sleep(PAUSE).await;
            }
        };
        tokio::time::timeout(SECOND_GRACE, gone).await.ok();
    }
}

impl Drop for Group {
    /// Nobody waits for the program any more: a thread ends its group in the same way.
    fn drop(&mut self) {
        let Some(group) = self.leader.take() else { return };
        kill_process_group(group, Signal::INT).ok();
        *ENDING.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        let grace = self.grace;
        let ending = move || {
            for (signal, grace) in [(Signal::INT, grace), (Signal::TERM, SECOND_GRACE)] {
                if signal != Signal::INT {
                    kill_process_group(group, signal).ok();
                }
                kill_process_group(group, Signal::CONT).ok();
                // The leader's own end is waited for: a shell's background jobs ignore SIGINT.
                if gone(group, grace, || test_kill_process(group).is_err()) {
                    break;
                }
            }
            kill_process_group(group, Signal::KILL).ok();
            gone(group, SECOND_GRACE, || test_kill_process_group(group).is_err());
            *ENDING.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
            ENDED.notify_all();
        };
        if std::thread::Builder::new().name("ending".to_owned()).spawn(ending).is_err() {
            kill_process_group(group, Signal::KILL).ok();
            *ENDING.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        }
    }
}

/// Waits, up to a limit, until something is gone; collects those that have ended.
fn gone(group: Pid, limit: Duration, is_gone: impl Fn() -> bool) -> bool {
    let until = Instant::now() + limit;
    loop {
        // The runtime may collect the leader first, or be gone: then this does.
        while matches!(waitpgid(group, WaitOptions::NOHANG), Ok(Some(_))) {}
        if is_gone() {
            return true;
        }
        if Instant::now() >= until {
            return false;
        }
        std::thread::sleep(PAUSE);
    }
}
