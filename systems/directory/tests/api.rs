//! The same acts for programs: a bearer token, problems as JSON.
use directory::Role;
use serde_json::{Value, json};

use crate::{
    sign_in_pages::PASSWORD,
    town::{Served, serve},
};

async fn call(served: &Served, token: Option<&str>, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
    let client = reqwest::Client::new();
    let mut request = client.request(method.parse().unwrap(), format!("{}{path}", served.base));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if let Some(body) = body {
        request = request.header("idempotency-key", path).json(&body);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null))
}

testkit::both! {
    async fn a_program_signs_in_gives_and_ends_a_post(place: testkit::Place) {
        let served = serve(place, true).await;
        let admin = served.town.officer("quan.tri", served.town.ward, Role::Administrator).await;
        let cx = directory::Cx::machine(served.clock.now());
        let hashed = directory::hash_password(PASSWORD, &[], &cx.by.seed).await.unwrap();
        served.town.db.write(async move |tx: &store::Write<'_>| directory::set_password(tx, &cx, admin, &hashed, true).await).await.unwrap();
        let wrong = json!({"realm": "officer", "login": "quan.tri", "password": "sai"});
        let (status, said) = call(&served, None, "POST", "/api/v1/sign-in", Some(wrong)).await;
        assert_eq!((status, said["type"].as_str()), (401, Some("/api#sign-in")));
        assert!(said["detail"].as_str().unwrap().contains("mật khẩu"), "what was wrong is said: {said}");
        let nowhere = json!({"realm": "office", "login": "quan.tri", "password": "sai"});
        let (status, said) = call(&served, None, "POST", "/api/v1/sign-in", Some(nowhere)).await;
        assert_eq!((status, said["errors"][0]["field"].as_str()), (422, Some("realm")));
        let right = json!({"realm": "officer", "login": "quan.tri", "password": PASSWORD});
        let (status, signed) = call(&served, None, "POST", "/api/v1/sign-in", Some(right)).await;
        assert_eq!(status, 200, "{signed}");
        let token = signed["token"].as_str().unwrap().to_owned();
        let (_, me) = call(&served, Some(&token), "GET", "/api/v1/me", None).await;
        assert_eq!(me["posts"][0]["roles"][0], "administrator");
        assert_eq!(call(&served, None, "GET", "/api/v1/me", None).await.0, 401);
        let (status, said) = call(&served, Some(&token), "GET", "/api/v1/my/account", None).await;
        assert_eq!((status, said["type"].as_str()), (403, Some("/api#denied")), "an officer is no citizen");
        assert_eq!(call(&served, None, "GET", "/api/v1/my/account", None).await.0, 401);
        let nameless = json!({"parent": served.town.ward, "code": "H12.164.77", "name": "  ", "kind": "division"});
        let (status, said) = call(&served, Some(&token), "POST", "/api/v1/units", Some(nameless)).await;
        assert_eq!((status, said["errors"][0]["field"].as_str()), (422, Some("name")), "a unit has a name");
        let (_, units) = call(&served, Some(&token), "GET", "/api/v1/units", None).await;
        assert_eq!(units.as_array().unwrap().len(), 2);
        let person = json!({"name": "K'Brôih", "login": "k.broih", "email": null, "phone": null, "unit": served.town.ward_desk});
        let (status, made) = call(&served, Some(&token), "POST", "/api/v1/people", Some(person.clone())).await;
        assert_eq!(status, 200, "{made}");
        assert_eq!(call(&served, Some(&token), "POST", "/api/v1/people", Some(person)).await, (200, made.clone()), "the same key, the same answer");
        let elsewhere = json!({"person": made["id"], "unit": served.town.other_ward, "title": "Chuyên viên", "roles": ["leader"], "home": null, "to": null});
        let (status, problem) = call(&served, Some(&token), "POST", "/api/v1/posts", Some(elsewhere)).await;
        assert_eq!((status, problem["type"].as_str()), (403, Some("/api#denied")));
        let here = json!({"person": made["id"], "unit": served.town.ward_desk, "title": "Chuyên viên", "roles": ["desk_officer"], "home": null, "to": null});
        let client = reqwest::Client::new();
        let given: Value = client.post(format!("{}/api/v1/posts", served.base)).bearer_auth(&token).header("idempotency-key", "2").json(&here).send().await.unwrap().json().await.unwrap();
        let end = format!("/api/v1/posts/{}/end", given["id"].as_str().unwrap());
        assert_eq!(call(&served, Some(&token), "POST", &end, Some(json!({"reason": "thử"}))).await.0, 204);
        assert_eq!(call(&served, Some(&token), "POST", &end, Some(json!({"reason": "thử"}))).await.0, 204, "the same key, the same answer");
        let anew = client.post(format!("{}{end}", served.base)).bearer_auth(&token).header("idempotency-key", "3").json(&json!({"reason": "thử"}));
        assert_eq!(anew.send().await.unwrap().status(), 409, "it has ended");
        assert_eq!(call(&served, Some(&token), "POST", "/api/v1/sign-out", Some(json!({}))).await.0, 204);
        assert_eq!(call(&served, Some(&token), "GET", "/api/v1/me", None).await.0, 401);
    }
}
