//! What a person at a terminal meets.
use std::process::{Command, Output};

/// The program in an empty folder of its own.
pub fn motcua(folder: &std::path::Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_motcua"));
    command
        .args(args)
        .current_dir(folder)
        .env_remove("DATABASE_URL")
        .env_remove("PORT")
        .env_remove("MOTCUA_LANG")
        .env("MOTCUA_DATA", folder.join("data"));
    command
}

fn text(out: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}

#[test]
fn config_check_shows_where_each_setting_comes_from() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    std::fs::write(
        folder.path().join("data/motcua.toml"),
        "[web]\nmax_file = 40000000\n[mail]\nhost = \"mail.tinh.example\"\nfrom = \"motcua@tinh.example\"\npassword = \"vịt trời bay qua rạch\"\n",
    )
    .unwrap();
    let out = motcua(folder.path(), &["config", "check"])
        .env("PORT", "8091")
        .env("DATABASE_URL", "postgresql://an:kBp7vq2Z9xTmw4Lc@db/motcua?sslmode=verify-full")
        .output()
        .unwrap();
    let shown = text(&out);
    assert!(out.status.success(), "{shown}");
    for words in [
        "web.max_file",
        "motcua.toml",
        "8091  (PORT)",
        "postgresql://an@db/motcua?sslmode=verify-full  (DATABASE_URL)",
        "(đã đặt)",
        "web.demo",
        "(mặc định)",
    ] {
        assert!(shown.contains(words), "no {words:?} in\n{shown}");
    }
    assert!(!shown.contains("kBp7vq2Z9xTmw4Lc") && !shown.contains("vịt trời"), "{shown}");
}

#[test]
fn a_misspelt_setting_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    std::fs::write(folder.path().join("data/motcua.toml"), "[web]\nmax_fiel = 40\n").unwrap();
    let out = motcua(folder.path(), &["config", "check"]).output().unwrap();
    assert!(!out.status.success());
    assert!(text(&out).contains("max_fiel"), "{}", text(&out));
}

#[test]
fn questions_are_answered_one_a_line_also_the_bad_ones() {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let mut child = motcua(folder.path(), &["calc", "tet", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all("2026\nmột năm\n2030\n".as_bytes()).unwrap();
    let out = child.wait_with_output().unwrap();
    let lines: Vec<serde_json::Value> = text(&out).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert!(out.status.success());
    assert_eq!(lines[0]["tet"], "2026-02-17");
    assert!(lines[1]["error"].is_string());
    assert_eq!(lines[2]["tet"], "2030-02-02", "Tết 2030 differs from China's");
    assert!(!folder.path().join("data").exists(), "a pure question needs no data folder");
}

#[test]
fn units_are_imported_once_and_bad_lines_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("units.csv");
    let good = std::fs::read_to_string(testkit::root().join("data/units/units.csv")).unwrap();
    std::fs::write(&file, format!("{good}moi,H12.999,khong-co,division,Phòng mới,Phòng mới,,2025-07-01,,\nsai,KHÔNG,tinh,division,Sai,Sai,,2025-07-01,,\n")).unwrap();
    let first = motcua(folder.path(), &["import", "units", file.to_str().unwrap(), "--json"]).output().unwrap();
    assert!(first.status.success(), "{}", text(&first));
    let report: serde_json::Value = serde_json::from_slice(&first.stdout).unwrap();
    let lines = good.lines().count() as u64 - 1;
    assert_eq!(
        (report["read"].as_u64(), report["new"].as_u64(), report["unreadable"].as_u64()),
        (Some(lines + 2), Some(lines), Some(2))
    );
    assert!(text(&first).contains(&format!("Dòng {}: ", lines + 2)), "{}", text(&first));
    let again = motcua(folder.path(), &["import", "units", file.to_str().unwrap(), "--json"]).output().unwrap();
    let report: serde_json::Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!((report["new"].as_u64(), report["unchanged"].as_u64()), (Some(0), Some(lines)));
}

#[test]
fn templates_are_written_and_imported_again_without_a_procedure() {
    let folder = tempfile::tempdir().unwrap();
    for kind in ["csv", "xlsx", "jsonl"] {
        let file = folder.path().join(format!("mau.{kind}"));
        let name = file.to_str().unwrap();
        let written = motcua(folder.path(), &["import", "procedures", "--template", kind, name]).output().unwrap();
        assert!(written.status.success(), "{}", text(&written));
        let printed = motcua(folder.path(), &["import", "procedures", "--template", kind]).output().unwrap();
        assert!(!printed.stdout.is_empty() && (kind == "xlsx" || printed.stdout == std::fs::read(&file).unwrap()), "{kind}");
        let again = motcua(folder.path(), &["import", "procedures", "--template", kind, name]).output().unwrap();
        assert!(!again.status.success(), "a file that is there is not overwritten");
        let import = motcua(folder.path(), &["--json", "import", "procedures", name]).output().unwrap();
        assert!(import.status.success(), "{}", text(&import));
        let last: serde_json::Value = serde_json::from_slice(&import.stdout).unwrap();
        assert_eq!(last, serde_json::json!({"read": 0, "new": 0, "changed": 0, "unchanged": 0, "unreadable": 0}), "{kind}");
    }
    let none = motcua(folder.path(), &["import", "procedures"]).output().unwrap();
    assert!(!none.status.success(), "a file or a template");
}

#[test]
fn a_file_that_is_no_list_of_procedures_ends_with_a_reason_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("anh.jsonl");
    std::fs::write(&file, b"\x89PNG\r\n\x1a\n\x00\x00").unwrap();
    let out = motcua(folder.path(), &["--json", "import", "procedures", file.to_str().unwrap()]).output().unwrap();
    assert!(!out.status.success() && out.stdout.is_empty(), "{}", text(&out));
    assert!(text(&out).contains("Danh mục giữ nguyên như trước"), "{}", text(&out));
}

