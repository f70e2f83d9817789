//! What is wrong with a package, in words a reform officer can act on. A fault keeps the package out; a remark only asks for attention.
//! (not on screen)

use std::{collections::HashSet, fmt};

use super::{Field, FieldKind, Package, PaperKind, StepAct, StepRole};

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, as a path ("terms[1].case").
    pub at: String,
    /// What.
    pub fault: Fault,
}

/// Kinds of findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A text that must not be empty.
    Empty,
    /// Longer than the place where it is shown.
    TooLong {
        /// Characters allowed.
        most: usize,
    },
    /// The same id twice.
    Twice(String),
    /// Names something that is not in the package.
    Unknown(String),
    /// The validity ends before it begins.
    EndsBeforeItBegins,
    /// No level of government.
    NoLevel,
    /// A choice field without choices, or a choice without words.
    NoChoice,
    /// A term row without value or unit: acceptance waits until a person settles it.
    TermOpen,
    /// Half a calendar day or month, which no calendar counts.
    TermUncountable,
    /// Several rows fit one filing and do not say when each applies.
    ChoiceWithoutCondition,
    /// A fee below zero.
    NegativeFee,
    /// A remark that asks for originals or copies.
    NoteAsksForCopies,
    /// Shown depending on a field of a later page.
    LooksAhead(String),
    /// A step of a role that may not do its act: no dossier would ever leave it.
    StepOfNobody,
    /// A step of the desk's role that is not at the desk, or one at the desk of another role.
    StepBesideDesk,
}

impl Problem {
    /// A fault must be mended before the package can be used; the rest are remarks.
    pub fn must_be_mended(&self) -> bool {
        !matches!(self.fault, Fault::TermOpen | Fault::ChoiceWithoutCondition | Fault::NoteAsksForCopies)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = &self.at;
        match &self.fault {
            Fault::Empty => write!(f, "{at}: còn để trống. Ghi nội dung vào đây."),
            Fault::TooLong { most } => write!(f, "{at}: dài quá {most} ký tự. Rút gọn lại."),
            Fault::Twice(id) => write!(f, "{at}: mã “{id}” đã dùng ở trên. Đặt mã khác."),
            Fault::Unknown(id) => write!(f, "{at}: không có “{id}” trong gói này. Xem lại mã."),
            Fault::EndsBeforeItBegins => write!(f, "{at}: ngày hết hiệu lực trước ngày có hiệu lực."),
            Fault::NoLevel => write!(f, "{at}: chưa ghi cấp nào giải quyết thủ tục."),
            Fault::NoChoice => write!(f, "{at}: trường chọn mà không có lựa chọn nào."),
            Fault::TermOpen => {
                write!(f, "{at}: thời hạn chưa rõ số hoặc đơn vị. Chưa tiếp nhận được cho đến khi có người chốt.")
            }
            Fault::TermUncountable => {
                write!(f, "{at}: thời hạn này không tính được: chỉ ngày làm việc và giờ làm việc mới có nửa.")
            }
            Fault::ChoiceWithoutCondition => {
                write!(f, "{at}: nhiều dòng thời hạn cùng áp dụng mà không ghi khi nào dùng dòng nào.")
            }
            Fault::NegativeFee => write!(f, "{at}: mức phí nhỏ hơn 0."),
            Fault::NoteAsksForCopies => write!(f, "{at}: là lưu ý nhưng lại ghi số bản phải nộp."),
            Fault::StepOfNobody => {
                write!(
                    f,
                    "{at}: vai trò này không làm được việc của bước. Phê duyệt do lãnh đạo, ban hành do văn thư hoặc cán bộ thụ lý, trả kết quả do cán bộ một cửa."
                )
            }
            Fault::StepBesideDesk => {
                write!(
                    f,
                    "{at}: bước của cán bộ một cửa phải làm tại quầy (at_desk), và bước tại quầy phải do cán bộ một cửa làm."
                )
            }
            Fault::LooksAhead(field) => write!(f, "{at}: phụ thuộc vào “{field}” được hỏi ở trang sau."),
        }
    }
}

/// Longest short name (lists show it on one line).
pub const SHORT_NAME: usize = 40;

/// Everything found, faults and remarks, in the order of the file.
pub fn check(package: &Package) -> Vec<Problem> {
    let mut found = Found(vec![]);
    found.texts(package);
    found.rows(package);
    found.form(package);
    found.0
}

struct Found(Vec<Problem>);

impl Found {
    fn add(&mut self, at: impl Into<String>, fault: Fault) {
        self.0.push(Problem { at: at.into(), fault });
    }

    fn texts(&mut self, p: &Package) {
        for (at, text) in [("name", &p.name), ("field", &p.field), ("competent_agency", &p.competent_agency)] {
            if text.trim().is_empty() {
                self.add(at, Fault::Empty);
            }
        }
        if p.short_name.chars().count() > SHORT_NAME {
            self.add("short_name", Fault::TooLong { most: SHORT_NAME });
        }
        if p.levels.is_empty() {
            self.add("levels", Fault::NoLevel);
        }
        if let (Some(from), Some(to)) = (p.decision.effective_from, p.decision.effective_to)
            && to <= from
        {
            self.add("decision.effective_to", Fault::EndsBeforeItBegins);
        }
    }

