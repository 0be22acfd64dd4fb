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
        if fields.contains_key("oms") {
            return of_ansible(&fields);
        }
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

/// A result of a playbook, as our plugin tells it; that a task begins says nothing that its results do not.
fn of_ansible(fields: &serde_json::Map<String, Value>) -> Option<String> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let is = |name: &str| fields.get(name).and_then(Value::as_bool).unwrap_or_default();
    let how = match text("event") {
        "ok" if is("changed") => "changed",
        "ok" => "ok",
        "failed" if is("ignored") => "fails, and is ignored",
        "failed" => "FAILED",
        "unreachable" => "DOES NOT ANSWER",
        "none" => return Some(text("name").to_owned()),
        _ => return None,
    };
    let mut said = format!("{}: {}: {how}", text("host"), text("task"));
    // What went well needs no words; of what did not, the first line.
    if !how.starts_with(['o', 'c'])
        && let Some(line) = text("message").lines().find(|line| !line.trim().is_empty())
    {
        said.push_str(": ");
        said.push_str(line.trim());
    }
    Some(said)
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
            (r#"{"oms": 1, "event": "task", "task": "Start it"}"#, None),
            (
                r#"{"oms": 1, "event": "ok", "host": "oms-1", "task": "Start it", "changed": true, "message": "x"}"#,
                Some("oms-1: Start it: changed"),
            ),
            (
                r#"{"oms": 1, "event": "failed", "host": "oms-1", "task": "Start it", "message": "no space left\nx"}"#,
                Some("oms-1: Start it: FAILED: no space left"),
            ),
            (r#"{"oms": 1, "event": "end", "hosts": {}}"#, None),
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
