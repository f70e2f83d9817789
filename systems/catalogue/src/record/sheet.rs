//! One row of a CSV or XLSX sheet → a record. The sheet is what a commune officer can fill: one procedure a row, lists one item a line.
//! (not on screen)

use base::due::Amount;

use super::{Charge, Document, Layer, Method, Record, Unreadable, json::clean};
use crate::package::{LegalRow, ResultRow};

/// One column of the template.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Heading, also how it is recognised (accents and case do not matter).
    pub heading: &'static str,
    /// Must be filled.
    pub required: bool,
    /// What to write.
    pub hint: &'static str,
    /// An example, for the template.
    pub example: &'static str,
}

const fn column(heading: &'static str, required: bool, hint: &'static str, example: &'static str) -> Column {
    Column { heading, required, hint, example }
}

/// Columns of the template, in order. A file may leave out any column that is not required and add its own.
pub const COLUMNS: [Column; 18] = [
    column("Mã thủ tục", true, "Mã quốc gia, có hoặc không có phần địa phương", "1.001193"),
    column("Tên thủ tục", true, "Tên đầy đủ theo quyết định công bố", "Thủ tục đăng ký khai sinh"),
    column("Lĩnh vực", false, "Lĩnh vực", "Hộ tịch"),
    column("Cấp thực hiện", false, "Cấp xã, Cấp tỉnh, Cấp bộ; nhiều cấp cách nhau dấu chấm phẩy", "Cấp xã"),
    column("Cơ quan thực hiện", false, "Cơ quan giải quyết", "Ủy ban nhân dân cấp xã"),
    column("Cơ quan công bố", false, "Cơ quan ký quyết định công bố", "Bộ Tư pháp"),
    column("Số quyết định", false, "Quyết định công bố", "163/QĐ-BTP"),
    column("Đối tượng", false, "Ai được nộp; nhiều đối tượng cách nhau dấu chấm phẩy", "Công dân Việt Nam"),
    column("Cách nộp", false, "Trực tiếp, Trực tuyến, Bưu chính; cách nhau dấu chấm phẩy", "Trực tiếp; Trực tuyến; Bưu chính"),
    column("Thời hạn", false, "Số, nửa ngày ghi 0,5; để trống nếu chưa rõ", "3"),
    column("Đơn vị thời hạn", false, "Ngày làm việc, Ngày, Giờ làm việc, Tháng; để trống nếu chưa rõ", "Ngày làm việc"),
    column("Mức thu", false, "Số đồng; 0 nếu không thu; để trống nếu do văn bản khác quy định", "8000"),
    column("Ghi chú mức thu", false, "Điều kiện, trường hợp miễn", "Miễn cho hộ nghèo"),
    column("Thành phần hồ sơ", false, "Mỗi dòng một giấy tờ: tên | số bản chính | số bản sao", "Tờ khai | 1 | 0"),
    column("Trình tự", false, "Mỗi dòng một bước", "Nộp hồ sơ tại trung tâm"),
    column("Yêu cầu, điều kiện", false, "Yêu cầu, điều kiện nếu có", ""),
    column("Kết quả", false, "Mỗi dòng một kết quả", "Giấy khai sinh"),
    column("Căn cứ pháp lý", false, "Mỗi dòng một văn bản: số hiệu | tên", "60/2014/QH13 | Luật Hộ tịch"),
];

/// The template's rows: headings, hints, one example.
pub fn template_row(which: usize) -> Vec<&'static str> {
    COLUMNS
        .iter()
        .map(|c| match which {
            0 => c.heading,
            1 => c.hint,
            _ => c.example,
        })
        .collect()
}

/// The columns as `tools/sheet` finds them: by name, whatever the case and the accents.
pub fn sheet_columns() -> Vec<sheet::Column> {
    NAMES
        .iter()
        .zip(&COLUMNS)
        .map(|(name, c)| {
            if c.required {
                sheet::Column::required(name[0], name.as_slice())
            } else {
                sheet::Column::optional(name[0], name.as_slice())
            }
        })
        .collect()
}