    fn ids<'a>(&mut self, list: &str, ids: impl Iterator<Item = &'a str>) -> HashSet<&'a str> {
        let mut seen = HashSet::new();
        for (i, id) in ids.enumerate() {
            if id.trim().is_empty() {
                self.add(format!("{list}[{i}].id"), Fault::Empty);
            } else if !seen.insert(id) {
                self.add(format!("{list}[{i}].id"), Fault::Twice(id.into()));
            }
        }
        seen
    }

    fn rows(&mut self, p: &Package) {
        let cases = self.ids("cases", p.cases.iter().map(|c| c.id.as_str()));
        self.ids("terms", p.terms.iter().map(|t| t.id.as_str()));
        self.ids("fees", p.fees.iter().map(|t| t.id.as_str()));
        self.ids("papers", p.papers.iter().map(|t| t.id.as_str()));
        self.ids("steps", p.steps.iter().map(|t| t.id.as_str()));
        let refers = p.terms.iter().map(|t| ("terms", &t.case)).enumerate();
        let refers = refers.chain(p.fees.iter().map(|t| ("fees", &t.case)).enumerate());
        let refers = refers.chain(p.papers.iter().map(|t| ("papers", &t.case)).enumerate());
        for (i, (list, case)) in refers {
            if let Some(case) = case
                && !cases.contains(case.as_str())
            {
                self.add(format!("{list}[{i}].case"), Fault::Unknown(case.clone()));
            }
        }
        for (i, t) in p.terms.iter().enumerate() {
            match (t.settled(), t.value, t.unit) {
                (Some(_), ..) => {}
                // a record that prints 0 does not know its term either
                (None, Some(value), Some(_)) if value.has_half() => self.add(format!("terms[{i}]"), Fault::TermUncountable),
                (None, ..) => self.add(format!("terms[{i}]"), Fault::TermOpen),
            }
            let rival = |o: &&super::TermRow| {
                o.id != t.id && o.case == t.case && channels_meet(&o.channels, &t.channels) && t.condition.trim().is_empty()
            };
            if p.terms.iter().any(|o| rival(&o)) {
                self.add(format!("terms[{i}].condition"), Fault::ChoiceWithoutCondition);
            }
        }
        for (i, f) in p.fees.iter().enumerate() {
            if f.amount.is_some_and(|a| a < 0) {
                self.add(format!("fees[{i}].amount"), Fault::NegativeFee);
            }
        }
        for (i, paper) in p.papers.iter().enumerate() {
            if paper.name.trim().is_empty() {
                self.add(format!("papers[{i}].name"), Fault::Empty);
            }
            if paper.kind == PaperKind::Note && paper.originals + paper.copies > 0 {
                self.add(format!("papers[{i}]"), Fault::NoteAsksForCopies);
            }
        }
        for (i, s) in p.steps.iter().enumerate() {
            if s.name.trim().is_empty() {
                self.add(format!("steps[{i}].name"), Fault::Empty);
            }
            let does = match s.act {
                StepAct::Process => true,
                StepAct::Approve => s.role == StepRole::Leader,
                StepAct::Issue => matches!(s.role, StepRole::Clerk | StepRole::CaseOfficer),
                StepAct::Return => s.role == StepRole::DeskOfficer,
            };
            if !does {
                self.add(format!("steps[{i}].role"), Fault::StepOfNobody);
            } else if s.at_desk != (s.role == StepRole::DeskOfficer) {
                self.add(format!("steps[{i}].at_desk"), Fault::StepBesideDesk);
            }
        }
    }

    fn form(&mut self, p: &Package) {
        let Some(form) = &p.form else { return };
        self.ids("form.pages", form.pages.iter().map(|p| p.id.as_str()));
        let fields: Vec<&Field> = form.pages.iter().flat_map(|p| &p.fields).collect();
        self.ids("form.fields", fields.iter().map(|f| f.id.as_str()));
        let page_of = |id: &str| form.pages.iter().position(|p| p.fields.iter().any(|f| f.id == id));
        for field in &fields {
            let at = format!("form.{}", field.id);
            if field.label.trim().is_empty() {
                self.add(format!("{at}.label"), Fault::Empty);
            }
            let chosen = matches!(field.kind, FieldKind::OneOf | FieldKind::ManyOf);
            if chosen && (field.options.is_empty() || field.options.iter().any(|o| o.label.trim().is_empty())) {
                self.add(format!("{at}.options"), Fault::NoChoice);
            }
            if let Some(cond) = &field.show_if {
                match (page_of(&cond.field), page_of(&field.id)) {
                    (None, _) => self.add(format!("{at}.show_if"), Fault::Unknown(cond.field.clone())),
                    (Some(asked), Some(here)) if asked > here => {
                        self.add(format!("{at}.show_if"), Fault::LooksAhead(cond.field.clone()));
                    }
                    _ => {}
                }
            }
        }
        if let super::Competence::Commune { by_field: Some(id) } = &p.competence
            && page_of(id).is_none()
        {
            self.add("competence.by_field", Fault::Unknown(id.clone()));
        }
    }
}

fn channels_meet(a: &[super::Channel], b: &[super::Channel]) -> bool {
    super::channels_of(a).iter().any(|c| super::channels_of(b).contains(c))
}
