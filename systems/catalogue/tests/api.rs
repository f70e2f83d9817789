//! The catalogue for programs: find and read without signing in; settle, list and import as an editor.

use serde_json::json;
use testkit::Place;

use crate::served::serve;
use crate::town::{lines, record};

testkit::both! {
    async fn anyone_finds_and_reads_what_is_in_force(place: Place) {
        let served = serve(place).await;
        let program = served.program(None).await;
        let (status, all) = program.get("/api/v1/procedures").await;
        assert_eq!((status, all["total"].as_u64()), (200, Some(2)), "{all}");
        assert_eq!(all["procedures"][0]["title"], "Đăng ký khai sinh", "in dictionary order");
        assert_eq!(all["procedures"][0]["received_at"], "commune");
        let (_, open) = program.get("/api/v1/procedures?open=true&listed=true").await;
        assert_eq!((open["total"].as_u64(), open["procedures"][0]["open_terms"].as_u64()), (Some(1), Some(1)));
        let (_, found) = program.get("/api/v1/procedures?q=khai%20tu").await;
        assert_eq!(found["procedures"][0]["code"], "1.000656");
        assert!(found["procedures"][0]["why"][0]["kind"].is_string(), "{found}");
        assert_eq!(program.get("/api/v1/procedures?level=xa").await.0, 422);
        let (_, one) = program.get("/api/v1/procedures/1.000656").await;
        assert_eq!((one["package"]["terms"][0]["value"].as_u64(), one["receivable"].as_bool()), (Some(3), Some(false)), "not on the list");
        let version = one["version"].as_str().unwrap();
        let (status, same) = program.get(&format!("/api/v1/procedure-versions/{version}")).await;
        assert_eq!((status, &same["package"], same["in_force"].as_bool()), (200, &one["package"], Some(true)));
        assert_eq!(program.get("/api/v1/procedures/9.999999").await.0, 404);
        assert_eq!(program.get("/api/v1/procedure-versions/00000000-0000-0000-0000-000000000001").await.0, 404);
        let (_, fields) = program.get("/api/v1/procedure-fields").await;
        assert_eq!(fields, json!([{ "field": "Hộ tịch", "procedures": 2 }]));
        let (_, list) = program.get("/api/v1/local-list").await;
        assert_eq!((list.as_array().unwrap().len(), &list[0]["decision"]), (1, &json!("1242/QĐ-UBND")));
    }

    async fn an_editor_settles_and_lists_and_the_same_key_does_it_once(place: Place) {
        let served = serve(place).await;
        let editor = served.program(Some("bien.tap")).await;
        let (_, open) = editor.get("/api/v1/procedures/1.001193/open-terms").await;
        let term = open["terms"][0]["term"].as_str().unwrap();
        let settle = format!("/api/v1/procedures/1.001193/terms/{term}/settle");
        let order = json!({ "value": 1, "unit": "working_day", "same_day": true, "basis": "Điều 16 Luật Hộ tịch" });
        let (status, first) = editor.send("POST", &settle, "k1", Some(order.clone())).await;
        assert_eq!(status, 200, "{first}");
        assert_eq!(editor.send("POST", &settle, "k1", Some(order)).await, (200, first.clone()), "the same key, the same answer");
        let (_, now) = editor.get("/api/v1/procedures/1.001193").await;
        assert_eq!((&now["version"], now["receivable"].as_bool()), (&first["version"], Some(true)));
        let (status, said) = editor.send("POST", &settle, "k2", Some(json!({ "value": 0, "unit": "month", "basis": "Điều 16" }))).await;
        assert_eq!((status, said["type"].as_str()), (422, Some("/api#fault")), "{said}");
        let (status, said) = editor.send("POST", "/api/v1/procedures/1.000656/terms/x/settle", "k3", Some(json!({ "value": 1, "unit": "month", "basis": "Điều 16" }))).await;
        assert_eq!(status, 409, "{said}");

        let row = json!({ "received_at": "all", "decision": "77/QĐ-UBND" });
        assert_eq!(editor.send("PUT", "/api/v1/procedures/1.000656/listing", "k4", Some(row)).await.0, 204);
        assert_eq!(editor.get("/api/v1/procedures/1.000656").await.1["listing"]["decision"], "77/QĐ-UBND");
        assert_eq!(editor.send("DELETE", "/api/v1/procedures/1.000656/listing", "k5", None).await.0, 422, "by which decision?");
        assert_eq!(editor.send("DELETE", "/api/v1/procedures/1.000656/listing?decision=78/QD", "k6", None).await.0, 204);
        assert_eq!(editor.send("DELETE", "/api/v1/procedures/1.000656/listing?decision=78/QD", "k7", None).await.0, 409);
    }

    async fn a_procedure_without_any_term_gets_one_for_every_filing(place: Place) {
        let served = serve(place).await;
        let mut bare = record("2.000001", "Thủ tục chỉ có tên", None, None);
        bare["methods"] = json!([]);
        served.town.import(2, lines(&[bare])).await.unwrap();
        let editor = served.program(Some("bien.tap")).await;
        let (_, open) = editor.get("/api/v1/procedures/2.000001/open-terms").await;
        assert_eq!(open["terms"][0]["term"], "all");
        let order = json!({ "value": 5, "unit": "calendar_day", "basis": "Quyết định 12/QĐ-UBND" });
        assert_eq!(editor.send("POST", "/api/v1/procedures/2.000001/terms/all/settle", "k1", Some(order)).await.0, 200);
        let (_, now) = editor.get("/api/v1/procedures/2.000001").await;
        assert_eq!((now["package"]["terms"][0]["value"].as_u64(), now["package"]["terms"][0]["unit"].as_str()), (Some(5), Some("calendar_day")));
        // a later record that has rows of its own is believed again
        served.town.import(3, lines(&[record("2.000001", "Thủ tục chỉ có tên", Some(7), Some("Ngày"))])).await.unwrap();
        assert_eq!(editor.get("/api/v1/procedures/2.000001").await.1["package"]["terms"][0]["value"], 7);
    }

    async fn a_program_imports_a_file_and_reads_its_report(place: Place) {
        let served = serve(place).await;
        let editor = served.program(Some("bien.tap")).await;
        let mut file = lines(&[record("1.000001", "Thủ tục thứ nhất", Some(3), Some("Ngày")), record("1.000656", "Thủ tục đăng ký khai tử", Some(2), Some("Ngày làm việc"))]);
        file.push_str("{\"code\":\"khong\",\"name\":\"x\"}\n");
        let (status, ordered) = editor.file("k1", "danh muc.jsonl", file.as_bytes()).await;
        assert_eq!(status, 202, "{ordered}");
        assert_eq!(editor.file("k1", "danh muc.jsonl", file.as_bytes()).await, (202, ordered.clone()), "the same key, the same import");
        let id = ordered["import"].as_str().unwrap();
        let done = editor.ended(id).await;
        assert_eq!(done["state"], "done", "{done}");
        let figures = ["read", "new", "changed", "unchanged", "unreadable"].map(|f| done["report"][f].as_u64().unwrap());
        assert_eq!(figures, [3, 1, 1, 0, 1]);
        assert_eq!((&done["file"], &done["by"]), (&json!("danh muc.jsonl"), &json!("Trần Thị Biên")));
        let (_, faults) = editor.get(&format!("/api/v1/imports/{id}/unreadable")).await;
        assert_eq!((faults[0]["line"].as_u64(), faults[0]["reason"].as_str()), (Some(3), Some("mã thủ tục “khong” không đúng dạng 1.001193")));
        assert_eq!(editor.get("/api/v1/imports").await.1.as_array().unwrap().len(), 2, "the one of the start and this");
        let (_, found) = editor.get("/api/v1/procedures/1.000001").await;
        assert_eq!(found["origin"], "imported");
        assert_eq!(editor.send("POST", &format!("/api/v1/imports/{id}/stop"), "", None).await.0, 409, "it has ended");
        assert_eq!(editor.file("k2", "rong.csv", b"").await.0, 422);
        let (status, said) = editor.file_in("tep-khac", "k3", "danh muc.jsonl", file.as_bytes()).await;
        assert_eq!((status, said["errors"][0]["field"].as_str()), (422, Some("file")), "only the input of this name is a file to import");
    }
    async fn an_import_is_stopped_once_and_the_same_key_gives_the_same_answer(place: Place) {
        let mut served = serve(place).await;
        served.rest().await;
        let editor = served.program(Some("bien.tap")).await;
        let (_, ordered) = editor.file("k1", "danh muc.jsonl", lines(&[record("1.000001", "A", Some(3), Some("Ngày"))]).as_bytes()).await;
        let stop = format!("/api/v1/imports/{}/stop", ordered["import"].as_str().unwrap());
        assert_eq!(editor.send("POST", &stop, "k2", None).await.0, 204);
        assert_eq!(editor.send("POST", &stop, "k2", None).await.0, 204, "the line broke, the program asks again");
        assert_eq!(editor.send("POST", &stop, "k3", None).await.0, 409, "asked anew it has ended");
        assert_eq!(editor.get("/api/v1/procedures/1.000001").await.0, 404);
    }
}
