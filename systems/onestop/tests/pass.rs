//! A program without an account: whoever knows one thing more than a code gets a pass, and has with it that dossier alone, for a while.

use crate::front::{Answer, Front};
use crate::given::package;
use axum::body::Body;
use http::{Method, Request};
use jiff::SignedDuration;
use onestop::service::PASS_MINUTES;
use serde_json::{Value, json};
use testkit::Place;

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
}
