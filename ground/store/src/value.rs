//! Values that go into statements and columns that come out: five kinds, the same on both engines.

use std::borrow::Cow;

use uuid::Uuid;

use crate::Error;

/// A value on its way into a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound<'a> {
    /// NULL of any type.
    Null,
    /// `text`
    Text(Cow<'a, str>),
    /// `bigint`
    Int(i64),
    /// `boolean`
    Bool(bool),
    /// `bytea`
    Bytes(Cow<'a, [u8]>),
    /// `uuid`
    Uuid(Uuid),
}

/// Something that can be bound to a parameter.
pub trait Value {
    /// What is bound.
    fn bound(&self) -> Bound<'_>;
}

/// A column on its way out of a row. SQLite has no own kind for `boolean` and `uuid`: they come as `Int` and `Bytes`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// NULL
    Null,
    /// `text`
    Text(&'a str),
    /// `bigint`, and `boolean` on SQLite
    Int(i64),
    /// `boolean` on PostgreSQL
    Bool(bool),
    /// `bytea`, and `uuid` on SQLite
    Bytes(&'a [u8]),
    /// `uuid` on PostgreSQL
    Uuid(Uuid),
    /// A computed number with a fraction (`avg`); never stored.
    Real(f64),
}

impl Cell<'_> {
    fn kind(&self) -> &'static str {
        match self {
            Cell::Null => "NULL",
            Cell::Text(_) => "text",
            Cell::Int(_) => "bigint",
            Cell::Bool(_) => "boolean",
            Cell::Bytes(_) => "bytea",
            Cell::Uuid(_) => "uuid",
            Cell::Real(_) => "a fraction",
        }
    }
}

/// A type that can be read from one column.
pub trait Column: Sized {
    /// Reads it; the error says what was expected.
    fn from_cell(cell: Cell<'_>) -> Result<Self, String>;
}

/// One row of an answer.
pub struct Row<'a>(pub(crate) RowOf<'a>);

pub(crate) enum RowOf<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl Row<'_> {
    /// Reads one column by its position.
    pub fn get<T: Column>(&self, column: usize) -> Result<T, Error> {
        let wrong = |reason: String| Error::Column { column, reason };
        let read = |cell: Cell<'_>| T::from_cell(cell).map_err(wrong);
        match &self.0 {
            RowOf::Sqlite(row) => read(sqlite_cell(row.get_ref(column)?).map_err(wrong)?),
            RowOf::Postgres(row) => read(row.try_get::<_, PgCell<'_>>(column).map_err(|e| wrong(e.to_string()))?.0),
        }
    }

    /// Number of columns.
    pub fn width(&self) -> usize {
        match &self.0 {
            RowOf::Sqlite(row) => row.as_ref().column_count(),
            RowOf::Postgres(row) => row.len(),
        }
    }
}

/// A type that is read from a whole row, columns in the order of the SELECT.
pub trait FromRow: Sized {
    /// Reads it.
    fn from_row(row: &Row<'_>) -> Result<Self, Error>;
}

impl<T: Column> FromRow for T {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        row.get(0)
    }
}

macro_rules! tuple_rows {
    ($( ($($name:ident $at:tt),+) )+) => { $(
        impl<$($name: Column),+> FromRow for ($($name,)+) {
            fn from_row(row: &Row<'_>) -> Result<Self, Error> {
                Ok(($(row.get::<$name>($at)?,)+))
            }
        }
    )+ };
}
tuple_rows! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11)
}

/// `from_row!(Foo { id, code, name })`: the fields of a struct in the order of the SELECT.
#[macro_export]
macro_rules! from_row {
    ($of:ident { $($field:ident),+ $(,)? }) => {
        #[allow(dead_code)] // wanted only where a statement is built at run time
        impl $of {
            /// The columns a statement selects for this row, in its order.
            pub(crate) const FIELDS: &'static [&'static str] = &[$(::std::stringify!($field)),+];
        }
        impl $crate::FromRow for $of {
            fn from_row(row: &$crate::Row<'_>) -> ::std::result::Result<Self, $crate::Error> {
                let mut at = 0usize..;
                let mut next = || at.next().unwrap_or_default();
                ::std::result::Result::Ok($of { $($field: row.get(next())?),+ })
            }
        }
    };
}

