//! Fictitious papers: the gallery, the tests and the previews use them. Nobody in them exists.

use jiff::civil::{Date, DateTime, date};

use crate::*;

fn at(day: Date, hour: i8, minute: i8, second: i8) -> DateTime {
    day.at(hour, minute, second, 0)
}

fn office() -> Office {
    Office {
        parent: "Ủy ban nhân dân phường An Xuyên".into(),
        name: "Trung tâm Phục vụ hành chính công phường An Xuyên".into(),
        place: "An Xuyên".into(),
    }
}

fn lookup(code: &str) -> Lookup {
    Lookup {
        qr: format!("https://motcua.example/tra-cuu?ma={code}"),
        page: "motcua.example/tra-cuu".into(),
        phone: "1900 0000".into(),
    }
}

fn weekend(day: Date) -> DayLeftOut {
    DayLeftOut { day, reason: "nghỉ hằng tuần".into() }
}

fn paper(name: &str, kind: CopyKind) -> PaperReceived {
    PaperReceived { name: name.into(), kind, count: 1 }
}

fn mau() -> Party {
    Party {
        name: "Nguyễn Văn Mẫu".into(),
        identity: Some(Identity::Citizen("099090000001".into())),
        address: Some("Ấp Mẫu, Xã Đất Mũi, tỉnh Cà Mau".into()),
        phone: Some("0900 000 001".into()),
        email: Some("mau@vidu.example".into()),
    }
}

