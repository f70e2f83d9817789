//! The demo walks one dossier from filing to result, on each engine, and a backup of one engine becomes the other.
use crate::command_line::motcua;
use testkit::Engine;

fn text(out: &std::process::Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}

#[test]
fn one_dossier_goes_from_filing_to_rating_on_both_engines_and_moves_from_one_to_the_other() {
    testkit::run(async {
        let folder = tempfile::tempdir().unwrap();
        let port = testkit::free_port().to_string();
        let (first, second) = (Engine::Sqlite.fresh().await, Engine::Postgres.fresh().await);
        let at = |place: &testkit::Place, name: &str, words: &[&str]| {
            let mut command = motcua(folder.path(), words);
            command.env("PORT", &port).env("MOTCUA_DATA", folder.path().join(name));
            place.url().map(|url| command.env("DATABASE_URL", url));
            command.output().unwrap()
        };
        for (place, name) in [(&first, "one"), (&Engine::Postgres.fresh().await, "two")] {
            let walked = at(place, name, &["demo", "--once"]);
            let said = text(&walked);
            assert!(walked.status.success(), "{said}");
            for step in ["filed", "accepted, form 01", "approved", "issued", "returned", "rated", "\nready http://"] {
                assert!(said.contains(step), "no {step:?} in\n{said}");
            }
            assert!(!said.contains("WARN") && !said.contains("ERROR"), "{said}");
            let again = text(&at(place, name, &["demo", "--once"]));
            assert!(!again.contains("filed") && again.contains("\nready http://"), "{again}");
        }
        let file = folder.path().join("all.zip");
        let file = file.to_str().unwrap();
        let kept = at(&first, "one", &["backup", file]);
        assert!(kept.status.success(), "{}", text(&kept));
        let moved = at(&second, "three", &["restore", file]);
        assert!(moved.status.success(), "{}", text(&moved));
        let well = at(&second, "three", &["doctor", "--json"]);
        assert!(well.status.success(), "{}", text(&well));
        let twice = at(&second, "three", &["restore", file]);
        assert!(!twice.status.success(), "a restore over what is there must be refused");
    });
}
