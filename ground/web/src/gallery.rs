//! `/ui`: every component in every state, both densities, a dark sample. What is not here does not exist: a test holds the list of the
//! components' own constructors and settings against this file.

use askama::Template;
use axum::extract::State;
use base::Moment;

use crate::filters;
use crate::house::House;
use crate::i18n::{Rich, raw, rich, words};
use crate::scene::Part;
use crate::shell::{Page, Shell};
use crate::ui::button::{Button, button, link_button};
use crate::ui::desk::{Batch, Decision, Keys, Stat, batch, decision, holder, keys, presence, stat};
use crate::ui::field::{
    Choice, DateParts, ErrorSummary, Field, Suggestions, area, checks, date, error_summary_of, file, locked, radios, select,
    suggestions, text,
};
use crate::ui::file::{FileLine, FileState, Files, files};
use crate::ui::icon::ICONS;
use crate::ui::list::{Facts, Happening, Steps, Task, TaskList, Timeline, When, facts, steps, task_list, timeline};
use crate::ui::message::{
    Conflict, Emptiness, Empty, Kept, Long, Notice, Toast, conflict, empty, info, long, long_done, notice, offline, saved,
};
use crate::ui::nav::{Crumbs, Pager, Tab, Tabs, chip, crumbs, pager, tabs};
use crate::ui::qr::{Qr, qr};
use crate::ui::status::{Badge, Due, Status, badge, due, tag};
use crate::ui::table::{Cell, Row, Sort, Table, head, sort_head, table};
use crate::visit::Visit;

// People of the samples are fictional.
const MAU: &str = "Nguyễn Văn Mẫu"; // not on screen: a name
const THU: &str = "Trần Thị Thử"; // not on screen: a name
const MINH_HOA: &str = "Phan Văn Minh Họa"; // not on screen: a name
const KIEM_THU: &str = "Hồ Văn Kiểm Thử"; // not on screen: a name
const THI_DIEM: &str = "Lê Thị Thí Điểm"; // not on screen: a name
const TAM: &str = "Bùi Thị Tạm"; // not on screen: a name
const TAM_GHI: &str = "Võ Văn Tạm Ghi"; // not on screen: a name
const NHAP: &str = "Huỳnh Văn Nháp"; // not on screen: a name
const THI_DU: &str = "Lê Văn Thí Dụ"; // not on screen: a name
const TUONG_TRUNG: &str = "Lý Thị Tượng Trưng"; // not on screen: a name
const NOTE: &str = "Mẹ hẹn đến lấy bản giấy chiều nay.\nGọi trước khi trả."; // not on screen: what a person typed
const FEE: &str = "16.000 đồng"; // not on screen: a value
const NO_FEE: &str = "0 đồng"; // not on screen: a value
const PLACE_OF_ISSUE: &str = "Công an tỉnh Cà Mau"; // not on screen: a name
const STREET: &str = "Đường Phan Ngọc Hiển"; // not on screen: a name
const STREETS: &str = "goi-y-duong";
const HOME: &str = "Xã Đất Mũi, tỉnh Cà Mau"; // not on screen: what a person typed

/// The page.
pub(crate) async fn page(State(house): State<House>, visit: Visit) -> Page<impl Template> {
    let shell = Shell::citizen(&visit, &house).title("Thành phần và trạng thái").main_class("page ui").style("gallery.css");
    Page::new(shell, Gallery)
}

/// The officers' frame with a list in it, open to everyone: people in it are fictional.
pub(crate) async fn officer_page(visit: Visit) -> Page<impl Template> {
    Page::new(Shell::sample_officer(visit.lang()).title("Hồ sơ của quầy"), OfficerSample)
}

#[derive(Template)]
#[template(path = "pages/gallery.html")]
struct Gallery;

#[derive(Template)]
#[template(path = "pages/gallery-officer.html")]
struct OfficerSample;

/// One kind of button in its five states.
struct ButtonRow {
    name: &'static str,
    label: &'static str,
    running: &'static str,
    make: fn(Button) -> Button,
}

