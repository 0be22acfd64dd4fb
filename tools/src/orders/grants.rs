//! What an account may do, read from SHOW GRANTS: one that could do more than SELECT is refused before the first question.
//!
//! Reading is fail-closed: a line that is not understood to the last word is a right that cannot be judged, and refuses
//! the account. Nothing here trusts the guard or the session: the account is a layer of its own.

use crate::Failure;

/// One right of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Right {
    /// The privilege in capitals: `SELECT`, `CREATE TEMPORARY TABLES`.
    pub privilege: String,
    /// The columns that it is limited to; none where it covers the whole object.
    pub columns: Vec<String>,
    /// What it is on, as `database.table`, with `*` for all.
    pub object: String,
}

/// What one line of SHOW GRANTS says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    Rights {
        rights: Vec<Right>,
        grant_option: bool,
    },
    Role(String),
    Proxy,
    /// A partial revoke or a default role: it adds no right.
    Nothing,
}

/// Refuses an account whose grants, one a line, are more than SELECT; the reason names the privilege and the object.
pub fn check(lines: &[String], user: &str, database: &str) -> Result<Vec<Right>, Failure> {
    let refuse = |cause: String| {
        Err(Failure::refused(format!("refused to use the account `{user}` on `{database}`: {cause}"))
            .hint("use an account that can only SELECT: `oms db url` prints the private database's reader")
            .hint(format!("or make one: CREATE USER ...; GRANT SELECT ON `{database}`.`orders` TO ..., and so on")))
    };
    let mut all = Vec::new();
    for text in lines {
        match read(text) {
            None => return refuse("one of its grants cannot be understood, so it cannot be judged".to_owned()),
            Some(Line::Role(role)) => {
                return refuse(format!("it can take on the role `{role}`, whose rights are not its own"));
            }
            Some(Line::Proxy) => return refuse("it can act as another account (PROXY)".to_owned()),
            Some(Line::Nothing) => {}
            Some(Line::Rights { rights, grant_option }) => {
                for right in &rights {
                    if !matches!(right.privilege.as_str(), "SELECT" | "USAGE") {
                        return refuse(format!(
                            "it has {} on {}; only SELECT is allowed",
                            right.privilege, right.object
                        ));
                    }
                }
                if grant_option {
                    let object = rights.first().map(|right| right.object.clone()).unwrap_or_default();
                    return refuse(format!("it can grant its rights on {object} to others (WITH GRANT OPTION)"));
                }
                all.extend(rights);
            }
        }
    }
    if all.is_empty() {
        return refuse("its grants could not be read".to_owned());
    }
    Ok(all)
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Quoted(String),
    Mark(char),
}

fn read(line: &str) -> Option<Line> {
    let tokens = tokenize(line)?;
    let mut reader = Reader { tokens: &tokens };
    if reader.word("REVOKE") || reader.words(&["SET", "DEFAULT", "ROLE"]) {
        return Some(Line::Nothing);
    }
    if !reader.word("GRANT") {
        return None;
    }
    if reader.word("PROXY") {
        return Some(Line::Proxy);
    }
    if matches!(reader.tokens.first(), Some(Token::Quoted(_))) || !tokens.contains(&Token::Word("ON".to_owned())) {
        return Some(Line::Role(reader.name()?));
    }
    let mut granted = vec![reader.privilege()?];
    while reader.mark(',') {
        granted.push(reader.privilege()?);
    }
    if !reader.word("ON") {
        return None;
    }
    let kind = ["TABLE", "FUNCTION", "PROCEDURE", "PACKAGE"].into_iter().find(|kind| reader.word(kind));
    if matches!(kind, Some("PACKAGE")) {
        reader.word("BODY");
    }
    let object = reader.object()?;
    if !reader.word("TO") {
        return None;
    }
    reader.account()?;
    let grant_option = reader.options()?;
    let rights =
        granted.into_iter().map(|(privilege, columns)| Right { privilege, columns, object: object.clone() }).collect();
    Some(Line::Rights { rights, grant_option })
}

struct Reader<'t> {
    tokens: &'t [Token],
}

