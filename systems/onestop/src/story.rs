//! The story of a dossier in plain words, from its events: what happened, what happens now, what comes next. Pure.

use crate::dossier::{Outcome, State};
use crate::events::Event;
use crate::row::DossierRow;
use base::Moment;
use catalogue::package::Step;
use uuid::Uuid;

/// Where a line stands in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Happened.
    Done,
    /// Is happening.
    Now,
    /// Comes later.
    Next,
}

/// One line of the story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it stands.
    pub place: Place,
    /// Sentence, a key of the translations.
    pub said: &'static str,
    /// What fills its blanks.
    pub args: Vec<String>,
    /// When, for what happened.
    pub at: Option<Moment>,
    /// When it was entered, if that was notably later.
    pub entered_at: Option<Moment>,
    /// Why it was entered late, for officers.
    pub late_reason: Option<String>,
    /// Who, for officers.
    pub by: Option<Uuid>,
    /// A note that belongs to it.
    pub note: Option<Uuid>,
}

/// What happened: fact, entry, doer.
#[derive(Clone, Debug)]
pub struct Happened {
    /// The event.
    pub event: Event,
    /// Entry time.
    pub recorded_at: Moment,
    /// Who entered it.
    pub by: Uuid,
}

/// The whole story, oldest first. `officer` adds what only those at work need.
pub fn story(row: &DossierRow, happened: &[Happened], route: &[Step], officer: bool) -> Vec<Line> {
    let name = |id: &str| route.iter().find(|s| s.id == id).map_or_else(|| id.to_owned(), |s| s.name.clone());
    let mut lines: Vec<Line> = checks_together(happened).into_iter().filter_map(|(h, n)| line(h, n, &name, officer)).collect();
    lines.extend(present(row));
    lines.extend(future(row, route));
    lines
}

/// Findings on several papers, one after the other by one person, are one line: the last of them, with how many there were.
fn checks_together(happened: &[Happened]) -> Vec<(&Happened, usize)> {
    let mut out: Vec<(&Happened, usize)> = Vec::new();
    for h in happened {
        let is_check = |e: &Event| matches!(e, Event::PaperChecked { .. });
        match out.last_mut() {
            Some((last, n)) if is_check(&h.event) && is_check(&last.event) && last.by == h.by => (*last, *n) = (h, *n + 1),
            _ => out.push((h, 1)),
        }
    }
    out
}

fn line(h: &Happened, n: usize, name: &dyn Fn(&str) -> String, officer: bool) -> Option<Line> {
    let (at, said, args, note): (Moment, &'static str, Vec<String>, Option<Uuid>) = match &h.event {
        Event::Submitted { happened_at, channel, .. } => (*happened_at, submitted(*channel), vec![], None),
        Event::SupplementRequested { happened_at, items, .. } => {
            (*happened_at, "Yêu cầu bổ sung {0} nội dung", vec![items.len().to_string()], None)
        }
        Event::PaperChecked { happened_at, .. } if officer => (*happened_at, "Kiểm giấy tờ: {0} lượt", vec![n.to_string()], None),
        Event::Supplemented { happened_at, at_desk: true, .. } => (*happened_at, "Trung tâm đã nhận phần bổ sung", vec![], None),
        Event::Supplemented { happened_at, .. } => (*happened_at, "Người nộp đã bổ sung", vec![], None),
        Event::Accepted { happened_at, .. } => (*happened_at, "Trung tâm kiểm tra và tiếp nhận", vec![], None),
        Event::CompetenceDetermined { happened_at, note, .. } => {
            (*happened_at, "Đã xác định cơ quan giải quyết", vec![], note.filter(|_| officer))
        }
        Event::Claimed { happened_at, step, .. } if officer => (*happened_at, "Nhận việc: {0}", vec![name(step)], None),
        Event::Released { happened_at, step, note, .. } if officer => {
            (*happened_at, "Trả bước về hàng chung: {0}", vec![name(step)], *note)
        }
        Event::Noted { happened_at, note, .. } if officer => (*happened_at, "Thêm ghi chú", vec![], Some(*note)),
        Event::FileAdded { happened_at, .. } if officer => (*happened_at, "Thêm tệp", vec![], None),
        Event::PassedOn { happened_at, from, .. } => (*happened_at, "Xong: {0}", vec![name(from)], None),
        Event::SentBack { happened_at, to, note, .. } => {
            (*happened_at, "Trả lại bước {0}", vec![name(to)], officer.then_some(*note))
        }
        Event::Decided { happened_at, outcome: Outcome::Approved, note, .. } => (*happened_at, "Đã phê duyệt", vec![], *note),
        Event::Decided { happened_at, outcome: Outcome::Rejected, note, .. } => (*happened_at, "Không giải quyết", vec![], *note),
        Event::Issued { happened_at, on_time: true, .. } => (*happened_at, "Đã có kết quả, đúng hạn", vec![], None),
        Event::Issued { happened_at, on_time: false, .. } => (*happened_at, "Đã có kết quả, quá hạn", vec![], None),
        Event::Returned { happened_at, .. } => (*happened_at, "Đã trả kết quả", vec![], None),
        Event::Rated { happened_at, score, .. } => (*happened_at, "Người nộp đánh giá {0} trên 5", vec![score.to_string()], None),
        Event::PaperChecked { .. }
        | Event::Claimed { .. }
        | Event::Released { .. }
        | Event::Noted { .. }
        | Event::FileAdded { .. } => return None,
    };
    let gap = (h.recorded_at.micros() - at.micros()) / 60_000_000;
    let late = gap > crate::dossier::When::TOLERANCE_MINUTES;
    Some(Line {
        place: Place::Done,
        said,
        args,
        at: Some(at),
        entered_at: late.then_some(h.recorded_at),
        late_reason: h.event.late_reason().filter(|_| officer).map(str::to_owned),
        by: Some(h.by),
        note,
    })
}

fn submitted(channel: catalogue::package::Channel) -> &'static str {
    match channel {
        catalogue::package::Channel::Online => "Nộp trên mạng",
        catalogue::package::Channel::Direct => "Nộp tại quầy",
        catalogue::package::Channel::Post => "Nộp qua bưu chính",
    }
}

fn present(row: &DossierRow) -> Option<Line> {
    let (said, args) = match row.state().ok()? {
        State::Submitted => ("Trung tâm đang kiểm tra giấy tờ", vec![]),
        State::AwaitingSupplement => ("Chờ người nộp bổ sung", vec![]),
        State::InProgress => ("Đang làm: {0}", vec![row.step_name.clone().unwrap_or_default()]),
        State::Issued => ("Kết quả chờ được nhận", vec![]),
        State::Returned => return None,
    };
    Some(Line { place: Place::Now, said, args, at: None, entered_at: None, late_reason: None, by: None, note: None })
}

fn future(row: &DossierRow, route: &[Step]) -> Vec<Line> {
    let from = match row.state() {
        Ok(State::Submitted | State::AwaitingSupplement) => 0,
        Ok(State::InProgress) => row.step.and_then(|s| usize::try_from(s).ok()).map_or(route.len(), |s| s + 1),
        _ => route.len(),
    };
    route
        .iter()
        .skip(from)
        .map(|step| Line {
            place: Place::Next,
            said: "{0}",
            args: vec![step.name.clone()],
            at: None,
            entered_at: None,
            late_reason: None,
            by: None,
            note: None,
        })
        .collect()
}