/// `text_value!(State, Code)`: types with `Display` and `FromStr` are stored as `text`.
#[macro_export]
macro_rules! text_value {
    ($($of:ty),+ $(,)?) => { $(
        impl $crate::Value for $of {
            fn bound(&self) -> $crate::Bound<'_> {
                $crate::Bound::Text(::std::string::ToString::to_string(self).into())
            }
        }
        impl $crate::Column for $of {
            fn from_cell(cell: $crate::Cell<'_>) -> ::std::result::Result<Self, ::std::string::String> {
                let text = <::std::string::String as $crate::Column>::from_cell(cell)?;
                text.parse().map_err(|e| ::std::format!("{text:?} is no {}: {e}", ::std::stringify!($of)))
            }
        }
    )+ };
}

/// `uuid_value!(UnitId)`: newtypes `UnitId(pub Uuid)` (or with `From` both ways) are stored as `uuid`.
#[macro_export]
macro_rules! uuid_value {
    ($($of:ident),+ $(,)?) => { $(
        impl $crate::Value for $of {
            fn bound(&self) -> $crate::Bound<'_> {
                $crate::Bound::Uuid(self.0)
            }
        }
        impl $crate::Column for $of {
            fn from_cell(cell: $crate::Cell<'_>) -> ::std::result::Result<Self, ::std::string::String> {
                $crate::Column::from_cell(cell).map($of)
            }
        }
    )+ };
}

fn unfit<T>(wanted: &str, cell: Cell<'_>) -> Result<T, String> {
    Err(format!("expected {wanted}, found {}", cell.kind()))
}

impl Value for str {
    fn bound(&self) -> Bound<'_> {
        Bound::Text(self.into())
    }
}
impl Value for String {
    fn bound(&self) -> Bound<'_> {
        Bound::Text(self.as_str().into())
    }
}
impl Column for String {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Text(text) => Ok(text.to_owned()),
            other => unfit("text", other),
        }
    }
}
impl Value for Cow<'_, str> {
    fn bound(&self) -> Bound<'_> {
        Bound::Text(self.as_ref().into())
    }
}

impl Value for bool {
    fn bound(&self) -> Bound<'_> {
        Bound::Bool(*self)
    }
}
impl Column for bool {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Bool(yes) => Ok(yes),
            Cell::Int(0) => Ok(false),
            Cell::Int(1) => Ok(true),
            other => unfit("boolean", other),
        }
    }
}

macro_rules! integers {
    ($($of:ty),+) => { $(
        impl Value for $of {
            fn bound(&self) -> Bound<'_> {
                // What does not fit is caught by `check`: no silent wrap.
                i64::try_from(*self).map_or(Bound::Text(Cow::Borrowed("\0number too large")), Bound::Int)
            }
        }
        impl Column for $of {
            fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
                match cell {
                    Cell::Int(n) => n.try_into().map_err(|_| format!("{n} does not fit {}", stringify!($of))),
                    other => unfit("bigint", other),
                }
            }
        }
    )+ };
}
integers!(i64, i32, i16, u8, u16, u32, u64, usize);

impl Column for f64 {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Real(n) => Ok(n),
            #[expect(clippy::cast_precision_loss, reason = "a computed figure for the eye")]
            Cell::Int(n) => Ok(n as f64),
            other => unfit("a number", other),
        }
    }
}