#[test]
fn a_person_is_added_with_a_password_that_is_shown_once() {
    let folder = tempfile::tempdir().unwrap();
    let units = testkit::root().join("data/units/units.csv");
    assert!(motcua(folder.path(), &["import", "units", units.to_str().unwrap()]).status().unwrap().success());
    let add = ["user", "add", "--login", "quan.tri", "--name", "Nguyễn Văn Thử", "--unit", "H12", "--role", "administrator"];
    let first = motcua(folder.path(), &add).output().unwrap();
    assert!(text(&first).contains("chỉ hiện một lần"), "{}", text(&first));
    let again = motcua(folder.path(), &add).output().unwrap();
    assert!(!again.status.success() && text(&again).contains("quan.tri"), "{}", text(&again));
}

#[test]
fn another_database_on_the_same_data_folder_is_refused_with_what_to_do() {
    testkit::run(async {
        let (folder, place) = (tempfile::tempdir().unwrap(), testkit::Engine::Postgres.fresh().await);
        let at = |name: &str| folder.path().join(name);
        let refused = |out: Output| {
            let said = text(&out);
            assert!(!out.status.success() && said.contains("là của một cơ sở dữ liệu khác"), "{said}");
            assert!(said.contains("MOTCUA_DATA"), "{said}");
        };
        let first = motcua(folder.path(), &["backup", "du.zip"]).output().unwrap();
        assert!(first.status.success(), "{}", text(&first));
        let other = |backup: &str| {
            let mut command = motcua(folder.path(), &["backup", backup]);
            command.env("DATABASE_URL", place.url().unwrap());
            command
        };
        refused(other("hai.zip").output().unwrap());
        let elsewhere = other("hai.zip").env("MOTCUA_DATA", at("hai")).output().unwrap();
        assert!(elsewhere.status.success(), "{}", text(&elsewhere));
        refused(other("bon.zip").env("MOTCUA_DATA", at("data")).output().unwrap());

        // The file of the database is lost: no empty house is opened on the papers it left, and none is restored over them.
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(at(&format!("data/motcua.db{end}")));
        }
        refused(motcua(folder.path(), &["backup", "ba.zip"]).output().unwrap());
        refused(motcua(folder.path(), &["restore", "du.zip"]).output().unwrap());
        std::fs::rename(at("data/files"), at("files-cu")).unwrap();
        let restored = motcua(folder.path(), &["restore", "du.zip"]).output().unwrap();
        assert!(restored.status.success(), "{}", text(&restored));
        let again = motcua(folder.path(), &["backup", "ba.zip"]).output().unwrap();
        assert!(again.status.success(), "{}", text(&again));
    });
}

