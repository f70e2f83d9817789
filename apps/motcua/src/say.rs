//! What the program says to a person at a terminal: what happened, what was kept, what to do. Vietnamese, or English under
//! `MOTCUA_LANG=en`; the locale is not asked, because servers carry an English one whoever stands before them. `--help`, the log and
//! the names in JSON are English always: they are for operators' tools.
use base::Lang;
use std::{fmt, io, path::Path, sync::OnceLock};
use store::BadBackup;
use web::{Words, raw, words};

/// The language of the terminal.
pub fn lang() -> Lang {
    static LANG: OnceLock<Lang> = OnceLock::new();
    *LANG.get_or_init(|| match std::env::var("MOTCUA_LANG") {
        Ok(asked) if asked.to_lowercase().starts_with("en") => Lang::En,
        _ => Lang::Vi,
    })
}

/// A sentence in the language of the terminal.
pub fn say(words: Words) -> String {
    words.say(lang())
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub struct Trouble(Box<Said>);

#[derive(Debug)]
struct Said {
    what: Words,
    cure: Words,
}

/// What happened, and what was kept.
pub fn trouble(what: Words) -> Trouble {
    Trouble(Box::new(Said { what, cure: Words::default() }))
}

impl Trouble {
    /// What to do about it.
    #[must_use]
    pub fn cure(mut self, cure: Words) -> Trouble {
        self.0.cure = cure;
        self
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.what.say(lang()))
    }
}

impl std::error::Error for Trouble {}
impl miette::Diagnostic for Trouble {}

/// Tells of what ended a command, on standard error.
pub fn tell(report: &miette::Report) {
    let other;
    let trouble = match report.downcast_ref::<Trouble>() {
        Some(trouble) => trouble,
        None => {
            other = unforeseen(&report.chain().map(ToString::to_string).collect::<Vec<_>>().join(": "));
            &other
        }
    };
    eprintln!("{}", say(words("Lỗi: {0}").with_words(trouble.0.what.clone())));
    if !trouble.0.cure.is_empty() {
        eprintln!("{}", say(words("Cách xử lý: {0}").with_words(trouble.0.cure.clone())));
    }
}

/// A file that cannot be read.
pub fn unreadable(file: &Path, e: &io::Error) -> Trouble {
    trouble(words("Không đọc được {0}: {1}. Chưa có gì thay đổi.").with(file.display()).with_words(disk(e))).cure(
        match e.kind() {
            io::ErrorKind::NotFound => words("Xem lại đường dẫn và tên tệp."),
            io::ErrorKind::PermissionDenied => words("Cấp quyền đọc tệp cho người chạy lệnh, hoặc chạy lệnh bằng người khác."),
            io::ErrorKind::IsADirectory => words("Ghi tên một tệp trong thư mục đó."),
            io::ErrorKind::InvalidData => words("Chọn đúng tệp, hoặc lưu lại tệp ở dạng văn bản UTF-8."),
            _ => words("Kiểm tra ổ đĩa chứa tệp rồi chạy lại lệnh."),
        },
    )
}

/// A file that cannot be written.
pub fn unwritable(file: &Path, e: &io::Error) -> Trouble {
    trouble(words("Không ghi được {0}: {1}. Không để lại tệp dở dang.").with(file.display()).with_words(disk(e))).cure(
        match e.kind() {
            io::ErrorKind::AlreadyExists => words("Chọn tên khác, hoặc chuyển tệp cũ đi trước."),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => words("Dọn chỗ trên ổ đĩa, hoặc ghi sang ổ khác."),
            io::ErrorKind::NotFound => words("Thư mục phải có sẵn; xem lại đường dẫn."),
            _ => words("Chọn một thư mục ghi được."),
        },
    )
}

/// What a disk or a pipe answers.
pub fn disk(e: &io::Error) -> Words {
    match e.kind() {
        io::ErrorKind::NotFound => words("không có tệp hoặc thư mục này"),
        io::ErrorKind::PermissionDenied => words("không đủ quyền"),
        io::ErrorKind::IsADirectory => words("đây là thư mục, không phải tệp"),
        io::ErrorKind::NotADirectory => words("một phần của đường dẫn là tệp, không phải thư mục"),
        io::ErrorKind::AlreadyExists => words("đã có tệp cùng tên"),
        io::ErrorKind::StorageFull => words("ổ đĩa đã đầy"),
        io::ErrorKind::QuotaExceeded => words("đã hết hạn mức đĩa"),
        io::ErrorKind::ReadOnlyFilesystem => words("ổ đĩa chỉ cho đọc"),
        io::ErrorKind::InvalidData => words("không phải văn bản UTF-8"),
        io::ErrorKind::AddrInUse => words("cổng này đang có chương trình khác dùng"),
        io::ErrorKind::AddrNotAvailable => words("máy này không có địa chỉ đó"),
        _ => raw(e),
    }
}

