//! What happens next: whom the dossier waits for, a button for each act the reader may do now, why the one that is waited for is not among
//! them, and the one more thing an act asks before it is done.

use crate::acts;
use crate::decide;
use crate::dossier::{Dossier, Officer, State, Verdict};
use crate::draft::{fee_due, is_by_rate};
use crate::objection::Objection;
use crate::service::{self, Whole};
use base::due::Term;
use base::{Lang, Moment};
use catalogue::package::{Channel, Step, StepAct, StepRole, TermRow};
use directory::{Actor, Role, Unit, may};
use uuid::Uuid;
use web::ui::field::{Choice, Field, area, checks, text};
use web::ui::list::{Facts, facts};
use web::{Words, raw};

/// A button and the ground under it.
pub(super) struct Act {
    pub(super) word: &'static str,
    pub(super) label: Words,
    pub(super) ground: Words,
    pub(super) key: &'static str,
    pub(super) primary: bool,
    pub(super) asks: bool,
}

impl Act {
    fn new(word: &'static str, label: &'static str, ground: &'static str) -> Act {
        Act { word, label: web::words(label), ground: web::words(ground), key: "", primary: false, asks: false }
    }

    fn key(self, key: &'static str) -> Act {
        Act { key, ..self }
    }

    fn primary(self, primary: bool) -> Act {
        Act { primary, ..self }
    }

    fn asks(self) -> Act {
        Act { asks: true, ..self }
    }
}

/// The one more thing an act asks.
pub(super) struct Asking {
    pub(super) word: &'static str,
    pub(super) title: Words,
    pub(super) button: Words,
    pub(super) ground: Words,
    pub(super) fields: Vec<Field>,
    /// Files that may come with it.
    pub(super) files: Vec<Field>,
}

/// The acts a reader may do now.
#[derive(Default)]
pub(super) struct Next {
    pub(super) acts: Vec<Act>,
    /// Why what the dossier waits for is not among them.
    pub(super) why: Option<Words>,
    /// May write a note for colleagues.
    pub(super) can_note: bool,
    /// May add a file with it.
    pub(super) can_file: bool,
}

/// Whom the dossier waits for, and with what.
pub(super) fn waits(whole: &Whole, who: &Actor, now: Moment, lang: Lang) -> Facts {
    let row = &whole.row;
    let (step, at) = (current(whole), row.step.and_then(|s| usize::try_from(s).ok()).unwrap_or(0));
    let waited = |who: Words, unit: Option<&str>| match unit {
        Some(unit) => web::words("{0}, {1}").with_words(who).with(unit),
        None => who,
    };
    match (row.state(), step) {
        (Ok(State::Submitted), _) => facts()
            .part("Đang chờ", web::Part::text(waited(role_title(StepRole::DeskOfficer), Some(&row.desk_name))))
            .part("Việc", web::Part::text(web::words("Kiểm giấy tờ, tiếp nhận hoặc yêu cầu bổ sung"))),
        (Ok(State::AwaitingSupplement), _) => {
            let open = whole.supplements.last().map(crate::sql::papers::Supplement::items).unwrap_or_default();
            facts()
                .part("Đang chờ", web::Part::text(web::words("Người nộp")))
                .part("Việc", web::Part::text(web::words("Bổ sung {0} nội dung").with(open.len())))
        }
        (Ok(State::InProgress), Some(step)) => {
            let place = if step.at_desk { Some(row.desk_name.as_str()) } else { row.unit_name.as_deref() };
            let holder = match row.assignee {
                Some(holder) if who.person.map(|p| p.0) == Some(holder) => web::words("Bạn đang giữ"),
                Some(_) => web::words("{0} đang giữ").with(row.assignee_name.as_deref().unwrap_or_default()),
                None if place.is_none() => web::words("Phụ trách bộ phận một cửa chọn cơ quan giải quyết"),
                None => waited(role_title(step.role), place),
            };
            let facts = facts().part("Đang chờ", web::Part::text(holder)).part(
                "Bước",
                web::Part::text(web::words("{0} ({1} trên {2})").with(&step.name).with(at + 1).with(whole.route.len())),
            );
            match row.step_due_at {
                Some(due) => facts.row("Hạn của bước", base::wording::near(due, now, lang)),
                None => facts,
            }
        }
        (Ok(State::Issued), _) => facts().part("Đang chờ", web::Part::text(web::words("Người nộp đến nhận kết quả"))),
        _ => facts(),
    }
}

