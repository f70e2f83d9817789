//! The id of a house: its database and its file store hold the same one. Sweeping goes by the rows of the database, so files that are used
//! with another database would be swept as nobody's.

use uuid::Uuid;

use crate::{Db, Error, Files, Read, Write, backup::Rooms, migrate, schema, sql};

/// Opens a house: brings its tables up to date, as [`migrate`] does, and refuses files that belong to another database.
pub async fn open_house(db: &Db, files: &Files, rooms: &Rooms) -> Result<usize, Error> {
    // Asked before anything is made: a database that is refused stays as it was, an empty one fit for a restore.
    let theirs = files.house().await?;
    if theirs.is_some() && theirs != house(db).await? {
        return Err(Error::OtherFiles);
    }
    let taken = migrate(db, rooms).await?;
    join(db, files).await?;
    Ok(taken)
}

/// Gives the database and its files one id, unless they have it.
///
/// The row comes first: a start that was cut off between the two is taken up by the next one, while files that have an id are never given
/// to a database without one.
pub(crate) async fn join(db: &Db, files: &Files) -> Result<(), Error> {
    let fresh = base::Seed::fresh().uuid("house", 0);
    let (ours, joined): (Uuid, bool) = db
        .write(async move |tx: &Write<'_>| {
            tx.run(
                sql!("INSERT INTO store_house (id, house, joined) VALUES (1, $1, FALSE) ON CONFLICT (id) DO NOTHING"),
                &[&fresh],
            )
            .await?;
            tx.one(sql!("SELECT house, joined FROM store_house WHERE id = 1"), &[]).await
        })
        .await?;
    match files.house().await? {
        Some(theirs) if theirs == ours => {}
        Some(_) => return Err(Error::OtherFiles),
        None if joined && !files.are_none().await? => return Err(Error::NamelessFiles(ours)),
        None => files.belong_to(ours).await?,
    }
    if !joined {
        db.write(async |tx: &Write<'_>| tx.run(sql!("UPDATE store_house SET joined = TRUE WHERE id = 1"), &[]).await).await?;
    }
    Ok(())
}

/// Hands the files of a house to the database that will take the place of its own.
pub(crate) async fn take_over(db: &Db, files: &Files) -> Result<(), Error> {
    let Some(house) = files.house().await? else { return join(db, files).await };
    db.write(async move |tx: &Write<'_>| {
        tx.run(sql!("INSERT INTO store_house (id, house, joined) VALUES (1, $1, TRUE)"), &[&house]).await.map(drop)
    })
    .await
}

/// Refuses files that do not say that they are this database's.
pub(crate) async fn check(db: &Db, files: &Files) -> Result<(), Error> {
    let ours = house(db).await?;
    if ours.is_some() && ours == files.house().await? { Ok(()) } else { Err(Error::OtherFiles) }
}

/// The id of this database; none before its tables were made.
async fn house(db: &Db) -> Result<Option<Uuid>, Error> {
    db.read(async |tx: &Read<'_>| {
        if !schema::table_names(tx).await?.iter().any(|name| name == "store_house") {
            return Ok(None);
        }
        tx.opt(sql!("SELECT house FROM store_house WHERE id = 1"), &[]).await
    })
    .await
}
