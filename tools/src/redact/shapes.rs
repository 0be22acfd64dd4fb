//! What is secret by its shape alone.

use std::borrow::Cow;

use super::HIDDEN;

/// Names whose value is a secret, where they end so: letters only, so that `api_key`, `apiKey` and `api-key` are one.
const SECRET_ENDINGS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "accountkey",
    "accesskey",
    "accesskeyid",
    "accesssignature",
    "apikey",
    "connectionstring",
    "privatekey",
    "primarykey",
    "secondarykey",
    "sharedkey",
    "signingkey",
    "encryptionkey",
    "masterkey",
    "storagekey",
    "credential",
    "credentials",
    "authorization",
    "vaultpass",
];
/// Names whose value is a secret, where they are just this.
const SECRET_NAMES: &[&str] = &["sig", "pwd", "pass", "sas", "sastoken"];
/// What a token begins with, and how many signs it has at least.
const TOKEN_BEGINNINGS: &[(&str, usize)] = &[
    ("ghp_", 20),
    ("gho_", 20),
    ("ghu_", 20),
    ("ghs_", 20),
    ("ghr_", 20),
    ("github_pat_", 30),
    ("glpat-", 20),
    ("xoxa-", 15),
    ("xoxb-", 15),
    ("xoxp-", 15),
    ("xoxr-", 15),
    ("xoxs-", 15),
    ("xapp-", 15),
    ("sk-", 20),
    ("hvs.", 20),
    ("npm_", 30),
    ("pypi-", 30),
    ("dckr_pat_", 20),
];

/// Whether what is called so is a secret.
pub fn is_secret_name(name: &str) -> bool {
    let letters: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|sign| sign.to_ascii_lowercase()).collect();
    SECRET_NAMES.contains(&letters.as_str()) || SECRET_ENDINGS.iter().any(|ending| letters.ends_with(ending))
}

/// The text with everything hidden that is secret by its shape.
pub fn by_shape(text: &str) -> Cow<'_, str> {
    let mut spans = Vec::new();
    assigned(text, &mut spans);
    in_addresses(text, &mut spans);
    words(text, &mut spans);
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    spans.sort_unstable();
    let (mut hidden, mut done) = (String::with_capacity(text.len()), 0);
    for (from, to) in spans {
        if to <= done {
            continue;
        }
        if from >= done {
            hidden.push_str(&text[done..from]);
            hidden.push_str(HIDDEN);
        }
        done = to;
    }
    hidden.push_str(&text[done..]);
    Cow::Owned(hidden)
}

type Spans = Vec<(usize, usize)>;

/// `password=...`, `"token": "..."`, `AccountKey=...;`, `?sig=...&`, `Authorization: Bearer ...`.
fn assigned(text: &str, spans: &mut Spans) {
    let bytes = text.as_bytes();
    for at in (0..bytes.len()).filter(|at| matches!(bytes[*at], b'=' | b':')) {
        let name = name_before(text, at);
        if name.is_empty() || !is_secret_name(name) {
            continue;
        }
        let Some((from, to)) = value_after(text, at + 1) else { continue };
        let value = &text[from..to];
        // A reference, a mark and a path name the secret and are none.
        let harmless = value.is_empty()
            || text[from..].starts_with(HIDDEN)
            || value.starts_with("${")
            || value.starts_with('(')
            || value.starts_with("{{")
            || value.starts_with('/')
            || matches!(value, "null" | "true" | "false" | "none" | "None");
        if harmless {
            continue;
        }
        spans.push((from, to));
        if ["bearer", "basic", "digest"].contains(&value.to_ascii_lowercase().as_str())
            && let Some(next) = value_after(text, to)
            && next.0 < next.1
        {
            spans.push(next);
        }
    }
}

