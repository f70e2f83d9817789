//! From settings to an open house: data folder, database with its tables, file store, clock.
use crate::{
    config::Config,
    rooms,
    say::{self, Trouble, trouble},
    sql,
};
use base::Clock;
use miette::Result;
use store::{Db, Files, Read, StoreOptions, Target, Write};
use web::words;

/// An open house.
#[derive(Clone)]
pub struct Open {
    /// The database.
    pub db: Db,
    /// The file store.
    pub files: Files,
    /// The time.
    pub clock: Clock,
}

/// Why the database does not open, and what to do.
fn not_open(target: &str, e: &store::Error) -> Trouble {
    let said = trouble(words("Không mở được cơ sở dữ liệu {0}: {1}. Chưa có gì thay đổi.").with(target).with_words(say::data(e)));
    said.cure(match e {
        store::Error::Full(_) => words("Dọn chỗ trên ổ đĩa rồi chạy lại."),
        store::Error::Unfit(why) if !why.contains("connection string") => {
            words("Tạo cơ sở dữ liệu UTF8 với TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C', rồi xem lại DATABASE_URL.")
        }
        _ if target.starts_with("postgres") => words(
            "Xem lại DATABASE_URL, dạng postgresql://tên:mật-khẩu@máy-chủ/cơ-sở-dữ-liệu; máy chủ phải đang chạy và cơ sở dữ liệu phải có sẵn.",
        ),
        _ => words("Kiểm tra quyền ghi và chỗ trống của thư mục dữ liệu; nếu tệp bị hỏng, khôi phục từ bản sao lưu gần nhất."),
    })
}

/// Where the data lives.
pub fn target(config: &Config) -> Target {
    match &config.database_url {
        Some(url) => Target::Postgres(url.clone()),
        None => Target::Sqlite(config.data.join("motcua.db")),
    }
}

/// Opens the house, making what is not there yet. Any command may do so beside the server.
pub async fn open(config: &Config) -> Result<Open> {
    let open = connect(config).await?;
    let target = format!("{:?}", target(config));
    store::migrate(&open.db, &rooms::migrations()).await.map_err(|e| match e {
        store::Error::Migration(_) => trouble(
            words("Không dùng được các bảng của {0}: {1}. Dữ liệu giữ nguyên như trước.").with(target).with_words(say::data(&e)),
        )
        .cure(words(
            "Chạy lại lệnh khôi phục nếu nó bị ngắt; nếu không, chạy phiên bản chương trình đã ghi dữ liệu này hoặc mới hơn.",
        )),
        other => not_open(&target, &other),
    })?;
    Ok(open)
}

/// The same without its tables: for what makes them itself (restore).
pub async fn connect(config: &Config) -> Result<Open> {
    make_private(&config.data).map_err(|e| {
        trouble(words("Không tạo được thư mục dữ liệu {0}: {1}.").with(config.data.display()).with_words(say::disk(&e)))
            .cure(words("Đặt MOTCUA_DATA là một thư mục ghi được."))
    })?;
    let target = target(config);
    let name = format!("{target:?}");
    let db = Db::open(&target, &store_options(config)).await.map_err(|e| not_open(&name, &e))?;
    let files = config.data.join("files");
    let files = Files::folder(&files).await.map_err(|e| {
        trouble(words("Không dùng được kho tệp {0}: {1}.").with(files.display()).with_words(say::data(&e)))
            .cure(words("Thư mục phải ghi được và ổ đĩa phải còn chỗ."))
    })?;
    Ok(Open { db, files, clock: Clock::system() })
}

/// How the database is used.
pub(crate) fn store_options(config: &Config) -> StoreOptions {
    StoreOptions { connections: config.database_connections as usize, ..StoreOptions::default() }
}

/// Makes the data folder when it is not there: nobody else on the machine may look into it.
pub(crate) fn make_private(folder: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

impl Open {
    /// What the program noted under this name.
    pub async fn note(&self, name: &'static str) -> Result<Option<String>, store::Error> {
        self.db.read(async move |tx: &Read<'_>| sql::note(tx, name).await).await
    }

    /// Notes something.
    pub async fn set_note(&self, name: &'static str, value: String) -> Result<(), store::Error> {
        let now = self.clock.now();
        self.db.write(async move |tx: &Write<'_>| sql::set_note(tx, name, &value, now).await).await
    }
}