impl Value for Uuid {
    fn bound(&self) -> Bound<'_> {
        Bound::Uuid(*self)
    }
}
impl Column for Uuid {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Uuid(id) => Ok(id),
            Cell::Bytes(bytes) => Uuid::from_slice(bytes).map_err(|e| e.to_string()),
            other => unfit("uuid", other),
        }
    }
}

impl Value for [u8] {
    fn bound(&self) -> Bound<'_> {
        Bound::Bytes(self.into())
    }
}
impl Value for Vec<u8> {
    fn bound(&self) -> Bound<'_> {
        Bound::Bytes(self.as_slice().into())
    }
}
impl Column for Vec<u8> {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Bytes(bytes) => Ok(bytes.to_vec()),
            other => unfit("bytea", other),
        }
    }
}
impl<const N: usize> Value for [u8; N] {
    fn bound(&self) -> Bound<'_> {
        Bound::Bytes(self.as_slice().into())
    }
}
impl<const N: usize> Column for [u8; N] {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        match cell {
            Cell::Bytes(bytes) => bytes.try_into().map_err(|_| format!("expected {N} bytes, found {}", bytes.len())),
            other => unfit("bytea", other),
        }
    }
}

impl<T: Value> Value for Option<T> {
    fn bound(&self) -> Bound<'_> {
        self.as_ref().map_or(Bound::Null, Value::bound)
    }
}
impl<T: Column> Column for Option<T> {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        if cell == Cell::Null { Ok(None) } else { T::from_cell(cell).map(Some) }
    }
}
impl<T: Value + ?Sized> Value for &T {
    fn bound(&self) -> Bound<'_> {
        (**self).bound()
    }
}
impl<T: Value + ?Sized> Value for Box<T> {
    fn bound(&self) -> Bound<'_> {
        (**self).bound()
    }
}
impl Value for Bound<'_> {
    fn bound(&self) -> Bound<'_> {
        self.clone()
    }
}

impl Value for base::Moment {
    fn bound(&self) -> Bound<'_> {
        Bound::Int(self.micros())
    }
}
impl Column for base::Moment {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        i64::from_cell(cell).map(base::Moment::from_micros)
    }
}
impl Value for jiff::civil::Date {
    fn bound(&self) -> Bound<'_> {
        Bound::Text(self.to_string().into())
    }
}
impl Column for jiff::civil::Date {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        let text = String::from_cell(cell)?;
        text.parse().map_err(|_| format!("{text:?} is no date"))
    }
}

/// Binds a list of parameters, refusing what one of the engines would refuse: the same on both.
pub(crate) fn bind_all<'v>(values: &[&'v dyn Value]) -> Result<Vec<Bound<'v>>, Error> {
    values.iter().map(|v| check((**v).bound())).collect()
}

/// PostgreSQL has no NUL in text; SQLite would cut the text there.
pub(crate) fn check(value: Bound<'_>) -> Result<Bound<'_>, Error> {
    match &value {
        Bound::Text(text) if text.contains('\0') => Err(Error::Value("text with a NUL character, or a number too large".into())),
        _ => Ok(value),
    }
}

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput as O, ValueRef as V};
        Ok(O::Borrowed(match self {
            Bound::Null => V::Null,
            Bound::Text(text) => V::Text(text.as_bytes()),
            Bound::Int(n) => V::Integer(*n),
            Bound::Bool(yes) => V::Integer(i64::from(*yes)),
            Bound::Bytes(bytes) => V::Blob(bytes),
            Bound::Uuid(id) => V::Blob(id.as_bytes()),
        }))
    }
}

