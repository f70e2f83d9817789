//! A database and its files belong together: no other database is opened on them, and none sweeps them.

use base::Clock;
use jiff::SignedDuration;
use store::{Error, Files, Write, open_house, schema, sql};
use testkit::{Engine, Place, both};
use uuid::Uuid;

use crate::{
    files::lying,
    house::{ROOMS, open},
};

both! {
    /// Another database, new or with files of its own, is refused before anything is made or swept; the files stay as they are.
    async fn another_database_is_not_opened_on_these_files(place: Place) {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::folder(folder.path()).await.unwrap();
        let first = open(&place).await;
        open_house(&first, &files, ROOMS).await.unwrap();
        files.put_bytes(Uuid::from_u128(1), b"of the first").await.unwrap();
        let there = lying(folder.path());
        let later = Clock::system().now().plus(SignedDuration::from_hours(48));
        for engine in Engine::ALL {
            let (place, own) = (engine.fresh().await, tempfile::tempdir().unwrap());
            let second = place.db().await;
            let refused = open_house(&second, &files, ROOMS).await;
            assert!(matches!(refused, Err(Error::OtherFiles)), "{refused:?}");
            assert_eq!(schema::describe(&second).await.unwrap(), "", "a backup can still be restored into it");
            let own = Files::folder(own.path()).await.unwrap();
            open_house(&second, &own, ROOMS).await.unwrap();
            let refused = open_house(&second, &files, ROOMS).await;
            assert!(matches!(refused, Err(Error::OtherFiles)), "{refused:?}");
            let swept = store::sweep(&second, Some(&files), later).await;
            assert!(matches!(swept, Err(Error::OtherFiles)), "{swept:?}");
        }
        assert_eq!(lying(folder.path()), there);
        open_house(&first, &files, ROOMS).await.unwrap();
        assert_eq!(store::sweep(&first, Some(&files), later).await.unwrap().objects, 1, "the first one sweeps its own");
    }

    /// A house older than its id gets one, also after a start that was cut off; files that do not say whose they are are not guessed at later.
    async fn a_house_gets_one_id_and_keeps_it(place: Place) {
        let folder = tempfile::tempdir().unwrap();
        let (files, said) = (Files::folder(folder.path()).await.unwrap(), folder.path().join("house"));
        let db = open(&place).await;
        files.put_bytes(Uuid::from_u128(1), b"from before").await.unwrap();
        open_house(&db, &files, ROOMS).await.unwrap();
        let id = std::fs::read_to_string(&said).unwrap();
        // Cut off before the files were told.
        std::fs::remove_file(&said).unwrap();
        db.write(async |tx: &Write<'_>| tx.run(sql!("UPDATE store_house SET joined = FALSE"), &[]).await).await.unwrap();
        open_house(&db, &files, ROOMS).await.unwrap();
        assert_eq!(std::fs::read_to_string(&said).unwrap(), id);
        // Somebody else's files, or its own with a part missing: a person decides.
        std::fs::remove_file(&said).unwrap();
        let refused = open_house(&db, &files, ROOMS).await;
        assert!(matches!(&refused, Err(Error::NamelessFiles(ours)) if ours.to_string() == id.trim()), "{refused:?}");
        std::fs::write(&said, id.trim()).unwrap();
        open_house(&db, &files, ROOMS).await.unwrap();
        // A store without a file in it is nobody's.
        let empty = tempfile::tempdir().unwrap();
        open_house(&db, &Files::folder(empty.path()).await.unwrap(), ROOMS).await.unwrap();
        assert_eq!(std::fs::read_to_string(empty.path().join("house")).unwrap(), id);
    }
}