#[test]
fn a_backup_is_for_its_owner_alone_and_overwrites_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mode = |name: &str| std::fs::metadata(at(name)).unwrap().permissions().mode() & 0o777;
    for (name, bytes) in [("du.part", "của người khác"), ("hai.zip.part", "dở dang")] {
        std::fs::write(at(name), bytes).unwrap();
    }
    let done = motcua(folder.path(), &["backup", "du.zip"]).output().unwrap();
    assert!(done.status.success(), "{}", text(&done));
    assert_eq!(["du.zip", "data", "data/motcua.db", "data/files"].map(mode), [0o600, 0o700, 0o600, 0o700]);
    let refused = motcua(folder.path(), &["backup", "hai.zip"]).output().unwrap();
    assert!(!refused.status.success() && text(&refused).contains("hai.zip.part"), "{}", text(&refused));
    assert!(!at("hai.zip").exists() && !at("du.zip.part").exists());
    assert_eq!(std::fs::read_to_string(at("du.part")).unwrap(), "của người khác");
    assert_eq!(std::fs::read_to_string(at("hai.zip.part")).unwrap(), "dở dang");

    let check = || text(&motcua(folder.path(), &["config", "check"]).output().unwrap());
    assert!(!check().contains("chmod 700"));
    std::fs::set_permissions(at("data"), std::fs::Permissions::from_mode(0o755)).unwrap();
    assert!(check().contains("chmod 700"), "{}", check());
}

/// Everything a person may get wrong is answered in Vietnamese with what to do, once, without the inside of the program.
#[test]
fn every_mistake_is_answered_in_vietnamese_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir(at("thu-muc")).unwrap();
    std::fs::write(at("rong"), "").unwrap();
    std::fs::write(at("nhi-phan"), [0x03, 0xFF, 0xFE, 0x9A, 0x00, 0x10]).unwrap();
    std::fs::write(at("sai.toml"), "port = \n").unwrap();
    std::fs::write(at("muc-la.toml"), "[web]\nmax_fiel = 1\n").unwrap();
    assert!(motcua(folder.path(), &["import", "procedures", "--template", "xlsx", "mau.xlsx"]).status().unwrap().success());
    assert!(motcua(folder.path(), &["backup", "du.zip"]).status().unwrap().success());
    let whole = std::fs::read(at("du.zip")).unwrap();
    std::fs::write(at("cut.zip"), &whole[..whole.len() / 2]).unwrap();
    let book = std::fs::read(at("mau.xlsx")).unwrap();
    std::fs::write(at("cut.xlsx"), &book[..book.len() / 2]).unwrap();
    std::fs::write(at("mat-dau.xlsx"), &book[64..]).unwrap();
    let mut commands: Vec<Vec<&str>> = vec![];
    for file in ["khong-co", "rong", "thu-muc", "nhi-phan", "cut.xlsx", "mat-dau.xlsx", "du.zip"] {
        commands.push(vec!["import", "procedures", file]);
        commands.push(vec!["import", "units", file]);
    }
    commands
        .extend(["khong-co", "rong", "thu-muc", "nhi-phan", "cut.zip", "mau.xlsx", "du.zip"].map(|file| vec!["restore", file]));
    commands.extend(["du.zip", "khong-co/a.zip", "thu-muc"].map(|file| vec!["backup", file]));
    commands.extend(
        ["khong-co", "thu-muc", "mau.xlsx", "sai.toml", "muc-la.toml"].map(|file| vec!["--config", file, "config", "check"]),
    );
    commands.extend([
        vec!["import", "units", "--template", "jsonl"],
        vec!["import", "units", "--template", "csv", "du.zip"],
        vec!["user", "add", "--login", "an.b", "--name", "An", "--unit", "H99"],
        vec![],
        vec!["khong-co-lenh"],
        vec!["import"],
        vec!["import", "gi-do", "rong"],
        vec!["backup", "--khong-co"],
        vec!["user", "add"],
    ]);
    let asked = commands.into_iter().map(|words| (words, None));
    let addresses = ["nonsense", "postgresql://a:b@127.0.0.1:1/x"].map(|url| (vec!["doctor"], Some(("DATABASE_URL", url))));
    let places = ["/proc/khong-co", "/dev/null"].map(|place| (vec!["doctor"], Some(("MOTCUA_DATA", place))));
    let port = [(vec!["serve"], Some(("PORT", "99999")))];
    for (words, set) in asked.chain(addresses).chain(places).chain(port) {
        let mut command = motcua(folder.path(), &words);
        command.envs(set);
        let out = command.output().unwrap();
        let said = String::from_utf8(out.stderr).unwrap();
        let what = format!("{words:?} {set:?}:\n{said}");
        assert!(!out.status.success(), "{what}");
        assert_eq!(said.matches("Lỗi: ").count(), 1, "{what}");
        assert!(said.contains("Cách xử lý: ") || said.contains("Cách dùng: "), "{what}");
        for inside in ["cannot", "error", "Error", "expected", "invalid", "lường trước", "os error", "EOCD", "::", "{", "Some("]
        {
            assert!(!said.contains(inside), "{inside} in {what}");
        }
        let english = motcua(folder.path(), &words).envs(set).env("MOTCUA_LANG", "en").output().unwrap();
        let english = String::from_utf8(english.stderr).unwrap();
        assert!(english.starts_with("Error: "), "{english}");
    }
    let cut = motcua(folder.path(), &["restore", "cut.zip"]).output().unwrap();
    assert!(text(&cut).contains("bị cắt dở"), "{}", text(&cut));
}

