//! What the house promises is proved where it says.
use std::path::Path;

/// Whether a function of this text is run as a test: marked as one and not left out, or written for both engines.
fn is_a_test(text: &str, function: &str) -> bool {
    let (marked_so, for_both_so) = (format!("fn {function}("), format!("async fn {function}("));
    let (mut marked, mut for_both) = (false, false);
    for line in text.lines() {
        let code = line.trim_start();
        if marked && code.starts_with(&marked_so) || for_both && code.starts_with(&for_both_so) {
            return true;
        }
        for_both = line != "}" && (for_both || line.ends_with("both! {"));
        // Comments and other attributes may stand between the mark and the function.
        let goes_on = marked && (code.starts_with('#') || code.starts_with("//"));
        marked = (code == "#[test]" || goes_on) && !code.starts_with("#[ignore");
    }
    false
}

/// Whether the test stands in the module, in this folder, and the module is built.
fn stands(folder: &Path, module: &str, function: &str) -> bool {
    let read = |module: &str| std::fs::read_to_string(folder.join(format!("{module}.rs"))).unwrap_or_default();
    let is_built = module == "main" || read("main").contains(&format!("mod {module};"));
    is_built && is_a_test(&read(module), function)
}

#[test]
fn a_helper_or_a_comment_is_no_proof() {
    let text = "both! {
    /// On both.
    async fn on_both(place: Place) {
    }
}

async fn helper(engine: Engine) {}

// fn mentioned() proves nothing
/// Proves it.
#[test]
#[should_panic]
fn marked() {}

#[test]
#[ignore = \"started by another\"]
fn left_out() {}

mod tests {
    #[test]
    fn inside() {}
}
";
    let found = ["on_both", "helper", "mentioned", "marked", "left_out", "inside", "absent"].map(|name| is_a_test(text, name));
    assert_eq!(found, [true, false, false, true, false, true, false]);
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
