//! What is inside every file: properties, tags, fonts, and nothing that acts.

use std::sync::Arc;

use lopdf::{Dictionary, Document, Object};
use paper::{AcceptanceReceipt, Issue, Paper, Signing, Slip, SupplementRequest, proof, render};

use crate::gallery;
use crate::reading::squeezed;

#[test]
fn a_template_gives_no_warning() {
    fn all<P: Paper>() {
        for (name, sample) in P::samples() {
            assert_eq!(proof(&sample).unwrap().1, Vec::<String>::new(), "{name}");
        }
    }
    all::<AcceptanceReceipt>();
    all::<paper::SupplementRequest>();
    all::<paper::Slip>();
    all::<paper::ResultSheet>();
}

#[test]
fn the_same_paper_is_the_same_file_on_any_thread() {
    let sample = Arc::new(AcceptanceReceipt::samples().remove(0).1);
    let first = render(&*sample).unwrap();
    let others: Vec<_> = (0..4)
        .map(|_| {
            let sample = Arc::clone(&sample);
            std::thread::spawn(move || render(&*sample).unwrap())
        })
        .collect();
    for other in others {
        assert!(other.join().unwrap() == first);
    }
    let reissued = AcceptanceReceipt { issue: Issue { id: "another".into(), ..sample.issue.clone() }, ..(*sample).clone() };
    assert!(render(&reissued).unwrap() != first, "another paper has another identifier");
}

#[test]
fn a_file_ends_with_a_line_end_for_the_signature_that_follows() {
    for (name, pdf) in gallery() {
        assert!(pdf.ends_with(b"%%EOF\n"), "{name}");
    }
}

#[test]
fn properties_tags_and_size_are_there() {
    for (name, pdf) in gallery() {
        let document = Document::load_mem(pdf).unwrap();
        let catalog = document.catalog().unwrap();
        assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"vi-VN", "{name}");
        assert!(catalog.get(b"StructTreeRoot").is_ok(), "{name}");
        let marks = document.dereference(catalog.get(b"MarkInfo").unwrap()).unwrap().1.as_dict().unwrap();
        assert!(marks.get(b"Marked").unwrap().as_bool().unwrap(), "{name}");
        let view = document.dereference(catalog.get(b"ViewerPreferences").unwrap()).unwrap().1.as_dict().unwrap();
        assert!(view.get(b"DisplayDocTitle").unwrap().as_bool().unwrap(), "{name}: the title is shown, not the file name");

        let metadata = document.dereference(catalog.get(b"Metadata").unwrap()).unwrap().1.as_stream().unwrap();
        let xmp = String::from_utf8(metadata.decompressed_content().unwrap_or_else(|_| metadata.content.clone())).unwrap();
        for sign in ["<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<", "+07:00"] {
            assert!(xmp.contains(sign), "{name}: {sign} in {xmp}");
        }

        let wide = if name.starts_with("result") { 595.276 } else { 419.528 };
        for (_, page) in document.get_pages() {
            let page = document.get_object(page).unwrap().as_dict().unwrap();
            let media = page.get(b"MediaBox").unwrap().as_array().unwrap();
            assert!((media[2].as_float().unwrap() - wide).abs() < 0.1, "{name}: {media:?}");
        }
    }
}

#[test]
fn only_tinos_is_in_it_and_all_of_it_is_embedded() {
    for (name, pdf) in gallery() {
        let document = Document::load_mem(pdf).unwrap();
        let mut fonts = 0;
        for object in document.objects.values() {
            let Ok(dict) = object.as_dict() else { continue };
            if dict.get(b"Type").and_then(Object::as_name).ok() == Some(b"FontDescriptor") {
                fonts += 1;
                let font = String::from_utf8_lossy(dict.get(b"FontName").unwrap().as_name().unwrap()).into_owned();
                assert!(font.contains("+Tinos"), "{name}: {font}");
                assert!(dict.get(b"FontFile2").is_ok() || dict.get(b"FontFile3").is_ok(), "{name}: {font}");
            }
        }
        assert!(fonts > 0, "{name}");
    }
}

#[test]
fn nothing_in_it_acts_or_calls_out() {
    fn look(name: &str, dict: &Dictionary) {
        for (key, value) in dict {
            for forbidden in ["JavaScript", "JS", "OpenAction", "AA", "Launch", "URI", "EmbeddedFile", "EF", "XFA", "RichMedia"] {
                assert_ne!(key.as_slice(), forbidden.as_bytes(), "{name}");
            }
            if let Object::Dictionary(inner) = value {
                look(name, inner);
            }
        }
    }
    for (name, pdf) in gallery() {
        for object in Document::load_mem(pdf).unwrap().objects.values() {
            match object {
                Object::Dictionary(dict) => look(name, dict),
                Object::Stream(stream) => look(name, &stream.dict),
                _ => {}
            }
        }
    }
}

