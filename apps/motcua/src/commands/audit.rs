//! `audit`: writes the bill now, verifies all evidence, takes it out for others to judge.
use crate::{
    config::Config,
    house::{self, Open},
    rooms,
    say::{self, Trouble, say, trouble},
};
use audit::{
    finding::Verdict,
    service::{
        export::{self, NotWritten},
        stamp, verify,
        write::{Order, write_bill},
    },
};
use miette::Result;
use std::{path::Path, process::ExitCode};
use web::words;

/// Writes a bill of everything until now, and has it stamped when an authority is set.
pub async fn bill(config: &Config, json: bool) -> Result<ExitCode> {
    let open = house::open(config).await?;
    settle(config, &open).await?;
    let stamps = !config.audit.tsa.is_empty();
    let written = write_bill(&open.db, &open.files, &Order::of_house(open.clock.now(), stamps)).await;
    let number = written.map_err(|e| not_done(&e))?;
    let hands = audit::jobs::hands(&config.audit, &open.files).map_err(|e| no_authority(&e))?;
    store::work_off(&open.db, &open.clock, &hands).await.map_err(|e| say::failed(&e))?;
    settle(config, &open).await?;
    let found = open.db.read(async move |tx: &store::Read<'_>| audit::bill_of(tx, number).await).await;
    let row = found.map_err(|e| say::failed(&e))?;
    let (stamped, why) = row.map_or((None, None), |r| (r.stamped_at, r.stamp_error));
    if json {
        println!("{}", serde_json::json!({ "bill": number, "stamped_at": stamped, "stamp_error": why }));
    } else {
        println!("{}", say(words("Đã lập bảng kê số {0}.").with(number)));
        match (stamped, why) {
            (Some(at), _) => println!("{}", say(words("Đã đóng dấu thời gian: {0}").with(at))),
            (None, Some(why)) => println!("{}", say(words("Chưa đóng dấu được: {0} Máy chủ sẽ thử lại.").with(why))),
            (None, None) => println!("{}", say(words("Chưa đóng dấu: audit.tsa chưa đặt."))),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Without a server nobody gives events their places.
async fn settle(config: &Config, open: &Open) -> Result<()> {
    let ears: Vec<_> = rooms::rooms(config).iter().flat_map(|r| r.listeners.iter().cloned()).collect();
    Ok(store::settle(&open.db, &open.clock, &ears).await.map_err(|e| say::failed(&e))?)
}

/// Walks everything; exit code 1 when anything does not fit.
pub async fn verify(config: &Config, roots: Option<&Path>, json: bool) -> Result<ExitCode> {
    let open = house::open(config).await?;
    let settings = match roots {
        Some(file) => audit::Settings { roots: Some(file.to_owned()), ..config.audit.clone() },
        None => config.audit.clone(),
    };
    let roots = stamp::roots(&settings).map_err(|e| no_authority(&e))?;
    let verdict = verify::verify(&open.db, &open.files, roots.as_ref()).await.map_err(|e| say::failed(&e))?;
    if json {
        println!("{}", serde_json::json!({ "sound": verdict.is_sound(), "verdict": verdict }));
    } else {
        tell(&verdict);
    }
    Ok(if verdict.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(v: &Verdict) {
    let seen = words("{0} bảng kê, {1} sự kiện ({2} chưa kê, {3} đã hủy nội dung), {4} lượt xem ({5} chưa kê).");
    let seen =
        seen.with(v.bills).with(v.events + v.events_open).with(v.events_open).with(v.blanked).with(v.reads).with(v.reads_open);
    println!("{}", say(seen));
    let stamps = words("Dấu thời gian: {0} đúng, {1} chưa đóng, {2} chưa kiểm được.");
    println!("{}", say(stamps.with(v.stamped).with(v.unstamped).with(v.unjudged)));
    if v.unjudged > 0 {
        println!("{}", say(words("Thêm --roots TỆP với chứng thư gốc của cơ quan cấp dấu thời gian để kiểm các dấu.")));
    }
    for f in &v.findings {
        let place: Vec<String> = f.place_words().into_iter().map(say).collect();
        let why = f.why.as_deref().map(|w| format!(" ({w})")).unwrap_or_default();
        println!("{}{why}", say(words("SAI {0}: {1}").with(place.join(", ")).with_words(f.fault.words())));
    }
    if v.more {
        println!("{}", say(words("Còn nhiều chỗ khác nữa; danh sách dừng ở đây.")));
    }
    println!("{}", say(if v.is_sound() { words("Mọi bằng chứng khớp nhau.") } else { words("Có chỗ không khớp.") }));
}

/// Writes the evidence into a folder.
pub async fn export(config: &Config, folder: &Path, json: bool) -> Result<ExitCode> {
    let open = house::open(config).await?;
    let roots = match &config.audit.roots {
        Some(file) => Some(std::fs::read(file).map_err(|e| say::unreadable(file, &e))?),
        None => None,
    };
    let written = export::export(&open.db, &open.files, folder, roots.as_deref()).await.map_err(|e| match e {
        NotWritten::House(e) => not_done(&e),
        NotWritten::Folder(e) => say::unwritable(folder, &e),
    })?;
    if json {
        println!("{}", serde_json::json!({ "files": written }));
    } else {
        println!("{}", say(words("Đã ghi {0} tệp vào {1}.").with(written).with(folder.display())));
    }
    Ok(ExitCode::SUCCESS)
}

fn not_done(e: &audit::Error) -> Trouble {
    match e {
        audit::Error::Store(e) => say::failed(e),
        audit::Error::Elsewhere => trouble(words("Bảng kê đang được lập ở nơi khác. Không có gì bị ghi dở."))
            .cure(words("Chờ một phút rồi chạy lại lệnh.")),
        other => say::unforeseen(other),
    }
}

fn no_authority(e: &stamp::BadAuthority) -> Trouble {
    trouble(words("Cấu hình dấu thời gian có chỗ sai: {0}. Không có gì thay đổi.").with(e))
        .cure(words("Sửa mục [audit] trong motcua.toml; roots là tệp PEM với chứng thư gốc của cơ quan cấp dấu thời gian."))
}
