//! Who may call what: reading is everybody's, every change is an editor's.

use serde_json::{Value, json};
use testkit::Place;

use crate::served::serve;

const ID: &str = "0192e4d0-0000-7000-8000-000000000001";

fn calls() -> Vec<(&'static str, String, Option<Value>)> {
    let settle = json!({ "value": 1, "unit": "working_day", "basis": "Điều 16 Luật Hộ tịch" });
    let row = json!({ "received_at": "all", "decision": "77/QĐ-UBND" });
    vec![
        ("GET", "/api/v1/procedures/1.001193/open-terms".into(), None),
        ("POST", "/api/v1/procedures/1.001193/terms/x/settle".into(), Some(settle)),
        ("PUT", "/api/v1/procedures/1.001193/listing".into(), Some(row)),
        ("DELETE", "/api/v1/procedures/1.001193/listing?decision=77/QD".into(), None),
        ("GET", "/api/v1/imports".into(), None),
        ("GET", format!("/api/v1/imports/{ID}"), None),
        ("GET", format!("/api/v1/imports/{ID}/unreadable"), None),
        ("POST", format!("/api/v1/imports/{ID}/stop"), None),
    ]
}

testkit::both! {
    async fn editors_change_the_catalogue_others_only_read_it(place: Place) {
        let served = serve(place).await;
        let (nobody, desk, editor) = (served.program(None).await, served.program(Some("mot.cua")).await, served.program(Some("bien.tap")).await);
        for (n, (method, path, body)) in calls().into_iter().enumerate() {
            let key = format!("k{n}");
            assert_eq!(nobody.send(method, &path, &key, body.clone()).await.0, 401, "{method} {path}");
            assert_eq!(desk.send(method, &path, &key, body.clone()).await.0, 403, "{method} {path}");
            let status = editor.send(method, &path, &key, body).await.0;
            assert!(![401, 403].contains(&status), "{method} {path} {status}");
        }
        assert_eq!(nobody.file("f", "a.jsonl", b"{}").await.0, 401);
        assert_eq!(desk.file("f", "a.jsonl", b"{}").await.0, 403);
        assert_eq!(editor.file("f", "a.jsonl", b"{}").await.0, 202);
    }

    async fn pages_of_editors_are_for_editors(place: Place) {
        let served = serve(place).await;
        let (desk, editor) = (served.officer("mot.cua").await, served.officer("bien.tap").await);
        for path in ["/quan-tri/thu-tuc", "/quan-tri/thu-tuc/1.001193", "/quan-tri/thu-tuc/nhap", "/quan-tri/thu-tuc/mau/mau.csv"] {
            let nobody = served.visitor().get(path).await;
            assert!(nobody.path.starts_with("/can-bo/dang-nhap"), "{path} → {}", nobody.path);
            assert_eq!(desk.get(path).await.status, 403, "{path}");
            editor.get(path).await.must(200);
        }
        assert_eq!(editor.get(&format!("/quan-tri/thu-tuc/nhap/{ID}")).await.status, 404);
        assert_eq!(editor.get("/quan-tri/thu-tuc/mau/mau.exe").await.status, 404);
        assert_eq!(editor.get("/quan-tri/thu-tuc/9.999999").await.status, 404);
        let page = editor.get("/quan-tri/thu-tuc/1.001193").await;
        for to in ["thoi-han", "danh-muc", "bo-danh-muc"] {
            let sent = desk.post(&desk.get("/can-bo/toi").await, &format!("/quan-tri/thu-tuc/1.001193/{to}"), &[]).await;
            assert_eq!(sent.status, 403, "{to}");
            assert_eq!(editor.post(&page, &format!("/quan-tri/thu-tuc/1.001193/{to}"), &[]).await.status, 422, "{to}");
        }
    }
}