/// What a role of a step is called.
fn role_title(role: StepRole) -> Words {
    web::words(match role {
        StepRole::DeskOfficer => Role::DeskOfficer.title(),
        StepRole::CaseOfficer => Role::CaseOfficer.title(),
        StepRole::Leader => Role::Leader.title(),
        StepRole::Clerk => Role::Clerk.title(),
    })
}

fn current(whole: &Whole) -> Option<&Step> {
    whole.row.step.and_then(|s| usize::try_from(s).ok()).and_then(|s| whole.route.get(s))
}

/// What the reader may do now. The rules themselves say it, so that no button stands there which they would refuse.
pub(super) fn next(whole: &Whole, who: &Actor) -> Next {
    let Ok(dossier) = whole.row.dossier() else { return Next::default() };
    let (row, by) = (&whole.row, service::officer_of(who, &whole.row));
    let mut next = Next::default();
    match dossier.state {
        State::Submitted if may::<acts::Accept>(who, row) => checking(whole, &dossier, &mut next),
        State::AwaitingSupplement if may::<acts::ReceiveSupplement>(who, row) => {
            let ground = "Khi người nộp mang giấy tờ đến. Nộp trên mạng thì hồ sơ tự về hàng chờ kiểm";
            next.acts.push(Act::new("nhan-bo-sung", "Nhận phần bổ sung tại quầy", ground).key("t").primary(true).asks());
        }
        State::InProgress if may::<acts::Handle>(who, row) => working(whole, &dossier, &by, who, &mut next),
        State::Issued if may::<acts::ReturnResult>(who, row) => {
            let act = Act::new("tra-ket-qua", "Trả kết quả", "Đối chiếu người nhận với giấy hẹn");
            next.acts.push(act.key("t").primary(true).asks());
        }
        _ => {}
    }
    let before_work = match dossier.state {
        State::Submitted | State::AwaitingSupplement => true,
        State::InProgress => dossier.step == Some(0),
        _ => false,
    };
    if before_work && may::<acts::DetermineCompetence>(who, row) {
        let ground = "Chuyển theo thẩm quyền, không theo nơi nộp";
        next.acts.push(match row.unit {
            None => Act::new("tham-quyen", "Chọn cơ quan giải quyết", ground).primary(next.acts.is_empty()).asks(),
            Some(_) => Act::new("tham-quyen", "Chuyển cơ quan khác", ground).asks(),
        });
    }
    next
}

/// At the desk: accept when every paper is in order, else ask for the rest.
fn checking(whole: &Whole, dossier: &Dossier, next: &mut Next) {
    let package = &whole.version.package;
    let verdicts: Vec<(String, Verdict)> =
        whole.papers.iter().filter_map(|p| p.verdict().map(|v| (p.paper.clone(), v))).collect();
    let term = match decide::term_row(dossier, package, None) {
        Err(Objection::ChooseTerm) | Ok(_) => Ok(()),
        Err(open) => Err(open),
    };
    let missing = match decide::papers_in_order(dossier, &verdicts, package).and(term) {
        Ok(()) => {
            let act = Act::new("tiep-nhan", "Tiếp nhận, gửi giấy hẹn", "Mẫu 01, Thông tư 03/2025/TT-VPCP").key("t").primary(true);
            next.acts.push(if choices(whole).len() > 1 || asks_fee(whole) { act.asks() } else { act });
            false
        }
        Err(objection) => {
            let is_missing = matches!(objection, Objection::PapersMissing { .. });
            next.why = Some(why(&objection));
            is_missing
        }
    };
    let act = Act::new("bo-sung", "Yêu cầu bổ sung", "Mẫu 02, một lần, nêu đủ từng giấy tờ và lý do");
    next.acts.push(act.key("b").primary(missing).asks());
}

