//! Takes the one schema text apart: tables without secondary keys for loading, and the keys to add afterwards.
//!
//! Both together must be exactly what the text alone creates; the tests compare them on a real server.

/// A table of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableText {
    pub(crate) name: String,
    /// CREATE TABLE with columns, primary key and checks only.
    pub(crate) create: String,
    /// ALTER TABLE that adds the rest; none where there is nothing to add.
    pub(crate) complete: Option<String>,
}

impl TableText {
    /// Its columns as `table.column`.
    pub(crate) fn columns(&self) -> Vec<String> {
        let body = self.create.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')).map_or("", |(body, _)| body);
        let is_column = |part: &String| !part.starts_with("PRIMARY KEY") && !part.starts_with("CHECK");
        let columns = parts(body).into_iter().filter(is_column);
        columns.filter_map(|part| part.split_once(' ').map(|(column, _)| format!("{}.{column}", self.name))).collect()
    }
}

/// The tables of a schema text, in its order.
pub(crate) fn tables(schema: &str) -> Vec<TableText> {
    let without_comments: String =
        schema.lines().map(|line| line.split_once("--").map_or(line, |(code, _)| code)).collect::<Vec<_>>().join("\n");
    without_comments.split(';').filter_map(table).collect()
}

fn table(statement: &str) -> Option<TableText> {
    let rest = statement.trim().strip_prefix("CREATE TABLE ")?;
    let (name, rest) = rest.split_once('(')?;
    let (body, options) = rest.rsplit_once(')')?;
    let name = name.trim().to_owned();
    let mut kept = Vec::new();
    let mut unique = Vec::new();
    let mut keys = Vec::new();
    for part in parts(body) {
        if part.starts_with("UNIQUE KEY ") {
            unique.push(format!("ADD {part}"));
        } else if part.starts_with("KEY ") || part.starts_with("FOREIGN KEY ") {
            keys.push(format!("ADD {part}"));
        } else if let Some(column) = part.strip_suffix(" UNIQUE") {
            let column_name = column.split_whitespace().next()?;
            unique.push(format!("ADD UNIQUE KEY ({column_name})"));
            kept.push(column.to_owned());
        } else {
            kept.push(part);
        }
    }
    let create = format!("CREATE TABLE {name} ({}){options}", kept.join(", "));
    unique.append(&mut keys);
    let complete = (!unique.is_empty()).then(|| format!("ALTER TABLE {name} {}", unique.join(", ")));
    Some(TableText { name, create, complete })
}

/// The elements of a list, split at commas outside of parentheses, with single spaces.
fn parts(body: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    for letter in body.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts
        .iter()
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|part| !part.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_taken_apart() {
        let text = "-- a comment\nCREATE TABLE a (\n  id INT PRIMARY KEY,\n  name VARCHAR(9) NOT NULL UNIQUE, -- it's 'x', y\n  \
                    price DECIMAL(10,2) NOT NULL,\n  KEY (name, price), KEY (price),\n  CHECK (price <= 3),\n  \
                    FOREIGN KEY (id) REFERENCES b (id)\n) ENGINE=InnoDB;\n\nCREATE TABLE b (id INT PRIMARY KEY) ENGINE=InnoDB;\n";
        assert_eq!(
            tables(text),
            [
                TableText {
                    name: "a".to_owned(),
                    create:
                        "CREATE TABLE a (id INT PRIMARY KEY, name VARCHAR(9) NOT NULL, price DECIMAL(10,2) NOT NULL, \
                             CHECK (price <= 3)) ENGINE=InnoDB"
                            .to_owned(),
                    complete: Some(
                        "ALTER TABLE a ADD UNIQUE KEY (name), ADD KEY (name, price), ADD KEY (price), ADD FOREIGN KEY \
                         (id) REFERENCES b (id)"
                            .to_owned()
                    ),
                },
                TableText {
                    name: "b".to_owned(),
                    create: "CREATE TABLE b (id INT PRIMARY KEY) ENGINE=InnoDB".to_owned(),
                    complete: None
                },
            ]
        );
    }

    #[test]
    fn the_shop_has_thirteen_tables() {
        let names: Vec<String> = tables(crate::SCHEMA).into_iter().map(|table| table.name).collect();
        assert_eq!(names.len(), 13);
        assert_eq!(names.first().map(String::as_str), Some("categories"));
        assert_eq!(names.last().map(String::as_str), Some("dataset_info"));
    }
}
