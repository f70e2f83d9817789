//! Import of units: what can be read comes in, what cannot is listed with line and reason, twice is once.
use std::io::Cursor;

use directory::{
    Cx,
    service::import::{ImportError, import_units},
};

use crate::town::{Town, minutes, noon};

const HEAD: &str = "key,code,parent,kind,name,short_name\n";

testkit::both! {
    async fn good_rows_come_in_and_bad_rows_are_listed(place: testkit::Place) {
        let town = Town::on(place).await;
        let file = format!(
            "{HEAD}a,H12.201,tinh,commune,Xã Đất Mũi,Đất Mũi\nb,H12.201.01,a,Phòng chuyên môn,Phòng Kinh tế,\nc,XX,tinh,commune,Sai mã,\n\
             d,H12.202,khong-co,commune,Không cấp trên,\ne,H12.203,tinh,lang,Sai loại,\nf,H12.03,tinh,commune,Trùng mã,\na,H12.204,tinh,commune,Trùng khóa,\n"
        );
        let import = async |now, rehearse| import_units(&town.db, Cx::machine(now), Cursor::new(file.clone().into_bytes()), rehearse).await.unwrap();
        let report = import(noon(), true).await;
        assert_eq!((report.read, report.new, report.changed, report.unchanged, report.unreadable), (7, 2, 0, 0, 5));
        assert_eq!(report.faults.iter().map(|f| f.line).collect::<Vec<_>>(), [4, 5, 6, 7, 8]);
        let report = import(noon(), false).await;
        assert_eq!((report.new, report.unreadable), (2, 5), "the rehearsal changed nothing");
        let report = import(minutes(1), false).await;
        assert_eq!((report.new, report.changed, report.unchanged, report.unreadable), (0, 0, 2, 5), "twice is once");
        let renamed = format!("{HEAD}a,H12.201,tinh,commune,Phường Đất Mũi,Đất Mũi\n");
        let report = import_units(&town.db, Cx::machine(minutes(2)), Cursor::new(renamed.into_bytes()), false).await.unwrap();
        assert_eq!((report.changed, report.unreadable), (1, 0));
    }

    async fn a_row_that_says_otherwise_what_an_import_does_not_change_is_left_out_and_says_so(place: testkit::Place) {
        let town = Town::on(place).await;
        let import = async |row: &str| {
            let file = format!("key,code,parent,kind,name,gso_code,valid_from\n{row}\n").into_bytes();
            import_units(&town.db, Cx::machine(noon()), Cursor::new(file), false).await.unwrap()
        };
        for as_it_is in [
            "32002,H12.164,tinh,commune,UBND phường An Xuyên,32002,2025-07-01",
            "32002,H12.164,,commune,UBND phường An Xuyên,,",
        ] {
            let report = import(as_it_is).await;
            assert_eq!((report.unchanged, report.unreadable), (1, 0), "{as_it_is}");
        }
        for (row, said) in [
            ("32002,H12.164,so-tu-phap,commune,UBND phường An Xuyên,32002,2025-07-01", "“Khóa đơn vị cấp trên”: đơn vị giữ như cũ"),
            ("32002,H12.164,khong-co,commune,UBND phường An Xuyên,32002,2025-07-01", "“Khóa đơn vị cấp trên”: đơn vị giữ như cũ"),
            ("32002,H12.164,tinh,commune,UBND phường Mới,31999,2025-07-01", "“Mã Cục Thống kê”: đơn vị giữ như cũ"),
            ("32002,H12.164,tinh,commune,UBND phường Mới,32002,2025-08-01", "“Có hiệu lực từ”: đơn vị giữ như cũ"),
            ("an-xuyen,H12.164,tinh,commune,UBND phường An Xuyên,32002,2025-07-01", "đang thuộc “UBND phường An Xuyên”"),
        ] {
            let report = import(row).await;
            assert_eq!((report.new, report.changed, report.unchanged, report.unreadable), (0, 0, 0, 1), "{row}");
            let reason = report.faults[0].reason.say(base::Lang::Vi);
            assert!(reason.contains(said), "{row}: {reason}");
        }
        let ward = town.ward;
        let kept = town.db.read(async move |tx: &store::Read<'_>| directory::unit(tx, ward).await).await.unwrap().unwrap();
        assert_eq!((kept.name.as_str(), kept.gso_code.as_deref()), ("UBND phường An Xuyên", Some("32002")));
    }

    async fn a_file_that_is_no_table_brings_nothing_in(place: testkit::Place) {
        let town = Town::on(place).await;
        for bytes in [&b""[..], b"PK\x03\x04 torn", b"\xD0\xCF\x11\xE0old", b"name,kind\nA,commune\n", b"k\x00ey"] {
            let done = import_units(&town.db, Cx::machine(noon()), Cursor::new(bytes.to_vec()), false).await;
            assert!(matches!(done, Err(ImportError::File(_))), "{bytes:?}: {done:?}");
        }
    }

    async fn the_real_province_comes_in(place: testkit::Place) {
        let (db, _place) = place.engine().migrated(&[("web", web::MIGRATIONS), ("directory", directory::MIGRATIONS)]).await;
        let file = std::fs::read(testkit::root().join("data/units/units.csv")).unwrap();
        let report = import_units(&db, Cx::machine(noon()), Cursor::new(file.clone()), false).await.unwrap();
        assert_eq!((report.new, report.unreadable), (report.read, 0), "{:?}", report.faults);
        assert!(report.new > 300);
        let report = import_units(&db, Cx::machine(minutes(1)), Cursor::new(file), false).await.unwrap();
        assert_eq!(report.unchanged, report.read);
    }
}
