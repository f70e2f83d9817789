//! The schema as the migrations declare it: tables, columns and keys, read from their text. What a backup goes by, and what both
//! engines are compared with.

use std::collections::BTreeMap;

use crate::{Db, EngineKind, Error, Migration, Read, migrate, sql};

/// The five kinds of column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `uuid`
    Uuid,
    /// `bigint`
    Bigint,
    /// `text`
    Text,
    /// `boolean`
    Boolean,
    /// `bytea`
    Bytea,
}

impl Kind {
    fn of(word: &str) -> Option<Kind> {
        Some(match word {
            "uuid" => Kind::Uuid,
            "bigint" => Kind::Bigint,
            "text" => Kind::Text,
            "boolean" => Kind::Boolean,
            "bytea" => Kind::Bytea,
            _ => return None,
        })
    }

    /// What SQLite calls its storage.
    fn sqlite(self) -> &'static str {
        match self {
            Kind::Uuid | Kind::Bytea => "BLOB",
            Kind::Bigint | Kind::Boolean => "INTEGER",
            Kind::Text => "TEXT",
        }
    }
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ColumnOf {
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: Kind,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Table {
    /// Name.
    pub name: String,
    /// Columns in their order.
    pub columns: Vec<ColumnOf>,
    /// Names of the columns of the primary key.
    pub key: Vec<String>,
}

/// The schema of these rooms after all their migrations, the ground first, tables in the order they were made.
pub fn schema(rooms: &[(&str, &[Migration])]) -> Result<Vec<Table>, Error> {
    made_by(migrate::GROUND.iter().chain(rooms.iter().flat_map(|(_, steps)| steps.iter())))
}

/// The schema that these steps make.
pub(crate) fn made_by<'a>(steps: impl Iterator<Item = &'a Migration>) -> Result<Vec<Table>, Error> {
    let mut tables = Vec::new();
    for step in steps {
        for statement in statements(&migrate::common(step.sql)) {
            apply(&mut tables, &statement).map_err(|e| Error::Migration(format!("{} {}: {e}", step.number, step.name)))?;
        }
    }
    Ok(tables)
}

/// Statements as lists of words and signs, without comments and strings.
fn statements(text: &str) -> Vec<Vec<String>> {
    let (mut all, mut now, mut trigger) = (Vec::new(), Vec::new(), false);
    for piece in migrate::pieces(text) {
        let word = match piece {
            migrate::Piece::Word(word) => word.to_ascii_lowercase(),
            migrate::Piece::Other(sign) if sign.trim().is_empty() || sign.starts_with("--") || sign.starts_with('\'') => continue,
            migrate::Piece::Other(sign) => sign.trim_matches('"').to_owned(),
        };
        trigger |= word == "trigger" && now.first().is_some_and(|w| w == "create");
        if word == ";" && !trigger {
            all.push(std::mem::take(&mut now));
        } else {
            trigger &= !(word == ";" && now.last().is_some_and(|w: &String| w == "end"));
            now.push(word);
        }
    }
    all.push(now);
    all.retain(|s| !s.is_empty());
    all
}