/// On a step: what its act is, when it is the reader's; else who does it.
fn working(whole: &Whole, dossier: &Dossier, by: &Officer, who: &Actor, next: &mut Next) {
    let row = &whole.row;
    next.can_note = true;
    match decide::in_hand(dossier, by, &whole.route) {
        Ok(step) => {
            next.can_file = true;
            let free = row.assignee.is_none();
            if free {
                next.acts.push(
                    Act::new("nhan-viec", "Nhận về mình", "Tên bạn hiện ở cột người giữ")
                        .key("a")
                        .primary(step.act == StepAct::Process),
                );
            }
            match step.act {
                StepAct::Process if row.unit.is_none() => next.why = Some(why(&Objection::NoCompetentUnit)),
                StepAct::Process => {
                    let act = Act::new("chuyen-tiep", "Chuyển bước tiếp", "Ghi vào phiếu kiểm soát, mẫu 06");
                    next.acts.push(act.key("t").primary(!free).asks());
                }
                StepAct::Approve if may::<acts::Resolve>(who, row) => match decide::may_decide(dossier, by, &whole.route) {
                    Ok(_) => {
                        next.acts.push(Act::new("duyet", "Phê duyệt", "Chuyển ngay sang bước ban hành").key("y").primary(true));
                        let ground = "Văn bản nêu rõ lý do, được tính là kết quả";
                        next.acts.push(Act::new("khong-duyet", "Không giải quyết", ground).asks());
                    }
                    Err(objection) => next.why = Some(why(&objection)),
                },
                StepAct::Issue if may::<acts::Issue>(who, row) => {
                    let act = Act::new("ban-hanh", "Ban hành kết quả", "Bản chưa ký số, ghi rõ trên từng trang");
                    next.acts.push(act.key("t").primary(true).asks());
                }
                _ => {}
            }
            if dossier.step > Some(0) {
                next.acts.push(Act::new("tra-lai", "Trả lại một bước", "Người làm bước trước đọc được lý do").key("r").asks());
            }
        }
        Err(objection) => next.why = Some(why(&objection)),
    }
    match row.assignee {
        Some(holder) if holder == by.person => {
            let act = Act::new("tra-hang", "Trả bước về hàng chung", "Người cùng vai trò trong đơn vị nhận được");
            next.acts.push(act);
        }
        Some(_) if by.heads => {
            let act = Act::new("tra-hang", "Trả bước về hàng chung", "Cần lý do; người đang giữ đọc được");
            next.acts.push(act.primary(false).asks());
        }
        _ => {}
    }
}

fn why(objection: &Objection) -> Words {
    let said = web::words(objection.said());
    match objection.details() {
        [] => said,
        names => web::words("{0} {1}").with_words(said).with(names.join("; ")),
    }
}

/// Term rows a person may have to choose between.
fn choices(whole: &Whole) -> Vec<&TermRow> {
    let channel = crate::dossier::channel_of(&whole.row.channel).unwrap_or(Channel::Direct);
    decide::fitting_terms(&whole.version.package, channel, whole.row.case_id.as_deref())
}