const fn names() -> [[&'static str; 1]; COLUMNS.len()] {
    let mut all = [[""]; COLUMNS.len()];
    let mut i = 0;
    while i < COLUMNS.len() {
        all[i] = [COLUMNS[i].heading];
        i += 1;
    }
    all
}
static NAMES: [[&str; 1]; COLUMNS.len()] = names();

/// How the code of a template's example begins: such a row is nobody's procedure.
pub const EXAMPLE: &str = "Ví dụ:"; // not on screen: kept in files

/// Reads one row, given its cells by heading. `Ok(None)`: it is one of the template's own rows, its hints or its example.
pub fn from_row<'a>(get: impl Fn(&'static str) -> &'a str) -> Result<Option<Record>, Unreadable> {
    let cell = |i: usize| clean(get(COLUMNS[i].heading));
    if cell(0) == COLUMNS[0].hint || cell(0).starts_with(EXAMPLE) {
        return Ok(None);
    }
    let printed = cell(0);
    if printed.is_empty() {
        return Err(Unreadable::Missing(COLUMNS[0].heading));
    }
    let code: base::ProcedureCode = printed.parse().map_err(|_| Unreadable::Code(printed.chars().take(60).collect()))?;
    let name = cell(1);
    if name.is_empty() {
        return Err(Unreadable::Missing(COLUMNS[1].heading));
    }
    let charge =
        Charge { amount: number(&cell(11), COLUMNS[11].heading)?, currency: "VND".into(), condition: cell(12), suspect: false };
    let fees = if charge.amount.is_none() && charge.condition.is_empty() { vec![] } else { vec![charge] };
    let value = amount(&cell(9), COLUMNS[9].heading)?;
    let unit = unit(&cell(10))?;
    let ways = list(&cell(8), ';');
    let ways = if ways.is_empty() && (value.is_some() || !fees.is_empty()) { vec!["Trực tiếp".to_owned()] } else { ways };
    let methods = ways
        .into_iter()
        .map(|name| match super::channel(&name) {
            Some(_) => Ok(Method { name, value, unit: unit.clone(), fees: fees.clone(), note: String::new() }),
            None => Err(Unreadable::Word {
                field: COLUMNS[8].heading, found: name, allowed: "Trực tiếp, Trực tuyến, Bưu chính"
            }),
        })
        .collect::<Result<_, _>>()?;
    Ok(Some(Record {
        layer: Layer::National,
        local_code: if code.locality().is_some() { code.to_string() } else { String::new() },
        code: code.national(),
        name,
        field: cell(2),
        levels: list(&cell(3), ';'),
        publisher: cell(5),
        agencies: vec![],
        competent: cell(4),
        decision: cell(6),
        audience: list(&cell(7), ';'),
        methods,
        documents: list(&cell(13), '\n').iter().map(|l| document(l)).collect::<Result<_, _>>()?,
        steps: list(&cell(14), '\n'),
        conditions: cell(15),
        results: list(&cell(16), '\n').into_iter().map(|name| ResultRow { code: String::new(), name }).collect(),
        legal: list(&cell(17), '\n')
            .into_iter()
            .map(|l| {
                let (number, title) = l.split_once('|').unwrap_or((&l, ""));
                LegalRow { number: number.trim().into(), title: title.trim().into() }
            })
            .collect(),
        listing: None,
        source: String::new(),
    }))
}

fn list(cell: &str, by: char) -> Vec<String> {
    cell.split([by, '\n']).map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect()
}

fn number(cell: &str, field: &'static str) -> Result<Option<i64>, Unreadable> {
    if cell.is_empty() {
        return Ok(None);
    }
    // 8.000 and 8000 are the same; a sheet may also hand over 8000.0
    let plain = cell.strip_suffix(".0").unwrap_or(cell).replace([' ', '.', ','], "");
    match plain.parse::<i64>() {
        Ok(n) if (0..=1_000_000_000_000).contains(&n) => Ok(Some(n)),
        Ok(n) => Err(Unreadable::Range { field: field.into(), found: n.to_string() }),
        Err(_) => Err(Unreadable::Kind { field: field.into(), wanted: "một số nguyên" }),
    }
}

/// An allowance as people write it: 3, 0,5, ½.
fn amount(cell: &str, field: &'static str) -> Result<Option<Amount>, Unreadable> {
    if cell.is_empty() {
        return Ok(None);
    }
    let too_large = || cell.bytes().all(|b| b.is_ascii_digit());
    match cell.parse() {
        Ok(amount) => Ok(Some(amount)),
        Err(_) if too_large() => Err(Unreadable::Range { field: field.into(), found: cell.chars().take(40).collect() }),
        Err(_) => Err(Unreadable::Kind { field: field.into(), wanted: "một số như 3 hoặc 0,5" }),
    }
}