fn apply(tables: &mut Vec<Table>, statement: &[String]) -> Result<(), String> {
    let words: Vec<&str> = statement.iter().map(String::as_str).collect();
    let find = |tables: &[Table], name: &str| tables.iter().position(|t| t.name == name).ok_or(format!("no table {name}"));
    match words.as_slice() {
        ["create", "table", "if", "not", "exists", name, "(", body @ ..] | ["create", "table", name, "(", body @ ..] => {
            tables.push(table(name, body)?);
        }
        ["create", "table", name, ..] => return Err(format!("table {name} must be declared column by column")),
        ["drop", "table", "if", "exists", name, ..] | ["drop", "table", name, ..] => tables.retain(|t| t.name != *name),
        ["alter", "table", name, "rename", "to", new, ..] => {
            let at = find(tables, name)?;
            tables[at].name = (*new).to_owned();
        }
        ["alter", "table", name, "rename", "column", old, "to", new, ..] => {
            let at = find(tables, name)?;
            let Table { columns, key, .. } = &mut tables[at];
            for known in columns.iter_mut().map(|c| &mut c.name).chain(key).filter(|n| n == old) {
                (*new).clone_into(known);
            }
        }
        ["alter", "table", name, "add", "column", column, kind, ..] => {
            let at = find(tables, name)?;
            let kind = Kind::of(kind).ok_or(format!("{kind} is none of the five types"))?;
            tables[at].columns.push(ColumnOf { name: (*column).to_owned(), kind });
        }
        ["alter", "table", name, "drop", "column", column, ..] => {
            let at = find(tables, name)?;
            tables[at].columns.retain(|c| c.name != *column);
        }
        ["alter", "table", name, ..] => return Err(format!("this change of {name} is not possible on both engines")),
        _ => {}
    }
    Ok(())
}

fn table(name: &str, body: &[&str]) -> Result<Table, String> {
    let mut made = Table { name: name.to_owned(), columns: Vec::new(), key: Vec::new() };
    for item in items(body) {
        match item.as_slice() {
            ["primary", "key", "(", key @ ..] => {
                made.key = key.iter().take_while(|w| **w != ")").filter(|w| **w != ",").map(|w| (*w).to_owned()).collect();
            }
            ["unique" | "check" | "foreign" | "constraint", ..] => {}
            [column, kind, rest @ ..] => {
                let kind = Kind::of(kind).ok_or(format!("{name}.{column}: {kind} is none of the five types"))?;
                if rest.contains(&"deferrable") {
                    return Err(format!("{name}.{column}: a deferred check would fail other units at the common commit"));
                }
                if rest.windows(2).any(|w| w == ["primary", "key"]) {
                    made.key = vec![(*column).to_owned()];
                }
                made.columns.push(ColumnOf { name: (*column).to_owned(), kind });
            }
            other => return Err(format!("{name}: {other:?} is no column")),
        }
    }
    if made.key.is_empty() {
        return Err(format!("{name} has no primary key"));
    }
    Ok(made)
}

/// The parts between the commas of the outermost parentheses.
fn items<'a>(body: &[&'a str]) -> Vec<Vec<&'a str>> {
    let (mut all, mut now, mut depth) = (Vec::new(), Vec::new(), 1);
    for word in body {
        match *word {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && *word == "," {
            all.push(std::mem::take(&mut now));
        } else {
            now.push(*word);
        }
    }
    all.push(now);
    all
}