impl ButtonRow {
    fn all(&self) -> Vec<Button> {
        let plain = || (self.make)(button(self.label)).for_script();
        vec![
            plain(),
            plain().looks("is-hover"),
            plain().looks("is-focus"),
            (self.make)(button(self.running)).for_script().busy(),
            plain().rests(),
        ]
    }
}

fn communes() -> [Choice; 2] {
    [Choice::new("", raw("Xã Đất Mũi")), Choice::new("ax", raw("Phường An Xuyên"))]
}

impl Gallery {
    fn button_rows(&self) -> [ButtonRow; 4] {
        [
            ButtonRow { name: "Chính", label: "Nộp hồ sơ", running: "Đang gửi…", make: Button::primary },
            ButtonRow { name: "Phụ", label: "Lưu nháp", running: "Đang lưu…", make: |b| b },
            ButtonRow { name: "Mềm", label: "Đạt", running: "Đang ghi…", make: Button::soft },
            ButtonRow { name: "Hệ trọng", label: "Rút hồ sơ", running: "Đang rút…", make: Button::danger },
        ]
    }

    fn held(&self) -> crate::ui::desk::Holder {
        holder(Some(MINH_HOA))
    }

    fn present(&self) -> crate::ui::desk::Holder {
        presence(KIEM_THU)
    }

