//! The directory and the notices behind a port.
use base::Clock;
use store::Db;

pub const PASSWORD: &str = "ghe xuồng ra Năm Căn";

/// Its address, and the folder of its files, which goes with the test.
pub async fn house(db: &Db, clock: Clock) -> (String, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let files = store::Files::folder(folder.path()).await.unwrap();
    let house = web::House::new(db.clone(), files, clock, web::Settings { demo: true, ..Default::default() });
    let app = web::build(house, vec![directory::room(), notices::room()]);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let service = app.router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    (base, folder)
}
