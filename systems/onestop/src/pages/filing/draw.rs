//! A page of a filing, drawn from the draft.

use super::sheet::{self, Dispute, Sheet};
use super::{CONTACT, Drawn, PAPERS, RESULT, REVIEW, contact, form_page, pages};
use crate::address;
use crate::dossier::ResultChannel;
use crate::form::Answers;
use crate::pages::dossier::sentences;
use crate::pages::words::{result_channel, told};
use crate::pickers;
use crate::service::{self, Draft};
use crate::sql::papers::Attachment;
use askama::Template;
use base::Lang;
use catalogue::package::{Field as Asked, FieldKind, Package, PaperKind};
use directory::Citizen;
use uuid::Uuid;
use web::filters;
use web::ui::field::{Choice, DateParts, Field, Suggestions, area, checks, date, radios, select, suggestions, text};
use web::ui::file::{FileLine, FileState, Files, files};
use web::ui::list::{Facts, Steps, facts, steps};
use web::ui::message::{Kept, Notice, Saved, saved};
use web::{FieldFault, Words, raw, words};

/// The hidden field that says which conditional questions a page has shown.
pub(super) const SEEN: &str = "da-hien";

const ETHNIC_GROUPS: &str = "ds-dan-toc";
const NATIONALITIES: &str = "ds-quoc-tich";
const COMMUNES: &str = "ds-xa";

/// When a question is asked.
#[derive(Clone)]
pub(super) struct When {
    pub field: String,
    pub is: Vec<String>,
}

/// A question of a page.
pub(super) struct Question {
    pub id: String,
    pub field: Field,
    /// On which answer of this page it depends.
    pub when: Option<When>,
    pub shown: bool,
}

impl Question {
    pub(super) fn always(field: Field) -> Question {
        Question { id: String::new(), field, when: None, shown: true }
    }

    fn anchor(&self) -> String {
        anchor(&self.id)
    }
}

/// One page of a filing.
#[derive(Template)]
#[template(path = "filing_step.html")]
pub struct Step {
    draft: Uuid,
    page: String,
    procedure: String,
    title: Words,
    steps: Steps,
    place: Words,
    saved: Saved,
    summary: Option<web::ui::field::ErrorSummary>,
    /// What the version in force says otherwise than the one the draft was begun by.
    changed: Option<Notice>,
    /// The version shown.
    version: Uuid,
    /// This drawing, by which the server knows what its sender has seen.
    sheet: Sheet,
    /// Answers have opened so many more questions.
    more: usize,
    questions: Vec<Question>,
    /// Conditional questions this page shows.
    seen: String,
    lists: Vec<Suggestions>,
    /// What to know before answering.
    lead: Option<Words>,
    uploads: Vec<Files>,
    notes: Vec<String>,
    review: Vec<ReviewPage>,
    back: Option<String>,
    last: bool,
}

impl Step {
    pub(super) fn title(&self) -> Words {
        self.title.clone()
    }
}

/// What was answered on one page.
struct ReviewPage {
    title: Words,
    href: String,
    facts: Facts,
}

/// The part of an address that leads to a question.
pub(super) fn anchor(id: &str) -> String {
    id.replace('.', "-")
}

/// Conditional questions of a page and whether the answers ask them now.
pub(super) fn conditional(draft: &Draft, page: &str) -> Vec<(String, bool)> {
    if page == CONTACT {
        return vec![(contact::FOR_ANOTHER.to_owned(), draft.data.submitter_name.is_some())];
    }
    let asked = form_page(&draft.version.package, page).map_or(&[][..], |p| &p.fields);
    asked.iter().filter(|f| f.show_if.is_some()).map(|f| (f.id.clone(), draft.data.answers.shows(f))).collect()
}

