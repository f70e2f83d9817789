//! What was handed in: a line for each paper, the other files, and the one file shown in the middle.

use crate::dossier::{Verdict, channel_of};
use crate::service::{self, Whole};
use crate::sql::papers::{Attachment, PaperState};
use catalogue::package::Channel;
use uuid::Uuid;
use web::Words;
use web::ui::status::{Badge, Status, badge};

pub(super) struct PaperLine {
    pub(super) number: usize,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) about: Words,
    pub(super) file: Option<Uuid>,
    pub(super) on: bool,
    pub(super) verdict: Option<Verdict>,
    pub(super) optional: bool,
    /// There is something to look at, so that it can be found good.
    pub(super) to_see: bool,
    pub(super) verdict_badge: Option<Badge>,
}

pub(super) struct FileLine {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) about: Words,
}

pub(super) struct Viewer {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) about: Words,
    pub(super) picture: bool,
    pub(super) pdf: bool,
    pub(super) warn: bool,
}

pub(super) fn shown_file(whole: &Whole, asked: Option<Uuid>) -> Option<&Attachment> {
    asked.and_then(|id| whole.files.iter().find(|a| a.id == id)).or_else(|| whole.files.iter().find(|a| a.paper.is_some()))
}

pub(super) fn papers(whole: &Whole, on: Option<Uuid>) -> Vec<PaperLine> {
    let is_online = channel_of(&whole.row.channel) == Some(Channel::Online);
    let unseen = service::unseen(&whole.papers, &whole.files, whole.happened.iter().map(|h| &h.event));
    let line = |(i, p): (usize, &PaperState)| {
        let files: Vec<&Attachment> = whole.files.iter().filter(|a| a.paper.as_ref() == Some(&p.paper)).collect();
        let verdict = p.verdict();
        PaperLine {
            number: i + 1,
            id: p.paper.clone(),
            name: p.name.clone(),
            about: match files.as_slice() {
                [] if p.by_form => web::words("khai trên mạng"),
                [] if p.kind == "present" => web::words("xuất trình, không thu"),
                [] => web::words("{0} bản chính, {1} bản sao").with(p.originals).with(p.copies),
                [one] => web::words("{0} · {1}").with(web::say::size(one.size.unsigned_abs())).with(sum(&one.sha256)),
                many => web::words("{0} tệp").with(many.len()),
            },
            file: files.first().map(|a| a.id),
            on: files.iter().any(|a| Some(a.id) == on),
            optional: p.kind == "if_applicable" || p.by_form,
            to_see: !is_online || !unseen.contains(&p.paper.as_str()),
            verdict,
            verdict_badge: verdict.map(verdict_badge),
        }
    };
    whole.papers.iter().enumerate().map(line).collect()
}

/// What the desk found, as a badge.
pub fn verdict_badge(verdict: Verdict) -> Badge {
    match verdict {
        Verdict::Good => badge(Status::Ok, "Đạt"),
        Verdict::Missing => badge(Status::Bad, "Chưa đạt"),
        Verdict::NotNeeded => badge(Status::Idle, "Không cần"),
    }
}

fn sum(sha256: &str) -> String {
    format!("{} {}", sha256.get(0..4).unwrap_or_default(), sha256.get(4..8).unwrap_or_default())
}

pub(super) fn others(whole: &Whole) -> Vec<FileLine> {
    whole
        .files
        .iter()
        .filter(|a| a.paper.is_none())
        .map(|a| FileLine {
            id: a.id,
            name: a.name.clone(),
            about: if a.role == "result" { web::words("kết quả, chưa ký số") } else { web::words("thêm khi xử lý") },
        })
        .collect()
}

pub(super) fn viewer(file: &Attachment) -> Viewer {
    Viewer {
        id: file.id,
        name: file.name.clone(),
        about: web::words("{0} · mã kiểm {1}").with(web::say::size(file.size.unsigned_abs())).with(sum(&file.sha256)),
        picture: matches!(file.media_type.as_str(), "image/jpeg" | "image/png"),
        pdf: file.media_type == "application/pdf",
        warn: file.hint.as_deref() == Some("blurred"),
    }
}