pub(crate) fn receipts() -> Vec<(&'static str, AcceptanceReceipt)> {
    let received = at(date(2026, 11, 20), 15, 40, 12);
    let online = AcceptanceReceipt {
        issue: Issue { id: "sample/form01/online".into(), at: received },
        office: office(),
        number: "0031/TNHS".into(),
        code: "H12.198-261120-0031".into(),
        lookup: lookup("H12.198-261120-0031"),
        applicant: mau(),
        submitter: None,
        procedure: Procedure {
            code: "1.000689".into(),
            name: "Thủ tục đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con".into(),
        },
        papers: vec![
            paper("Tờ khai đăng ký khai sinh, nhận cha, mẹ, con", CopyKind::Electronic),
            paper("Giấy chứng sinh", CopyKind::ElectronicSigned),
            paper("Chứng cứ chứng minh quan hệ cha con", CopyKind::Scan),
        ],
        sets: 1,
        term: "03 ngày làm việc".into(),
        term_row: String::new(),
        received_at: received,
        due_at: at(date(2026, 11, 26), 17, 0, 0),
        left_out: vec![
            weekend(date(2026, 11, 21)),
            weekend(date(2026, 11, 22)),
            DayLeftOut { day: date(2026, 11, 24), reason: "nghỉ Ngày Văn hóa Việt Nam".into() },
        ],
        due_note: String::new(),
        changed: Vec::new(),
        return_by: "bản điện tử qua kho dữ liệu cá nhân; bản giấy tại trung tâm".into(),
        fees: Fees::Known(Vec::new()),
        register: Some(RegisterLine { book: "11/2026".into(), number: 412 }),
        filed: Filed::Online { verified: true },
        officer: "Lê Thị Thí Điểm".into(),
        signing: Signing::Unsigned,
    };
    let counter = AcceptanceReceipt {
        issue: Issue { id: "sample/form01/counter".into(), at: at(date(2026, 2, 9), 9, 5, 0) },
        number: "0007/TNHS".into(),
        code: "H12.198-260209-0007".into(),
        lookup: lookup("H12.198-260209-0007"),
        applicant: Party {
            name: "K'Brôih".into(),
            address: Some("Khóm 3, Phường An Xuyên, tỉnh Cà Mau".into()),
            ..Party::default()
        },
        submitter: Some("H'Blim Niê".into()),
        procedure: Procedure {
            code: "1.013225".into(),
            name: "Cấp giấy phép xây dựng mới công trình cấp III, cấp IV và nhà ở riêng lẻ".into(),
        },
        papers: vec![
            paper("Đơn đề nghị cấp giấy phép xây dựng", CopyKind::Original),
            PaperReceived {
                name: "Giấy tờ chứng minh quyền sử dụng đất".into(), kind: CopyKind::Certified, count: 1
            },
            PaperReceived { name: "Bản vẽ thiết kế xây dựng".into(), kind: CopyKind::Original, count: 2 },
        ],
        sets: 2,
        term: "15 ngày làm việc".into(),
        term_row: "nhà ở riêng lẻ, nộp trực tiếp".into(),
        received_at: at(date(2026, 2, 9), 9, 5, 0),
        due_at: at(date(2026, 3, 9), 17, 0, 0),
        left_out: [14, 15, 21, 22, 28]
            .into_iter()
            .map(|d| weekend(date(2026, 2, d)))
            .chain([1, 7, 8].into_iter().map(|d| weekend(date(2026, 3, d))))
            .chain((16..=20).map(|d| DayLeftOut { day: date(2026, 2, d), reason: "nghỉ Tết Nguyên đán".into() }))
            .collect(),
        fees: Fees::Known(vec![
            Fee { names: vec!["Lệ phí cấp giấy phép".into()], amount: 75_000, paid: true },
            Fee { names: vec!["Phí thẩm định".into()], amount: 1_250_000, paid: false },
        ]),
        register: None,
        return_by: "Trung tâm Phục vụ hành chính công phường An Xuyên".into(),
        filed: Filed::Counter,
        signing: Signing::ByHand,
        ..online.clone()
    };
    let long = AcceptanceReceipt {
        issue: Issue { id: "sample/form01/long".into(), at: received },
        office: Office {
            parent: "Ủy ban nhân dân tỉnh Cà Mau".into(),
            name: "Trung tâm Phục vụ hành chính công và Kiểm soát thủ tục hành chính tỉnh Cà Mau".into(),
            place: "Cà Mau".into(),
        },
        applicant: Party {
            name: "Công ty trách nhiệm hữu hạn một thành viên Tư vấn thiết kế, đầu tư xây dựng, thương mại và dịch vụ xuất nhập khẩu thủy sản Thí Điểm Đất Mũi".into(),
            identity: Some(Identity::Tax("2000000001".into())),
            address: Some("Số 1234/56/7 đường Nguyễn Thị Minh Khai nối dài, Khóm Thí Điểm, Phường An Xuyên, tỉnh Cà Mau".into()),
            ..mau()
        },
        papers: (1..=40)
            .map(|n| PaperReceived {
                name: match n % 4 {
                    0 => format!("Giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất số {n} kèm sơ đồ vị trí, tọa độ ranh giới và văn bản đồng thuận của những người sử dụng đất liền kề"),
                    1 => format!("Bản vẽ số {n}"),
                    _ => format!("Văn bản chấp thuận của cơ quan có thẩm quyền, tài liệu số {n}"),
                },
                kind: [CopyKind::Original, CopyKind::Certified, CopyKind::Scan, CopyKind::ElectronicSigned][n % 4],
                count: 1 + (n as u32) % 3,
            })
            .collect(),
        due_note: "Tiếp nhận sau 15 giờ nên tính từ ngày làm việc tiếp theo".into(),
        changed: vec!["Thời hạn 15 ngày làm việc, trước là 20 ngày làm việc".into()],
        fees: Fees::Open {
            rules: vec!["Lệ phí cấp giấy phép: theo nghị quyết thí điểm của Hội đồng nhân dân tỉnh".into()],
            paid: false,
        },
        ..online.clone()
    };
    vec![("form01-online", online), ("form01-counter", counter), ("form01-long", long)]
}

