//! The packages written by people in `data/procedures`.

use catalogue::package;

fn folders() -> Vec<std::path::PathBuf> {
    let list = std::fs::read_dir(crate::data().join("procedures")).unwrap();
    let mut found: Vec<_> = list.map(|f| f.unwrap().path()).filter(|p| p.is_dir()).collect();
    found.sort();
    found
}

#[test]
fn every_package_of_ours_reads_and_has_no_fault() {
    let mut wrong = vec![];
    for dir in folders() {
        match package::read(&dir) {
            Err(e) => wrong.push(e.to_string()),
            Ok(p) => {
                if dir.file_name().unwrap().to_str() != Some(p.code.to_string().as_str()) {
                    wrong.push(format!("{}: the folder is not named by the code", dir.display()));
                }
                let faults = package::check(&p).into_iter().filter(package::Problem::must_be_mended);
                wrong.extend(faults.map(|f| format!("{}: {f}", p.code)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_package_written_and_read_again_is_the_same() {
    for dir in folders() {
        let Ok(p) = package::read(&dir) else { continue };
        let there = tempfile::tempdir().unwrap();
        package::write(there.path(), &p).unwrap();
        let back = package::read(there.path()).unwrap();
        assert_eq!(back, p);
        assert_eq!(back.hash(), p.hash());
    }
}

/// A dossier would never leave a step that nobody may do.
#[test]
fn a_step_belongs_to_a_role_that_may_do_it_and_to_the_place_of_that_role() {
    use package::{Fault, Step, StepAct, StepRole};
    let mut p = folders().iter().find_map(|dir| package::read(dir).ok()).unwrap();
    let mut faults = |act, role, at_desk| {
        p.steps = vec![Step { id: "buoc".into(), name: "Bước".into(), act, role, at_desk, minutes: 0 }];
        package::check(&p).into_iter().filter(|f| f.at.starts_with("steps")).map(|f| f.fault).collect::<Vec<_>>()
    };
    assert_eq!(faults(StepAct::Process, StepRole::CaseOfficer, false), []);
    assert_eq!(faults(StepAct::Process, StepRole::DeskOfficer, true), []);
    assert_eq!(faults(StepAct::Process, StepRole::DeskOfficer, false), [Fault::StepBesideDesk]);
    assert_eq!(faults(StepAct::Issue, StepRole::Clerk, true), [Fault::StepBesideDesk]);
    for (act, role) in
        [(StepAct::Approve, StepRole::CaseOfficer), (StepAct::Issue, StepRole::Leader), (StepAct::Return, StepRole::Clerk)]
    {
        assert_eq!(faults(act, role, false), [Fault::StepOfNobody], "{act:?} by {role:?}");
    }
}