pub(super) fn step(
    citizen: &Citizen,
    drawn: &Drawn,
    page: &str,
    faults: &[FieldFault],
    disputes: &[Dispute],
    more: usize,
) -> Step {
    let package = &drawn.draft.version.package;
    let all = pages(package);
    let at = all.iter().position(|(p, _)| p == page).unwrap_or(0);
    let mut questions = match page {
        CONTACT => contact::questions(drawn),
        RESULT => vec![Question::always(how_to_return(drawn.draft.data.result_channel))],
        PAPERS | REVIEW => vec![],
        _ => form_questions(drawn, page),
    };
    for question in &mut questions {
        question.field = question.field.clone().fault_in(faults);
    }
    let with_its_choice = |question: Question| {
        let dispute = disputes.iter().find(|d| d.question == question.field.name());
        let choice = dispute.map(|dispute| Question {
            id: sheet::choice(&dispute.question),
            field: choice(drawn, page, dispute),
            when: question.when.clone(),
            shown: question.shown,
        });
        [Some(question), choice].into_iter().flatten()
    };
    let questions: Vec<Question> = questions.into_iter().flat_map(with_its_choice).collect();
    let seen = conditional(&drawn.draft, page).into_iter().filter(|(_, shown)| *shown).map(|(id, _)| id);
    Step {
        draft: drawn.draft.row.id,
        page: page.to_owned(),
        procedure: service::short_name(package).to_owned(),
        title: form_page(package, page).map_or_else(|| all[at].1.clone(), |p| raw(&p.title)),
        steps: steps(all.iter().map(|(_, label)| label.clone()), at + 1),
        place: words("Bước {0} trên {1}").with(at + 1).with(all.len()),
        saved: saved(Kept::Saved, words("Bản nháp lưu lúc {0}.").with(web::say::hour(drawn.draft.row.saved_at))),
        summary: (!faults.is_empty()).then(|| summary(faults, &questions)),
        changed: changed(drawn, citizen.cx.lang),
        version: drawn.draft.version.id.0,
        sheet: Sheet { version: drawn.draft.row.version, id: citizen.visit.seed().uuid("sheet", 0) },
        more,
        seen: seen.collect::<Vec<_>>().join(" "),
        lists: lists(drawn, &questions),
        lead: (page == PAPERS).then(|| {
            words("Ảnh chụp hoặc PDF, mỗi tệp tối đa {0}. Gửi từng tệp; đứt mạng thì gửi tiếp từ chỗ dừng.")
                .with_words(web::say::size(citizen.house.settings.max_file))
        }),
        uploads: if page == PAPERS { uploads(citizen, drawn, faults) } else { vec![] },
        notes: if page == PAPERS { remarks(package) } else { vec![] },
        review: if page == REVIEW { review(drawn) } else { vec![] },
        back: at.checked_sub(1).map(|before| format!("/nop/nhap/{}/{}", drawn.draft.row.id, all[before].0)),
        last: page == REVIEW,
        questions,
    }
}

/// The choice between the two texts of a question that was answered on two pages; the one held stays unless the other is chosen.
fn choice(drawn: &Drawn, page: &str, dispute: &Dispute) -> Field {
    let mine = serde_json::to_string(&(&dispute.held, &dispute.sent)).unwrap_or_default();
    let legend =
        words("Ô trên đã được ghi khác lúc {0}, ở một trang hay máy khác. Giữ chữ nào?").with(web::say::hour(dispute.at));
    let choices = [
        Choice::new(address::KEEP, said(drawn, page, dispute, &dispute.held)).hint("Chữ đang giữ trong bản nháp."),
        Choice::new(mine, said(drawn, page, dispute, &dispute.sent)).hint("Chữ bạn vừa gửi từ trang này."),
    ];
    radios(sheet::choice(&dispute.question), legend, choices).value(address::KEEP).data("data-no-keep", "")
}

/// One of these texts as people read it.
fn said(drawn: &Drawn, page: &str, dispute: &Dispute, inputs: &[(String, String)]) -> Words {
    let typed = inputs.iter().map(|(_, value)| value.as_str()).filter(|value| !value.is_empty()).collect::<Vec<_>>().join("/");
    let asked = form_page(&drawn.draft.version.package, page).and_then(|p| p.fields.iter().find(|f| f.id == dispute.question));
    let text = match (page, dispute.question.as_str(), asked) {
        (_, _, Some(field)) if field.kind == FieldKind::Commune => raw(named_commune(&drawn.communes, &typed)),
        (_, _, Some(field)) => Answers(inputs.iter().cloned().collect()).shown(field).unwrap_or_else(|| raw("")),
        (CONTACT, "xa", None) => {
            raw(drawn.communes.iter().find(|u| u.id.0.to_string() == typed).map_or(typed, |u| u.short_name.clone()))
        }
        (CONTACT, "nop-thay", None) => words(if typed.is_empty() { "Không" } else { "Có" }),
        (RESULT, _, None) => ResultChannel::parse(&typed).map_or_else(|| raw(""), result_channel),
        _ => raw(typed),
    };
    if text.is_empty() { words("để trống") } else { text }
}

