//! One line of a `.jsonl` file → a record. Any JSON is answered with a record or a reason; nothing panics.
//! (not on screen)

use base::due::Amount;
use serde_json::{Map, Value};

use super::{Charge, Document, Layer, Listing, Method, Record, Unreadable};
use crate::package::{LegalRow, ResultRow};

type Object = Map<String, Value>;

/// Longest text of a field; the longest real one has some 20,000 characters.
const MOST: usize = 200_000;

/// Reads one line: the national record or the province's shorter one (told apart by `base_code`).
pub fn from_json(line: &str) -> Result<Record, Unreadable> {
    let line = line.trim_start_matches('\u{feff}').trim();
    from_value(serde_json::from_str(line).map_err(|e| Unreadable::NotJson(why(&e)))?)
}

/// Reads a line that was parsed.
pub fn from_value(value: Value) -> Result<Record, Unreadable> {
    let Value::Object(o) = value else { return Err(Unreadable::NotAnObject) };
    let layer = if o.contains_key("base_code") { Layer::Provincial } else { Layer::National };
    let printed = match text(&o, "code")? {
        code if code.is_empty() => return Err(Unreadable::Missing("code")),
        code => code,
    };
    let code: base::ProcedureCode = printed.parse().map_err(|_| Unreadable::Code(clip(&printed)))?;
    let name = text(&o, "name")?;
    if name.is_empty() {
        return Err(Unreadable::Missing("name"));
    }
    let levels = texts(&o, "agency_level")?;
    Ok(Record {
        layer,
        local_code: if code.locality().is_some() { code.to_string() } else { String::new() },
        code: code.national(),
        name,
        field: text(&o, "field")?,
        levels,
        publisher: text(&o, "publishing_agency")?,
        agencies: texts(&o, "agencies")?,
        competent: text(&o, "competent_agency")?,
        decision: text(&o, "decision_number")?,
        audience: texts(&o, "audience")?,
        methods: objects(&o, "methods")?.into_iter().map(method).collect::<Result<_, _>>()?,
        documents: documents(&o)?,
        steps: texts(&o, "steps")?,
        conditions: text(&o, "conditions")?,
        results: objects(&o, "results")?
            .into_iter()
            .map(|r| Ok(ResultRow { code: text(r, "code")?, name: text(r, "name")? }))
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .filter(|r| !r.name.is_empty())
            .collect(),
        legal: objects(&o, "legal_basis")?
            .into_iter()
            .map(|l| Ok(LegalRow { number: text(l, "number")?, title: text(l, "title")? }))
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .filter(|l| !l.number.is_empty() || !l.title.is_empty())
            .collect(),
        listing: match o.get("ca_mau") {
            None | Some(Value::Null) => None,
            Some(Value::Object(l)) => {
                Some(Listing { code: text(l, "code")?, decision: text(l, "decision_number")?, levels: texts(l, "agency_level")? })
            }
            Some(_) => return Err(Unreadable::Kind { field: "ca_mau".into(), wanted: "một đối tượng" }),
        },
        source: text(&o, "source")?,
    })
}

fn method(m: &Object) -> Result<Method, Unreadable> {
    let fees = objects(m, "fees")?
        .into_iter()
        .map(|f| {
            Ok(Charge {
                amount: whole(f, "amount")?,
                currency: text(f, "currency")?,
                condition: text(f, "condition")?,
                suspect: matches!(f.get("suspect"), Some(Value::Bool(true))),
            })
        })
        .collect::<Result<_, _>>()?;
    let unit = text(m, "time_unit")?;
    Ok(Method {
        name: text(m, "method")?,
        value: amount(m, "time_value")?,
        unit: (!unit.is_empty()).then_some(unit),
        fees,
        note: text(m, "note")?,
    })
}

fn documents(o: &Object) -> Result<Vec<Document>, Unreadable> {
    if let Some(forms) = o.get("forms").filter(|_| !o.contains_key("documents")) {
        // the province's list names only the official forms
        let Value::Array(_) = forms else { return Err(Unreadable::Kind { field: "forms".into(), wanted: "một danh sách" }) };
        return objects(o, "forms")?
            .into_iter()
            .map(|f| {
                Ok(Document {
                    case: String::new(),
                    name: text(f, "document")?,
                    form_file: text(f, "file")?,
                    originals: 1,
                    copies: 0,
                })
            })
            .collect();
    }
    objects(o, "documents")?
        .into_iter()
        .map(|d| {
            Ok(Document {
                case: text(d, "case")?,
                name: text(d, "name")?,
                form_file: text(d, "form_file")?,
                originals: small(d, "originals")?.unwrap_or(0),
                copies: small(d, "copies")?.unwrap_or(0),
            })
        })
        .collect()
}

fn kind(field: &str, wanted: &'static str) -> Unreadable {
    Unreadable::Kind { field: field.to_owned(), wanted }
}

