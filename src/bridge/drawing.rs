//! Charts are drawn by a process of their own, `oms draw`: what draws them keeps a font of some 16 MiB for as long as it runs,
//! which a bridge would hold for days after its last chart. The process is started for the first of some charts, and ends when
//! none came for a while, or with the bridge: then its input ends.

use std::io::{self, BufRead, Write};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use oms_tools::process::{Partner, Program};
use oms_tools::{Failure, FailureKind};
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, Semaphore};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::reply::chart::file::{Format, Picture};

/// How long a chart may take, with the start of the process.
const LONGEST: Duration = Duration::from_secs(20);
/// Bytes of a chart at most, as text.
const LARGEST: usize = 8 << 20;
/// How long the process waits for another chart.
const IDLE: Duration = Duration::from_secs(5);
/// Charts that are drawn at the same time.
const AT_ONCE: usize = 2;

/// What the process answers to a picture.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Drawn {
    /// A PNG in base64, as messages carry it.
    Png(String),
    /// Why there is none.
    Failed(String),
}

/// Draws for the bridge.
#[derive(Debug)]
pub(super) struct Drawing {
    program: Program,
    room: Semaphore,
    free: Arc<Mutex<Free>>,
}

/// Processes that wait for a chart.
#[derive(Debug, Default)]
struct Free {
    partners: Vec<Partner>,
    last: Option<Instant>,
    ending: Option<JoinHandle<()>>,
}

impl Drop for Free {
    fn drop(&mut self) {
        if let Some(ending) = self.ending.take() {
            ending.abort();
        }
    }
}

impl Drawing {
    /// Nothing runs yet.
    pub(super) fn new() -> Self {
        // This very program, also where its file was replaced since it was started.
        let program = Program::new(format!("/proc/{}/exe", std::process::id()), "/").argument("draw");
        Self {
            program: program.limit(LONGEST).cap(LARGEST).grace(Duration::from_millis(200)),
            room: Semaphore::new(AT_ONCE),
            free: Arc::default(),
        }
    }

    /// A picture as a PNG in base64.
    pub(super) async fn draw(&self, picture: &Picture) -> Result<String, Failure> {
        let cannot = |cause: &str| Failure::new(FailureKind::Internal, format!("cannot draw a chart: {cause}"));
        let line = serde_json::to_string(picture).map_err(|error| cannot(&error.to_string()))?;
        let _room = self.room.acquire().await.map_err(|_| cannot("the bridge ends"))?;
        let waiting = self.free.lock().await.partners.pop();
        // One that waited may have been ended by somebody else meanwhile: a new one is asked then.
        let answered = match waiting {
            Some(mut partner) => match partner.ask(&line).await {
                Ok(answer) => Some((partner, answer)),
                Err(failure) if failure.kind == FailureKind::TimedOut => return Err(failure),
                Err(_) => None,
            },
            None => None,
        };
        let (partner, answer) = if let Some(answered) = answered {
            answered
        } else {
            let mut partner = self.program.partner()?;
            let answer = partner.ask(&line).await?;
            (partner, answer)
        };
        self.wait(partner).await;
        match serde_json::from_str(&answer) {
            Ok(Drawn::Png(base64)) => Ok(base64),
            Ok(Drawn::Failed(cause)) => Err(cannot(&cause)),
            Err(_) => Err(cannot("the process that draws said something else")),
        }
    }

    /// Lets a process wait for the next chart, and end when none comes.
    async fn wait(&self, partner: Partner) {
        let mut free = self.free.lock().await;
        free.partners.push(partner);
        free.last = Some(Instant::now());
        if free.ending.as_ref().is_none_or(JoinHandle::is_finished) {
            let weak = Arc::downgrade(&self.free);
            free.ending = Some(tokio::spawn(async move {
                let mut until = Instant::now() + IDLE;
                loop {
                    tokio::time::sleep_until(until).await;
                    let Some(free) = weak.upgrade() else { return };
                    let mut free = free.lock().await;
                    until = free.last.map_or(until, |last| last + IDLE);
                    if until <= Instant::now() {
                        free.partners.clear();
                        free.ending = None;
                        return;
                    }
                }
            }));
        }
    }
}

/// Draws a picture a line until the input ends: what `oms draw` does.
pub fn draw_lines(input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    for line in input.lines() {
        let drawn = match serde_json::from_str::<Picture>(&line?) {
            Ok(picture) => match picture.draw(Format::SmallPng) {
                Ok(bytes) => Drawn::Png(STANDARD.encode(bytes)),
                Err(failure) => Drawn::Failed(failure.message),
            },
            Err(error) => Drawn::Failed(format!("this is no picture: {error}")),
        };
        serde_json::to_writer(&mut output, &drawn)?;
        output.write_all(b"\n")?;
        output.flush()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn pictures_come_back_in_order_and_what_is_none_is_told() {
        let bars = r#"{"title":"Revenue","unit":"euro","shapes":{"bars":[{"label":"DE","value":12.5,"shown":"12.50"},{"label":"FR","value":7.0,"shown":"7.00"}]}}"#;
        let lines = r#"{"title":"Orders","unit":"count","shapes":{"lines":[["web",[{"label":"2025-01","value":1.0,"shown":"1"},{"label":"2025-02","value":null,"shown":""},{"label":"2025-03","value":3.0,"shown":"3"}]]]}}"#;
        let nothing = r#"{"title":"","unit":"count","shapes":{"bars":[]}}"#;
        let input = [bars, "{", lines, nothing, r#"{"title":"","unit":"count","shapes":{"bars":[]},"more":1}"#, bars]
            .join("\n");
        let mut output = Vec::new();
        draw_lines(input.as_bytes(), &mut output).unwrap();
        let drawn: Vec<Drawn> =
            String::from_utf8(output).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let png = |place: usize| match &drawn[place] {
            Drawn::Png(text) => STANDARD.decode(text).unwrap(),
            Drawn::Failed(cause) => cause.clone().into_bytes(),
        };
        for place in [0, 2, 5] {
            assert!(png(place).starts_with(b"\x89PNG"), "{place}: {:?}", drawn[place]);
        }
        assert_eq!(png(0), png(5), "the same picture is the same file");
        assert_ne!(png(0), png(2));
        for place in [1, 3, 4] {
            assert!(matches!(&drawn[place], Drawn::Failed(_)), "{place}");
        }
    }

    #[test]
    fn a_sent_picture_is_drawn_as_one_that_was_not() {
        let text = r#"{"title":"Average order value","unit":"euro","shapes":{"lines":[["all",[{"label":"2025-01","value":81.123456789012345,"shown":"81.12"},{"label":"2025-02","value":79.1,"shown":"79.10"},{"label":"2025-03","value":0.1,"shown":"0.10"}]]]}}"#;
        let picture: Picture = serde_json::from_str(text).unwrap();
        let sent: Picture = serde_json::from_str(&serde_json::to_string(&picture).unwrap()).unwrap();
        assert_eq!(sent.draw(Format::SmallPng).unwrap(), picture.draw(Format::SmallPng).unwrap());
    }
}