/// What the version in force says otherwise than the one the draft was begun by.
fn changed(drawn: &Drawn, lang: Lang) -> Option<Notice> {
    let mut lines = sentences(&drawn.draft.changes(), lang);
    lines.extend(drawn.draft.form_changed().then(|| words("Tờ khai có câu hỏi khác trước")));
    told(lines, words("Thủ tục có bản mới từ lúc bạn bắt đầu. Chữ bạn gõ vẫn còn; bản nháp nay theo bản mới."))
}

fn summary(faults: &[FieldFault], questions: &[Question]) -> web::ui::field::ErrorSummary {
    if questions.is_empty() { web::error_summary(faults) } else { web::error_summary_of(questions.iter().map(|q| &q.field)) }
}

/// Questions of a page of the e-form. One that depends on an answer of this page stands there hidden, for a script to show at once;
/// one that depends on another page is there or not.
fn form_questions(drawn: &Drawn, page: &str) -> Vec<Question> {
    let Some(page) = form_page(&drawn.draft.version.package, page) else { return vec![] };
    let answers = &drawn.draft.data.answers;
    let question = |field: &Asked| {
        let shown = answers.shows(field);
        let here = field.show_if.as_ref().filter(|c| page.fields.iter().any(|f| f.id == c.field));
        let when = here.map(|c| When { field: c.field.clone(), is: c.is.clone() });
        let drawn = drawn_field(field, answers, &drawn.communes);
        (shown || when.is_some()).then(|| Question { id: field.id.clone(), field: drawn, when, shown })
    };
    // an address written the old way brings a question along, which is there as long as the address is
    let anew = |field: &Asked| address::offer(&field.id, answers.get(&field.id)).filter(|_| field.kind == FieldKind::Address);
    let with_its_own = |question: Question, field: &Asked| {
        let own = anew(field).map(|offer| Question {
            id: address::question(&field.id),
            field: offer,
            when: question.when.clone(),
            shown: question.shown,
        });
        [Some(question), own].into_iter().flatten()
    };
    page.fields.iter().filter_map(|field| Some(with_its_own(question(field)?, field))).flatten().collect()
}

/// The fields of a page that hold an address.
pub(super) fn addresses(draft: &Draft, page: &str) -> Vec<String> {
    if page == CONTACT {
        return vec![contact::ADDRESS.to_owned()];
    }
    let asked = form_page(&draft.version.package, page).map_or(&[][..], |p| &p.fields);
    asked.iter().filter(|f| f.kind == FieldKind::Address).map(|f| f.id.clone()).collect()
}

/// The lists of suggestions the fields of a page share.
fn lists(drawn: &Drawn, questions: &[Question]) -> Vec<Suggestions> {
    let wanted = |list: &'static str| questions.iter().any(|q| q.field.shared_list() == Some(list));
    let mut out = Vec::new();
    if wanted(ETHNIC_GROUPS) {
        out.push(suggestions(ETHNIC_GROUPS, pickers::ethnic_groups()));
    }
    if wanted(NATIONALITIES) {
        out.push(suggestions(NATIONALITIES, pickers::nationalities()));
    }
    if wanted(COMMUNES) {
        out.push(suggestions(COMMUNES, drawn.communes.iter().map(|u| &u.short_name)));
    }
    out
}

fn how_to_return(chosen: Option<ResultChannel>) -> Field {
    let choice = |c: ResultChannel| Choice::new(c.as_str(), result_channel(c));
    radios(
        "kenh",
        "Bạn muốn nhận kết quả thế nào",
        [ResultChannel::Electronic, ResultChannel::Desk, ResultChannel::Post].map(choice),
    )
    .value_opt(chosen.map(ResultChannel::as_str))
}

