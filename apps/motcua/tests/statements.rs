//! Each registered SQL statement is prepared on both engines: no statement is first tried by a person. And each stands where SQL stands.
use store::EngineKind;
use testkit::Engine;

#[test]
fn sql_stands_in_one_place_of_each_room() {
    let is_there = |file: &str| file.starts_with("ground/store/") || file.ends_with("/src/sql.rs") || file.contains("/src/sql/");
    let elsewhere: Vec<_> =
        store::statements().iter().filter(|s| !is_there(s.file)).map(|s| format!("{}:{}", s.file, s.line)).collect();
    assert!(elsewhere.is_empty(), "SQL outside of sql.rs:\n{}", elsewhere.join("\n"));
}

#[test]
fn every_statement_is_known_to_both_engines() {
    testkit::run(async {
        let rooms = motcua::rooms::migrations();
        let (_sqlite, sqlite) = Engine::Sqlite.migrated(&rooms).await;
        let file = rusqlite::Connection::open(sqlite.sqlite_file().unwrap()).unwrap();
        let (_postgres, postgres) = Engine::Postgres.migrated(&rooms).await;
        let (client, connection) = tokio_postgres::connect(&postgres.url().unwrap(), tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        let mut wrong = vec![];
        for statement in store::statements() {
            let (text, place) = (statement.text, format!("{}:{}", statement.file, statement.line));
            let is_of = |engine| statement.only.is_none_or(|only| only == engine);
            if is_of(EngineKind::Sqlite)
                && let Err(e) = file.prepare(text)
            {
                wrong.push(format!("{place} on SQLite: {e}"));
            }
            if is_of(EngineKind::Postgres)
                && let Err(e) = client.prepare(text).await
            {
                wrong.push(format!(
                    "{place} on PostgreSQL: {}",
                    e.as_db_error().map_or_else(|| e.to_string(), |d| d.message().to_owned())
                ));
            }
        }
        let all = store::statements().len();
        assert!(all > 50, "only {all} statements are registered");
        assert!(wrong.is_empty(), "{} of {all}:\n{}", wrong.len(), wrong.join("\n"));
    });
}