impl Reader<'_> {
    fn take(&mut self) -> Option<Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first.clone())
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.tokens.first(), Some(Token::Word(text)) if text == word);
        if found {
            self.take();
        }
        found
    }

    fn words(&mut self, words: &[&str]) -> bool {
        words.iter().all(|word| self.word(word))
    }

    fn mark(&mut self, mark: char) -> bool {
        let found = self.tokens.first() == Some(&Token::Mark(mark));
        if found {
            self.take();
        }
        found
    }

    fn name(&mut self) -> Option<String> {
        match self.take()? {
            Token::Word(text) | Token::Quoted(text) => Some(text),
            Token::Mark(_) => None,
        }
    }

    /// `SELECT`, `CREATE TEMPORARY TABLES`, `SELECT (id, status)`.
    fn privilege(&mut self) -> Option<(String, Vec<String>)> {
        let mut words = Vec::new();
        while let Some(Token::Word(text)) = self.tokens.first() {
            if text == "ON" {
                break;
            }
            words.push(text.clone());
            self.take();
        }
        let mut columns = Vec::new();
        if self.mark('(') {
            loop {
                columns.push(self.name()?);
                if self.mark(')') {
                    break;
                }
                if !self.mark(',') {
                    return None;
                }
            }
        }
        (!words.is_empty()).then(|| (words.join(" "), columns))
    }

    fn part(&mut self) -> Option<String> {
        if self.mark('*') { Some("*".to_owned()) } else { self.name().map(|name| format!("`{name}`")) }
    }

    fn object(&mut self) -> Option<String> {
        let database = self.part()?;
        if !self.mark('.') {
            return None;
        }
        Some(format!("{database}.{}", self.part()?))
    }

    fn account(&mut self) -> Option<()> {
        self.name()?;
        if self.mark('@') {
            self.name()?;
        }
        Some(())
    }

    /// Everything after the account; whether it holds GRANT OPTION. `None` at a word that is not known.
    fn options(&mut self) -> Option<bool> {
        const KNOWN: [&str; 22] = [
            "IDENTIFIED",
            "BY",
            "PASSWORD",
            "VIA",
            "USING",
            "OR",
            "WITH",
            "REQUIRE",
            "SSL",
            "X509",
            "SUBJECT",
            "ISSUER",
            "CIPHER",
            "AND",
            "NONE",
            "MAX_QUERIES_PER_HOUR",
            "MAX_UPDATES_PER_HOUR",
            "MAX_CONNECTIONS_PER_HOUR",
            "MAX_USER_CONNECTIONS",
            "MAX_STATEMENT_TIME",
            "AS",
            "INVALID",
        ];
        let mut grant_option = false;
        while let Some(token) = self.take() {
            match token {
                Token::Word(text) if text == "GRANT" || text == "ADMIN" => {
                    if !self.word("OPTION") {
                        return None;
                    }
                    grant_option = true;
                }
                // The plugin's name: any word.
                Token::Word(text) if text == "VIA" || text == "OR" => {
                    self.name()?;
                }
                Token::Word(text) => {
                    if !KNOWN.contains(&text.as_str()) && text.parse::<f64>().is_err() {
                        return None;
                    }
                }
                Token::Quoted(_) => {}
                Token::Mark(mark) => {
                    if mark != '.' {
                        return None;
                    }
                }
            }
        }
        Some(grant_option)
    }
}

