//! Files: whole or not at all.

use base::Moment;
use futures_util::{StreamExt, stream};
use jiff::SignedDuration;
use store::{By, Error, Files, Read, Write, file, keep, let_go};
use testkit::{Place, both};
use uuid::Uuid;

use crate::house::open;

type Chunk = Result<Vec<u8>, std::io::Error>;

fn chunks(all: &[&[u8]]) -> impl futures_util::Stream<Item = Chunk> + use<> {
    stream::iter(all.iter().map(|c| Ok(c.to_vec())).collect::<Vec<_>>())
}

/// Everything that lies in the folder of the files.
fn lying(root: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = vec![];
    for entry in std::fs::read_dir(root).unwrap().flatten() {
        if entry.path().is_dir() { found.extend(lying(&entry.path())) } else { found.push(entry.path()) }
    }
    found
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
        assert_eq!(lying(folder.path()).len(), 1);
        // Stored again it can be kept again.
        let again = files.put_bytes(unused.owner, b"unused").await.unwrap();
        db.write(async move |tx: &Write<'_>| keep(tx, &by, &again).await).await.unwrap();
        assert_eq!(store::sweep(&db, Some(&files), later(100)).await.unwrap().objects, 0);
    }

    /// Keeping and sweeping at the same time: what was kept has its bytes.
    async fn keeping_and_sweeping_do_not_lose_bytes(place: Place) {
        let db = open(&place).await;
        let folder = tempfile::tempdir().unwrap();
        let files = Files::folder(folder.path()).await.unwrap();
        let later = base::Clock::system().now().plus(SignedDuration::from_hours(48));
        for round in 0..30u128 {
            let stored = files.put_bytes(Uuid::from_u128(round), b"x").await.unwrap();
            let by = By::system(later);
            let (kept, swept) = futures_util::future::join(
                db.write({ let stored = stored.clone(); async move |tx: &Write<'_>| keep(tx, &by, &stored).await }),
                store::sweep(&db, Some(&files), later),
            ).await;
            let swept = swept.unwrap().objects;
            match kept {
                Ok(id) => {
                    let row = db.read(async move |tx: &Read<'_>| file(tx, id).await).await.unwrap().unwrap();
                    assert!(files.read(&row).await.is_ok() || swept > 0, "kept bytes are there");
                    if swept > 0 {
                        // Kept after the sweep had ended: the bytes are gone, which is the fault of who kept bytes a day old.
                        continue;
                    }
                }
                Err(e) => assert!(matches!(e, Error::File(_)) && swept == 1, "{e} {swept}"),
            }
        }
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
