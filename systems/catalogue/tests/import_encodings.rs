//! Files as offices really have them: other encodings, cut off, named as something else.

use catalogue::import::{ImportError, Summary};
use testkit::Place;

use crate::town::{Town, lines, record};

fn two() -> String {
    lines(&[
        record("1.000001", "Thủ tục thứ nhất ở xã", Some(3), Some("Ngày")),
        record("1.000002", "Thủ tục thứ hai ở xã", Some(3), Some("Ngày")),
    ])
}

const TABLE: &str = "Mã thủ tục;Tên thủ tục;Thời hạn;Đơn vị thời hạn\n1.000001;Đăng ký kết hôn ở xã;3;Ngày\n1.000002;Khai tử;;\n";

fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
    units.flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
}

testkit::both! {
    async fn utf_16_and_utf_8_with_a_mark_come_in_like_utf_8(place: Place) {
        let town = Town::on(place).await;
        let first = town.import(0, two()).await.unwrap();
        assert_eq!(first.summary, Summary { read: 2, new: 2, ..Summary::default() });
        let marked = [b"\xEF\xBB\xBF".as_slice(), two().as_bytes()].concat();
        let mut others = vec![marked, two().replace('\n', "\r\n").into_bytes()];
        others.extend([(true, true), (true, false), (false, true), (false, false)].map(|(big, mark)| utf16(&two(), big, mark)));
        for (n, bytes) in others.into_iter().enumerate() {
            let report = town.import(n as i64 + 1, bytes).await.unwrap();
            assert_eq!(report.summary, Summary { read: 2, unchanged: 2, ..Summary::default() }, "{n}");
        }
    }

    async fn a_table_in_utf_16_is_a_table(place: Place) {
        let town = Town::on(place).await;
        let report = town.import(0, utf16(TABLE, false, true)).await.unwrap();
        assert_eq!(report.summary, Summary { read: 2, new: 2, ..Summary::default() });
        assert_eq!(town.current("1.000001", 1).await.unwrap().1.name, "Đăng ký kết hôn ở xã");
    }

    async fn windows_1258_is_named_and_never_guessed_into_the_catalogue(place: Place) {
        let town = Town::on(place).await;
        let table: &[u8] = b"M\xE3 th\xFB\xD2 tu\xF2c;T\xEAn thu\xD2 tu\xF2c\n1.000001;Thu\xD2 tu\xF2c \xF0\xE3ng k\xFD k\xEA\xECt h\xF4n \xF5\xD2 x\xE3\n";
        let line: &[u8] = b"{\"code\":\"1.000001\",\"name\":\"Thu\xD2 tu\xF2c \xF0\xE3ng k\xFD k\xEA\xECt h\xF4n \xF5\xD2 x\xE3\"}\n";
        for bytes in [table, line] {
            let Err(e @ ImportError::File(_)) = town.import(0, bytes.to_vec()).await else { panic!("it came in") };
            let said = e.words().to_string();
            assert!(said.contains("có vẻ là Windows-1258; lưu lại tệp với bảng mã UTF-8"), "{said}");
            assert!(said.ends_with("Danh mục giữ nguyên như trước."), "{said}");
        }
        assert_eq!(town.count("live").await, 0);
    }

    async fn a_cut_file_loses_only_its_last_row_and_says_so(place: Place) {
        let town = Town::on(place).await;
        let whole = two().into_bytes();
        let report = town.import(0, whole[..whole.len() - 20].to_vec()).await.unwrap();
        assert_eq!(report.summary, Summary { read: 2, new: 1, unreadable: 1, ..Summary::default() });
        assert_eq!(report.faults[0].line, 2);
        assert!(report.faults[0].reason.contains("bị cắt giữa chừng"), "{}", report.faults[0].reason);
        let book = catalogue::import::Template::Xlsx.bytes().unwrap();
        let Err(e) = town.import(1, book[..book.len() / 2].to_vec()).await else { panic!("half a workbook came in") };
        assert!(e.words().to_string().contains("bảng tính bị hỏng"), "{}", e.words());
    }

    async fn what_a_file_is_called_does_not_matter_what_it_is_does(place: Place) {
        // the name is never asked: a table is read as a table, a picture is refused whatever it says it is
        let town = Town::on(place).await;
        assert_eq!(town.import(0, TABLE).await.unwrap().summary.new, 2);
        for bytes in [&b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00"[..], b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", b"\x7fELF\x02\x01\x01\x00\x00", b"   \n\n  \n", b"\x00\x00\x00\x00\x00\x00\x00\x00"] {
            let Err(e @ ImportError::File(_)) = town.import(1, bytes.to_vec()).await else { panic!("{bytes:?} came in") };
            assert!(e.words().to_string().starts_with("Không đọc được tệp: "), "{}", e.words());
        }
        assert_eq!(town.count("staged").await, 0);
    }
}
