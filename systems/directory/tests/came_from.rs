//! Where a visitor comes from: a trusted proxy's last word, and nothing that stands before it.
use base::Clock;
use directory::SignInSettings;
use store::Read;
use web::Settings;

use crate::town::{noon, serve_as};

testkit::both! {
    async fn a_guess_behind_a_proxy_is_counted_by_the_network_the_proxy_wrote_last(place: testkit::Place) {
        let settings = Settings { demo: true, trusted_proxies: vec!["127.0.0.1".parse().unwrap()], ..Settings::default() };
        let served = serve_as(place, settings, Clock::fixed(noon()), SignInSettings::default()).await;
        let browser = served.browser();
        let said: [&[&str]; 4] = [
            &["203.0.113.9"],
            &["198.51.100.7, 203.0.113.9"],
            // as HAProxy adds its word: in a line of its own
            &["198.51.100.7", "203.0.113.9"],
            &["198.51.100.7", "198.51.100.8, 203.0.113.9"],
        ];
        for lines in said {
            let form = browser.get("/can-bo/dang-nhap").await.must(200);
            let body = format!("csrf={}&next=&ten=khong.co&mat-khau=sai", form.hidden("csrf").unwrap());
            let mut guess = browser.client().post(browser.url("/can-bo/dang-nhap"));
            for line in lines {
                guess = guess.header("x-forwarded-for", *line);
            }
            let answer = guess.header("content-type", "application/x-www-form-urlencoded").body(body).send().await.unwrap();
            assert_eq!(answer.status().as_u16(), 422, "{lines:?}");
        }
        let counted = async |tx: &Read<'_>| tx.all::<String>(store::sql!("SELECT DISTINCT network FROM sign_in"), &[]).await;
        assert_eq!(served.town.db.read(counted).await.unwrap(), ["203.0.113.0/24"]);
    }
}
