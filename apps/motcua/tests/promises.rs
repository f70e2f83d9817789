//! What the house promises is proved where it says.
use std::path::Path;

/// The functions of the test module `module`, in `folder`.
fn stands(folder: &Path, module: &str, function: &str) -> bool {
    let text = std::fs::read_to_string(folder.join(format!("{module}.rs"))).unwrap_or_default();
    text.contains(&format!("fn {function}("))
}

#[test]
fn every_promise_names_a_test_that_exists() {
    let root = testkit::root();
    let page = std::fs::read_to_string(root.join("docs/promises.md")).unwrap();
    let (mut folder, mut seen, mut absent) = (root.clone(), 0, vec![]);
    for line in page.lines() {
        if line.starts_with("## ") {
            folder = root.join(line.split('`').nth(1).expect("a section names its folder of tests"));
            continue;
        }
        let Some(proofs) = line.strip_prefix("| ").and_then(|l| l.split(" | ").nth(1)) else { continue };
        let mut module = "";
        for proof in proofs.split('`').skip(1).step_by(2).filter(|p| p.contains("::") || p.matches('_').count() > 2) {
            let function = match proof.split_once("::") {
                Some((of, function)) => {
                    module = of;
                    function
                }
                None => proof,
            };
            seen += 1;
            if !stands(&folder, module, function) {
                absent.push(format!("{}: {proof}", folder.display()));
            }
        }
    }
    assert!(seen > 50, "only {seen} proofs were read");
    assert!(absent.is_empty(), "promised and not there:\n{}", absent.join("\n"));
}
