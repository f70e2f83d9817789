//! The parts of a workbook: where they are, shared strings, number formats.

use std::io::{Cursor, Read, Seek};

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::values::{is_date_format, unescaped};
use crate::{Error, Reason};

pub(super) type Xml = Reader<Cursor<Vec<u8>>>;

pub(super) fn damaged(what: impl ToString) -> Error {
    Reason::Workbook(what.to_string()).into()
}

/// A workbook, unpacked part by part under one budget.
pub(super) struct Book<R: Read + Seek> {
    zip: ZipArchive<R>,
    left: u64,
    limit: u64,
    is_1904: bool,
    sheets: Vec<String>,
    strings: Option<String>,
    styles: Option<String>,
}

impl<R: Read + Seek> Book<R> {
    pub fn open(source: R, unpacked: u64) -> Result<Self, Error> {
        let zip = ZipArchive::new(source).map_err(damaged)?;
        let mut book =
            Self { zip, left: unpacked, limit: unpacked, is_1904: false, sheets: Vec::new(), strings: None, styles: None };
        book.find_parts()?;
        Ok(book)
    }

    /// A part as XML; none: the workbook has no such part.
    pub fn part(&mut self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let wanted = path.trim_start_matches('/');
        let name = match self.zip.index_for_name(wanted) {
            Some(_) => wanted.to_owned(),
            // Some programs write names in other cases.
            None => {
                let alike = |name: &String| name.replace('\\', "/").eq_ignore_ascii_case(wanted);
                match self.zip.file_names().filter_map(|name| Some(name.ok()?.into_owned())).find(alike) {
                    Some(name) => name,
                    None => return Ok(None),
                }
            }
        };
        let mut bytes = Vec::new();
        // The declared size may lie: the budget counts what really comes out.
        let packed = self.zip.by_name(&name).map_err(damaged)?;
        let taken = packed.take(self.left + 1).read_to_end(&mut bytes).map_err(damaged)? as u64;
        if taken > self.left {
            return Err(Reason::Bomb { limit: self.limit }.into());
        }
        self.left -= taken;
        if std::str::from_utf8(&bytes).is_err() {
            return Err(damaged(format!("{wanted} is not UTF-8")));
        }
        Ok(Some(bytes))
    }

    /// Paths of the sheets that are shown, in the order of the tabs.
    pub fn sheets(&self) -> Result<Vec<String>, Error> {
        Ok(self.sheets.clone())
    }

    fn find_parts(&mut self) -> Result<(), Error> {
        let root = self.relations("_rels/.rels", "")?;
        let workbook = root
            .iter()
            .find(|r| r.kind.ends_with("/officeDocument"))
            .map_or("xl/workbook.xml", |r| r.target.as_str())
            .trim_start_matches('/')
            .to_owned();
        let (folder, file) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
        let relations = self.relations(&format!("{folder}/_rels/{file}.rels"), folder)?;
        let target = |kind: &str| relations.iter().find(|r| r.kind.ends_with(kind)).map(|r| r.target.clone());
        self.strings = target("/sharedStrings");
        self.styles = target("/styles");
        let xml = self.part(&workbook)?.ok_or_else(|| damaged("not a workbook"))?;
        let mut sheets = Vec::new();
        let mut is_1904 = false;
        each_element(xml, |element| {
            match element.local_name().as_ref() {
                "workbookPr" => is_1904 = attribute(element, "date1904")?.is_some_and(|v| v == "1" || v == "true"),
                "sheet" if !matches!(attribute(element, "state")?.as_deref(), Some("hidden" | "veryHidden")) => {
                    let id = attribute(element, "id")?.unwrap_or_default();
                    sheets.extend(
                        relations.iter().find(|r| r.id == id && r.kind.ends_with("/worksheet")).map(|r| r.target.clone()),
                    );
                }
                _ => {}
            }
            Ok(())
        })?;
        self.sheets = sheets;
        self.is_1904 = is_1904;
        Ok(())
    }