fn unit(cell: &str) -> Result<Option<String>, Unreadable> {
    match base::text::fold(cell).trim() {
        "" => Ok(None),
        "ngay lam viec" | "ngay" | "gio" | "gio lam viec" | "thang" => Ok(Some(cell.to_owned())),
        _ => Err(Unreadable::Word {
            field: COLUMNS[10].heading,
            found: cell.chars().take(40).collect(),
            allowed: "Ngày làm việc, Ngày, Giờ làm việc, Tháng",
        }),
    }
}

fn document(line: &str) -> Result<Document, Unreadable> {
    let mut parts = line.split('|').map(str::trim);
    let name = parts.next().unwrap_or_default().to_owned();
    let mut count = |default: u32| match parts.next() {
        None | Some("") => Ok(default),
        Some(n) => n
            .parse()
            .map_err(|_| Unreadable::Kind {
                field: COLUMNS[13].heading.into(), wanted: "tên | số bản chính | số bản sao"
            }),
    };
    let (originals, copies) = (count(1)?, count(0)?);
    Ok(Document { case: String::new(), name, form_file: String::new(), originals, copies })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headings: &[&str], cells: &[&str]) -> Result<Option<Record>, Unreadable> {
        let text = format!("{}\n{}\n", headings.join("\t"), cells.join("\t"));
        let sheet = sheet::open(std::io::Cursor::new(text), &sheet_columns(), &sheet::Limits::default()).unwrap();
        let mut rows = sheet.rows;
        let row = rows.next().unwrap().unwrap();
        from_row(|heading| row.get(heading))
    }

    #[test]
    fn the_template_reads_its_own_example_and_skips_its_hints() {
        let row = |which: usize| {
            move |heading: &str| {
                let at = COLUMNS.iter().position(|c| c.heading == heading).unwrap();
                template_row(which)[at]
            }
        };
        assert_eq!(from_row(row(1)), Ok(None));
        let record = from_row(row(2)).unwrap().unwrap();
        assert_eq!(record.methods.len(), 3);
        assert_eq!(record.methods[0].fees[0].amount, Some(8000));
        assert_eq!(record.documents[0].name, "Tờ khai");
        assert_eq!(record.legal[0].number, "60/2014/QH13");
    }

    #[test]
    fn headings_are_found_without_accents_and_in_any_order() {
        let record = read(&["Ten thu tuc", "MÃ THỦ TỤC", "Việc khác"], &["Khai tử", "1.000656.H12", "x"]).unwrap().unwrap();
        assert_eq!((record.name.as_str(), record.local_code.as_str()), ("Khai tử", "1.000656.H12"));
    }

    #[test]
    fn a_word_that_is_not_in_the_list_is_named() {
        let headings = ["Mã thủ tục", "Tên thủ tục", "Thời hạn", "Đơn vị thời hạn"];
        let said = |cells| read(&headings, cells).unwrap_err().to_string();
        assert_eq!(
            said(&["1.000656", "Khai tử", "3", "hôm"]),
            "“Đơn vị thời hạn” ghi “hôm”, chỉ nhận: Ngày làm việc, Ngày, Giờ làm việc, Tháng"
        );
        assert_eq!(said(&["1.000656", "Khai tử", "ba", ""]), "“Thời hạn” phải là một số như 3 hoặc 0,5");
        assert_eq!(said(&["1.000656", "Khai tử", "20000", ""]), "“Thời hạn” có số 20000 ngoài khoảng cho phép");
        assert_eq!(said(&["1.000656", "", "", ""]), "thiếu “Tên thủ tục”");
    }

    #[test]
    fn half_a_day_is_half_a_day_however_it_is_written() {
        for typed in ["0,5", "0.5", "½", "1/2"] {
            let cells = ["1.000656", "Khai tử", typed, "Ngày làm việc"];
            let record = read(&["Mã thủ tục", "Tên thủ tục", "Thời hạn", "Đơn vị thời hạn"], &cells).unwrap().unwrap();
            assert_eq!(record.methods[0].value, Some(Amount::halves(1)), "{typed}");
        }
    }
}