    fn icons(&self) -> impl Iterator<Item = &'static str> {
        ICONS.iter().map(|(name, _)| *name)
    }

    fn fields(&self) -> Vec<Field> {
        vec![
            text("dien-thoai", "Số điện thoại")
                .hint("Để báo khi có kết quả. Ví dụ: 0900 000 001")
                .width(10)
                .kind("tel")
                .autocomplete("tel"),
            locked("Họ tên", MAU)
                .more("sinh 1990")
                .source(rich("Cơ sở dữ liệu quốc gia về dân cư, 14:20 hôm nay. [Thông tin sai]({0})").with("#")),
            select("xa", "Xã, phường", communes()).width(20),
            text("que-quan", "Quê quán")
                .aside("theo thỏa thuận của cha mẹ")
                .value(HOME)
                .note("Bạn gõ “huyện Ngọc Hiển”; nơi này nay thuộc Xã Đất Mũi."),
            area("ly-do", "Lý do").optional().rows(2),
            date("ngay-cap", "Ngày cấp", DateParts { day: "2".into(), month: "1".into(), year: "2022".into() }),
            radios(
                "nhan",
                "Nhận kết quả",
                [Choice::new("dt", "Bản điện tử"), Choice::new("giay", "Bản giấy tại trung tâm").hint("mang theo giấy hẹn")],
            )
            .value("dt"),
            radios("gioi-tinh", "Giới tính", [Choice::new("nam", "Nam"), Choice::new("nu", "Nữ")]).value("nu").inline(),
            checks(
                "kem",
                "Giấy tờ kèm theo",
                [
                    Choice::new("cs", "Giấy chứng sinh"),
                    Choice::new("kh", "Giấy chứng nhận kết hôn").hint("nếu cha mẹ đã đăng ký"),
                ],
            )
            .values(["cs"]),
            text("noi-cap", "Nơi cấp").suggestions([PLACE_OF_ISSUE]),
            text("duong", "Đường").suggestions_of(STREETS),
            text("tim-nhanh", "Lọc trong danh sách").quiet_label().kind("search").placeholder("Lọc trong danh sách này"),
            file("tep-mot", "Tệp sao lưu").accept(".zip").hint("Một tệp, gửi cùng biểu mẫu."),
            text("ma-kiem", "Mã kiểm").class("mono").value("9f2c 41ab 77d0 0c1e").width(20),
        ]
    }

    fn streets(&self) -> Suggestions {
        suggestions(STREETS, [STREET])
    }

    /// Every kind of field with its fault.
    fn faulty(&self) -> Vec<Field> {
        vec![
            text("dinh-danh", "Số định danh cá nhân")
                .value("09909000000")
                .width(20)
                .digits()
                .error("Số định danh có 12 chữ số, bạn gõ 11."),
            date("ngay-sinh", "Ngày sinh", DateParts { day: "31".into(), month: "11".into(), year: "2026".into() })
                .hint("Ví dụ: 5 11 2026")
                .wrong_parts("dm")
                .error("Tháng 11 chỉ có 30 ngày. Xem lại ngày ghi trên giấy chứng sinh."),
            select("noi-o", "Xã, phường", communes()).width(20).error("Chọn xã, phường nơi bạn ở."),
            area("vi-sao", "Lý do").rows(2).error("Ghi lý do, ít nhất vài chữ."),
            radios(
                "nhan-o-dau",
                "Nhận kết quả",
                [Choice::new("dt", "Bản điện tử"), Choice::new("giay", "Bản giấy tại trung tâm")],
            )
            .error("Chọn một cách nhận kết quả."),
            checks("cam-doan", "Cam đoan", [Choice::new("1", "Tôi cam đoan lời khai là đúng sự thật")])
                .error("Đánh dấu vào ô cam đoan"),
            file("tep-hong", "Tệp sao lưu").accept(".zip").error("Tệp này không mở được. Chọn tệp khác."),
        ]
    }

    fn summary(&self) -> ErrorSummary {
        error_summary_of(&self.faulty()[..2]).add("giay-ket-hon-nhom", "Thiếu giấy này. Chụp ảnh hoặc chọn tệp.")
    }

    fn badges(&self) -> Vec<Badge> {
        vec![
            badge(Status::Idle, "Bản nháp"),
            badge(Status::Run, "Đang xử lý"),
            badge(Status::Ok, "Đúng hạn"),
            badge(Status::Warn, "Sắp đến hạn"),
            badge(Status::Bad, "Quá hạn"),
            badge(Status::Hold, "Chờ bổ sung"),
        ]
    }

    fn dues(&self) -> Vec<Due> {
        vec![
            due(Status::Run, "Còn 1,3 ngày", "17:00 thứ Tư", 35),
            due(Status::Warn, "Còn 35 phút", "15:05", 90),
            due(Status::Bad, "Quá 5,5 giờ", "17:00, 20/11", 100),
            due(Status::Hold, "Tạm dừng", "từ 19/11", 52),
            due(Status::Ok, "Xong sớm 1 ngày", "23/11", 100),
            due(Status::Idle, "Chưa tính giờ", "chờ tiếp nhận", 0),
        ]
    }

    fn tasks(&self) -> TaskList {
        task_list([
            Task::new("#", "Người đi khai", Status::Ok, "Xong"),
            Task::new("#", "Trẻ được khai sinh", Status::Bad, "Có lỗi").hint("2 chỗ cần sửa"),
            Task::new("#", "Cha, mẹ", Status::Run, "Đang làm"),
            Task::shut("Xem lại và gửi", "mở khi ba phần trên xong", "Chưa mở"),
        ])
    }

    fn steps(&self) -> Steps {
        steps(["Người đi khai", "Trẻ", "Cha, mẹ", "Giấy tờ", "Gửi"], 3)
    }

    fn story(&self) -> Timeline {
        timeline([
            Happening::new(When::Past, "Đã tiếp nhận")
                .at("2026-11-20T15:40+07:00", raw("15:40 thứ Sáu, 20/11/2026"))
                .about("Mất 3 giờ 28 phút trên 8 giờ được phép. Thời hạn tính từ lúc này."),
            Happening::new(When::Now, "Đang soạn kết quả").at("2026-11-23T14:00+07:00", "từ 14:00 hôm nay"),
            Happening::new(When::Next, "Trả kết quả").about("hẹn 17:00 thứ Năm, 26/11"),
        ])
    }

    fn dense_story(&self) -> Timeline {
        timeline([
            Happening::new(When::Now, rich("**Phan Văn Minh Họa** đang soạn")).at("2026-11-23T14:00+07:00", "14:00 hôm nay"),
            Happening::new(When::Past, "Lê Thị Thí Điểm tiếp nhận, mẫu 01").at("2026-11-20T15:40+07:00", raw("15:40, 20/11")),
            Happening::new(When::Past, "Nguyễn Văn Mẫu nộp trực tuyến")
                .at("2026-11-20T10:12+07:00", raw("10:12, 20/11"))
                .mark("globe"),
        ])
        .dense()
    }

    fn facts(&self) -> Facts {
        facts()
            .row("Người nộp", MAU)
            .row("Ngày sinh", "01/01/1990")
            .part("Lệ phí", Part::all(vec![Part::raw(FEE), Part::of(badge(Status::Ok, "đã trả"))]))
    }

    fn table(&self) -> Table {
        let sort = Sort { by: "han".into(), down: false };
        let row = |code: &str, due: Badge, who: &str, fee: &str, ticked: bool| {
            Row::new([Cell::of(due), Cell::link("#", code).class("code").row_head(), Cell::raw(who), Cell::raw(fee).class("r")])
                .pick(code, words("Chọn {0}").with(code), ticked)
                .opens("#")
        };
        table(
            "Hồ sơ chờ trả",
            [
                sort_head("Hạn", "han", &sort, "/ui", ""),
                sort_head("Mã hồ sơ", "ma", &sort, "/ui", ""),
                head("Người nộp"),
                head("Lệ phí").class("r"),
            ],
        )
        .count(3)
        .picks("ho-so")
        .keys()
        .group("Hạn hôm nay, thứ Hai 23/11", "2 hồ sơ")
        .row(row("H12.198-261119-0014", badge(Status::Ok, "Xong sớm"), MAU, NO_FEE, false))
        .row(row("H12.198-261119-0015", badge(Status::Ok, "Đúng hạn"), THU, FEE, true))
        .loading(1)
    }

    fn tabs(&self) -> Tabs {
        tabs(
            "Hàng chờ",
            [
                Tab::new("#", "Cần làm").count(24).current(true),
                Tab::new("#", "Hạn hôm nay").count_as(5, Status::Warn),
                Tab::new("#", "Quá hạn").count_as(2, Status::Bad),
                Tab::new("#", "Tất cả"),
            ],
        )
    }

    fn chips(&self) -> Part {
        Part::all(vec![
            Part::of(chip("#", "Lĩnh vực: tất cả").current(true).icon("filter")),
            Part::of(chip("#", "Điều kiện").icon("plus")),
            Part::of(chip("#", "Hộ tịch, sau 15:00").removes()),
            Part::of(tag("chờ xã U Minh")),
            Part::of(tag("1 tin").icon("chat")),
        ])
    }

    /// The first page, one in the middle, the last, and a list that has only one.
    fn pagers(&self) -> [Pager; 4] {
        [
            pager("/ui", "", 1, 12, 40, "hồ sơ"),
            pager("/ui", "", 2, 12, 40, "thủ tục"),
            pager("/ui", "", 4, 12, 40, "người"),
            pager("/ui", "", 1, 12, 9, "đơn vị"),
        ]
    }

    fn crumbs(&self) -> Crumbs {
        crumbs([("/", "Trang đầu"), ("#", "Có con")], "Đăng ký khai sinh")
    }

    fn notices(&self) -> Vec<Notice> {
        vec![
            info("Biết thêm").text("Nơi này trước 01/7/2025 thuộc huyện Ngọc Hiển."),
            notice(Status::Ok, words("Đã nhận hồ sơ {0}").with("H12.198-261123-0007"))
                .text("Bấm hai lần hay tải lại trang cũng chỉ là một hồ sơ này."),
            notice(Status::Warn, "Phiên làm việc hết sau 5 phút").text(rich("Chữ đã gõ được giữ. [Ở lại]({0})").with("#")),
            notice(Status::Bad, "Chưa gửi được tin nhắn cho người nộp")
                .text(rich("Hồ sơ vẫn đã tiếp nhận. Hệ thống thử lại lúc 14:40. [Gọi điện thay]({0})").with("#")),
            notice(Status::Hold, "Đồng hồ tạm dừng từ 9:10, 19/11/2026")
                .text("Chờ bạn bổ sung 1 giấy, hạn 17:00 thứ Năm, 03/12/2026."),
        ]
    }

    fn toast(&self) -> Toast {
        Toast::new(words("Đã giao {0} hồ sơ cho {1}.").with(3).with(MINH_HOA)).action("#", "Hoàn tác")
    }

    fn saved(&self) -> Part {
        Part::all(vec![
            Part::of(saved(Kept::Saved, "Đã lưu nháp lúc 14:27. Mất mạng không mất chữ đã gõ.")),
            Part::of(saved(Kept::Saving, "Đang lưu…")),
            Part::of(saved(Kept::Here, "Chưa lưu lên máy chủ, còn trên máy này")),
        ])
    }

    fn offline(&self) -> Part {
        Part::of(offline("Đang mất mạng từ 14:21.", "Bạn cứ điền tiếp, 4 ô đang giữ trên máy này và tự gửi khi có mạng."))
    }

    fn longs(&self) -> Vec<Long> {
        vec![
            long(
                "Xuất 12.480 hồ sơ ra XLSX",
                Some(62),
                rich("7.738 dòng, còn khoảng 40 giây. Đóng trang này cũng được, việc vẫn chạy; xem lại ở [Việc đang chạy (2)]({0}).")
                    .with("#"),
            )
            .part(Part::of(button("Dừng").for_script())),
            long("Đang đọc tệp danh mục", None, "Chưa biết có bao nhiêu dòng. Đóng trang này cũng được, việc vẫn chạy."),
            long_done("Sao lưu xong", "Một tệp 214 MB, cất ở máy khác."),
            long_done(
                "Nhập danh mục xong, 18 dòng không đọc được",
                rich("1.742 thủ tục vào, 18 dòng bị giữ lại, không dòng nào vào nửa chừng. [Xem từng dòng và lý do]({0})").with("#"),
            )
            .with_failures()
            .part(Part::of(link_button("#", "Tải 18 dòng để sửa").icon("down"))),
        ]
    }

    fn empties(&self) -> Vec<Empty> {
        vec![
            empty(Emptiness::AllDone, "Hết việc chờ bạn", "Hồ sơ gần hạn nhất của cả quầy là 16:00, Hồ Văn Kiểm Thử đang giữ.")
                .action("#", "Xem của cả quầy"),
            empty(
                Emptiness::NoMatch,
                words("Không có thủ tục nào khớp “{0}”").with("gpkd karaoke"),
                "Thử “giấy phép karaoke”, hoặc kể việc bạn cần bằng lời của bạn.",
            )
            .action("#", "Kể cho trung tâm"),
            empty(Emptiness::First, "Bạn chưa nộp hồ sơ nào", "Hồ sơ bạn nộp sẽ nằm ở đây, kèm ngày hẹn và việc cần làm.")
                .action("#", "Tìm thủ tục"),
            empty(Emptiness::NoMatch, "Không có hồ sơ nào hợp với bộ lọc", "Bỏ bớt điều kiện lọc.").bare(),
        ]
    }

    fn files(&self) -> Vec<Files> {
        let received = |id: u8, name: &str| {
            FileLine::new(id, name, 421_888, FileState::Received { sha256: "9f2c41ab77d0".into() }).href("#")
        };
        vec![
            self.files_of_all_states(),
            files("cu-tru", "Giấy tờ cư trú", []).aside("nếu có").hint("Ảnh chụp hoặc PDF, mỗi tệp tối đa 10 MB."),
            files("giay-ket-hon", "Giấy chứng nhận kết hôn", []).error("Thiếu giấy này. Chụp ảnh hoặc chọn tệp."),
            files("to-khai", "Tờ khai", [received(5, "to-khai-1.jpg"), received(6, "to-khai-2.jpg")])
                .hint("Đã đủ 2 tệp. Gỡ một tệp để thêm tệp khác.")
                .full(true)
                .remove("#"),
        ]
    }

    fn files_of_all_states(&self) -> Files {
        files(
            "giay-chung-sinh",
            "Giấy chứng sinh",
            [
                FileLine::new(1, "giay-chung-sinh.pdf", 421_888, FileState::Received { sha256: "9f2c41ab77d0".into() })
                    .more("2 trang")
                    .href("#"),
                FileLine::new(2, "mat-sau.jpg", 1_887_436, FileState::Sending { sent: 1_170_210 }).more("còn khoảng 40 giây"),
                FileLine::new(3, "anh-chup.jpg", 930_000, FileState::Received { sha256: "02bb91c4aa31".into() })
                    .warn("Ảnh có vẻ mờ. Xem lại, nếu không đọc được chữ thì chụp lại."),
                FileLine::new(
                    4,
                    "chung-sinh.heic",
                    88_000,
                    FileState::Refused {
                        why: words("Máy chủ không mở được tệp này. Chụp lại ở dạng JPG hoặc gửi PDF.")
                    },
                ),
            ],
        )
        .hint("Ảnh chụp hoặc PDF, mỗi tệp tối đa 10 MB. Gửi từng tệp; đứt mạng thì gửi tiếp từ chỗ dừng.")
        .remove("#")
    }

    fn conflict(&self) -> Conflict {
        conflict("Hồ Văn Kiểm Thử đã tiếp nhận lúc 14:29.").fresh("#").typed("Ghi chú", NOTE)
    }

    fn qr(&self) -> Qr {
        qr("https://motcua.example/tra-cuu?ma=N-7Q4K-20AF", "Mã QR của hồ sơ")
    }

    fn decision(&self) -> Decision {
        let why = Part::of(info("Đề xuất").text("Đồng ý cấp; giấy tờ đủ, dữ liệu dân cư khớp."));
        let back = Part::of(area("tra-lai", "Trả lại vì").rows(2).optional());
        let acts = Part::all(vec![
            Part::of(button("Duyệt, ký").primary().wide().key("Y").for_script().ground("Điều 6, Nghị định 123/2015/NĐ-CP")),
            Part::of(button("Trả lại…").wide().key("R").for_script()),
        ]);
        decision(why, back, acts)
    }

    fn stats(&self) -> Vec<Stat> {
        vec![
            stat("Xong đúng hạn hoặc sớm hơn", raw("93,8 %"), "17.204 trên 18.341 hồ sơ đã xong. Tháng trước 92,1 %.").share(94),
            stat(
                "Đang quá hạn ngay lúc này",
                "412 hồ sơ",
                rich("Nhiều nhất: đất đai 261, xây dựng 74. [Đơn vị nào, vì sao]({0})").with("#"),
            )
            .bad(true),
        ]
    }

    fn acts(&self) -> Part {
        Part::all(vec![
            Part::of(button("Tiếp nhận").primary().key("T").for_script()),
            Part::of(button("Yêu cầu bổ sung…").key("B").for_script()),
            Part::of(button("Nhận về mình").soft().for_script()),
            Part::of(button("Từ chối…").danger().for_script()),
            Part::of(button("Nhỏ").small().for_script()),
            Part::of(button("Chọn cột").plain().for_script()),
        ])
    }

    fn lead_text(&self) -> Rich {
        rich("Mọi thành phần, trong mọi trạng thái, ở cỡ người dân. Khối ghi **cỡ cán bộ** là cỡ dày.")
    }
}

