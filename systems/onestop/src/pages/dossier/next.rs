//! The next acts: a button for each act the reader may do now, and the one more thing an act asks before it is done.

use crate::acts;
use crate::decide;
use crate::dossier::{State, Verdict};
use crate::service::Whole;
use base::Lang;
use catalogue::package::{Channel, StepAct, TermRow};
use directory::{Actor, Unit, may};
use web::ui::field::{Choice, Field, area, text};
use web::{Words, raw};

/// A button and the ground under it.
pub(super) struct Act {
    pub(super) word: &'static str,
    pub(super) label: Words,
    pub(super) ground: Words,
    pub(super) key: &'static str,
    pub(super) primary: bool,
    pub(super) asks: bool,
    /// It can also be entered as something that happened before.
    pub(super) late: bool,
}

/// The one more thing an act asks.
pub(super) struct Asking {
    pub(super) word: &'static str,
    pub(super) title: Words,
    pub(super) button: Words,
    pub(super) ground: Words,
    pub(super) fields: Vec<Field>,
    pub(super) file: bool,
}

pub(super) fn buttons(whole: &Whole, who: &Actor) -> Vec<Act> {
    let row = &whole.row;
    let act = |word, label: &'static str, ground: &'static str, key, primary, asks| Act {
        word,
        label: web::words(label),
        ground: web::words(ground),
        key,
        primary,
        asks,
        late: !asks && word != "nhan-viec",
    };
    let mut out = Vec::new();
    match row.state() {
        Ok(State::Submitted) if may::<acts::Accept>(who, row) => {
            let choose = choices(whole).len() > 1;
            let missing = whole.papers.iter().any(|p| p.verdict() == Some(Verdict::Missing));
            if !missing {
                out.push(act("tiep-nhan", "Tiếp nhận, gửi giấy hẹn", "Mẫu 01, Thông tư 03/2025/TT-VPCP", "t", true, choose));
            }
            out.push(act("bo-sung", "Yêu cầu bổ sung", "Mẫu 02, một lần, nêu đủ từng giấy tờ và lý do", "b", missing, true));
        }
        Ok(State::InProgress) => working(whole, who, &mut out, &act),
        Ok(State::Issued) if may::<acts::ReturnResult>(who, row) => {
            out.push(act("tra-ket-qua", "Trả kết quả", "Đối chiếu người nhận với giấy hẹn", "t", true, true));
        }
        _ => {}
    }
    if row.unit.is_none() && may::<acts::DetermineCompetence>(who, row) {
        out.push(act(
            "tham-quyen",
            "Chọn cơ quan giải quyết",
            "Chuyển theo thẩm quyền, không theo nơi nộp",
            "",
            out.is_empty(),
            true,
        ));
    }
    out
}

fn working(
    whole: &Whole,
    who: &Actor,
    out: &mut Vec<Act>,
    act: &dyn Fn(&'static str, &'static str, &'static str, &'static str, bool, bool) -> Act,
) {
    let row = &whole.row;
    let Some(step) = row.step.and_then(|s| usize::try_from(s).ok()).and_then(|s| whole.route.get(s)) else { return };
    let held_by_me = row.assignee.is_some() && row.assignee == who.person.map(|p| p.0);
    if row.assignee.is_some() && !held_by_me {
        return;
    }
    let first = row.step == Some(0);
    match step.act {
        StepAct::Process if may::<acts::Handle>(who, row) => {
            if row.assignee.is_none() {
                out.push(act("nhan-viec", "Nhận về mình", "Tên bạn hiện ở cột người giữ", "a", true, false));
            }
            out.push(act("chuyen-tiep", "Chuyển bước tiếp", "Ghi vào phiếu kiểm soát, mẫu 06", "t", held_by_me, true));
        }
        StepAct::Approve if may::<acts::Resolve>(who, row) => {
            out.push(act("duyet", "Phê duyệt", "Chuyển ngay sang bước ban hành", "y", true, false));
            out.push(act("khong-duyet", "Không giải quyết", "Văn bản nêu rõ lý do, được tính là kết quả", "", false, true));
        }
        StepAct::Issue if may::<acts::Issue>(who, row) => {
            out.push(act("ban-hanh", "Ban hành kết quả", "Bản chưa ký số, ghi rõ trên từng trang", "t", true, true));
        }
        _ => {}
    }
    if !first && may::<acts::Handle>(who, row) {
        out.push(act("tra-lai", "Trả lại một bước", "Người làm bước trước đọc được lý do", "r", false, true));
    }
}

