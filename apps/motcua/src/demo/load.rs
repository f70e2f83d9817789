//! Brings the demo province into an empty database: units, people, citizens, procedures, the Chairman's list.
use super::data;
use base::{Clock, Seed};
use directory::{Cx, NewPerson, NewPost, PostId, UnitId, service::units::tree};
use miette::{IntoDiagnostic, Result, miette};
use std::collections::HashMap;
use store::{Db, Read, Write};

/// Loads everything that is not yet there. Running it twice changes nothing.
pub async fn load(db: &Db, clock: &Clock) -> Result<()> {
    let file = std::io::Cursor::new(data::text("units/units.csv")?.into_bytes());
    let units = directory::service::import::import_units(db, Cx::machine(clock.now()), file, false).await.into_diagnostic()?;
    if let Some(fault) = units.faults.first() {
        return Err(miette!("data/units/units.csv, line {}: {}", fault.line, fault.reason.say(base::Lang::En)));
    }
    officers(db, clock).await?;
    citizens(db, clock).await?;
    procedures(db, clock).await
}

/// The packages, and the Chairman's list of what is received (OS-08).
async fn procedures(db: &Db, clock: &Clock) -> Result<()> {
    let by = store::By::system(clock.now());
    let packages = data::packages()?;
    let list = data::local_list()?;
    let done: Result<(), catalogue::Error> = db
        .write(async move |tx: &Write<'_>| {
            for package in &packages {
                catalogue::publish(tx, &by, package, catalogue::Origin::Written).await?;
            }
            for entry in &list {
                catalogue::put_on_list(tx, &entry.code, &entry.received_at, &entry.name).await?;
            }
            Ok(())
        })
        .await;
    done.into_diagnostic()
}

async fn officers(db: &Db, clock: &Clock) -> Result<()> {
    let officers = data::officers()?;
    let cx = Cx::machine(clock.now());
    // One hash for all: everybody here has the same published password.
    let hashed = directory::hash_password(&officers.password, &[], &Seed::fresh()).await.into_diagnostic()?;
    let done: Result<(), directory::Error> = db
        .write(async move |tx: &Write<'_>| {
            let units: HashMap<String, UnitId> = tree(tx, &cx).await?.into_iter().map(|u| (u.key.clone(), u.id)).collect();
            let unit = |key: &str| units.get(key).copied().ok_or(directory::Error::Missing("unit of the demo"));
            for officer in &officers.officer {
                let Some(first) = officer.post.first() else { continue };
                let person = NewPerson {
                    name: officer.name.clone(),
                    login: officer.user.clone(),
                    email: officer.email.clone(),
                    phone: officer.phone.clone(),
                    unit: unit(&first.unit)?,
                };
                let id = directory::add_person(tx, &cx, &person).await?;
                let mut home: Option<PostId> = None;
                for post in &officer.post {
                    let roles = post.roles().map_err(|_| directory::Error::Missing("role of the demo"))?;
                    let new = NewPost {
                        person: id,
                        unit: unit(&post.unit)?,
                        title: post.title.clone(),
                        to: directory::usual_end(&roles, cx.by.now),
                        roles,
                        clearance: Default::default(),
                        home: home.filter(|_| officer.seconded),
                        from: cx.by.now,
                    };
                    home = Some(directory::add_post(tx, &cx, &new).await?);
                }
                directory::set_password(tx, &cx, id, &hashed, true).await?;
            }
            Ok(())
        })
        .await;
    done.into_diagnostic()
}

async fn citizens(db: &Db, clock: &Clock) -> Result<()> {
    let citizens = data::citizens()?;
    let cx = Cx::machine(clock.now());
    let hashed = directory::hash_password(&citizens.password, &[], &Seed::fresh()).await.into_diagnostic()?;
    let done: Result<(), directory::Error> = db
        .write(async move |tx: &Write<'_>| {
            for citizen in citizens.citizen.iter().filter(|c| c.account) {
                let new = directory::service::citizens::NewCitizen {
                    login: citizen.key.clone(),
                    name: citizen.name.clone(),
                    email: citizen.email.clone(),
                    phone: citizen.phone.clone(),
                    citizen_id: citizen.citizen_id.clone(),
                };
                directory::service::citizens::register(tx, &cx.by, &new, &hashed).await?;
            }
            Ok(())
        })
        .await;
    done.into_diagnostic()
}

/// Whether there are units already: then the demo was loaded, or this is somebody's own province.
pub async fn is_empty(db: &Db, clock: &Clock) -> Result<bool> {
    let cx = Cx::machine(clock.now());
    let units: Result<usize, directory::Error> = db.read(async move |tx: &Read<'_>| Ok(tree(tx, &cx).await?.len())).await;
    Ok(units.into_diagnostic()? == 0)
}
