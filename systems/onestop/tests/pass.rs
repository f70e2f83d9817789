//! A program without an account: whoever knows one thing more than a code gets a pass, and has with it that dossier alone, for a while.

use crate::front::{Answer, Front};
use crate::given::package;
use crate::town::{Town, morning};
use axum::body::Body;
use axum::extract::ConnectInfo;
use futures_util::future::join_all;
use http::{Method, Request};
use jiff::SignedDuration;
use onestop::service::{self, PASS_MINUTES, Proof, WRONG_TRIES, WRONG_TRIES_NETWORK};
use serde_json::{Value, json};
use std::net::SocketAddr;
use store::Write;
use testkit::Place;

/// A proof for the dossier of a code, from an address.
async fn prove_from(front: &Front, address: [u8; 4], code: &str, known: &str) -> Answer {
    let request = Request::post(format!("/api/v1/track/{code}/proof")).header("content-type", "application/json");
    let mut request = request.body(Body::from(json!({ "known": known }).to_string())).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from((address, 4000))));
    front.send(request).await
}

/// A call of nobody who is signed in.
async fn call(front: &Front, method: Method, path: &str, pass: Option<&str>, body: &str) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    if let Some(pass) = pass {
        request = request.header("dossier-pass", pass);
    }
    front.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

testkit::both! {
    async fn a_pass_opens_to_a_program_the_dossier_it_was_given_for_and_no_other(place: Place) {
        let front = Front::on(place, package()).await;
        let (row, other) = (front.town.submitted().await, front.town.submitted().await);
        let proof = format!("/api/v1/track/{}/proof", row.filing_code);
        let known = |number: &str| json!({ "known": number }).to_string();
        call(&front, Method::POST, &proof, None, &known("0900000003")).await.must(422);
        let given = call(&front, Method::POST, &proof, None, &known("0900000002")).await.must(200);
        let given: Value = serde_json::from_str(&given.text).unwrap();
        assert_eq!(given["dossier"], row.id.to_string());
        let (pass, own) = (given["pass"].as_str(), format!("/api/v1/my/dossiers/{}", row.id));
        let seen = call(&front, Method::GET, &own, pass, "").await.must(200);
        assert!(seen.text.contains("Trần Thị Thử"), "{}", seen.text);
        call(&front, Method::GET, &own, None, "").await.must(401);
        call(&front, Method::GET, &own, Some("0123456789abcdef"), "").await.must(404);
        call(&front, Method::GET, &format!("/api/v1/my/dossiers/{}", other.id), pass, "").await.must(404);
        front.clock.advance(SignedDuration::from_mins(PASS_MINUTES + 1));
        call(&front, Method::GET, &own, pass, "").await.must(404);
    }

    async fn a_walk_along_dossier_codes_with_one_known_number_is_stopped_and_an_honest_person_elsewhere_is_not(place: Place) {
        let front = Front::on(place, package()).await;
        let (stranger, honest) = ([192, 0, 2, 7], [198, 51, 100, 7]);
        let first = front.town.accepted().await;
        for _ in 0..WRONG_TRIES_NETWORK {
            front.town.accepted().await;
        }
        // the one whose number the stranger knows was numbered last
        let wanted = front.town.accepted().await;
        let id = wanted.id;
        front
            .town
            .db
            .write(async move |tx: &Write<'_>| {
                tx.run(store::sql!("UPDATE onestop_dossier SET applicant_phone = '0900000009' WHERE id = $1"), &[&id]).await
            })
            .await
            .unwrap();
        let mut answers = vec![];
        for n in 1..=200 {
            let answer = prove_from(&front, stranger, &format!("H12.164-261123-{n:04}"), "0900000009").await;
            answers.push(answer.status.as_u16());
        }
        let of = |status: u16| answers.iter().filter(|s| **s == status).count();
        let judged = usize::try_from(WRONG_TRIES_NETWORK).unwrap();
        assert_eq!((of(200), of(422), of(429)), (0, judged, 2), "{answers:?}");

        let code = first.code.as_deref().unwrap();
        prove_from(&front, stranger, code, "0900000002").await.must(429);
        prove_from(&front, honest, code, "0900000002").await.must(200);
        prove_from(&front, honest, wanted.code.as_deref().unwrap(), "0900000009").await.must(200);
        // a filing code is random: who has one did not walk there
        prove_from(&front, stranger, &first.filing_code, "0900000002").await.must(200);
        front.clock.advance(SignedDuration::from_mins(61));
        prove_from(&front, stranger, code, "0900000002").await.must(200);
    }

    async fn of_many_wrong_proofs_at_once_no_more_are_judged_than_the_budget_has(place: Place) {
        let town = Town::on(place).await;
        let code = town.submitted().await.filing_code;
        let tries = (0..3 * WRONG_TRIES.unsigned_abs()).map(|n| {
            let (db, code) = (town.db.clone(), code.clone());
            async move {
                let seed = base::Seed([3; 32]).part("try", n);
                db.write(async move |tx: &Write<'_>| {
                    service::prove(tx, &seed, morning(), "192.0.2.0", &code, "0900000003").await
                })
                .await
                .unwrap()
            }
        });
        let judged = join_all(tries).await.into_iter().filter(|proof| *proof == Proof::Wrong).count();
        assert_eq!(u64::try_from(judged).unwrap(), WRONG_TRIES.unsigned_abs());
    }
}