/// Term rows a person may have to choose between.
fn choices(whole: &Whole) -> Vec<&TermRow> {
    let channel = crate::dossier::channel_of(&whole.row.channel).unwrap_or(Channel::Direct);
    decide::fitting_terms(&whole.version.package, channel, whole.row.case_id.as_deref())
}

/// What an act asks before it is done. Every act can be entered late; those that ask nothing else ask only that.
pub(super) fn asking(word: &'static str, whole: &Whole, agencies: &[Unit], lang: Lang) -> Option<Asking> {
    let make = |title: &'static str, button: &'static str, ground: &'static str, fields, file| Asking {
        word,
        title: web::words(title),
        button: web::words(button),
        ground: web::words(ground),
        fields,
        file,
    };
    Some(match word {
        "tiep-nhan" if choices(whole).len() < 2 => {
            make("Tiếp nhận, gửi giấy hẹn", "Tiếp nhận, gửi giấy hẹn", "Mẫu 01, Thông tư 03/2025/TT-VPCP", vec![], false)
        }
        "duyet" => make("Phê duyệt", "Phê duyệt", "Chuyển ngay sang bước ban hành", vec![], false),
        "tiep-nhan" => {
            let rows = choices(whole).into_iter().map(|t| Choice::new(&t.id, raw(term_words(t, lang)))).collect::<Vec<_>>();
            let field = web::ui::field::radios("thoi-han", "Thời hạn áp dụng cho hồ sơ này", rows);
            make(
                "Chọn thời hạn",
                "Tiếp nhận, gửi giấy hẹn",
                "Pháp luật để người tiếp nhận chọn; giấy hẹn ghi rõ dòng đã chọn",
                vec![field],
                false,
            )
        }
        "bo-sung" => make(
            "Yêu cầu bổ sung",
            "Gửi phiếu yêu cầu bổ sung",
            "Mẫu 02, Thông tư 03/2025/TT-VPCP: một lần, đủ mọi nội dung",
            supplement_fields(whole),
            false,
        ),
        "chuyen-tiep" => make(
            "Chuyển bước tiếp",
            "Chuyển",
            "Ghi vào phiếu kiểm soát, mẫu 06",
            vec![area("ghi-chu", "Ghi chú cho người sau").optional()],
            true,
        ),
        "tra-lai" => make("Trả lại một bước", "Trả lại", "Cần lý do", vec![area("ly-do", "Lý do trả lại")], false),
        "khong-duyet" => make(
            "Không giải quyết",
            "Không giải quyết",
            "Người nộp nhận văn bản nêu rõ lý do",
            vec![area("ly-do", "Lý do và căn cứ pháp lý")],
            false,
        ),
        "ban-hanh" => make(
            "Ban hành kết quả",
            "Ban hành",
            "Không chọn tệp thì hệ thống soạn thông báo kết quả; bản nào cũng ghi rõ chưa ký số",
            vec![],
            true,
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
            false,
        ),
        "tham-quyen" => make(
            "Chọn cơ quan giải quyết",
            "Chuyển",
            "Hồ sơ chuyển theo thẩm quyền",
            vec![web::ui::field::select(
                "co-quan",
                "Cơ quan có thẩm quyền",
                agencies.iter().map(|unit| Choice::new(unit.code.to_string(), raw(&unit.name))),
            )],
            false,
        ),
        _ => return None,
    })
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

/// A row of time in words with its condition.
pub fn term_words(row: &TermRow, lang: Lang) -> String {
    let amount = match (row.value, row.unit) {
        (Some(value), Some(unit)) => base::due::Term::new(value, unit).map(|t| base::wording::term(&t, lang)).unwrap_or_default(),
        _ => lang.pick("chưa xác định", "not settled").to_owned(),
    };
    if row.condition.is_empty() { amount } else { format!("{amount}: {}", row.condition) }
}
