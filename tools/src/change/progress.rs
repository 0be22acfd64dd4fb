//! What is told while a change set is applied: one view over Terraform's, Ansible's and Compose's own ways of telling.

use std::time::Duration;

use serde_json::Value;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Which step, from 1; 0: none of them.
    pub step: usize,
    /// How many there are.
    pub of: usize,
    /// Time since applying began.
    pub elapsed: Duration,
    /// What happened.
    pub happened: Happened,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Happened {
    /// A step is about to start.
    Starts(String),
    /// Its program says something.
    Says(String),
    /// It ended: with `done`, `failed` or `cancelled`.
    Ended(String),
    /// A check is made.
    Checks(String),
}

/// Where progress goes.
pub type Told = std::sync::Arc<dyn Fn(&Progress) + Send + Sync>;

impl Progress {
    /// As a line for people: `[0:07] step 1 of 2: Container oms-mysql-1 Healthy`.
    pub fn line(&self) -> String {
        let seconds = self.elapsed.as_secs();
        let place = if self.step == 0 { String::new() } else { format!("step {} of {}: ", self.step, self.of) };
        let text = match &self.happened {
            Happened::Starts(what) => what.clone(),
            Happened::Says(text) => format!("  {text}"),
            Happened::Ended(how) => how.clone(),
            Happened::Checks(what) => format!("check: {what}"),
        };
        format!("[{}:{:02}] {place}{text}", seconds / 60, seconds % 60)
    }
}

/// What a line of a program's output says to a person; `None` where it is noise.
pub(super) fn spoken(line: &str) -> Option<String> {
    let line = line.trim();
    if line.is_empty() {
        return None;
    }
    if line.starts_with('{')
        && let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(line)
    {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        // Terraform's own sentence, else what Compose says of one of its things.
        return text("@message").map(str::to_owned).or_else(|| {
            let what = text("id")?;
            let words: Vec<&str> = [text("status"), text("text")].into_iter().flatten().collect();
            Some(format!("{what} {}", words.join(" ")))
        });
    }
    // Ansible rules its headings off with stars.
    let bare = line.trim_end_matches('*').trim_end();
    (!bare.is_empty()).then(|| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_program_is_heard() {
        for (line, expected) in [
            (
                r#"{"@level":"info","@message":"terraform_data.a: Creation complete after 0s","type":"apply_complete"}"#,
                Some("terraform_data.a: Creation complete after 0s"),
            ),
            (r#"{"id":"Container oms-mysql-1","status":"Healthy"}"#, Some("Container oms-mysql-1 Healthy")),
            (r#"{"id":"Image a","status":"Working","text":"Pulling"}"#, Some("Image a Working Pulling")),
            ("TASK [Make the file] *****************", Some("TASK [Make the file]")),
            ("ok: [localhost]", Some("ok: [localhost]")),
            ("*****", None),
            ("", None),
            ("{}", None),
            ("{not json", Some("{not json")),
        ] {
            assert_eq!(spoken(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn a_line_tells_time_step_and_text() {
        let progress = Progress {
            step: 1,
            of: 2,
            elapsed: Duration::from_secs(67),
            happened: Happened::Says("ok: [localhost]".into()),
        };
        assert_eq!(progress.line(), "[1:07] step 1 of 2:   ok: [localhost]");
    }
}