/// What an act asks before it is done. Every act can be entered late; those that ask nothing else ask only that.
pub(super) fn asking(word: &'static str, whole: &Whole, agencies: &[Unit], me: Uuid, lang: Lang) -> Option<Asking> {
    let make = |title: &'static str, button: &'static str, ground: &'static str, fields, files| Asking {
        word,
        title: web::words(title),
        button: web::words(button),
        ground: web::words(ground),
        fields,
        files,
    };
    let one_file = || vec![web::ui::field::file("tep", web::words("Tệp kèm theo")).optional()];
    Some(match word {
        "tiep-nhan" if choices(whole).len() < 2 => make(
            "Tiếp nhận, gửi giấy hẹn",
            "Tiếp nhận, gửi giấy hẹn",
            "Mẫu 01, Thông tư 03/2025/TT-VPCP",
            fee_fields(whole),
            vec![],
        ),
        "duyet" => make("Phê duyệt", "Phê duyệt", "Chuyển ngay sang bước ban hành", vec![], vec![]),
        "nhan-viec" => make("Nhận về mình", "Nhận về mình", "Tên bạn hiện ở cột người giữ", vec![], vec![]),
        "tra-hang" => {
            let own = whole.row.assignee == Some(me);
            let reason = area("ly-do", "Lý do trả về hàng chung").rows(2).max(decide::MOST_NOTE as u32);
            make(
                "Trả bước về hàng chung",
                "Trả bước về hàng chung",
                "Người cùng vai trò trong đơn vị nhận được",
                vec![if own { reason.optional() } else { reason.hint("Người đang giữ đọc được lý do này.") }],
                vec![],
            )
        }
        "nhan-bo-sung" => {
            let open = whole.supplements.last().map(crate::sql::papers::Supplement::items).unwrap_or_default();
            let name = |id: &str| whole.papers.iter().find(|p| p.paper == id).map_or_else(|| id.to_owned(), |p| p.name.clone());
            let items = open.iter().map(|i| Choice::new(&i.paper, raw(name(&i.paper))).hint(raw(&i.reason)));
            let scans = open.iter().map(|i| {
                web::ui::field::file(format!("tep.{}", i.paper), web::words("Bản quét: {0}").with(name(&i.paper))).optional()
            });
            make(
                "Nhận phần bổ sung tại quầy",
                "Đã nhận đủ",
                "Đối chiếu với phiếu yêu cầu bổ sung; thiếu một nội dung thì phiếu chưa khép lại",
                vec![checks("da-nhan", "Giấy tờ người nộp mang đến, đã xem và đạt", items)],
                scans.collect(),
            )
        }
        "tiep-nhan" => {
            let said = |t: &TermRow| term_words(t, whole.version.package.allowance(t), lang);
            let rows = choices(whole).into_iter().map(|t| Choice::new(&t.id, raw(said(t)))).collect::<Vec<_>>();
            let field = web::ui::field::radios("thoi-han", "Thời hạn áp dụng cho hồ sơ này", rows);
            make(
                "Chọn thời hạn",
                "Tiếp nhận, gửi giấy hẹn",
                "Pháp luật để người tiếp nhận chọn; giấy hẹn ghi rõ dòng đã chọn",
                std::iter::once(field).chain(fee_fields(whole)).collect(),
                vec![],
            )
        }
        "bo-sung" => make(
            "Yêu cầu bổ sung",
            "Gửi phiếu yêu cầu bổ sung",
            "Mẫu 02, Thông tư 03/2025/TT-VPCP: một lần, đủ mọi nội dung",
            supplement_fields(whole),
            vec![],
        ),
        "chuyen-tiep" => make(
            "Chuyển bước tiếp",
            "Chuyển",
            "Ghi vào phiếu kiểm soát, mẫu 06",
            vec![area("ghi-chu", "Ghi chú cho người sau").optional().max(decide::MOST_NOTE as u32)],
            one_file(),
        ),
        "tra-lai" => {
            let reason = area("ly-do", "Lý do trả lại").max(decide::MOST_NOTE as u32);
            make("Trả lại một bước", "Trả lại", "Cần lý do", vec![reason], vec![])
        }
        "khong-duyet" => make(
            "Không giải quyết",
            "Không giải quyết",
            "Người nộp nhận văn bản nêu rõ lý do",
            vec![area("ly-do", "Lý do và căn cứ pháp lý").max(decide::MOST_NOTE as u32)],
            vec![],
        ),
        "ban-hanh" => make(
            "Ban hành kết quả",
            "Ban hành",
            "Không chọn tệp thì hệ thống soạn thông báo kết quả; bản nào cũng ghi rõ chưa ký số",
            vec![
                text("so", "Số, ký hiệu văn bản")
                    .hint("Theo sổ văn thư của cơ quan. Để trống thì văn bản chừa chỗ để ghi.")
                    .placeholder("12/TB-UBND")
                    .width(20)
                    .max(decide::MOST_NUMBER as u32)
                    .optional(),
            ],
            one_file(),
        ),
        "tra-ket-qua" => make(
            "Trả kết quả",
            "Đã trả kết quả",
            "Đối chiếu người nhận với giấy hẹn và giấy tờ tùy thân",
            vec![
                web::ui::field::radios(
                    "kenh",
                    "Trả bằng cách nào",
                    [("desk", "Tại quầy"), ("post", "Qua bưu chính"), ("electronic", "Bản điện tử")]
                        .map(|(v, l)| Choice::new(v, l)),
                )
                .value(&whole.row.result_channel),
            ],
            vec![],
        ),
        "tham-quyen" => {
            let package = &whole.version.package;
            let units = agencies.iter().filter(|u| Some(u.id.0) != whole.row.unit && decide::is_of_level(u.kind, package));
            let reason = area("ly-do", "Lý do và căn cứ").rows(2).max(decide::MOST_NOTE as u32);
            make(
                if whole.row.unit.is_none() { "Chọn cơ quan giải quyết" } else { "Chuyển cơ quan khác" },
                "Chuyển",
                "Hồ sơ chuyển theo thẩm quyền",
                vec![
                    web::ui::field::select(
                        "co-quan",
                        "Cơ quan có thẩm quyền",
                        units.map(|unit| Choice::new(unit.code.to_string(), raw(&unit.name))),
                    ),
                    if whole.row.unit.is_none() { reason.optional() } else { reason },
                ],
                vec![],
            )
        }
        _ => return None,
    })
}

