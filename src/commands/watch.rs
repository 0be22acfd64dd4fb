//! `oms watch`: the pipeline's health, live in the terminal. `q` or Ctrl-C leaves; the terminal is left as it was found.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use oms_tools::pipeline::{HealthReport, PipelineHealth};
use oms_tools::{Failure, FailureKind};
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

use super::Status;
use crate::config::Config;
use crate::pipeline::{database_as_it_is, pipeline};

mod view;

/// How often the parts are looked at.
const EVERY: Duration = Duration::from_secs(2);
/// How long a key may go unnoticed while the program ends.
const KEYS: Duration = Duration::from_millis(50);

pub(super) async fn run(config: &Config) -> Result<Status, Failure> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(
            Failure::invalid("cannot watch the pipeline: this is no terminal").hint("oms health, or oms health --json")
        );
    }
    let health = Arc::new(PipelineHealth::new(Arc::new(pipeline(config)?), database_as_it_is(config)));
    let colour = !config.environment.no_color;
    let mut screen = Screen::enter()?;
    let done = watched(&mut screen, &health, colour).await;
    drop(screen);
    done.map(|()| 0)
}

/// The terminal while it is ours. Leaving gives it back, also when something fails on the way.
struct Screen {
    terminal: ratatui::DefaultTerminal,
    ended: Arc<AtomicBool>,
}

impl Screen {
    fn enter() -> Result<Self, Failure> {
        let terminal = ratatui::try_init().map_err(|error| {
            ratatui::restore();
            unusable(&error)
        })?;
        Ok(Self { terminal, ended: Arc::default() })
    }

    /// The keys, read on a thread of their own.
    fn keys(&self) -> mpsc::UnboundedReceiver<Key> {
        let (sender, receiver) = mpsc::unbounded_channel();
        let ended = self.ended.clone();
        std::thread::spawn(move || {
            while !ended.load(Ordering::Relaxed) {
                let key = match event::poll(KEYS) {
                    Ok(false) => continue,
                    Ok(true) => event::read().ok().and_then(|event| key(&event)),
                    // A terminal that is gone is left.
                    Err(_) => Some(Key::Quit),
                };
                if key.is_some_and(|key| sender.send(key).is_err()) {
                    return;
                }
            }
        });
        receiver
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        ratatui::restore();
    }
}

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Quit,
    Again,
    Redraw,
}

fn key(event: &Event) -> Option<Key> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => match key.code {
            KeyCode::Char('c' | 'd') if key.modifiers.contains(KeyModifiers::CONTROL) => Some(Key::Quit),
            KeyCode::Char('q' | 'Q') | KeyCode::Esc => Some(Key::Quit),
            KeyCode::Char('r' | 'R' | ' ') => Some(Key::Again),
            _ => None,
        },
        Event::Resize(..) => Some(Key::Redraw),
        _ => None,
    }
}

async fn watched(screen: &mut Screen, health: &Arc<PipelineHealth>, colour: bool) -> Result<(), Failure> {
    let mut state = view::State::new(colour);
    let mut keys = screen.keys();
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let ending = |kind| signal(kind).map_err(|error| unusable(&error));
    let (mut terminate, mut hangup) = (ending(SignalKind::terminate())?, ending(SignalKind::hangup())?);
    let (sender, mut looked) = mpsc::channel::<HealthReport>(1);
    let look = |state: &mut view::State| {
        // One look at a time: a slow one is not overtaken.
        if !state.looking {
            state.looking = true;
            let (health, sender) = (health.clone(), sender.clone());
            tokio::spawn(async move { sender.send(health.look().await).await.ok() });
        }
    };
    loop {
        screen.terminal.draw(|frame| view::draw(frame, &state)).map_err(|error| unusable(&error))?;
        tokio::select! {
            _ = ticks.tick() => look(&mut state),
            Some(report) = looked.recv() => state.saw(report),
            key = keys.recv() => match key {
                Some(Key::Quit) | None => return Ok(()),
                Some(Key::Again) => look(&mut state),
                Some(Key::Redraw) => {}
            },
            _ = terminate.recv() => return Ok(()),
            _ = hangup.recv() => return Ok(()),
        }
    }
}

fn unusable(error: &io::Error) -> Failure {
    Failure::new(FailureKind::Unavailable, format!("cannot use this terminal: {}", error.kind())).hint("oms health")
}

#[cfg(test)]
mod tests {
    use ratatui::crossterm::event::{KeyEvent, KeyEventState};

    use super::*;

    #[test]
    fn keys_do_what_is_written_at_the_edge() {
        let pressed = |code, modifiers| {
            Event::Key(KeyEvent { code, modifiers, kind: KeyEventKind::Press, state: KeyEventState::NONE })
        };
        for (code, modifiers, expected) in [
            (KeyCode::Char('q'), KeyModifiers::NONE, Some(Key::Quit)),
            (KeyCode::Char('c'), KeyModifiers::CONTROL, Some(Key::Quit)),
            (KeyCode::Esc, KeyModifiers::NONE, Some(Key::Quit)),
            (KeyCode::Char('r'), KeyModifiers::NONE, Some(Key::Again)),
            (KeyCode::Char('c'), KeyModifiers::NONE, None),
            (KeyCode::Char('x'), KeyModifiers::NONE, None),
        ] {
            assert_eq!(key(&pressed(code, modifiers)), expected, "{code:?}");
        }
        assert_eq!(key(&Event::Resize(10, 10)), Some(Key::Redraw));
        assert_eq!(key(&Event::FocusLost), None);
    }
}
