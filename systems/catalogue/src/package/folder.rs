//! Packages as folders: `procedure.toml`; when there is an e-form, `form.json`; what is said in English, `en.toml`.

use std::{fs, io, path::Path};

use super::{EForm, Package};

/// Why a folder is not a package.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// A file is missing or cannot be read or written.
    #[error("{file}: {source}")]
    File {
        /// Path of the file.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// The text is not what the format asks for.
    #[error("{file}: {message}")]
    Text {
        /// Path of the file.
        file: String,
        /// Where and what, as the parser says it.
        message: String,
    },
}

const PROCEDURE: &str = "procedure.toml";
const FORM: &str = "form.json";
const ENGLISH: &str = "en.toml";

/// Reads one package folder. What it says is not judged here: see [`check`](super::check).
pub fn read(dir: &Path) -> Result<Package, PackageError> {
    let text = load(&dir.join(PROCEDURE))?;
    let also = |name: &str| Some(dir.join(name)).filter(|file| file.exists()).map(|file| load(&file)).transpose();
    let (form, english) = (also(FORM)?, also(ENGLISH)?);
    parse(&text, form.as_deref(), english.as_deref()).map_err(|e| match e {
        PackageError::Text { file, message } => wrong(&dir.join(file), message),
        other => other,
    })
}

/// Reads a package from the texts of its files, wherever they are kept.
pub fn parse(procedure: &str, form: Option<&str>, english: Option<&str>) -> Result<Package, PackageError> {
    let fault = |file: &str, message: String| PackageError::Text { file: file.to_owned(), message };
    let mut package: Package = toml::from_str(procedure).map_err(|e| fault(PROCEDURE, e.to_string()))?;
    if let Some(form) = form {
        let form: EForm = serde_json::from_str(form).map_err(|e| fault(FORM, e.to_string()))?;
        package.form = Some(form);
    }
    if let Some(english) = english {
        package.english = toml::from_str(english).map_err(|e| fault(ENGLISH, e.to_string()))?;
    }
    Ok(package)
}

/// Writes a package folder; what was there under the same names is replaced.
pub fn write(dir: &Path, package: &Package) -> Result<(), PackageError> {
    fs::create_dir_all(dir).map_err(|e| failed(dir, e))?;
    let mut plain = package.clone();
    let (form, english) = (plain.form.take(), std::mem::take(&mut plain.english));
    let text = toml::to_string_pretty(&plain).map_err(|e| wrong(&dir.join(PROCEDURE), e.to_string()))?;
    save(&dir.join(PROCEDURE), &text)?;
    let form = form.map(|form| serde_json::to_string_pretty(&form).map(|text| text + "\n")).transpose();
    keep(&dir.join(FORM), form.map_err(|e| wrong(&dir.join(FORM), e.to_string()))?.as_deref())?;
    let english = (!english.is_empty()).then(|| toml::to_string_pretty(&english)).transpose();
    keep(&dir.join(ENGLISH), english.map_err(|e| wrong(&dir.join(ENGLISH), e.to_string()))?.as_deref())
}

/// Writes a file that not every package has, or takes away the one that was there.
fn keep(file: &Path, text: Option<&str>) -> Result<(), PackageError> {
    match text {
        Some(text) => save(file, text),
        None => match fs::remove_file(file) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(failed(file, e)),
            _ => Ok(()),
        },
    }
}

fn load(file: &Path) -> Result<String, PackageError> {
    let text = fs::read_to_string(file).map_err(|e| failed(file, e))?;
    // A folder edited on Windows may begin with a byte-order mark.
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn save(file: &Path, text: &str) -> Result<(), PackageError> {
    fs::write(file, text).map_err(|e| failed(file, e))
}

fn failed(file: &Path, source: io::Error) -> PackageError {
    PackageError::File { file: file.display().to_string(), source }
}

fn wrong(file: &Path, message: String) -> PackageError {
    PackageError::Text { file: file.display().to_string(), message }
}
