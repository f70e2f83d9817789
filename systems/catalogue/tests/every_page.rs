//! Every record has its page, those of our own making and the real ones where they are; what is on the list can be received exactly when its
//! term is settled.

use catalogue::package::{CHANNELS, Terms};
use catalogue::{Wanted, page, put_on_list};
use store::{Read, Write};
use testkit::Place;

use crate::served::serve;
use crate::town::at;

/// Text as a page escapes it.
fn escaped(text: &str) -> String {
    text.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;").replace('"', "&#34;").replace('\'', "&#39;")
}

testkit::both! {
    async fn every_imported_record_is_drawn_and_received_only_with_a_settled_term(place: Place) {
        let real = ["data/procedures/procedures.jsonl", "data/procedures/ca_mau_catalogue_2025-08.jsonl"].map(testkit::shared);
        let files = std::iter::once(crate::own_records()).chain(real.into_iter().flatten());
        let served = serve(place).await;
        let mut read = 2;
        for (n, file) in files.enumerate() {
            let report = served.town.import(10 + n as i64, std::fs::read(file).unwrap()).await.unwrap();
            assert_eq!(report.summary.unreadable, 0);
            read += report.summary.new;
        }
        let day = at(0).local().date();
        let (lines, total) = served.town.read(async move |tx: &Read<'_>| page(tx, day, &Wanted::default(), false, 0, 10_000).await).await;
        assert_eq!((lines.len() as u64, total), (total, total));
        assert_eq!(total, read);
        // half of them are put on the list, so that both answers are seen
        let listed: Vec<(String, String)> = lines.iter().step_by(2).map(|l| (l.code.clone(), l.title.clone())).collect();
        served.town.write(async move |tx: &Write<'_>| {
            for (code, title) in &listed {
                put_on_list(tx, &code.parse().unwrap(), "all", title).await?;
            }
            Ok(())
        }).await.unwrap();
        let visitor = served.visitor();
        let (mut open, mut received) = (0, 0);
        for (n, line) in lines.iter().enumerate() {
            let shown = visitor.get(&format!("/thu-tuc/{}", line.code)).await.must(200);
            assert!(shown.text.contains(&line.code) && shown.text.contains(&escaped(&line.title)), "{} {}", line.code, line.title);
            let (_, package) = served.town.current(&line.code, 12).await.unwrap();
            let can = CHANNELS.into_iter().any(|c| package.cases.iter().map(|k| Some(k.id.as_str())).chain([None]).any(|k| matches!(package.terms_for(c, k), Terms::One(_) | Terms::Choice(_))));
            assert_eq!(can, package.terms.iter().any(|t| t.settled().is_some()), "{}", line.code);
            let on_list = n % 2 == 0 || line.code == "1.001193";
            let offered = shown.text.contains(&format!("/nop/{}\"", line.code)) || shown.text.contains("Mang giấy tờ đến trung tâm");
            assert_eq!(offered, on_list && can, "{} list {on_list} term {can}", line.code);
            open += usize::from(line.open_terms > 0);
            received += usize::from(offered);
        }
        println!("{total} pages drawn; {open} with an open term; {received} can be received");
        assert!(open > 0 && received > 0);
    }
}
