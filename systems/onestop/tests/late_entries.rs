//! Why an act was entered late is kept with it, and shown: to officers on the page, to programs, never to the applicant.

use crate::front::Front;
use crate::given::package;
use http::Method;
use testkit::Place;

testkit::both! {
    async fn what_happened_before_is_entered_with_its_reason_and_both_are_shown(place: Place) {
        let front = Front::on(place, package()).await;
        let row = front.town.accepted().await;
        let (id, p) = (row.id, front.town.people);
        let (case, leader) = (front.officer(p.case).await, front.officer(p.leader).await);
        front.clock.set(crate::given::at("2026-11-23T10:00"));
        let late = |text: &str, minute: &str, why: &str| {
            format!(r#"{{"text":"{text}","happened_at":"2026-11-23T{minute}:00+07:00","late_reason":"{why}"}}"#)
        };
        let call = async |who, act: &str, body: String| front.call(who, Method::POST, &format!("/api/v1/dossiers/{id}/{act}"), &body).await;

        let claim = |why: &str| format!(r#"{{"happened_at":"2026-11-23T08:20:00+07:00","late_reason":"{why}"}}"#);
        call(&case, "claim", claim("")).await.must(409);
        call(&case, "claim", claim("Mất mạng lúc nhận")).await.must(200);
        call(&case, "notes", late("Đã gọi điện", "08:25", "Mất mạng lúc ghi")).await.must(200);
        let file = [("happened_at", "2026-11-23T08:27:00+07:00"), ("late_reason", "Mất mạng lúc gửi tệp")];
        front.post_files(&case, &format!("/api/v1/dossiers/{id}/files"), &file, &[("tep", "a.pdf", b"%PDF-1.4\n%%EOF\n")]).await.must(200);
        call(&case, "pass-on", late("Đủ điều kiện", "08:30", "Mất mạng lúc chuyển")).await.must(200);
        call(&leader, "send-back", late("Sai tên", "08:40", "Mất mạng lúc trả lại")).await.must(200);

        let page = front.get(&leader, &format!("/can-bo/ho-so/{id}")).await.must(200).text;
        let api = front.call(&leader, Method::GET, &format!("/api/v1/dossiers/{id}"), "").await.must(200).text;
        let view: serde_json::Value = serde_json::from_str(&api).unwrap();
        for (kind, minute, why) in [
            ("claimed", "08:20", "Mất mạng lúc nhận"),
            ("noted", "08:25", "Mất mạng lúc ghi"),
            ("file_added", "08:27", "Mất mạng lúc gửi tệp"),
            ("passed_on", "08:30", "Mất mạng lúc chuyển"),
            ("sent_back", "08:40", "Mất mạng lúc trả lại"),
        ] {
            assert!(page.contains(why), "the story says why {kind} is late");
            let event = view["history"].as_array().unwrap().iter().find(|e| e["kind"] == kind).unwrap();
            assert_eq!(event["late_reason"], why);
            assert!(event["happened_at"].as_str().unwrap().contains(minute), "{event}");
            assert!(event["recorded_at"].as_str().unwrap().contains("10:00"), "{event}");
            assert!(event["by"].is_string(), "{event}");
        }
        let track = front.get(&leader, &format!("/tra-cuu/{}", row.filing_code)).await.must(200).text;
        assert!(track.contains("nhập lúc") && !track.contains("Mất mạng"), "the applicant sees that it was late, not the words among officers");
    }

    async fn every_act_of_the_page_can_be_entered_late(place: Place) {
        let front = Front::on(place, package()).await;
        let (id, p) = (front.town.accepted().await.id, front.town.people);
        let at = format!("/can-bo/ho-so/{id}");
        for (who, word) in [(p.case, "nhan-viec"), (p.case, "chuyen-tiep")] {
            let who = front.officer(who).await;
            let page = front.get(&who, &format!("{at}?viec={word}")).await.must(200).text;
            assert!(page.contains("name=\"xay-ra\"") && page.contains("name=\"nhap-muon\""), "{word}");
            let (_, form) = page.split_once(&format!("{at}/{word}\"")).expect(word);
            assert!(form.split("</form>").next().unwrap().contains("name=\"xay-ra\""), "{word}");
        }
    }
}