/// Words in capitals, names without their quotes, marks. `None` where a quote does not end or a sign is unknown.
fn tokenize(line: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut letters = line.trim().trim_end_matches(';').chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ' ' => {}
            '`' | '\'' | '"' => {
                let mut text = String::new();
                loop {
                    let inner = letters.next()?;
                    if inner == letter {
                        if letters.peek() != Some(&letter) {
                            break;
                        }
                        letters.next();
                    }
                    text.push(inner);
                }
                tokens.push(Token::Quoted(text));
            }
            ',' | '(' | ')' | '.' | '@' | '*' => tokens.push(Token::Mark(letter)),
            _ if letter.is_alphanumeric() || "_$%-".contains(letter) => {
                let mut text = String::from(letter.to_ascii_uppercase());
                while let Some(next) = letters.next_if(|next| next.is_alphanumeric() || "_$%-".contains(*next)) {
                    text.push(next.to_ascii_uppercase());
                }
                tokens.push(Token::Word(text));
            }
            _ => return None,
        }
    }
    Some(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(lines: &[&str]) -> Result<usize, String> {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        check(&lines, "reader", "oms").map(|rights| rights.len()).map_err(|failure| failure.message)
    }

    #[test]
    fn accepts_accounts_that_can_only_select() {
        let check = |lines: &[&str]| assert!(verdict(lines).is_ok(), "{lines:?}: {:?}", verdict(lines));
        check(&[
            "GRANT USAGE ON *.* TO `oms_reader`@`localhost` IDENTIFIED BY PASSWORD '*6BB4837EB74329105EE4568DDA7DC67ED2CA2AD9'",
            "GRANT SELECT ON `oms`.`orders` TO `oms_reader`@`localhost`",
            "GRANT SELECT (`id`, `full_name`, `city`) ON `oms`.`customers` TO `oms_reader`@`localhost`",
        ]);
        check(&["GRANT USAGE ON *.* TO `r`@`%`", "GRANT SELECT ON `oms`.* TO `r`@`%`"]);
        check(&[
            "GRANT USAGE ON *.* TO 'r'@'localhost' IDENTIFIED VIA unix_socket",
            "GRANT SELECT ON oms.* TO 'r'@'localhost'",
        ]);
        check(&[
            "GRANT SELECT ON *.* TO \"r\"@\"%\" REQUIRE SSL WITH MAX_USER_CONNECTIONS 5 MAX_STATEMENT_TIME 10.000000",
        ]);
        check(&["GRANT USAGE ON *.* TO `r`@`%`", "REVOKE SELECT ON `mysql`.* FROM `r`@`%`"]);
        check(&["GRANT SELECT ON `a``b`.`c.d, INSERT ON` TO `r`@`%`"]);
    }

    #[test]
    fn refuses_every_other_right_with_its_name() {
        let check = |line: &str, expected: &str| match verdict(&["GRANT USAGE ON *.* TO `r`@`%`", line]) {
            Ok(_) => panic!("accepted {line}"),
            Err(message) => assert!(message.contains(expected), "{line}: {message}"),
        };
        for privilege in [
            "INSERT",
            "UPDATE",
            "DELETE",
            "CREATE",
            "DROP",
            "RELOAD",
            "SHUTDOWN",
            "PROCESS",
            "FILE",
            "REFERENCES",
            "INDEX",
            "ALTER",
            "SHOW DATABASES",
            "SUPER",
            "CREATE TEMPORARY TABLES",
            "LOCK TABLES",
            "EXECUTE",
            "REPLICATION SLAVE",
            "REPLICATION CLIENT",
            "CREATE VIEW",
            "SHOW VIEW",
            "CREATE ROUTINE",
            "ALTER ROUTINE",
            "CREATE USER",
            "EVENT",
            "TRIGGER",
            "CREATE TABLESPACE",
            "DELETE HISTORY",
            "BINLOG ADMIN",
            "CONNECTION ADMIN",
            "SET USER",
            "READ_ONLY ADMIN",
            "APPLICATION_PASSWORD_ADMIN",
            "SYSTEM_VARIABLES_ADMIN",
            "BACKUP_ADMIN",
            "ALL PRIVILEGES",
            "ALL",
            "SOMETHING NEW",
        ] {
            check(&format!("GRANT {privilege} ON *.* TO `r`@`%`"), &format!("it has {privilege} on *.*"));
            check(&format!("GRANT SELECT, {privilege} ON `oms`.* TO `r`@`%`"), &format!("{privilege} on `oms`.*"));
        }
        check("GRANT SELECT, UPDATE (status, `channel`) ON `oms`.`orders` TO 'r'@'%'", "UPDATE on `oms`.`orders`");
        check("GRANT EXECUTE ON FUNCTION `oms`.`wipe` TO `r`@`%`", "EXECUTE on `oms`.`wipe`");
        check("GRANT EXECUTE ON PROCEDURE `oms`.`wipe` TO `r`@`%`", "EXECUTE");
        check("GRANT SELECT ON `oms`.* TO `r`@`%` WITH GRANT OPTION", "WITH GRANT OPTION");
        check("GRANT USAGE ON *.* TO `r`@`%` WITH GRANT OPTION", "WITH GRANT OPTION");
        check("GRANT SELECT ON *.* TO `r`@`%` WITH MAX_QUERIES_PER_HOUR 5 GRANT OPTION", "WITH GRANT OPTION");
        check("GRANT PROXY ON ''@'%' TO 'root'@'localhost' WITH GRANT OPTION", "PROXY");
        check("GRANT PROXY ON `root`@`localhost` TO `r`@`%`", "PROXY");
        check("GRANT `writers` TO `r`@`%`", "the role `writers`");
        check("GRANT `writers`@`%`,`admins`@`%` TO `r`@`%`", "the role `writers`");
        check("GRANT writers TO r@localhost", "the role `WRITERS`");
    }

    #[test]
    fn refuses_what_it_does_not_understand() {
        for line in [
            "",
            "GRANT",
            "GRANT SELECT",
            "GRANT SELECT ON",
            "GRANT SELECT ON `oms` TO `r`@`%`",
            "ALLOW SELECT ON *.* TO r",
            "GRANT SELECT ON `oms`.* FOR `r`@`%`",
            "GRANT SELECT ON `oms`.* TO `r`@`%` WITH ADMIN",
            "GRANT SELECT (id ON a.b TO r",
            "GRANT SELECT ON `oms.* TO `r`@`%`",
            "GRANT SELECT ON `oms`.* TO `r`@`%` AND THEN INSERT",
            "GRANT SELECT ON `oms`.* TO `r`@`%`; GRANT ALL ON *.* TO r",
            "GRANT ON *.* TO r",
        ] {
            assert!(verdict(&[line]).is_err(), "accepted {line:?}");
        }
        assert!(verdict(&[]).is_err());
    }
}
