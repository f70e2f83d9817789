//! The database goes away while a citizen fills a form: the page says so kindly, and nothing typed is lost.
use crate::command_line::motcua;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use testkit::http::{Page, Visitor};
use testkit::postgres::Cluster;

/// The server, ended with the test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(60) {
        if let Some(found) = ask().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("{what} did not happen within a minute");
}

#[test]
fn a_database_away_for_ten_seconds_costs_a_citizen_no_word() {
    testkit::run(async {
        let cluster = Cluster::start(false);
        cluster.admin("CREATE DATABASE mat").await;
        let folder = tempfile::tempdir().unwrap();
        let port = testkit::free_port();
        let mut command = motcua(folder.path(), &["demo"]);
        command.env("PORT", port.to_string()).env("DATABASE_URL", cluster.url("mat"));
        let mut served = Served(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
        let said = BufReader::new(served.0.stdout.take().unwrap());
        let ready = said.lines().map_while(Result::ok).find(|line| line.starts_with("ready "));
        assert!(ready.is_some(), "the demo did not come up");
        let mother = Visitor::of(&format!("http://127.0.0.1:{port}"));
        let page = mother.get("/dang-nhap?next=/ho-so-cua-toi").await;
        let signed = [("ten", "tran-thi-thu"), ("mat-khau", "nguoi-dan-demo-2026"), ("next", "/ho-so-cua-toi")];
        assert_eq!(mother.post(&page, "/dang-nhap", &signed).await.path, "/ho-so-cua-toi");
        let start = mother.get("/nop/1.001193").await.must(200);
        let form = mother.post(&start, "/nop/1.001193", &[]).await.must(200);
        let at = form.path.clone();
        let (commune, _) = form.text.split_once("An Xuyên</option>").expect("the commune");
        let commune = commune.rsplit("value=\"").next().unwrap().split('"').next().unwrap().to_owned();
        let typed =
            [("ho-ten", "Trần Thị Gián Đoạn"), ("dia-chi", "Khóm 5, <Phường> An Xuyên"), ("xa", &commune), ("da-hien", "")];

        cluster.down(false);
        let down = Instant::now();
        let kept: Page = mother.post(&form, &at, &typed).await.must(503);
        for said in ["Chúng tôi đang gián đoạn", "không có gì đã lưu bị mất", "Trần Thị Gián Đoạn", "Gửi lại"]
        {
            assert!(kept.text.contains(said), "no {said:?} in\n{}", kept.text);
        }
        assert!(!kept.text.contains("<Phường>") && !kept.text.contains(&format!(">{commune}<")), "only words, as text");
        // The script's save is told to come again; a program too, in its own words.
        let save = mother.client().post(mother.url(&format!("{at}/luu"))).header("accept", "application/json");
        let save = save
            .header("x-csrf", form.hidden("csrf").unwrap())
            .header("content-type", "application/x-www-form-urlencoded")
            .body("ho-ten=a")
            .send()
            .await
            .unwrap();
        assert_eq!((save.status().as_u16(), save.headers()["retry-after"].to_str().unwrap()), (503, "15"));
        assert!(save.headers()["content-type"].to_str().unwrap().contains("problem+json"));
        tokio::time::sleep(Duration::from_secs(10).saturating_sub(down.elapsed())).await;
        cluster.up();

        // "Gửi lại" sends what the page kept; the very same words are in the draft then.
        let words = |name: &str| {
            kept.hidden(name).expect(name).replace("&#60;", "<").replace("&#62;", ">").replace("&lt;", "<").replace("&gt;", ">")
        };
        let (name, address, seen) = (words("ho-ten"), words("dia-chi"), words("da-hien"));
        let again = [("ho-ten", name.as_str()), ("dia-chi", &address), ("xa", &commune), ("da-hien", &seen)];
        until("the next page", async || {
            let next = mother.post(&kept, &at, &again).await;
            next.path.ends_with("/nguoi-di-khai").then_some(())
        })
        .await;
        let form = mother.get(&at).await.must(200);
        assert_eq!(form.hidden("ho-ten").as_deref(), Some("Trần Thị Gián Đoạn"));
        assert!(form.text.contains("Khóm 5, &#60;Phường&#62; An Xuyên") || form.text.contains("Khóm 5, &lt;Phường&gt; An Xuyên"));
    });
}
