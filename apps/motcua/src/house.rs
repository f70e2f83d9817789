//! From settings to an open house: data folder, database with its tables, file store, clock.
use crate::{
    config::Config,
    rooms,
    say::{self, Trouble, trouble},
    sql,
};
use base::Clock;
use miette::Result;
use std::{
    fs::{self, File},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};
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

/// Why the file store cannot be used, and what to do.
fn no_files(config: &Config, e: &store::Error) -> Trouble {
    let files = files(config);
    trouble(words("Không dùng được kho tệp {0}: {1}.").with(files.display()).with_words(say::data(e)))
        .cure(words("Thư mục phải ghi được và ổ đĩa phải còn chỗ."))
}

/// Why these files are not used with this database, and what to do.
fn not_together(config: &Config, e: &store::Error) -> Trouble {
    let (files, target) = (files(config), target(config));
    let said = words("Kho tệp {0} không đi cùng cơ sở dữ liệu {1}: {2}. Chưa có gì thay đổi.");
    let said = said.with(files.display()).with(format!("{target:?}")).with_words(say::data(e));
    trouble(said).cure(match e {
        store::Error::NamelessFiles(house) => words(
            "Kiểm tra MOTCUA_DATA và ổ đĩa của kho tệp. Nếu đúng là kho tệp của cơ sở dữ liệu này, ghi dòng {0} vào tệp {1} rồi chạy lại.",
        )
        .with(house)
        .with(files.join("house").display()),
        _ => words(
            "Mỗi cơ sở dữ liệu cần thư mục dữ liệu riêng: đặt MOTCUA_DATA là thư mục đã dùng với cơ sở dữ liệu này, hoặc một thư mục mới. Nếu cơ sở dữ liệu cũ đã mất, chuyển kho tệp này sang chỗ khác, giữ lại, rồi motcua restore bản sao lưu.",
        ),
    })
}

/// Opens the house, making what is not there yet. Any command may do so beside the server.
pub async fn open(config: &Config) -> Result<Open> {
    let open = connect(config).await?;
    let target = format!("{:?}", target(config));
    store::open_house(&open.db, &open.files, &rooms::migrations()).await.map_err(|e| match e {
        store::Error::OtherFiles | store::Error::NamelessFiles(_) => not_together(config, &e),
        store::Error::File(_) => no_files(config, &e),
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
    let files = Files::folder(files(config)).await.map_err(|e| no_files(config, &e))?;
    Ok(Open { db, files, clock: Clock::system() })
}

/// Where the files lie.
pub(crate) fn files(config: &Config) -> PathBuf {
    config.data.join("files")
}

/// How the database is used.
pub(crate) fn store_options(config: &Config) -> StoreOptions {
    StoreOptions { connections: config.database_connections as usize, ..StoreOptions::default() }
}

/// Makes a folder when it is not there: nobody else on the machine may look into it. One that is there stays as its owner made it;
/// [`is_open_to_others`] says what `config check` and `doctor` remark.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Whether others on the machine may look into a folder.
pub(crate) fn is_open_to_others(folder: &Path) -> bool {
    fs::metadata(folder).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
}

/// Makes a file that nobody else on the machine may read; one that is there already is an error.
pub(crate) fn private_file(file: &Path) -> io::Result<File> {
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)
}

/// Gives a file that is written its name, and makes the name last.
pub(crate) fn name(written: &Path, to: &Path) -> io::Result<()> {
    fs::rename(written, to)?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
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