/// Is the amount one that only the desk can tell, and nobody told it yet?
fn asks_fee(whole: &Whole) -> bool {
    let (row, package) = (&whole.row, &whole.version.package);
    let channel = crate::dossier::channel_of(&row.channel).unwrap_or(Channel::Direct);
    row.fee_due.is_none() && is_by_rate(package, &fee_due(package, channel, row.case_id.as_deref()))
}

fn fee_fields(whole: &Whole) -> Vec<Field> {
    if !asks_fee(whole) {
        return vec![];
    }
    vec![
        text("le-phi", "Lệ phí")
            .aside("đồng")
            .hint("Để trống thì giấy hẹn ghi là chưa xác định.")
            .class("num")
            .max(15)
            .optional(),
        checks("da-thu", "Thu lệ phí", [Choice::new("co", "Đã thu")]).optional(),
    ]
}

fn supplement_fields(whole: &Whole) -> Vec<Field> {
    let package = &whole.version.package;
    whole
        .papers
        .iter()
        .filter(|p| !p.by_form || p.verdict() == Some(Verdict::Missing))
        .flat_map(|p| {
            let ground = package.papers.iter().find(|row| row.id == p.paper).map(|row| crate::messages::ground_of(row, package));
            let missing = p.verdict() == Some(Verdict::Missing);
            [
                area(format!("ly-do.{}", p.paper), web::words("{0}: thiếu hoặc sai chỗ nào").with(&p.name))
                    .rows(2)
                    .value(if missing { format!("Nộp {}", p.name) } else { String::new() }) // not on screen: words of form 02
                    .optional(),
                text(format!("can-cu.{}", p.paper), web::words("Căn cứ pháp lý")).value_opt(ground).width(30),
            ]
        })
        .collect()
}

/// A row of time in words with its condition; the package says its allowance, which may be the same day.
pub fn term_words(row: &TermRow, allowance: Option<Term>, lang: Lang) -> String {
    let amount = match allowance {
        Some(term) => base::wording::term(&term, lang),
        None => lang.pick("chưa xác định", "not settled").to_owned(),
    };
    if row.condition.is_empty() { amount } else { format!("{amount}: {}", row.condition) }
}