#[test]
fn a_port_that_is_taken_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let out = motcua(folder.path(), &["serve"]).env("PORT", &port).output().unwrap();
    let said = text(&out);
    assert!(!out.status.success() && said.contains(&port) && said.contains("chương trình khác dùng"), "{said}");
}

#[test]
fn the_evidence_is_billed_verified_and_taken_out_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("units.csv");
    std::fs::copy(testkit::root().join("data/units/units.csv"), &file).unwrap();
    assert!(motcua(folder.path(), &["import", "units", file.to_str().unwrap()]).status().unwrap().success());
    let bill = motcua(folder.path(), &["--json", "audit", "bill"]).output().unwrap();
    assert!(bill.status.success(), "{}", text(&bill));
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&bill.stdout).unwrap()["bill"], 1);
    let verify = || motcua(folder.path(), &["--json", "audit", "verify"]).output().unwrap();
    let said =
        |out: &Output| serde_json::from_slice::<serde_json::Value>(&out.stdout).unwrap_or_else(|_| panic!("{}", text(out)));
    let sound = verify();
    assert!(sound.status.success() && said(&sound)["sound"] == true, "{}", text(&sound));
    let out = motcua(folder.path(), &["audit", "export", "chung-cu"]).output().unwrap();
    assert!(out.status.success() && folder.path().join("chung-cu/bill-000001.json").is_file(), "{}", text(&out));
    let again = motcua(folder.path(), &["audit", "export", "chung-cu"]).output().unwrap();
    assert!(!again.status.success(), "a folder that holds something is not written into");
    let rows = rusqlite::Connection::open(folder.path().join("data/motcua.db")).unwrap();
    let changed = "UPDATE store_event SET at = at + 1 WHERE id = (SELECT event FROM store_log WHERE pos = 7)";
    assert_eq!(rows.execute(changed, []).unwrap(), 1);
    let found = verify();
    assert_eq!(found.status.code(), Some(1));
    assert_eq!(said(&found)["verdict"]["findings"][0]["place"], 7, "{}", text(&found));
    let told = motcua(folder.path(), &["audit", "verify"]).output().unwrap();
    assert!(text(&told).contains("chỗ 7 trong sổ"), "{}", text(&told));
    let roots = motcua(folder.path(), &["audit", "verify", "--roots", "khong-co.pem"]).output().unwrap();
    assert!(!roots.status.success() && text(&roots).contains("khong-co.pem"));
}