pub(crate) fn supplements() -> Vec<(&'static str, SupplementRequest)> {
    let item = |paper: &str, what: &str, kind: Option<CopyKind>, legal: &str| SupplementItem {
        paper: paper.into(),
        what: what.into(),
        wanted: kind.map(|kind| Copies { kind, count: 1 }).into_iter().collect(),
        legal: legal.into(),
    };
    let short = SupplementRequest {
        issue: Issue { id: "sample/form02/short".into(), at: at(date(2026, 11, 23), 9, 15, 0) },
        office: office(),
        number: "0007/HDHS".into(),
        code: Code::Filing("N7K2-9QXM-4T".into()),
        lookup: lookup("N7K2-9QXM-4T"),
        applicant: mau(),
        procedure: Procedure { code: "1.001193".into(), name: "Thủ tục đăng ký khai sinh".into() },
        stage: Stage::Reception,
        round: 1,
        items: vec![
            item("Giấy chứng sinh", "Ảnh bị mờ, không đọc được ngày sinh. Xin chụp hoặc quét lại.", Some(CopyKind::Scan), "Khoản 1 Điều 16 Luật Hộ tịch"),
            item("Tờ khai đăng ký khai sinh", "Thiếu chữ ký của người yêu cầu.", Some(CopyKind::Original), "Khoản 1 Điều 16 Luật Hộ tịch"),
        ],
        until: Some(at(date(2026, 12, 7), 17, 0, 0)),
        advice: "Có thể nộp bổ sung trên trang tra cứu bằng mã ở trên, hoặc tại bất kỳ Trung tâm Phục vụ hành chính công nào trong tỉnh. Giấy tờ đã nộp vẫn được giữ, không phải nộp lại.".into(),
        officer: "Lê Thị Thí Điểm".into(),
        officer_phone: "0290 000 0000".into(),
        signing: Signing::Unsigned,
    };
    let long = SupplementRequest {
        issue: Issue { id: "sample/form02/long".into(), at: at(date(2026, 11, 23), 9, 15, 0) },
        code: Code::Dossier("H12.198-261120-0031".into()),
        lookup: lookup("H12.198-261120-0031"),
        stage: Stage::Examination,
        items: (1..=18)
            .map(|n| {
                item(
                    &format!("Giấy tờ thứ {n} trong thành phần hồ sơ đề nghị cấp giấy phép xây dựng"),
                    "Số liệu về diện tích, ranh giới trên bản vẽ khác với giấy chứng nhận quyền sử dụng đất; xin giải trình hoặc nộp bản đã chỉnh sửa.",
                    [Some(CopyKind::Certified), None, Some(CopyKind::Copy)][n % 3],
                    "Điểm b khoản 2 Điều 54 của văn bản thí điểm về cấp giấy phép",
                )
            })
            .collect(),
        signing: Signing::ByHand,
        ..short.clone()
    };
    let counter = SupplementRequest {
        issue: Issue { id: "sample/form02/counter".into(), ..short.issue.clone() },
        number: "/HDHS".into(),
        procedure: Procedure {
            code: "1.013225".into(),
            name: "Cấp giấy phép xây dựng mới công trình cấp III, cấp IV và nhà ở riêng lẻ".into(),
        },
        items: vec![SupplementItem {
            paper: "Hai bộ bản vẽ thiết kế nhà ở".into(),
            what: "Nộp hai bộ bản vẽ, kèm bản sao chứng chỉ của người thiết kế.".into(),
            wanted: vec![Copies { kind: CopyKind::Original, count: 2 }, Copies { kind: CopyKind::Copy, count: 1 }],
            legal: "Điều 54 của văn bản thí điểm về cấp giấy phép".into(),
        }],
        until: None,
        signing: Signing::ByHand,
        ..short.clone()
    };
    vec![("form02-short", short), ("form02-long", long), ("form02-counter", counter)]
}

