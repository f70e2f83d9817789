//! `user add`: a person with a post and a password, for the first administrator and for scripts.
use crate::{config::Config, house};
use base::Seed;
use directory::{Cx, NewPerson, NewPost, Role, Unit, service::units::tree};
use miette::{IntoDiagnostic, Result, miette};
use std::{io::Read as _, process::ExitCode};
use store::{Read, Write};

/// What is to be added.
pub struct New<'a> {
    /// Sign-in name.
    pub login: &'a str,
    /// Full name.
    pub name: &'a str,
    /// Key, code or name of the unit; absent: the province.
    pub unit: Option<&'a str>,
    /// Roles.
    pub roles: &'a [String],
    /// The password comes from standard input.
    pub password_stdin: bool,
}

/// Adds them.
pub async fn add(config: &Config, new: New<'_>, json: bool) -> Result<ExitCode> {
    let open = house::open(config).await?;
    let cx = Cx::machine(open.clock.now());
    let units: Result<Vec<Unit>, directory::Error> = {
        let cx = cx.clone();
        open.db.read(async move |tx: &Read<'_>| tree(tx, &cx).await).await
    };
    let unit = find(&units.into_diagnostic()?, new.unit)?;
    let roles = new.roles.iter().map(|r| r.parse::<Role>().into_diagnostic()).collect::<Result<Vec<_>>>()?;
    let seed = Seed::fresh();
    let password = if new.password_stdin {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).into_diagnostic()?;
        text.trim_end_matches(['\r', '\n']).to_owned()
    } else {
        readable_password(&seed)
    };
    let hashed = directory::hash_password(&password, &[new.login, new.name], &seed).await.into_diagnostic()?;
    let person = NewPerson { name: new.name.into(), login: new.login.into(), email: None, phone: None, unit: unit.id };
    let keep = new.password_stdin;
    let done: Result<(), directory::Error> = open
        .db
        .write(async move |tx: &Write<'_>| {
            let id = directory::add_person(tx, &cx, &person).await?;
            if !roles.is_empty() {
                let title = roles.iter().map(|r| r.title()).collect::<Vec<_>>().join(", ");
                let (clearance, from) = (Default::default(), cx.by.now);
                let post =
                    NewPost { person: id, unit: unit.id, title, roles: roles.clone(), clearance, home: None, from, to: None };
                directory::add_post(tx, &cx, &post).await?;
            }
            directory::set_password(tx, &cx, id, &hashed, keep).await
        })
        .await;
    done.into_diagnostic()?;
    let made = (!new.password_stdin).then_some(password);
    if json {
        println!("{}", serde_json::json!({ "login": new.login, "password": made }));
    } else {
        println!("{} may sign in as {}", new.name, new.login);
        if let Some(password) = made {
            println!("password, shown once and to be changed at the first sign-in: {password}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn find(units: &[Unit], named: Option<&str>) -> Result<Unit> {
    let found: Vec<&Unit> = match named {
        None => units.iter().filter(|u| u.parent.is_none()).collect(),
        Some(named) => {
            let folded = base::text::fold(named);
            let is = |u: &&Unit| {
                u.key == named
                    || u.code.as_str() == named
                    || base::text::fold(&u.name) == folded
                    || base::text::fold(&u.short_name) == folded
            };
            units.iter().filter(is).collect()
        }
    };
    match (&found[..], named) {
        ([unit], _) => Ok((*unit).clone()),
        ([], None) => Err(miette!(help = "motcua import units FILE", "there is no unit yet")),
        ([], Some(named)) => Err(miette!(help = "name a unit by its key, its code or its name", "no unit is called {named:?}")),
        (_, named) => {
            Err(miette!(help = "name it by its key or code", "{} units are called {:?}", found.len(), named.unwrap_or_default()))
        }
    }
}

/// Five groups of letters that are not mistaken for each other: about 95 bits.
fn readable_password(seed: &Seed) -> String {
    const LETTERS: &[u8] = b"abcdefghkmnpqrstuvwxyz23456789";
    let bytes = seed.bytes("password", 0);
    let letter = |b: &u8| char::from(LETTERS[usize::from(*b) % LETTERS.len()]);
    bytes[..20].chunks(4).map(|group| group.iter().map(letter).collect::<String>()).collect::<Vec<_>>().join("-")
}
