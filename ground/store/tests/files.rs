//! Files: whole or not at all.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use base::Moment;
use futures_util::{StreamExt, future::join, stream};
use jiff::SignedDuration;
use store::{By, Error, Files, Read, Stored, Write, file, keep, let_go, open_house, sql};
use testkit::{Place, both};
use uuid::Uuid;

use crate::house::{ROOMS, open};

type Chunk = Result<Vec<u8>, std::io::Error>;

fn chunks(all: &[&[u8]]) -> impl futures_util::Stream<Item = Chunk> + use<> {
    stream::iter(all.iter().map(|c| Ok(c.to_vec())).collect::<Vec<_>>())
}

/// Everything that lies in the folder of the files.
pub fn lying(root: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in std::fs::read_dir(root).unwrap().flatten() {
        if entry.path().is_dir() { found.extend(lying(&entry.path())) } else { found.push(entry.path()) }
    }
    found.sort();
    found
}

/// Makes all bytes in the store two days older.
pub fn age(root: &Path) {
    for object in lying(&root.join("objects")) {
        let older = object.metadata().unwrap().modified().unwrap() - Duration::from_secs(48 * 3600);
        std::fs::File::options().write(true).open(object).unwrap().set_modified(older).unwrap();
    }
}

/// Where stored bytes lie.
fn object(root: &Path, stored: &Stored) -> PathBuf {
    let owner = stored.owner.simple().to_string();
    root.join("objects").join(&owner[30..]).join(&owner).join(hex::encode(stored.sha256))
}

