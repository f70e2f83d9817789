//! What a doctor looks at: settings, disk, database, log, listeners, jobs, files, calendar. The same list on the command line and on
//! the administrator's screen, in the words of whoever looks.
use crate::{config::Config, house::Open, rooms};
use serde::Serialize;
use store::{JobState, Read};
use web::{House, Wellness, Words, raw, words};

/// How one thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nothing to do.
    Well,
    /// It works, but somebody should look.
    Ailing,
    /// It does not work.
    Down,
}

/// One thing that was looked at.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What was looked at.
    pub what: Words,
    /// How it is.
    pub state: State,
    /// What was seen.
    pub seen: Words,
    /// What to do about it; empty when nothing.
    pub cure: Words,
}

struct Findings(Vec<Finding>);

impl Findings {
    fn well(&mut self, what: &'static str, seen: impl Into<Words>) {
        self.0.push(Finding { what: words(what), state: State::Well, seen: seen.into(), cure: Words::default() });
    }

    fn ailing(&mut self, what: &'static str, seen: impl Into<Words>, cure: &'static str) {
        self.0.push(Finding { what: words(what), state: State::Ailing, seen: seen.into(), cure: words(cure) });
    }

    fn down(&mut self, what: &'static str, seen: impl Into<Words>, cure: &'static str) {
        self.0.push(Finding { what: words(what), state: State::Down, seen: seen.into(), cure: words(cure) });
    }
}

/// Looks at everything. `deep` also walks the whole chain of events and reads every file.
pub async fn look(config: &Config, open: &Open, deep: bool) -> Result<Vec<Finding>, store::Error> {
    let mut found = Findings(vec![]);
    settings(&mut found, config);
    disk(&mut found, config);
    log(&mut found, open).await?;
    work(&mut found, open).await?;
    put_aside(&mut found, open).await?;
    calendar(&mut found, open).await?;
    rooms_are_well(&mut found, config, open).await;
    if deep {
        statements(&mut found, open).await?;
        chain(&mut found, open).await?;
        files(&mut found, open).await?;
    }
    Ok(found.0)
}

const SETTINGS: &str = "Cấu hình";
const DISK: &str = "Ổ đĩa";
const LOG: &str = "Sổ sự kiện";
const EARS: &str = "Bộ nghe sự kiện";
const JOBS: &str = "Việc chạy nền";
const BEFORE: &str = "Dữ liệu cũ";
const CALENDAR: &str = "Lịch nghỉ";

fn settings(found: &mut Findings, config: &Config) {
    let remarks = config.findings();
    if remarks.is_empty() {
        found.well(SETTINGS, words("Không có gì phải lưu ý."));
    }
    for remark in remarks {
        let seen = words("{0} {1}").with(remark.setting).with_words(remark.message);
        if remark.fatal {
            found.down(SETTINGS, seen, "Sửa trong motcua.toml rồi khởi động lại máy chủ.");
        } else {
            found.ailing(SETTINGS, seen, "Bảng cấu hình cho biết mỗi giá trị lấy từ đâu.");
        }
    }
}

fn disk(found: &mut Findings, config: &Config) {
    let Ok(stat) = rustix::fs::statvfs(&config.data) else {
        let seen = words("Không đọc được thư mục dữ liệu {0}.").with(config.data.display());
        return found.down(DISK, seen, "Kiểm tra ổ đĩa của thư mục dữ liệu đã gắn chưa.");
    };
    let (free, all) = (stat.f_bavail * stat.f_frsize, (stat.f_blocks * stat.f_frsize).max(1));
    let seen = words("Còn {0} trên {1}.").with(web::say::size(free)).with(web::say::size(all));
    let (percent, gib) = (free * 100 / all, 1 << 30);
    if free < gib / 2 {
        found.down(DISK, seen, "Dọn chỗ ngay: đầy đĩa thì không nhận được hồ sơ.");
    } else if percent < 10 && free < 20 * gib {
        found.ailing(DISK, seen, "Dọn chỗ, hoặc chuyển thư mục dữ liệu sang ổ lớn hơn.");
    } else {
        found.well(DISK, seen);
    }
}

async fn log(found: &mut Findings, open: &Open) -> Result<(), store::Error> {
    let (log, ears, parked) = open
        .db
        .read(async |tx: &Read<'_>| {
            let log = store::log_state(tx).await?;
            Ok::<_, store::Error>((log, store::listeners(tx).await?, store::parked(tx).await?))
        })
        .await?;
    let waits = log.since.map_or(0, |since| open.clock.now().since(since).as_secs());
    if waits > 60 {
        let seen = words("{0} sự kiện chờ vào sổ, lâu nhất {1} giây.").with(log.waiting).with(waits);
        found.ailing(LOG, seen, "Cần một máy chủ đang chạy: máy chủ giữ sổ.");
    } else {
        found.well(LOG, words("{0} sự kiện trong sổ, {1} đang vào sổ.").with(log.pos).with(log.waiting));
    }
    for ear in ears.iter().filter(|e| e.tries > 0 || e.behind > 1000) {
        let seen =
            words("{0} chậm {1} sự kiện. {2}").with(&ear.name).with(ear.behind).with(ear.error.as_deref().unwrap_or_default());
        found.ailing(EARS, seen, "Nhật ký máy chủ ghi lý do; hệ thống tự thử lại.");
    }
    for event in &parked {
        let seen = words("{0} không xử lý được sự kiện {1}: {2}").with(&event.listener).with(event.pos).with(&event.error);
        found.ailing(EARS, seen, "Sửa nguyên nhân, rồi bấm Cho nghe lại ở trang Hệ thống.");
    }
    if parked.is_empty() {
        found.well(EARS, words("{0} bộ nghe, không sự kiện nào bị gác lại.").with(ears.len()));
    }
    Ok(())
}