fn text(o: &Object, field: &str) -> Result<String, Unreadable> {
    match o.get(field) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(s)) if s.len() > MOST => Err(Unreadable::TooLong { field: field.to_owned(), most: MOST }),
        Some(Value::String(s)) => Ok(clean(s)),
        Some(_) => Err(kind(field, "một đoạn chữ")),
    }
}

fn texts(o: &Object, field: &str) -> Result<Vec<String>, Unreadable> {
    let list = match o.get(field) {
        None | Some(Value::Null) => return Ok(vec![]),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(kind(field, "một danh sách")),
    };
    let read = list.iter().map(|v| match v {
        Value::String(s) if s.len() > MOST => Err(Unreadable::TooLong { field: field.to_owned(), most: MOST }),
        Value::String(s) => Ok(clean(s)),
        Value::Null => Ok(String::new()),
        _ => Err(kind(field, "một danh sách chữ")),
    });
    let all: Vec<String> = read.collect::<Result<_, _>>()?;
    Ok(all.into_iter().filter(|s| !s.is_empty()).collect())
}

fn objects<'a>(o: &'a Object, field: &str) -> Result<Vec<&'a Object>, Unreadable> {
    match o.get(field) {
        None | Some(Value::Null) => Ok(vec![]),
        Some(Value::Array(list)) => list
            .iter()
            .map(|v| match v {
                Value::Object(o) => Ok(o),
                _ => Err(kind(field, "một danh sách đối tượng")),
            })
            .collect(),
        Some(_) => Err(kind(field, "một danh sách")),
    }
}

fn whole(o: &Object, field: &str) -> Result<Option<i64>, Unreadable> {
    match o.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(n)) => match n.as_i64().filter(|n| (0..=1_000_000_000_000).contains(n)) {
            Some(n) => Ok(Some(n)),
            None => Err(Unreadable::Range { field: field.to_owned(), found: clip(&n.to_string()) }),
        },
        Some(_) => Err(kind(field, "một số nguyên")),
    }
}

fn small(o: &Object, field: &str) -> Result<Option<u32>, Unreadable> {
    match whole(o, field)? {
        None => Ok(None),
        Some(n) if n <= 10_000 => Ok(u32::try_from(n).ok()),
        Some(n) => Err(Unreadable::Range { field: field.to_owned(), found: n.to_string() }),
    }
}

/// An allowance: 3, 0.5.
fn amount(o: &Object, field: &str) -> Result<Option<Amount>, Unreadable> {
    match o.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(n)) => match n.as_f64().map(Amount::try_from) {
            Some(Ok(amount)) => Ok(Some(amount)),
            _ => Err(Unreadable::Range { field: field.to_owned(), found: clip(&n.to_string()) }),
        },
        Some(_) => Err(kind(field, "một số như 3 hoặc 0.5")),
    }
}

/// NFC, no control characters but line breaks; PostgreSQL cannot keep a NUL and nobody can read one.
pub(super) fn clean(text: &str) -> String {
    let text = base::text::nfc(text);
    let kept: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    kept.trim().to_owned()
}

fn clip(text: &str) -> String {
    text.chars().take(60).collect()
}

fn why(e: &serde_json::Error) -> String {
    use serde_json::error::Category;
    match e.classify() {
        Category::Eof => format!("dòng bị cắt giữa chừng ở ký tự {}", e.column()),
        _ => format!("sai cú pháp ở ký tự {}", e.column()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_record_or_a_reason() {
        let ok = from_json(r#"{"code":"1.001193","name":"Đăng ký khai sinh"}"#).unwrap();
        assert_eq!((ok.layer, ok.code.to_string().as_str()), (Layer::National, "1.001193"));
        let said = |line: &str| from_json(line).unwrap_err().to_string();
        assert_eq!(said(r#"{"code":"1.001193","na"#), "không phải JSON: dòng bị cắt giữa chừng ở ký tự 22");
        assert_eq!(said("[1]"), "dòng phải là một đối tượng JSON");
        assert_eq!(said(r#"{"code":"1.1","name":"x"}"#), "mã thủ tục “1.1” không đúng dạng 1.001193");
        assert_eq!(said(r#"{"code":"1.001193"}"#), "thiếu “name”");
        assert_eq!(said(r#"{"code":"1.001193","name":"x","steps":"một"}"#), "“steps” phải là một danh sách");
        assert_eq!(
            said(r#"{"code":"1.001193","name":"x","methods":[{"time_value":99999}]}"#),
            "“time_value” có số 99999 ngoài khoảng cho phép"
        );
    }

    #[test]
    fn the_provinces_line_knows_its_own_code() {
        let line = r#"{"code":"1.000656.000.00.00.H12","base_code":"1.000656","name":"Khai tử","forms":[{"document":"Tờ khai","file":"a.docx"}]}"#;
        let r = from_json(line).unwrap();
        assert_eq!(
            (r.layer, r.local_code.as_str(), r.code.to_string().as_str()),
            (Layer::Provincial, "1.000656.000.00.00.H12", "1.000656")
        );
        assert_eq!(r.documents[0].name, "Tờ khai");
    }
}