/// One field of an e-form as a control of the page. Its words come from the package.
fn drawn_field(field: &Asked, answers: &Answers, communes: &[directory::Unit]) -> Field {
    let (name, label) = (&field.id, raw(&field.label));
    let typed = answers.get(name);
    let choice = |c: &catalogue::package::Choice| Choice::new(&c.value, raw(&c.label));
    let drawn = match field.kind {
        FieldKind::LongText => area(name, label).value(typed).rows(4),
        FieldKind::Date | FieldKind::PartialDate => {
            let part = |p: &str| answers.get(&format!("{name}.{p}")).to_owned();
            date(name, label, DateParts { day: part("d"), month: part("m"), year: part("y") })
        }
        FieldKind::OneOf if field.options.len() <= 6 => radios(name, label, field.options.iter().map(choice)).value(typed),
        FieldKind::OneOf => {
            select(name, label, std::iter::once(Choice::new("", "Chọn")).chain(field.options.iter().map(choice))).value(typed)
        }
        FieldKind::ManyOf => {
            checks(name, label, field.options.iter().map(choice)).values(typed.split('\n').filter(|v| !v.is_empty()))
        }
        FieldKind::YesNo => radios(name, label, [Choice::new("co", "Có"), Choice::new("khong", "Không")]).inline().value(typed),
        FieldKind::Consent => {
            checks(name, words("Cam đoan"), [Choice::new("co", label)]).values((!typed.is_empty()).then_some("co"))
        }
        FieldKind::Commune => select(
            name,
            label,
            std::iter::once(Choice::new("", "Chọn xã, phường"))
                .chain(communes.iter().filter_map(|u| u.gso_code.as_ref().map(|p| Choice::new(p, raw(&u.short_name))))),
        )
        .value(typed),
        FieldKind::Ethnicity => text(name, label).value(typed).suggestions_of(ETHNIC_GROUPS).autocomplete("off").width(20),
        FieldKind::Nationality => text(name, label).value(typed).suggestions_of(NATIONALITIES).autocomplete("off").width(20),
        FieldKind::Address => {
            text(name, label).value(typed).suggestions_of(COMMUNES).data("data-today", address::anchor(name)).width(30)
        }
        FieldKind::Phone => text(name, label).value(typed).kind("tel").width(20),
        FieldKind::Email => text(name, label).value(typed).kind("email").width(30),
        FieldKind::Number | FieldKind::Money | FieldKind::Year | FieldKind::CitizenId | FieldKind::TaxCode => {
            text(name, label).value(typed).digits().width(20)
        }
        _ => text(name, label).value(typed).width(30),
    };
    let drawn = match (field.hint.as_str(), field.kind) {
        ("", FieldKind::PartialDate) => drawn.hint("Chỉ nhớ năm thì chỉ ghi năm."),
        ("", FieldKind::Ethnicity | FieldKind::Nationality) => {
            drawn.hint("Gõ vài chữ rồi chọn; không có trong danh sách thì cứ ghi.")
        }
        ("", _) => drawn,
        (hint, _) => drawn.hint(raw(hint)),
    };
    if field.required { drawn } else { drawn.optional() }
}

fn uploads(citizen: &Citizen, drawn: &Drawn, faults: &[FieldFault]) -> Vec<Files> {
    let draft = drawn.draft.row.id;
    let settings = &citizen.house.settings;
    let line = |a: &Attachment| {
        let line = FileLine::new(a.id, &a.name, a.size.unsigned_abs(), FileState::Received { sha256: a.sha256.clone() });
        if a.hint.is_some() {
            line.warn(words("Ảnh có vẻ mờ. Xem lại, nếu không đọc được chữ thì chụp lại."))
        } else {
            line
        }
    };
    let papers = drawn.draft.papers_to_send();
    let field = |p: &&catalogue::package::PaperRow| {
        let name = format!("tep.{}", p.id);
        // Several files of one paper may each have their fault.
        let told = faults.iter().filter(|f| f.field == name).map(|f| f.message.clone());
        let fault = told.reduce(|all, one| words("{0} {1}").with_words(all).with_words(one));
        files(&name, raw(&p.name), drawn.attached.iter().filter(|a| a.paper.as_ref() == Some(&p.id)).map(line))
            .hint((!p.note.is_empty()).then(|| raw(&p.note)))
            .aside((p.kind == PaperKind::IfApplicable).then(|| words("nếu thuộc trường hợp")))
            .error(fault)
            .max(settings.max_file)
            .accept(&settings.file_types)
            .many()
            .endpoint(web::upload::endpoint(web::Realm::Citizen))
            .remove(format!("/nop/nhap/{draft}/go"))
    };
    papers.iter().map(field).collect()
}

