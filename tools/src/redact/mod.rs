//! Secrets are hidden here, before anything else sees a text: the model, the screen, the log, the audit record.
//!
//! Hidden are values that are known to be secret (sensitive outputs, the vault's), and what is secret by its shape: keys,
//! connection strings, passwords in addresses, tokens, private keys, vault blocks. Hiding too much is no harm; what is
//! hidden is told by a mark.

mod shapes;

use std::borrow::Cow;

use serde_json::Value;

pub use shapes::{by_shape, is_secret_name};

/// What stands in a secret's place.
pub const HIDDEN: &str = "[hidden]";

/// A value that is shorter is not searched for: it would hide half of every text.
const SHORTEST_VALUE: usize = 4;

/// What hides secrets: by shape always, and values that it was given.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Redactor {
    /// The longest first, so that no value is hidden in part by another.
    values: Vec<String>,
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redactor({} values)", self.values.len())
    }
}

impl Redactor {
    /// The same with one more secret value; of one with several lines, each line too.
    #[must_use]
    pub fn with(mut self, value: &str) -> Self {
        self.add(value);
        self
    }

    /// Adds a secret value; of one with several lines, each line too.
    pub fn add(&mut self, value: &str) {
        for part in value.lines().map(str::trim).chain([value.trim()]) {
            if part.len() >= SHORTEST_VALUE && !self.values.iter().any(|known| known == part) {
                self.values.push(part.to_owned());
            }
        }
        self.values.sort_by_key(|value| std::cmp::Reverse(value.len()));
    }

    /// Adds every text within a secret JSON value.
    pub fn add_json(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.add(text),
            Value::Number(number) => self.add(&number.to_string()),
            Value::Array(items) => items.iter().for_each(|item| self.add_json(item)),
            Value::Object(fields) => fields.values().for_each(|field| self.add_json(field)),
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// The text with secrets hidden.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut hidden = Cow::Borrowed(text);
        for value in &self.values {
            if hidden.contains(value.as_str()) {
                hidden = Cow::Owned(hidden.replace(value.as_str(), HIDDEN));
            }
        }
        match by_shape(&hidden) {
            Cow::Borrowed(_) => hidden,
            Cow::Owned(text) => Cow::Owned(text),
        }
    }

    /// Several lines, blocks among them.
    pub fn lines(&self, text: &str) -> String {
        let mut blocks = Blocks::default();
        let mut hidden: String = text.split('\n').map(|line| blocks.line(self, line)).collect::<Vec<_>>().join("\n");
        if hidden.is_empty() && !text.is_empty() {
            hidden.push_str(HIDDEN);
        }
        hidden
    }

    /// Hides within a JSON value: the values of secret names, and what is secret in any text.
    pub fn json(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                let hidden = self.lines(text);
                *text = hidden;
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.json(item)),
            Value::Object(fields) => {
                for (name, field) in fields.iter_mut() {
                    if is_secret_name(name) && matches!(field, Value::String(_) | Value::Number(_)) {
                        *field = Value::String(HIDDEN.to_owned());
                    } else {
                        self.json(field);
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// Where a text is within a secret of several lines: a private key, a block of the vault.
#[derive(Clone, Debug, Default)]
pub struct Blocks {
    within: Option<Block>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Block {
    Key,
    Vault,
}

impl Blocks {
    /// The next line with secrets hidden.
    pub fn line<'a>(&mut self, redactor: &Redactor, line: &'a str) -> Cow<'a, str> {
        match self.within {
            Some(Block::Key) => {
                if line.contains("-----END ") {
                    self.within = None;
                }
                return Cow::Borrowed(HIDDEN);
            }
            Some(Block::Vault) => {
                let digits = line.trim().trim_start_matches(['|', '+', '-', ' ']);
                if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    return Cow::Borrowed(HIDDEN);
                }
                self.within = None;
            }
            None => {}
        }
        if let Some(at) = line.find("-----BEGIN ")
            && line[at..].contains("PRIVATE KEY")
        {
            if !line[at..].contains("-----END ") {
                self.within = Some(Block::Key);
            }
            return Cow::Owned(format!("{}{HIDDEN}", redactor.text(&line[..at])));
        }
        if let Some(at) = line.find("$ANSIBLE_VAULT;") {
            self.within = Some(Block::Vault);
            return Cow::Owned(format!("{}{HIDDEN}", redactor.text(&line[..at])));
        }
        redactor.text(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn known_values_are_hidden_wherever_they_stand() {
        let redactor =
            Redactor::default().with("hunter-22").with("hunter-22-longer").with("ab").with("line-one\nline-two");
        assert_eq!(redactor.text("a hunter-22-longer b hunter-22"), "a [hidden] b [hidden]");
        assert_eq!(redactor.text("ab is too short to be searched for"), "ab is too short to be searched for");
        assert_eq!(redactor.text("only line-two"), "only [hidden]");
        assert_eq!(redactor.text("password=hunter-22 token: \"hunter-22\""), "password=[hidden] token: \"[hidden]\"");
        assert_eq!(format!("{redactor:?}"), "Redactor(5 values)");
    }

    #[test]
    fn json_is_hidden_by_name_and_by_value() {
        let mut redactor = Redactor::default();
        redactor.add_json(&json!({ "a": ["s3cr3t-a", { "b": "s3cr3t-b" }], "n": 123_456 }));
        let mut value = json!({
            "name": "oms", "admin_password": "x", "keys": ["s3cr3t-a"], "text": "says s3cr3t-b",
            "count": 5, "nested": { "primary_access_key": "abc", "token": null, "port": "p=123456" },
        });
        redactor.json(&mut value);
        assert_eq!(
            value,
            json!({
                "name": "oms", "admin_password": "[hidden]", "keys": ["[hidden]"], "text": "says [hidden]",
                "count": 5, "nested": { "primary_access_key": "[hidden]", "token": null, "port": "p=[hidden]" },
            })
        );
    }

    #[test]
    fn blocks_are_hidden_to_their_end() {
        let key = "before\nkey: -----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabcd\n-----END RSA PRIVATE KEY-----\nafter";
        assert_eq!(Redactor::default().lines(key), "before\nkey: [hidden]\n[hidden]\n[hidden]\n[hidden]\nafter");
        let vault = "db: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162636465\n  3132333435\nnext: 5";
        assert_eq!(Redactor::default().lines(vault), "db: !vault |\n  [hidden]\n[hidden]\n[hidden]\nnext: 5");
        let certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
        assert_eq!(Redactor::default().lines(certificate), certificate);
        assert_eq!(
            Redactor::default().lines("-----BEGIN PRIVATE KEY-----x-----END PRIVATE KEY-----\nb"),
            "[hidden]\nb"
        );
    }
}
