//! Bundles styles and scripts, so that `cargo build` alone is enough. Needs Node ≥ 20 once; npm is asked only when the lock file changed.

use std::ffi::OsStr;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, exit};
use std::{env, fs};

fn main() {
    for path in ["build.rs", "build.mjs", "package.json", "package-lock.json", "mark.svg", "styles", "scripts"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    check_node();
    let modules = install(&here, &out);
    let mut bundle = Command::new("node");
    bundle.arg(here.join("build.mjs")).arg(out.join("dist")).arg(&modules).current_dir(&here);
    run(bundle, "styles and scripts could not be bundled");
}

/// Stops with a sentence that says what to do.
fn stop(sentence: &str) -> ! {
    println!("cargo::error={sentence}");
    exit(1)
}

fn check_node() {
    let version =
        Command::new("node").arg("--version").output().ok().map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned());
    let major = version.as_deref().and_then(|v| v.trim_start_matches('v').split('.').next()?.parse::<u32>().ok());
    match (major, version) {
        (Some(20..), _) => {}
        (_, Some(version)) if !version.is_empty() => stop(&format!(
            "Node.js 20 or newer is needed to bundle styles and scripts; found {version}. Install a newer Node.js and build again."
        )),
        _ => stop(
            "Node.js 20 or newer is needed to bundle styles and scripts, and no `node` was found. Install Node.js (with npm) and build again.",
        ),
    }
}

/// The bundlers, installed once for each lock file, beside the build folder: all profiles and checkouts share them.
fn install(here: &Path, out: &Path) -> PathBuf {
    let lock = fs::read(here.join("package-lock.json")).unwrap_or_default();
    let mut hash = DefaultHasher::new();
    lock.hash(&mut hash);
    // OUT_DIR is <target>/<profile>/build/<package>/out
    let target = out.ancestors().nth(4).unwrap_or(out);
    let shelf = target.join("npm");
    let ready = shelf.join(format!("{:016x}", hash.finish()));
    let modules = ready.join("node_modules");
    if modules.is_dir() {
        return modules;
    }
    // Installed aside and moved in one step, so that an interrupted install is never taken for a whole one.
    let aside = shelf.join(format!("tmp-{}", std::process::id()));
    let made = fs::create_dir_all(&aside).and_then(|()| {
        for name in ["package.json", "package-lock.json", ".npmrc"] {
            fs::copy(here.join(name), aside.join(name))?;
        }
        Ok(())
    });
    if let Err(error) = made {
        stop(&format!("{} could not be prepared: {error}", aside.display()));
    }
    println!("cargo::warning=installing the bundlers of styles and scripts with npm (only when package-lock.json changes)");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&aside);
    run(
        npm,
        "npm could not install the bundlers of styles and scripts; is the npm registry (or a mirror in ~/.npmrc) reachable?",
    );
    if fs::rename(&aside, &ready).is_err() {
        // A twin was quicker; its work is the same.
        let _ = fs::remove_dir_all(&aside);
        if !modules.is_dir() {
            stop(&format!("{} could not be moved into place", ready.display()));
        }
    }
    modules
}

fn run(mut command: Command, sentence: &str) {
    let program = command.get_program().to_owned();
    match command.output() {
        Ok(done) if done.status.success() => {}
        Ok(done) => {
            let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
            for line in said.lines().filter(|l| !l.trim().is_empty()).take(30) {
                println!("cargo::warning={line}");
            }
            stop(sentence)
        }
        Err(error) if program == OsStr::new("npm") => stop(&format!("`npm` was not found ({error}); it comes with Node.js.")),
        Err(error) => stop(&format!("{sentence}: {error}")),
    }
}