fn sqlite_cell(value: rusqlite::types::ValueRef<'_>) -> Result<Cell<'_>, String> {
    use rusqlite::types::ValueRef as V;
    Ok(match value {
        V::Null => Cell::Null,
        V::Integer(n) => Cell::Int(n),
        V::Real(n) => Cell::Real(n),
        V::Text(bytes) => Cell::Text(std::str::from_utf8(bytes).map_err(|e| e.to_string())?),
        V::Blob(bytes) => Cell::Bytes(bytes),
    })
}

type PgFault = Box<dyn std::error::Error + Sync + Send>;

impl tokio_postgres::types::ToSql for Bound<'_> {
    fn to_sql(
        &self,
        ty: &tokio_postgres::types::Type,
        out: &mut tokio_util::bytes::BytesMut,
    ) -> Result<tokio_postgres::types::IsNull, PgFault> {
        use tokio_postgres::types::{IsNull, Type};
        match self {
            Bound::Null => Ok(IsNull::Yes),
            Bound::Text(text) => match *ty {
                Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => text.as_ref().to_sql(ty, out),
                _ => Err(format!("text given where {ty} is asked").into()),
            },
            Bound::Int(n) => match *ty {
                Type::INT8 => n.to_sql(ty, out),
                Type::INT4 => i32::try_from(*n)?.to_sql(ty, out),
                Type::INT2 => i16::try_from(*n)?.to_sql(ty, out),
                _ => Err(format!("bigint given where {ty} is asked").into()),
            },
            Bound::Bool(yes) if *ty == Type::BOOL => yes.to_sql(ty, out),
            Bound::Bytes(bytes) if *ty == Type::BYTEA => bytes.as_ref().to_sql(ty, out),
            Bound::Uuid(id) if *ty == Type::UUID => id.to_sql(ty, out),
            other => Err(format!("{other:?} given where {ty} is asked").into()),
        }
    }

    fn accepts(_: &tokio_postgres::types::Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

/// A column as PostgreSQL sends it.
struct PgCell<'a>(Cell<'a>);

impl<'a> tokio_postgres::types::FromSql<'a> for PgCell<'a> {
    fn from_sql(ty: &tokio_postgres::types::Type, raw: &'a [u8]) -> Result<Self, PgFault> {
        use tokio_postgres::types::Type;
        Ok(PgCell(match *ty {
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => Cell::Text(<&str>::from_sql(ty, raw)?),
            Type::INT8 => Cell::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Cell::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Cell::Int(i16::from_sql(ty, raw)?.into()),
            Type::BOOL => Cell::Bool(bool::from_sql(ty, raw)?),
            Type::BYTEA => Cell::Bytes(raw),
            Type::UUID => Cell::Uuid(Uuid::from_sql(ty, raw)?),
            Type::FLOAT8 => Cell::Real(f64::from_sql(ty, raw)?),
            Type::NUMERIC => Cell::Int(whole(raw)?),
            _ => return Err(format!("{ty} is none of our types: cast it").into()),
        }))
    }

    fn from_sql_null(_: &tokio_postgres::types::Type) -> Result<Self, PgFault> {
        Ok(PgCell(Cell::Null))
    }

    fn accepts(_: &tokio_postgres::types::Type) -> bool {
        true
    }
}

/// `sum(bigint)` is `numeric` to PostgreSQL: reads it when it is a whole number that fits.
fn whole(raw: &[u8]) -> Result<i64, PgFault> {
    let word = |at: usize| raw.get(at..at + 2).map(|b| u16::from_be_bytes([b[0], b[1]])).ok_or("short numeric");
    let (digits, weight, sign) = (word(0)?, i32::from(word(2)?.cast_signed()), word(4)?);
    if sign & 0xC000 == 0xC000 || i32::from(digits) > weight + 1 {
        return Err("numeric with a fraction: cast it".into());
    }
    let mut sum: i128 = 0;
    for at in 0..=weight.max(-1) {
        let at = usize::try_from(at)?;
        let digit = if at < usize::from(digits) { word(8 + 2 * at)? } else { 0 };
        sum = sum.checked_mul(10_000).and_then(|s| s.checked_add(digit.into())).ok_or("numeric too large")?;
    }
    Ok(i64::try_from(if sign == 0x4000 { -sum } else { sum })?)
}