impl OfficerSample {
    fn keys(&self) -> Keys {
        keys().of_list()
    }

    fn tabs(&self) -> Tabs {
        tabs(
            "Hàng chờ",
            [
                Tab::new("#", "Cần làm").count(24).current(true),
                Tab::new("#", "Chờ tiếp nhận").count(7),
                Tab::new("#", "Hạn hôm nay").count_as(5, Status::Warn),
                Tab::new("#", "Quá hạn").count_as(2, Status::Bad),
                Tab::new("#", "Chờ bổ sung").count(4),
                Tab::new("#", "Tất cả"),
            ],
        )
    }

    fn chips(&self) -> Part {
        Part::all(vec![
            Part::of(chip("#", "Hộ tịch, sau 15:00")),
            Part::of(chip("#", "Chưa ai nhận")),
            Part::of(chip("#", "Có tin nhắn")),
        ])
    }

    fn table(&self) -> Table {
        let sort = Sort { by: "han".into(), down: false };
        let by = |label: &'static str, column: &str| sort_head(label, column, &sort, "/ui/can-bo", "");
        let row = |code: &str,
                   due: Due,
                   who: &str,
                   what: &'static str,
                   step: &'static str,
                   holder: Cell,
                   channel: &'static str,
                   on: bool| {
            Row::new([
                Cell::of(due).class("c-due"),
                Cell::link("/ui/can-bo", code).class("code").row_head(),
                Cell::raw(who),
                Cell::text(what).class("c-proc"),
                Cell::text(step),
                holder,
                Cell::text(channel).class("quiet"),
            ])
            .pick(code, words("Chọn hồ sơ {0}").with(code), on)
            .opens("/ui/can-bo")
        };
        let free = || Cell::of(holder(None));
        let held = |name: &str| Cell::of(holder(Some(name)));
        let soon = Moment::from_local(jiff::civil::date(2026, 11, 23).at(15, 5, 0, 0));
        table(
            "Hồ sơ cần làm, gấp nhất ở trên",
            [
                by("Hạn", "han"),
                by("Mã hồ sơ", "ma"),
                by("Người nộp", "nguoi"),
                head("Thủ tục"),
                by("Bước", "buoc"),
                by("Người giữ", "giu"),
                head("Kênh"),
            ],
        )
        .quiet_caption()
        .class("inbox")
        .picks("ho-so")
        .keys()
        .group("Quá hạn", "2 hồ sơ, cần văn bản xin lỗi và hẹn lại (mẫu 04)")
        .row(row(
            "H12.198-261029-0012",
            due(Status::Bad, "Quá 1,7 ngày", raw("17:00, 19/11"), 100),
            TAM,
            "Giấy phép xây dựng nhà ở riêng lẻ",
            "Thẩm định",
            held(MINH_HOA),
            "Trực tiếp",
            false,
        ))
        .row(row(
            "H12.198-261117-0004",
            due(Status::Bad, "Quá 5,5 giờ", raw("17:00, 20/11"), 100),
            TAM_GHI,
            "Xác nhận tình trạng hôn nhân",
            "Xác minh",
            held(MINH_HOA),
            "Trực tuyến",
            false,
        ))
        .group("Hạn hôm nay, thứ Hai 23/11", "5 hồ sơ")
        .row(row(
            "H12.198-261120-0029",
            due(Status::Warn, "Còn 35 phút", raw("15:05"), 93).counting_to(soon),
            THU,
            "Đăng ký khai sinh",
            "Kiểm tra",
            free(),
            "Trực tuyến",
            true,
        ))
        .row(row(
            "H12.198-261120-0033",
            due(Status::Warn, "Còn 1 giờ 30", raw("16:00"), 81),
            MAU,
            "Đăng ký khai sinh",
            "Kiểm tra",
            Cell::of(presence(KIEM_THU)),
            "Trực tuyến",
            false,
        ))
        .row(row(
            "H12.198-261120-0034",
            due(Status::Run, "Còn 2 giờ 30", raw("17:00"), 64),
            NHAP,
            "Đăng ký khai sinh",
            "Kiểm tra",
            free(),
            "Trực tuyến",
            true,
        ))
        .group("Ngày làm việc tới, thứ Tư 25/11", "8 hồ sơ; thứ Ba 24/11 nghỉ lễ")
        .row(row(
            "H12.198-261119-0018",
            due(Status::Run, "Còn 1,3 ngày", "17:00 thứ Tư", 33),
            THI_DU,
            "Xác nhận tình trạng hôn nhân",
            "Xác minh",
            held(MINH_HOA),
            "Trực tuyến",
            false,
        ))
        .row(row(
            "H12.198-261117-0009",
            due(Status::Hold, "Tạm dừng", raw("9:10, 19/11"), 52),
            TUONG_TRUNG,
            "Đăng ký thành lập hộ kinh doanh",
            "Chờ bổ sung",
            held(THI_DIEM),
            "Trực tuyến",
            false,
        ))
    }

    fn batch(&self) -> Batch {
        batch(
            words("Đã chọn {0} hồ sơ").with(2),
            Part::all(vec![
                Part::of(button("Nhận về mình").key("A").for_script()),
                Part::of(button("Giao cho…").for_script()),
                Part::of(button("In phiếu").for_script()),
            ]),
        )
        .shared("cùng thủ tục Đăng ký khai sinh")
    }

    fn pager(&self) -> Pager {
        pager("/ui/can-bo", "", 1, 12, 24, "hồ sơ")
    }
}