pub(crate) fn slips() -> Vec<(&'static str, Slip)> {
    let accepted = Slip {
        issue: Issue { id: "sample/slip/accepted".into(), at: at(date(2026, 11, 20), 15, 41, 0) },
        office: office(),
        code: Code::Dossier("H12.198-261120-0031".into()),
        lookup: lookup("H12.198-261120-0031"),
        applicant: "Nguyễn Văn Mẫu".into(),
        procedure: "Đăng ký khai sinh".into(),
        due_at: Some(at(date(2026, 11, 26), 17, 0, 0)),
        missing: Vec::new(),
        address: "Trung tâm Phục vụ hành chính công phường An Xuyên, số 1 đường Mẫu, Phường An Xuyên".into(),
        hours: "thứ hai đến thứ sáu, 7 giờ – 11 giờ và 13 giờ – 17 giờ".into(),
        bring: "phiếu này và căn cước".into(),
    };
    let filed = Slip {
        issue: Issue { id: "sample/slip/filed".into(), ..accepted.issue.clone() },
        code: Code::Filing("N7K2-9QXM-4T".into()),
        lookup: lookup("N7K2-9QXM-4T"),
        applicant: "Công ty trách nhiệm hữu hạn Tư vấn thiết kế Thí Điểm Đất Mũi".into(),
        procedure: "Cấp giấy phép xây dựng mới công trình cấp III, cấp IV và nhà ở riêng lẻ".into(),
        due_at: None,
        ..accepted.clone()
    };
    let waiting = Slip {
        issue: Issue { id: "sample/slip/waiting".into(), ..accepted.issue.clone() },
        missing: vec![
            "Giấy chứng sinh".into(),
            "Văn bản ủy quyền có chứng thực của cha mẹ cho người đi đăng ký khai sinh thay".into(),
        ],
        bring: "phiếu này, căn cước và các giấy tờ còn thiếu ghi ở trên".into(),
        ..filed.clone()
    };
    vec![("slip-accepted", accepted), ("slip-filed", filed), ("slip-waiting", waiting)]
}

pub(crate) fn results() -> Vec<(&'static str, ResultSheet)> {
    let letter = ResultSheet {
        issue: Issue { id: "sample/result/letter".into(), at: at(date(2026, 11, 25), 14, 20, 0) },
        office: Office { parent: "Ủy ban nhân dân tỉnh Cà Mau".into(), name: "Ủy ban nhân dân phường An Xuyên".into(), place: "An Xuyên".into() },
        number: "12/TB-UBND".into(),
        kind: "Thông báo".into(),
        subject: "Kết quả giải quyết thủ tục đăng ký khai sinh".into(),
        code: "H12.198-261120-0031".into(),
        lookup: lookup("H12.198-261120-0031"),
        to: "Ông Nguyễn Văn Mẫu".into(),
        grounds: vec!["Căn cứ Luật Hộ tịch".into(), "Xét hồ sơ mã số H12.198-261120-0031 tiếp nhận ngày 20 tháng 11 năm 2026".into()],
        body: vec![
            "Ủy ban nhân dân phường An Xuyên thông báo hồ sơ của Ông đã được giải quyết: đồng ý đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con.".into(),
            "Đề nghị Ông đến Trung tâm Phục vụ hành chính công phường An Xuyên nhận bản giấy, hoặc tải bản điện tử trên trang tra cứu.".into(),
        ],
        facts: vec![
            ("Người được khai sinh".into(), "Nguyễn Thị Ví Dụ".into()),
            ("Ngày sinh".into(), "01/11/2026".into()),
            ("Kết quả".into(), "Đồng ý".into()),
        ],
        signer: Signer { capacity: "TM. Ủy ban nhân dân".into(), post: "Chủ tịch".into(), name: "Trần Văn Thí Điểm".into() },
        copies: vec!["Như trên".into(), "Trung tâm Phục vụ hành chính công phường An Xuyên".into(), "Lưu: VT, TP".into()],
    };
    let long = ResultSheet {
        issue: Issue { id: "sample/result/long".into(), ..letter.issue.clone() },
        number: String::new(),
        subject: "Về việc không giải quyết hồ sơ cấp giấy phép xây dựng mới công trình cấp III, cấp IV và nhà ở riêng lẻ tại khu vực chưa có quy hoạch chi tiết".into(),
        body: (1..=14)
            .map(|n| format!("{n}. Nội dung thẩm định thứ {n}: vị trí công trình nằm trong hành lang bảo vệ nguồn nước theo bản đồ kèm theo, do đó chưa đủ điều kiện cấp giấy phép; người nộp hồ sơ có quyền khiếu nại hoặc đề nghị xem xét lại theo quy định của pháp luật về khiếu nại."))
            .collect(),
        facts: Vec::new(),
        ..letter.clone()
    };
    vec![("result-letter", letter), ("result-long", long)]
}