both! {
    /// Bytes go in as a stream and come out the same; equal bytes of one owner are one file, counted; of two owners they are two.
    async fn bytes_come_back(place: Place) {
        let db = open(&place).await;
        let folder = tempfile::tempdir().unwrap();
        let files = Files::folder(folder.path()).await.unwrap();
        let (me, you) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let by = By::system(base::Clock::system().now());
        let a = files.put(me, 100, chunks(&[b"hello ", b"", b"world"])).await.unwrap();
        assert_eq!((a.size, hex::encode(a.sha256)), (11, "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9".into()));
        let b = files.put_bytes(me, b"hello world").await.unwrap();
        let c = files.put_bytes(you, b"hello world").await.unwrap();
        assert_eq!(a, b);
        assert_eq!(lying(&folder.path().join("objects")).len(), 2);
        let ids = db.write(async move |tx: &Write<'_>| {
            Ok::<_, Error>([keep(tx, &by, &a).await?, keep(tx, &by, &b).await?, keep(tx, &by, &c).await?])
        }).await.unwrap();
        assert!(ids[0] == ids[1] && ids[0] != ids[2]);
        let row = db.read(async move |tx: &Read<'_>| file(tx, ids[0]).await).await.unwrap().unwrap();
        let mut read = vec![];
        let mut got = files.get(&row).await.unwrap();
        while let Some(chunk) = got.next().await { read.extend(chunk.unwrap()) }
        assert_eq!(read, b"hello world");
        for left in [true, false] {
            db.write(async move |tx: &Write<'_>| let_go(tx, ids[0]).await).await.unwrap();
            assert_eq!(db.read(async move |tx: &Read<'_>| file(tx, ids[0]).await).await.unwrap().is_some(), left);
        }
        assert!(!db.write(async move |tx: &Write<'_>| let_go(tx, ids[0]).await).await.unwrap());
    }

    /// Unused bytes are swept after a day, used ones never; bytes that came again, or are kept at that moment, are not lost.
    async fn unused_bytes_are_swept(place: Place) {
        let db = open(&place).await;
        let folder = tempfile::tempdir().unwrap();
        let files = Files::folder(folder.path()).await.unwrap();
        open_house(&db, &files, ROOMS).await.unwrap();
        let now = base::Clock::system().now();
        let by = By::system(now);
        let used = files.put_bytes(Uuid::from_u128(1), b"used").await.unwrap();
        let kept = used.clone();
        db.write(async move |tx: &Write<'_>| keep(tx, &by, &kept).await).await.unwrap();
        let unused = files.put_bytes(Uuid::from_u128(1), b"unused").await.unwrap();
        std::fs::write(folder.path().join("staging/cut"), b"half").unwrap();
        let later = |hours: i64| -> Moment { now.plus(SignedDuration::from_hours(hours)) };
        assert_eq!(store::sweep(&db, Some(&files), later(23)).await.unwrap(), Default::default());
        let swept = store::sweep(&db, Some(&files), later(25)).await.unwrap();
        assert_eq!((swept.objects, swept.leftovers), (1, 0));
        assert_eq!(store::sweep(&db, Some(&files), later(100)).await.unwrap().leftovers, 1);
        assert_eq!(lying(&folder.path().join("objects")).len(), 1);
        // Stored again it can be kept again.
        let again = files.put_bytes(unused.owner, b"unused").await.unwrap();
        db.write(async move |tx: &Write<'_>| keep(tx, &by, &again).await).await.unwrap();
        assert_eq!(store::sweep(&db, Some(&files), later(100)).await.unwrap().objects, 0);
    }

    /// Keeping and sweeping at the same time: bytes that lay there when they were kept lie there ever after; whoever came too late is told, or
    /// had let them lie for more than a day.
    async fn keeping_and_sweeping_do_not_lose_bytes(place: Place) {
        let db = open(&place).await;
        let folder = tempfile::tempdir().unwrap();
        let files = Files::folder(folder.path()).await.unwrap();
        open_house(&db, &files, ROOMS).await.unwrap();
        let later = base::Clock::system().now().plus(SignedDuration::from_hours(48));
        let mut there = 0;
        for round in 0..30u64 {
            let stored = files.put_bytes(Uuid::from_u128(round.into()), b"x").await.unwrap();
            let (by, at) = (By::system(later), object(folder.path(), &stored));
            let path = at.clone();
            let keeping = db.write(async move |tx: &Write<'_>| {
                let id = keep(tx, &by, &stored).await?;
                // Looked at before the commit: from here on nobody may take it away.
                Ok::<_, Error>((id, path.exists()))
            });
            let (kept, swept) = if round % 3 == 0 {
                (keeping.await, store::sweep(&db, Some(&files), later).await)
            } else {
                let late = async {
                    tokio::time::sleep(Duration::from_micros(round * 150)).await;
                    keeping.await
                };
                join(late, store::sweep(&db, Some(&files), later)).await
            };
            let swept = swept.unwrap().objects;
            match kept {
                Ok((id, true)) => {
                    there += 1;
                    let row = db.read(async move |tx: &Read<'_>| file(tx, id).await).await.unwrap().unwrap();
                    assert_eq!((swept, files.read(&row).await.unwrap().as_slice()), (0, &b"x"[..]), "{round}");
                }
                Ok((_, false)) => assert_eq!((swept, at.exists()), (1, false), "{round}: kept after the sweep"),
                Err(e) => assert!(matches!(e, Error::File(_)) && swept == 1, "{round}: {e} {swept}"),
            }
        }
        assert!(there >= 10, "{there}");
    }

    /// A sweeper that died over its mark holds nobody up: bytes that are stored again are kept again. The mark of one at work binds.
    async fn the_mark_of_a_sweeper_that_died_holds_nobody_up(place: Place) {
        let db = open(&place).await;
        let folder = tempfile::tempdir().unwrap();
        let files = Files::folder(folder.path()).await.unwrap();
        open_house(&db, &files, ROOMS).await.unwrap();
        let now = base::Clock::system().now();
        let by = By::system(now);
        let mark = async |id: u128, stored: &Stored, at: Moment| {
            let (owner, sha256) = (stored.owner, stored.sha256);
            db.write(async move |tx: &Write<'_>| {
                let mark = sql!("INSERT INTO store_file (id, owner, sha256, size, at, uses) VALUES ($1, $2, $3, 0, $4, 0)");
                tx.run(mark, &[&Uuid::from_u128(id), &owner, &sha256, &at]).await
            }).await.unwrap();
        };
        for (minutes, binds) in [(0, true), (2, false)] {
            let stored = files.put_bytes(Uuid::from_u128(binds.into()), b"again").await.unwrap();
            mark(10 + u128::from(binds), &stored, now.plus(SignedDuration::from_mins(-minutes))).await;
            let again = stored.clone();
            match db.write(async move |tx: &Write<'_>| keep(tx, &by, &again).await).await {
                Err(e) => assert!(binds && matches!(e, Error::File(_)), "{e}"),
                Ok(id) => {
                    let row = db.read(async move |tx: &Read<'_>| file(tx, id).await).await.unwrap().unwrap();
                    assert_eq!((binds, row.size, files.read(&row).await.unwrap().as_slice()), (false, 5, &b"again"[..]));
                }
            }
        }
        // Nor does a mark stay whose bytes are gone.
        mark(20, &Stored { owner: Uuid::from_u128(9), sha256: [9; 32], size: 0 }, now).await;
        store::sweep(&db, Some(&files), now.plus(SignedDuration::from_hours(48))).await.unwrap();
        let left: i64 = db.read(async |tx: &Read<'_>| tx.one(sql!("SELECT count(*) FROM store_file WHERE uses = 0"), &[]).await).await.unwrap();
        assert_eq!(left, 0);
    }
}

/// Too large, a broken line and a full disk leave nothing behind and say what it was.
#[test]
fn half_a_file_is_no_file() {
    testkit::run(async {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::folder(folder.path()).await.unwrap();
        let me = Uuid::from_u128(1);
        let large = files.put(me, 10, chunks(&[b"hello ", b"world"])).await;
        assert!(matches!(large, Err(Error::TooLarge { limit: 10 })), "{large:?}");
        let cut = stream::iter([Ok(b"half".to_vec()), Err(std::io::Error::other("the line broke"))]);
        assert!(matches!(files.put(me, 100, cut).await, Err(Error::File(_))));
        assert!(lying(folder.path()).is_empty());
    });
}
