//! Serves `/ui` alone, on a database in memory of a folder: `cargo run -p motcua-web --example gallery -- 8099 /tmp/gallery`.

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
    let app = web::build(house, Vec::new());
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("ready http://127.0.0.1:{port}/ui");
    axum::serve(listener, app.router).await?;
    Ok(())
}
