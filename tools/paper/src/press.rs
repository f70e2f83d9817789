//! The press: typesets one paper with Typst. Templates, fonts and data come from memory; nothing is read from the disk or the network,
//! and nothing of a paper stays in memory after it is printed.

use std::sync::LazyLock;

use jiff::civil::DateTime;
use serde_json::Value as Json;
use typst::diag::{FileError, FileResult, SourceDiagnostic, Warned};
use typst::foundations::{Bytes, Datetime, Dict, Duration, IntoValue, Smart, Value};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::{Error, Issue, print};

/// One paper, ready to be typeset.
pub(crate) struct Job<'a> {
    /// File name of its template.
    pub template: &'static str,
    /// Title in the document properties.
    pub title: String,
    /// Identity and date.
    pub issue: &'a Issue,
    /// What the template reads as `sys.inputs`.
    pub words: Json,
}

/// The files a template may import.
const TEMPLATES: &[(&str, &str)] = &[
    ("shared.typ", include_str!("../templates/shared.typ")),
    ("form01.typ", include_str!("../templates/form01.typ")),
    ("form02.typ", include_str!("../templates/form02.typ")),
    ("slip.typ", include_str!("../templates/slip.typ")),
    ("result.typ", include_str!("../templates/result.typ")),
];

static SOURCES: LazyLock<Vec<Source>> =
    LazyLock::new(|| TEMPLATES.iter().filter_map(|(name, text)| Some(Source::new(file_id(name)?, (*text).to_owned()))).collect());

static FONTS: LazyLock<Vec<Font>> = LazyLock::new(|| {
    let files: [&'static [u8]; 4] = [
        include_bytes!("../fonts/Tinos-Regular.ttf"),
        include_bytes!("../fonts/Tinos-Bold.ttf"),
        include_bytes!("../fonts/Tinos-Italic.ttf"),
        include_bytes!("../fonts/Tinos-BoldItalic.ttf"),
    ];
    files.into_iter().flat_map(|file| Font::iter(Bytes::new(file))).collect()
});

static BOOK: LazyLock<LazyHash<FontBook>> = LazyLock::new(|| LazyHash::new(FontBook::from_fonts(FONTS.iter())));

fn file_id(name: &str) -> Option<FileId> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(name).ok()?).intern())
}

/// What Typst may see of the world: four templates, four fonts, the data of this paper.
struct Desk {
    library: LazyHash<Library>,
    main: FileId,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        SOURCES.iter().find(|source| source.id() == id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        // A paper carries the date it was made with, never that of the machine.
        None
    }
}

/// Clears what Typst remembers, also when typesetting fails or panics: its memory is global and would keep personal data.
struct Sweep;

impl Drop for Sweep {
    fn drop(&mut self) {
        comemo::evict(0);
    }
}

/// Whether the embedded fonts, each of the four, can print this character.
pub(crate) fn has_glyph(c: char) -> bool {
    FONTS.iter().all(|font| font.info().coverage.contains(c.into()))
}

/// The file, and what Typst warned about: a template that is well made gives no warning, but a warning is no reason to hold a paper back.
pub(crate) fn typeset(job: Job<'_>) -> Result<(Vec<u8>, Vec<String>), Error> {
    let _sweep = Sweep;
    let Json::Object(words) = job.words else { return Err(Error::Data("the data of a paper is an object")) };
    let long_words = words.values().any(has_long_word);
    let more = [("title".to_owned(), Json::String(job.title)), ("long_words".to_owned(), Json::Bool(long_words))];
    let inputs: Dict = words.into_iter().chain(more).map(|(key, value)| (key.into(), data(value))).collect();
    let desk = Desk {
        library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
        main: file_id(job.template).ok_or(Error::Data("a template has a plain name"))?,
    };
    let Warned { output, warnings } = typst::compile::<PagedDocument>(&desk);
    let document = output.map_err(|faults| template_fault(&desk, &faults))?;
    let options = PdfOptions {
        ident: Smart::Custom(job.issue.id.clone()),
        creator: Smart::Custom(Some("motcua".to_owned())),
        timestamp: Some(timestamp(job.issue.at)?),
        standards: PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
            .map_err(|e| Error::Template(e.message().to_string()))?,
        ..PdfOptions::default()
    };
    let mut pdf = typst_pdf::pdf(&document, &options).map_err(|faults| template_fault(&desk, &faults))?;
    // Signatures are appended as a new section, which must start on its own line to keep the file PDF/A.
    pdf.push(b'\n');
    Ok((pdf, warnings.iter().map(|w| place(&desk, w)).collect()))
}

/// Whether some word may be too long for a line: looking for them costs time, so the template looks only when there are any.
fn has_long_word(value: &Json) -> bool {
    match value {
        Json::String(text) => text.split([' ', '\n']).any(|word| word.chars().count() >= 32),
        Json::Array(list) => list.iter().any(has_long_word),
        Json::Object(map) => map.values().any(has_long_word),
        _ => false,
    }
}

/// JSON to Typst values. Text stays text: it is never parsed as markup.
fn data(value: Json) -> Value {
    match value {
        Json::Null => Value::None,
        Json::Bool(b) => b.into_value(),
        Json::Number(n) => n.as_i64().map(Value::Int).or(n.as_f64().map(Value::Float)).unwrap_or(Value::None),
        Json::String(s) => print::clean(&s).into_value(),
        Json::Array(list) => Value::Array(list.into_iter().map(data).collect()),
        Json::Object(map) => Value::Dict(map.into_iter().map(|(k, v)| (k.into(), data(v))).collect()),
    }
}

fn timestamp(at: DateTime) -> Result<Timestamp, Error> {
    let small = |n: i8| u8::try_from(n).unwrap_or(0);
    Datetime::from_ymd_hms(
        at.year().into(),
        small(at.month()),
        small(at.day()),
        small(at.hour()),
        small(at.minute()),
        small(at.second()),
    )
    .and_then(|d| Timestamp::new_local(d, 7 * 60))
    .ok_or(Error::Data("the date of a paper is a calendar date"))
}

fn template_fault(desk: &Desk, faults: &[SourceDiagnostic]) -> Error {
    Error::Template(faults.iter().map(|fault| place(desk, fault)).collect::<Vec<_>>().join("; "))
}

/// "shared.typ:12: message", for whoever mends the template. Diagnostics name places in templates, never data.
fn place(desk: &Desk, fault: &SourceDiagnostic) -> String {
    let line = || {
        let source = desk.source(fault.span.id()?).ok()?;
        let start = desk.range(fault.span)?.start;
        let line = source.text().get(..start)?.lines().count();
        Some(format!("{}:{line}: ", source.id().vpath().get_without_slash()))
    };
    format!("{}{}", line().unwrap_or_default(), fault.message)
}