/// What the data layer answers.
pub fn data(e: &store::Error) -> Words {
    use store::Error as E;
    match e {
        E::Busy(_) => words("cơ sở dữ liệu đang bận"),
        E::Full(_) => words("ổ đĩa đã đầy"),
        E::Conflict => words("có người sửa cùng lúc"),
        E::Unfit(why) | E::Away(why) if why.contains("connection string") || why.contains("invalid configuration") => {
            words("DATABASE_URL không đúng dạng")
        }
        E::Away(why) => away(why),
        E::Unfit(why) => words("cơ sở dữ liệu chưa dùng được ({0})").with(why),
        E::Migration(why) if why.contains("interrupted") => words("một lần khôi phục vào đây bị ngắt giữa chừng"),
        E::Migration(why) => words("bảng dữ liệu không khớp với phiên bản này của chương trình ({0})").with(why),
        E::Statement { code, .. } if code.starts_with("sqlite 26") => words("tệp này không phải cơ sở dữ liệu SQLite"),
        E::Statement { code, .. } if code.starts_with("sqlite 11") => words("tệp cơ sở dữ liệu bị hỏng"),
        E::Statement { code, .. } if code.starts_with("sqlite 8") => words("tệp cơ sở dữ liệu chỉ cho đọc"),
        E::File(why) => words("kho tệp báo lỗi ({0})").with(why),
        E::OtherFiles => words("kho tệp này là của một cơ sở dữ liệu khác"),
        E::NamelessFiles(_) => words("kho tệp có tệp nhưng không ghi là của cơ sở dữ liệu nào"),
        E::Backup(BadBackup::NotWhole(_)) => words("đây không phải bản sao lưu của motcua, hoặc tệp bị cắt dở"),
        E::Backup(BadBackup::Damaged(part)) => words("bản sao lưu bị hỏng ở phần “{0}”").with(part),
        E::Backup(BadBackup::OtherProgram(why)) => {
            words("bản sao lưu do một phiên bản mới hơn hoặc chương trình khác ghi ({0})").with(why)
        }
        E::Backup(BadBackup::NotEmpty(n)) => words("nơi khôi phục đã có dữ liệu ({0} bảng)").with(n),
        E::Backup(BadBackup::InUse(n)) => words("còn {0} kết nối khác đang dùng cơ sở dữ liệu này").with(n),
        E::Backup(BadBackup::OpenElsewhere) => words("một chương trình khác đang mở cơ sở dữ liệu này"),
        other => words("lỗi chưa lường trước ({0})").with(other),
    }
}

/// Drivers say in their own words why nobody answers; these are the common ones.
fn away(why: &str) -> Words {
    const KNOWN: [(&str, &str); 9] = [
        ("onnection refused", "máy chủ cơ sở dữ liệu không chạy ở địa chỉ này"),
        ("lookup address", "không tìm thấy tên máy chủ cơ sở dữ liệu"),
        ("imeout", "máy chủ cơ sở dữ liệu không trả lời"),
        ("imed out", "máy chủ cơ sở dữ liệu không trả lời"),
        ("[28", "máy chủ cơ sở dữ liệu từ chối tên hoặc mật khẩu"),
        ("[3D000]", "máy chủ không có cơ sở dữ liệu tên này"),
        ("password", "địa chỉ thiếu mật khẩu"),
        ("unable to open database file", "không tạo hoặc không mở được tệp cơ sở dữ liệu"),
        ("No such file", "không có tệp hoặc ổ nối này"),
    ];
    match KNOWN.iter().find(|(mark, _)| why.contains(mark)) {
        Some((_, said)) => words(said),
        None => words("không kết nối được ({0})").with(why),
    }
}

/// A database that fails in the middle of a command: units of work are whole or not there.
pub fn failed(e: &store::Error) -> Trouble {
    trouble(words("Cơ sở dữ liệu không làm được việc này: {0}. Không có gì bị ghi dở.").with_words(data(e)))
        .cure(words("Chạy motcua doctor để xem tình trạng, rồi chạy lại lệnh."))
}

/// What nobody thought of, with the words of the inside for those who help.
pub fn unforeseen(e: &dyn fmt::Display) -> Trouble {
    trouble(words("Chương trình dừng vì một lỗi chưa lường trước: {0}").with(e))
        .cure(words("Chạy motcua doctor để xem tình trạng; nếu vẫn lỗi, gửi nguyên dòng trên cho nơi hỗ trợ."))
}
