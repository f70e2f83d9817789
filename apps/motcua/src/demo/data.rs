//! The demo province as it lies in `data/`, embedded in the program.
use base::ProcedureCode;
use catalogue::package::Package;
use directory::Role;
use miette::{IntoDiagnostic, Result, WrapErr, miette};
use serde::Deserialize;

/// `data/` of the repository.
#[derive(rust_embed::RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../data"]
struct Data;

/// One text of `data/`.
pub fn text(path: &str) -> Result<String> {
    let file = Data::get(path).ok_or_else(|| miette!("data/{path} is not embedded"))?;
    String::from_utf8(file.data.into_owned()).into_diagnostic().wrap_err_with(|| format!("data/{path}"))
}

/// Every procedure package, with its form.
pub fn packages() -> Result<Vec<Package>> {
    let mut found = vec![];
    for path in Data::iter().filter(|p| p.starts_with("procedures/") && p.ends_with("/procedure.toml")) {
        let beside = |name: &str| {
            let file = path.replace("procedure.toml", name);
            Data::get(&file).map(|_| text(&file)).transpose()
        };
        let (form, english) = (beside("form.json")?, beside("en.toml")?);
        let package = catalogue::package::parse(&text(&path)?, form.as_deref(), english.as_deref())
            .map_err(|e| miette!("data/{path}: {e}"))?;
        found.push(package);
    }
    Ok(found)
}

/// One line of `demo/local-list.csv`.
#[derive(Debug, Deserialize)]
pub struct Listed {
    /// Procedure.
    pub code: ProcedureCode,
    /// Where it is received.
    pub received_at: String,
    /// For the reader.
    pub name: String,
}

/// The Chairman's list.
pub fn local_list() -> Result<Vec<Listed>> {
    let columns = [
        sheet::Column::required("code", &["code"]),
        sheet::Column::required("received_at", &["received_at"]),
        sheet::Column::required("name", &["name"]),
    ];
    let table = sheet::open(std::io::Cursor::new(text("demo/local-list.csv")?.into_bytes()), &columns, &sheet::Limits::default())
        .into_diagnostic()?;
    table
        .rows
        .map(|row| {
            let row = row.into_diagnostic()?;
            Ok(Listed {
                code: row.get("code").parse().into_diagnostic()?,
                received_at: row.get("received_at").to_owned(),
                name: row.get("name").to_owned(),
            })
        })
        .collect()
}

/// What communes receive most, offered at desks where nobody was received yet.
pub fn counter_picks() -> Result<Vec<String>> {
    Ok(text("demo/counter-picks.txt")?.lines().map(str::to_owned).collect())
}

/// A mark of what is embedded: changes when any file of `data/` does.
pub fn fingerprint() -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    let mut paths: Vec<_> = Data::iter().collect();
    paths.sort();
    for path in paths {
        if let Some(file) = Data::get(&path) {
            for byte in path.bytes().chain(file.metadata.sha256_hash()) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
            }
        }
    }
    format!("{hash:016x}")
}

/// People who work for the demo province.
#[derive(Debug, Deserialize)]
pub struct Officers {
    /// The shared password.
    pub password: String,
    /// The people.
    pub officer: Vec<Officer>,
}

/// One officer.
#[derive(Debug, Deserialize)]
pub struct Officer {
    /// Sign-in name.
    pub user: String,
    /// Full name.
    pub name: String,
    /// Telephone.
    #[serde(default)]
    pub phone: Option<String>,
    /// E-mail.
    #[serde(default)]
    pub email: Option<String>,
    /// The second post counts only while the first lasts (OS-04).
    #[serde(default)]
    pub seconded: bool,
    /// Posts.
    pub post: Vec<Post>,
}

/// One post.
#[derive(Debug, Deserialize)]
pub struct Post {
    /// Key of the unit.
    pub unit: String,
    /// Title.
    pub title: String,
    /// Roles.
    pub roles: Vec<String>,
}

impl Post {
    /// The roles, read.
    pub fn roles(&self) -> Result<Vec<Role>> {
        self.roles.iter().map(|r| r.parse().map_err(|e| miette!("{}: {e}", self.title))).collect()
    }
}

/// Invented citizens.
#[derive(Debug, Deserialize)]
pub struct Citizens {
    /// The shared password.
    pub password: String,
    /// The people.
    pub citizen: Vec<Citizen>,
}

/// One citizen.
#[derive(Debug, Deserialize)]
pub struct Citizen {
    /// Sign-in name.
    pub key: String,
    /// Full name, as typed.
    pub name: String,
    /// Telephone.
    #[serde(default)]
    pub phone: Option<String>,
    /// E-mail.
    #[serde(default)]
    pub email: Option<String>,
    /// Personal number.
    #[serde(default)]
    pub citizen_id: Option<String>,
    /// Has a local account.
    #[serde(default)]
    pub account: bool,
}

/// `demo/officers.toml`.
pub fn officers() -> Result<Officers> {
    toml::from_str(&text("demo/officers.toml")?).into_diagnostic().wrap_err("data/demo/officers.toml")
}

/// `demo/citizens.toml`.
pub fn citizens() -> Result<Citizens> {
    toml::from_str(&text("demo/citizens.toml")?).into_diagnostic().wrap_err("data/demo/citizens.toml")
}