async fn work(found: &mut Findings, open: &Open) -> Result<(), store::Error> {
    let JobState { open: waiting, failed } = open.db.read(async |tx: &Read<'_>| store::job_state(tx).await).await?;
    let seen = words("{0} đang chờ hoặc đang chạy, {1} hỏng.").with(waiting).with(failed);
    if failed > 0 {
        found.ailing(JOBS, seen, "Mỗi việc hỏng ghi lý do ở trang Hệ thống.");
    } else {
        found.well(JOBS, seen);
    }
    Ok(())
}

/// What restores have put aside: kept until somebody throws it away, who is told here what it costs and how it is done.
async fn put_aside(found: &mut Findings, open: &Open) -> Result<(), store::Error> {
    for before in store::befores(&open.db).await? {
        let seen = words("{0} còn giữ dữ liệu trước một lần khôi phục, chiếm {1}; chừng nào còn, kho tệp không được dọn.")
            .with(&before.name)
            .with_words(web::say::size(before.bytes));
        let cure = match open.db.kind() {
            store::EngineKind::Sqlite => "Khi chắc chắn không cần nữa, xóa tệp đó trong thư mục dữ liệu.",
            store::EngineKind::Postgres => "Khi chắc chắn không cần nữa, xóa lược đồ đó bằng lệnh DROP SCHEMA … CASCADE.",
        };
        found.ailing(BEFORE, seen, cure);
    }
    Ok(())
}

/// Due times of November already reach into the next year.
async fn calendar(found: &mut Findings, open: &Open) -> Result<(), store::Error> {
    let now = open.clock.now();
    let calendar = open.db.read(async move |tx: &Read<'_>| directory::WorkTime::of_house(tx, now).await).await?.calendar;
    let (today, year) = (now.date(), now.date().year());
    let next = year + 1;
    if !calendar.is_settled(year) {
        let seen = words("Chưa có lịch nghỉ chính thức của năm {0}; ngày hẹn là tạm tính.").with(year);
        found.ailing(CALENDAR, seen, "Ghi thông báo lịch nghỉ ở Quản trị, Lịch và cách tính hạn.");
    } else if today.month() >= 11 && !calendar.is_settled(next) {
        let seen = words("Chưa có lịch nghỉ chính thức của năm {0}; ngày hẹn rơi vào năm đó là tạm tính.").with(next);
        found.ailing(CALENDAR, seen, "Khi có thông báo, ghi ở Quản trị, Lịch và cách tính hạn.");
    } else {
        found.well(CALENDAR, words("Đủ đến hết năm {0}.").with(if calendar.is_settled(next) { next } else { year }));
    }
    Ok(())
}

async fn rooms_are_well(found: &mut Findings, config: &Config, open: &Open) {
    let house = House::new(open.db.clone(), open.files.clone(), open.clock.clone(), config.web());
    for check in rooms::rooms(config).iter().flat_map(|room| room.health.iter()) {
        match (check.ask)(house.clone()).await {
            Wellness::Well => found.well(check.title, words("Tốt.")),
            Wellness::Ailing { why } => found.ailing(check.title, raw(why), ""),
            Wellness::Down { why } => found.down(check.title, raw(why), ""),
        }
    }
}

async fn statements(found: &mut Findings, open: &Open) -> Result<(), store::Error> {
    let faults = store::prepare_all(&open.db).await?;
    let what = "Câu lệnh dữ liệu";
    match faults.first() {
        None => found.well(what, words("Cơ sở dữ liệu hiểu cả {0} câu.").with(store::statements().len())),
        Some(first) => {
            let seen = words("{0} câu không dùng được, câu đầu: {1}").with(faults.len()).with(first);
            found.down(what, seen, "Bảng dữ liệu đã bị sửa bằng tay; khôi phục từ bản sao lưu.");
        }
    }
    Ok(())
}

async fn chain(found: &mut Findings, open: &Open) -> Result<(), store::Error> {
    let report = store::verify_chain(&open.db).await?;
    let what = "Chuỗi sự kiện";
    match report.broken {
        None => found.well(what, words("{0} sự kiện khớp nhau.").with(report.events)),
        Some((pos, why)) => {
            let seen = words("Sự kiện {0} không khớp: {1}").with(pos).with(why);
            found.down(what, seen, "Sổ đã bị sửa ngoài chương trình: giữ nguyên ổ đĩa và gọi hỗ trợ.");
        }
    }
    Ok(())
}

async fn files(found: &mut Findings, open: &Open) -> Result<(), store::Error> {
    let damaged = store::damaged_files(&open.db, &open.files).await?;
    let what = "Kho tệp";
    match damaged.first() {
        None => found.well(what, words("Mọi tệp còn nguyên vẹn.")),
        Some(first) => {
            let seen = words("{0} tệp mất hoặc hỏng, tệp đầu: {1}").with(damaged.len()).with(first.id.0);
            found.down(what, seen, "Lấy lại từ bản sao lưu gần nhất.");
        }
    }
    Ok(())
}
