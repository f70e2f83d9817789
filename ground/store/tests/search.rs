//! Search gives the same answers on both engines.

use sea_query::{Expr, Query};
use store::{Error, Read, Write, search};
use testkit::{Place, both};
use uuid::Uuid;

use crate::house::open;

both! {
    /// Accents, case, đ, unicode forms and order of words do not matter; the last word may be a beginning.
    async fn folded_words_are_found(place: Place) {
        let db = open(&place).await;
        let seed = base::Seed([7; 32]);
        let texts = ["Nguyễn Thị Ánh, 012345678901", "H'Blim Niê", "Đặng Văn Hòa – số 12-A/3, o'Brien", "nguye\u{302}\u{303}n va\u{306}n a\u{301}nh", "李 Ли \"quoted\" 100% AND OR NOT", ""];
        db.write(async move |tx: &Write<'_>| {
            for (n, text) in texts.iter().enumerate() {
                let id = seed.uuid("p", n as u64);
                search::index(tx, "person", id, &["something else"]).await?;
                search::index(tx, "person", id, &[text]).await?;
                search::index(tx, "other", id, &[text]).await?;
            }
            search::index(tx, "person", seed.uuid("gone", 0), &["Nguyễn"]).await?;
            search::unindex(tx, "person", seed.uuid("gone", 0)).await
        }).await.unwrap();
        let cases: [(&str, &[u64]); 17] = [
            ("nguyen", &[0, 3]), ("NGUYỄN", &[0, 3]), ("anh nguyen", &[0, 3]), ("anh nguyen thi", &[0]), ("ng", &[0, 3]), ("hoà", &[2]), ("hòa", &[2]), ("dang", &[2]),
            ("hblim", &[1]), ("obrien", &[2]), ("h'blim", &[1]), ("0123", &[0]), ("345678", &[]), ("12-A/3", &[2]), ("ли", &[4]), ("\" OR *", &[4]), ("' | & ! :* (", &[0, 1, 2, 3, 4, 5]),
        ];
        for (query, expected) in cases {
            let found: Vec<Uuid> = db.read(async move |tx: &Read<'_>| -> Result<_, Error> {
                let q = Query::select().column("thing").from("store_search")
                    .and_where(Expr::cust("kind = 'person'"))
                    .cond_where(search::found(tx, "person", query, Expr::col("thing"))).to_owned();
                tx.all_dyn(&q).await
            }).await.unwrap();
            let mut numbers: Vec<u64> = (0..6).filter(|n| found.contains(&seed.uuid("p", *n))).collect();
            numbers.sort_unstable();
            assert_eq!(numbers, expected, "{query}");
            assert_eq!(found.len(), numbers.len(), "{query}");
        }
    }
}