/// The name that ends before a sign: spaces and a quote may stand between.
fn name_before(text: &str, at: usize) -> &str {
    let before = text[..at].trim_end_matches(' ').trim_end_matches(['"', '\'', '`']).trim_end_matches('\\');
    let from = before
        .rfind(|sign: char| !(sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-' | '.')))
        .map_or(0, |last| last + before[last..].chars().next().map_or(1, char::len_utf8));
    &before[from..]
}

/// The bounds of the value that begins after a sign.
fn value_after(text: &str, at: usize) -> Option<(usize, usize)> {
    let rest = text.get(at..)?;
    let spaces = rest.len() - rest.trim_start_matches([' ', '\t', '\\', '>']).len();
    let from = at + spaces;
    let quote = text[from..].chars().next()?;
    if matches!(quote, '"' | '\'' | '`') {
        let from = from + 1;
        let to = text[from..].find(quote).map_or(text.len(), |to| from + to);
        return Some((from, to));
    }
    let ends =
        |sign: char| sign.is_whitespace() || matches!(sign, ';' | '&' | ',' | '"' | '\'' | '`' | ')' | '}' | ']' | '<');
    let to = text[from..].find(ends).map_or(text.len(), |to| from + to);
    Some((from, to))
}

/// `scheme://user:PASSWORD@host`.
fn in_addresses(text: &str, spans: &mut Spans) {
    for (at, mark) in text.match_indices("://") {
        let from = at + mark.len();
        let rest = &text[from..];
        let authority = &rest[..rest
            .find(|sign: char| sign.is_whitespace() || matches!(sign, '/' | '?' | '#' | '"' | '\'' | '<' | '>' | '`'))
            .unwrap_or(rest.len())];
        if let Some((user, _)) = authority.rsplit_once('@')
            && let Some((name, password)) = user.split_once(':')
            && !password.is_empty()
        {
            let start = from + name.len() + 1;
            spans.push((start, start + password.len()));
        }
    }
}

/// Words that are tokens or keys by themselves.
fn words(text: &str, spans: &mut Spans) {
    let bytes = text.as_bytes();
    let of_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+' | b'/' | b'=');
    let mut from = 0;
    while from < bytes.len() {
        if !of_word(bytes[from]) {
            from += 1;
            continue;
        }
        let length = bytes[from..].iter().take_while(|byte| of_word(**byte)).count();
        // `=` begins a value and ends a key: `AccountKey=abc==` is a name, a sign and a key.
        let word = &text[from..from + length];
        if length >= 15 {
            let mut at = 0;
            for part in word.split_inclusive('=') {
                let run = part.trim_end_matches('=');
                let padded =
                    &word[at..][..run.len() + word[at + run.len()..].bytes().take_while(|b| *b == b'=').count()];
                if is_token(run) || is_key(padded) {
                    spans.push((from + at, from + at + padded.len()));
                }
                at += part.len();
            }
        }
        from += length;
    }
}

fn is_token(word: &str) -> bool {
    if word.len() < 15 {
        return false;
    }
    let json_web_token = word.starts_with("eyJ") && word.len() > 40 && word.matches('.').count() >= 2;
    let amazon = word.len() == 20
        && (word.starts_with("AKIA") || word.starts_with("ASIA"))
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    json_web_token
        || amazon
        || TOKEN_BEGINNINGS.iter().any(|(beginning, least)| word.len() >= *least && word.starts_with(beginning))
}

/// A key of 32 or 64 random bytes in base64, as storage accounts and event hubs have them.
fn is_key(word: &str) -> bool {
    let padded = word.len() == 88 && word.ends_with("==") || word.len() == 44 && word.ends_with('=');
    let body = word.trim_end_matches('=');
    padded
        && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        && body.bytes().any(|byte| byte.is_ascii_digit())
        && body.bytes().any(|byte| byte.is_ascii_uppercase())
        && body.bytes().any(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made here, and no key of anything.
    fn made_up(length: usize) -> String {
        "Ab3+Xy/9Zq0Rt".chars().cycle().take(length).collect()
    }

    #[test]
    fn secrets_are_hidden_by_their_shape() {
        let storage = format!("{}==", made_up(86));
        let hub = format!("{}=", made_up(43));
        for (text, expected) in [
            ("password=abc next".to_owned(), "password=[hidden] next"),
            ("DB_PASSWORD: abc".to_owned(), "DB_PASSWORD: [hidden]"),
            ("{\"clientSecret\": \"a b\", \"x\": 1}".to_owned(), "{\"clientSecret\": \"[hidden]\", \"x\": 1}"),
            ("{\\\"token\\\":\\\"abc\\\"}".to_owned(), "{\\\"token\\\":\\\"[hidden]\"}"),
            (
                format!("AccountName=a;AccountKey={storage};EndpointSuffix=b"),
                "AccountName=a;AccountKey=[hidden];EndpointSuffix=b",
            ),
            (
                format!("Endpoint=sb://x.example/;SharedAccessKeyName=send;SharedAccessKey={hub};EntityPath=orders"),
                "Endpoint=sb://x.example/;SharedAccessKeyName=send;SharedAccessKey=[hidden];EntityPath=orders",
            ),
            ("https://a.example/c?sv=1&sig=abc%3D&se=2".to_owned(), "https://a.example/c?sv=1&sig=[hidden]&se=2"),
            ("mysql://root:pw@127.0.0.1:3306/oms".to_owned(), "mysql://root:[hidden]@127.0.0.1:3306/oms"),
            ("Authorization: Bearer abc.def".to_owned(), "Authorization: [hidden] [hidden]"),
            (format!("the key is {storage}"), "the key is [hidden]"),
            (format!("the key is {hub}."), "the key is [hidden]."),
            (
                format!("eyJ{}.{}.{}", made_up(20).replace(['+', '/'], "x"), "abcdefghijkl", "mnopqrstuvwxyz"),
                "[hidden]",
            ),
            (format!("ghp_{}", "a1B2".repeat(9)), "[hidden]"),
            (format!("xoxb-{}", "12345-67890"), "[hidden]"),
            ("AKIAABCDEFGHIJKLMNOP".to_owned(), "[hidden]"),
            ("api_key = 'x y z'".to_owned(), "api_key = '[hidden]'"),
            ("-e db_password=abc".to_owned(), "-e db_password=[hidden]"),
        ] {
            let hidden = by_shape(&text);
            // A word's own end is not part of the key.
            assert_eq!(hidden.trim_end_matches('.'), expected.trim_end_matches('.'), "{text}");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            "",
            "the order was placed at 12:00:05",
            "DB_PASSWORD_FILE: /run/secrets/db_password",
            "password: ${DB_PASSWORD}",
            "admin_password = (sensitive value)",
            "tokens=5 partition_key: ORD-0000042",
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "/work/some/long/path/of/a/file/that/is/not/a/secret/at/all.txt",
            "http://127.0.0.1:8080/healthz",
            "PWD=/home/ana",
            "module.event_stream.azurerm_eventhub_namespace.this",
            "2026-01-14T12:00:00.000Z level=info msg=\"ready\"",
        ] {
            assert_eq!(by_shape(text), text);
        }
    }

    #[test]
    fn any_text_is_taken() {
        for text in
            ["=", ":", "password=", "password:\"", "://", "://:@", "://a:b@", "é=ü:password=ß", "token=\u{1f600}"]
        {
            by_shape(text);
        }
        assert_eq!(by_shape("пароль password=ключ конец"), "пароль password=[hidden] конец");
    }
}