/// How the tables on disk differ from the declared ones: nothing, in a sound database.
pub async fn differences(db: &Db, rooms: &[(&str, &[Migration])]) -> Result<Vec<String>, Error> {
    let kind = db.kind();
    let found = db.read(async move |tx: &Read<'_>| found(tx).await).await?;
    let wanted = schema(rooms)?;
    let mut by_table: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (table, column, ty) in found {
        by_table.entry(table).or_default().push((column, ty));
    }
    by_table.remove("store_migration");
    let mut out = Vec::new();
    for table in &wanted {
        let Some(found) = by_table.remove(&table.name) else {
            out.push(format!("{} is missing", table.name));
            continue;
        };
        let wanted: Vec<_> = table
            .columns
            .iter()
            .map(|c| {
                (
                    c.name.clone(),
                    if kind == EngineKind::Sqlite { c.kind.sqlite().into() } else { format!("{:?}", c.kind).to_lowercase() },
                )
            })
            .collect();
        if found != wanted {
            out.push(format!("{}: found {found:?}, declared {wanted:?}", table.name));
        }
    }
    out.extend(by_table.into_keys().map(|t| format!("{t} is not declared")));
    Ok(out)
}

async fn found(tx: &Read<'_>) -> Result<Vec<(String, String, String)>, Error> {
    match tx.kind() {
        EngineKind::Sqlite => {
            tx.fetch(
                "SELECT t.name, c.name, c.type FROM pragma_table_list t JOIN pragma_table_info(t.name) c
                 WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid",
                true,
                &[],
            )
            .await
        }
        EngineKind::Postgres => {
            tx.fetch(
                "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns
                 WHERE table_schema = current_schema() AND is_generated = 'NEVER' ORDER BY table_name, ordinal_position",
                true,
                &[],
            )
            .await
        }
    }
}

/// Names of all tables there are, whoever made them.
pub(crate) async fn table_names(tx: &Read<'_>) -> Result<Vec<String>, Error> {
    let mut names: Vec<String> = found(tx).await?.into_iter().map(|(table, ..)| table).collect();
    names.dedup();
    Ok(names)
}

/// What migrations have been applied, for the manifest of a backup.
pub(crate) async fn applied(tx: &Read<'_>) -> Result<Vec<(String, u32, String, String)>, Error> {
    tx.all(sql!("SELECT room, number, name, sha256 FROM store_migration ORDER BY room, number"), &[]).await
}

/// The whole schema as the engine describes it, one line per column, key, check and index: compared with a golden file per engine, so that
/// no change of it goes unread.
pub async fn describe(db: &Db) -> Result<String, Error> {
    let lines: Vec<String> = db
        .read(async |tx: &Read<'_>| {
            let text = match tx.kind() {
                EngineKind::Sqlite => SQLITE_LINES,
                EngineKind::Postgres => POSTGRES_LINES,
            };
            tx.fetch(text, true, &[]).await
        })
        .await?;
    Ok(lines.iter().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\n"))
}

const SQLITE_LINES: &str = "
    SELECT t.name || '.' || c.name || ' ' || c.type || CASE WHEN c.\"notnull\" THEN ' NOT NULL' ELSE '' END
           || coalesce(' DEFAULT ' || c.dflt_value, '') || CASE WHEN c.pk > 0 THEN ' KEY ' || c.pk ELSE '' END AS line
    FROM pragma_table_list t JOIN pragma_table_info(t.name) c
    WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
    UNION ALL
    SELECT t.name || ' ' || CASE WHEN t.strict THEN 'STRICT' ELSE 'NOT STRICT' END FROM pragma_table_list t
    WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%'
    UNION ALL
    SELECT t.name || ' REFERENCES ' || f.\"table\" || ' (' || f.\"from\" || ' → ' || coalesce(f.\"to\", 'key') || ') ON DELETE ' || f.on_delete
    FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f WHERE t.schema = 'main' AND t.type = 'table'
    UNION ALL
    SELECT tbl_name || ' ' || sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL
    UNION ALL
    SELECT t.name || ' UNIQUE ' || (SELECT group_concat(x.name, ', ') FROM pragma_index_info(i.name) x)
    FROM pragma_table_list t JOIN pragma_index_list(t.name) i WHERE t.schema = 'main' AND t.type = 'table' AND i.origin = 'u'
    UNION ALL
    SELECT name || ' ' || sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL%'
    ORDER BY line";

const POSTGRES_LINES: &str = "
    SELECT (table_name || '.' || column_name || ' ' || data_type || CASE WHEN is_nullable = 'NO' THEN ' NOT NULL' ELSE '' END
            || coalesce(' DEFAULT ' || column_default, '') || coalesce(' AS ' || generation_expression, ''))::text AS line
    FROM information_schema.columns WHERE table_schema = current_schema()
    UNION ALL
    SELECT (r.relname || ' ' || pg_get_constraintdef(c.oid))::text FROM pg_constraint c
    JOIN pg_class r ON r.oid = c.conrelid JOIN pg_namespace n ON n.oid = r.relnamespace
    WHERE n.nspname = current_schema() AND c.contype <> 'n'
    UNION ALL
    SELECT (tablename || ' ' || replace(indexdef, current_schema() || '.', ''))::text FROM pg_indexes WHERE schemaname = current_schema()
    ORDER BY line";