    fn relations(&mut self, path: &str, folder: &str) -> Result<Vec<Relation>, Error> {
        let Some(xml) = self.part(path)? else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        each_element(xml, |element| {
            if element.local_name().as_ref() == "Relationship" {
                let get = |name| attribute(element, name).map(Option::unwrap_or_default);
                found.push(Relation { id: get("Id")?, kind: get("Type")?, target: resolved(folder, &get("Target")?) });
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// Text of the cells that share it.
    pub fn strings(&mut self) -> Result<Strings, Error> {
        let mut strings = Strings::default();
        let Some(path) = self.strings.clone() else { return Ok(strings) };
        let Some(xml) = self.part(&path)? else { return Ok(strings) };
        let mut xml = reader(xml);
        let mut buffer = Vec::new();
        loop {
            match event(&mut xml, &mut buffer)? {
                Event::Start(e) if e.local_name().as_ref() == "si" => {
                    let text = rich_text(&mut xml, "si")?;
                    strings.push(&text)?;
                }
                Event::Empty(e) if e.local_name().as_ref() == "si" => strings.push("")?,
                Event::Eof => return Ok(strings),
                _ => {}
            }
            buffer.clear();
        }
    }

    /// Which cell styles show a date.
    pub fn styles(&mut self) -> Result<Styles, Error> {
        let mut styles = Styles { is_1904: self.is_1904, dates: Vec::new() };
        let Some(path) = self.styles.clone() else { return Ok(styles) };
        let Some(xml) = self.part(&path)? else { return Ok(styles) };
        let mut own_dates: Vec<u32> = Vec::new();
        let mut own_others: Vec<u32> = Vec::new();
        let mut in_cells = false;
        each_element(xml, |element| {
            match element.local_name().as_ref() {
                "numFmt" => {
                    let id = attribute(element, "numFmtId")?.and_then(|v| v.parse().ok()).unwrap_or(0);
                    let code = attribute(element, "formatCode")?.unwrap_or_default();
                    if is_date_format(&code) { own_dates.push(id) } else { own_others.push(id) }
                }
                "cellXfs" => in_cells = true,
                "cellStyleXfs" | "cellStyles" | "dxfs" => in_cells = false,
                "xf" if in_cells => {
                    let id: u32 = attribute(element, "numFmtId")?.and_then(|v| v.parse().ok()).unwrap_or(0);
                    let built_in = matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58) && !own_others.contains(&id);
                    styles.dates.push(built_in || own_dates.contains(&id));
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(styles)
    }
}

struct Relation {
    id: String,
    kind: String,
    target: String,
}

/// A target as a path in the package: relative to the folder of its source, or absolute.
fn resolved(folder: &str, target: &str) -> String {
    let joined = match target.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{folder}/{target}"),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in joined.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Shared strings: one text and where each string ends in it, so that a million empty ones cost little.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    fn push(&mut self, text: &str) -> Result<(), Error> {
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).map_err(|_| damaged("too much text"))?);
        Ok(())
    }

    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)? as usize,
            None => 0,
        };
        self.text.get(start..end)
    }
}

/// What the styles say about values.
pub(super) struct Styles {
    pub is_1904: bool,
    dates: Vec<bool>,
}

impl Styles {
    pub fn is_date(&self, style: usize) -> bool {
        self.dates.get(style).copied().unwrap_or(false)
    }
}

pub(super) fn reader(xml: Vec<u8>) -> Xml {
    Reader::from_reader(Cursor::new(xml))
}

pub(super) fn event<'b>(xml: &mut Xml, buffer: &'b mut Vec<u8>) -> Result<Event<'b>, Error> {
    xml.read_event_into(buffer).map_err(damaged)
}

/// Calls for each element, opening or empty.
fn each_element(xml: Vec<u8>, mut look: impl FnMut(&BytesStart<'_>) -> Result<(), Error>) -> Result<(), Error> {
    let mut xml = reader(xml);
    let mut buffer = Vec::new();
    loop {
        match event(&mut xml, &mut buffer)? {
            Event::Start(e) | Event::Empty(e) => look(&e)?,
            Event::Eof => return Ok(()),
            _ => {}
        }
        buffer.clear();
    }
}

/// An attribute by its name without prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, Error> {
    for attribute in element.attributes() {
        let attribute = attribute.map_err(damaged)?;
        if attribute.key.local_name().as_ref() == name {
            return Ok(Some(attribute.normalized_value(XmlVersion::Implicit1_0).map_err(damaged)?.into_owned()));
        }
    }
    Ok(None)
}

/// The text of `<t>` elements up to the end of the element `closing`; phonetic hints are left out.
pub(super) fn rich_text(xml: &mut Xml, closing: &str) -> Result<String, Error> {
    let mut buffer = Vec::new();
    let mut text = String::new();
    let (mut in_text, mut phonetic) = (false, false);
    loop {
        match event(xml, &mut buffer)? {
            Event::Start(e) if e.local_name().as_ref() == "t" => in_text = !phonetic,
            Event::End(e) if e.local_name().as_ref() == "t" => in_text = false,
            Event::Start(e) if e.local_name().as_ref() == "rPh" => phonetic = true,
            Event::End(e) if e.local_name().as_ref() == "rPh" => phonetic = false,
            Event::End(e) if e.local_name().as_ref() == closing => return Ok(unescaped(&text)),
            Event::Eof => return Err(damaged("cut in the middle of a text")),
            other if in_text => push_text(&mut text, &other)?,
            _ => {}
        }
        buffer.clear();
    }
}

/// Adds what an event says as text.
pub(super) fn push_text(text: &mut String, event: &Event<'_>) -> Result<(), Error> {
    match event {
        Event::Text(part) => text.push_str(&part.xml_content(XmlVersion::Implicit1_0)),
        Event::CData(part) => text.push_str(&part.xml_content(XmlVersion::Implicit1_0)),
        Event::GeneralRef(name) => match name.resolve_char_ref().map_err(damaged)? {
            Some(letter) => text.push(letter),
            None => match name.as_ref() {
                "amp" => text.push('&'),
                "lt" => text.push('<'),
                "gt" => text.push('>'),
                "quot" => text.push('"'),
                "apos" => text.push('\''),
                // Entities of its own have no place in a workbook; expanding them is how bombs are made.
                other => return Err(damaged(format!("unknown entity {other}"))),
            },
        },
        _ => {}
    }
    Ok(())
}