/// Every row of the form's field list that this paper prints, by the words a reader would look for.
#[test]
fn form_01_says_everything_the_circular_asks_for() {
    let (_, sample) = AcceptanceReceipt::samples().remove(0);
    let text = squeezed(&render(&sample).unwrap());
    for words in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG PHƯỜNG AN XUYÊN",
        "An Xuyên, ngày 20 tháng 11 năm 2026",
        "Số: 0031/TNHS",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "Mã hồ sơ: H12.198-261120-0031",
        "Nguyễn Văn Mẫu, số định danh cá nhân: 099090000001",
        "Địa chỉ: Ấp Mẫu",
        "Số điện thoại: 0900 000 001",
        "Email: mau@vidu.example",
        "Thủ tục đăng ký khai sinh kết hợp đăng ký nhận cha, mẹ, con (1.000689)",
        "Giấy chứng sinh",
        "Bản điện tử có ký số",
        "2. Số lượng hồ sơ: 01 bộ.",
        "3. Thời gian giải quyết theo quy định: 03 ngày làm việc.",
        "4. Thời gian nhận hồ sơ: 15 giờ 40 phút, ngày 20 tháng 11 năm 2026.",
        "5. Thời gian trả kết quả: 17 giờ 00 phút, ngày 26 tháng 11 năm 2026.",
        "(Không tính ngày 21, 22/11 nghỉ hằng tuần và ngày 24/11 nghỉ Ngày Văn hóa Việt Nam.)",
        "6. Đăng ký nhận kết quả tại: bản điện tử qua kho dữ liệu cá nhân; bản giấy tại trung tâm.",
        "7. Phí, lệ phí: 0 đồng.",
        "Vào Sổ theo dõi hồ sơ, Quyển số 11/2026, Số thứ tự 0412.",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
        "Chưa ký số – chưa có giá trị pháp lý",
        "Lê Thị Thí Điểm",
    ] {
        let wanted: String = words.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(text.contains(&wanted), "{words} is missing in {text}");
    }
}

/// Whether these words stand on a paper, however its lines are broken.
fn says(paper: &impl Paper, words: &str) -> bool {
    squeezed(&render(paper).unwrap()).contains(&words.split_whitespace().collect::<String>())
}

#[test]
fn form_01_leaves_the_place_in_the_register_to_the_pen_or_out_but_never_invents_one() {
    let (_, sample) = AcceptanceReceipt::samples().remove(0);
    let by_hand = AcceptanceReceipt { register: None, signing: Signing::ByHand, ..sample.clone() };
    assert!(says(&by_hand, "Vào Sổ theo dõi hồ sơ, Quyển số , Số thứ tự ."));
    let electronic = AcceptanceReceipt { register: None, signing: Signing::Unsigned, ..sample };
    assert!(!says(&electronic, "Vào Sổ theo dõi hồ sơ"), "nobody writes on an electronic copy");
}

#[test]
fn form_02_handed_over_on_paper_has_room_for_number_and_pen_and_says_forms_and_quantities() {
    let (_, paper) = SupplementRequest::samples().into_iter().find(|(name, _)| *name == "form02-counter").unwrap();
    for words in ["Số: /HDHS", "02 bản chính, 01 bản sao", "NGƯỜI HƯỚNG DẪN", "(Ký, ghi rõ họ tên)"] {
        assert!(says(&paper, words), "{words}");
    }
    assert!(!says(&paper, "Chưa ký số"));
}

#[test]
fn the_slip_of_a_filing_that_waits_names_every_paper_it_waits_for() {
    let (_, sample) = Slip::samples().remove(0);
    let missing = vec!["Giấy chứng sinh".to_owned(), "Văn bản ủy quyền".to_owned()];
    let slip = Slip { due_at: None, missing, ..sample };
    for words in ["Hồ sơ chưa được tiếp nhận vì còn thiếu:", "1. Giấy chứng sinh", "2. Văn bản ủy quyền"]
    {
        assert!(says(&slip, words), "{words}");
    }
    assert!(!says(&slip, "Hồ sơ đang chờ kiểm tra"));
}

#[test]
fn an_unsigned_result_says_so_on_every_page() {
    for (name, sample) in paper::ResultSheet::samples() {
        let pdf = render(&sample).unwrap();
        let document = Document::load_mem(&pdf).unwrap();
        let said = squeezed(&pdf).matches("CHƯAKÝ—bảnnháp,chưacógiátrị").count();
        assert!(said > document.get_pages().len(), "{name}: {said}");
    }
}
