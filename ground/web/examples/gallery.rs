//! Serves `/ui`, and `/thu`, a form with autosave and upload, on a database in memory of a folder: `cargo run -p motcua-web --example gallery -- 8099 /tmp/gallery`.

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_env_filter("info").init();
    let mut args = std::env::args().skip(1);
    let port: u16 = args.next().unwrap_or_else(|| "8099".into()).parse()?;
    let folder = std::path::PathBuf::from(args.next().unwrap_or_else(|| "target/gallery".into()));
    std::fs::create_dir_all(&folder)?;
    let db = store::Db::open(&store::Target::Sqlite(folder.join("gallery.db")), &store::StoreOptions::default()).await?;
    store::migrate(&db, &[("web", web::MIGRATIONS)]).await?;
    let files = store::Files::folder(folder.join("files")).await?;
    let settings = web::Settings { address: format!("http://127.0.0.1:{port}"), demo: true, ..web::Settings::default() };
    let house = web::House::new(db, files, base::Clock::system(), settings);
    let app = web::build(house, vec![try_room()]);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("ready http://127.0.0.1:{port}/ui");
    axum::serve(listener, app.router).await?;
    Ok(())
}

#[derive(askama::Template)]
#[template(
    source = r#"<h1>Thử</h1>{{ saved }}<form method="post" action="/thu" data-autosave="/thu/nhap">{{ web::csrf_once() }}{{ name }}{{ files }}{{ web::button("Nộp hồ sơ").primary() }}</form>"#,
    ext = "html"
)]
struct Try {
    saved: web::ui::message::Saved,
    name: web::Field,
    files: web::ui::file::Files,
}

async fn form(house: axum::extract::State<web::House>, visit: web::Visit) -> web::Page<impl askama::Template> {
    let shell = web::Shell::citizen(&visit, &house).title("Thử").main_class("page form-page");
    let body = Try {
        saved: web::saved(web::Kept::Saved, "Chưa có gì để lưu"),
        name: web::text("ho-ten", "Họ tên").width(30),
        files: web::files("giay-to", "Giấy tờ", []).endpoint(web::upload::ENDPOINT).max(house.settings.max_file),
    };
    web::Page::new(shell, body)
}

fn try_room() -> web::Room {
    let keep = async || axum::http::StatusCode::NO_CONTENT;
    let take = async |posted: axum::Form<Vec<(String, String)>>| format!("{:?}", posted.0);
    let pages = web::Routes::new().get("/thu", web::Door::Public, form).post("/thu", web::Door::Public, take).post(
        "/thu/nhap",
        web::Door::Public,
        keep,
    );
    web::Room::new("try").pages(pages)
}