/// Papers only shown at the desk, and the record's remarks: told, never asked for as a file.
fn remarks(package: &Package) -> Vec<String> {
    package.papers.iter().filter(|p| matches!(p.kind, PaperKind::Present | PaperKind::Note)).map(|p| p.name.clone()).collect()
}

fn review(drawn: &Drawn) -> Vec<ReviewPage> {
    let draft = &drawn.draft;
    let href = |page: &str| format!("/nop/nhap/{}/{page}", draft.row.id);
    let person = &draft.data.applicant;
    let commune = drawn.communes.iter().find(|u| Some(u.id.0) == draft.data.commune);
    let filled = |s: &str| (!s.is_empty()).then(|| s.to_owned());
    let mut out = vec![ReviewPage {
        title: words("Người nộp"),
        href: href(CONTACT),
        facts: facts()
            .row("Họ, chữ đệm, tên", &person.name)
            .row_opt("Số định danh", filled(&person.id_number))
            .row_opt("Ngày sinh", filled(&shown_birth(&person.birth)))
            .row_opt("Điện thoại", filled(&person.phone))
            .row_opt("Thư điện tử", filled(&person.email))
            .row_opt("Nơi cư trú", filled(&person.address))
            .row_opt("Người nộp thay", draft.data.submitter_name.as_deref())
            .row_opt("Nộp cho", commune.map(|u| u.short_name.as_str())),
    }];
    for page in draft.version.package.form.iter().flat_map(|f| &f.pages) {
        let shown = page.fields.iter().filter(|f| draft.data.answers.shows(f));
        let said = |f: &Asked| match f.kind {
            FieldKind::Commune => {
                Some(raw(named_commune(&drawn.communes, draft.data.answers.get(&f.id)))).filter(|w| !w.is_empty())
            }
            // A promise is long: it stands as what was promised, not as the name of a field.
            FieldKind::Consent => draft.data.answers.shown(f).map(|_| raw(&f.label)),
            _ => draft.data.answers.shown(f),
        };
        let named = |f: &Asked| if f.kind == FieldKind::Consent { words("Cam đoan") } else { raw(&f.label) };
        let answered = shown.filter_map(|f| Some((f, said(f)?)));
        out.push(ReviewPage {
            title: raw(&page.title),
            href: href(&page.id),
            facts: answered.fold(web::facts(), |facts, (f, said)| facts.part(named(f), web::Part::text(said))),
        });
    }
    // in the order of the form
    let place = |a: &Attachment| draft.version.package.papers.iter().position(|p| Some(&p.id) == a.paper.as_ref());
    let mut attached: Vec<&Attachment> = drawn.attached.iter().collect();
    attached.sort_by_key(|a| place(a));
    let named =
        |a: &Attachment| draft.version.package.papers.iter().find(|p| Some(&p.id) == a.paper.as_ref()).map(|p| p.name.clone());
    out.push(ReviewPage {
        title: words("Giấy tờ"),
        href: href(PAPERS),
        facts: attached.into_iter().fold(web::facts(), |facts, a| {
            facts.part(
                raw(named(a).unwrap_or_default()),
                web::Part::text(words("{0} · {1}").with(&a.name).with_words(web::say::size(a.size.unsigned_abs()))),
            )
        }),
    });
    out.push(ReviewPage {
        title: words("Nhận kết quả"),
        href: href(RESULT),
        facts: match draft.data.result_channel {
            Some(channel) => web::facts().part("Cách nhận", web::Part::text(result_channel(channel))),
            None => web::facts(),
        },
    });
    out
}

/// A commune by the code it was answered with; the code itself when it is no commune of today.
fn named_commune(communes: &[directory::Unit], code: &str) -> String {
    communes.iter().find(|u| u.gso_code.as_deref() == Some(code)).map_or_else(|| code.to_owned(), |u| u.short_name.clone())
}

/// A birth date as kept (`1954`, `1954-05`, `1954-05-20`), as people write it.
fn shown_birth(kept: &str) -> String {
    kept.split('-').rev().collect::<Vec<_>>().join("/")
}
