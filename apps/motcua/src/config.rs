//! Settings: defaults, then a file, then the environment; each value knows where it came from.
use crate::say::{self, Trouble, trouble};
use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use miette::Result;
use serde::{Deserialize, Serialize};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};
use web::{Words, words};

/// Everything that can be set. The names are those of `motcua.toml`; `MOTCUA_MAIL__HOST` is `mail.host`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The settings file named on the command line; not a setting itself.
    #[serde(skip)]
    pub file: Option<PathBuf>,
    /// Folder of the database and the files.
    pub data: PathBuf,
    /// PostgreSQL instead of the SQLite file in `data`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_url: Option<String>,
    /// Address to listen on.
    pub listen: IpAddr,
    /// Port to listen on.
    pub port: u16,
    /// Connections to PostgreSQL.
    pub database_connections: u32,
    /// What the province chooses for its pages. `address` is how people reach the server from outside; empty: the listening address.
    pub web: web::Settings,
    /// Outgoing mail.
    pub mail: notices::Mail,
    /// The log on standard error.
    pub log: Log,
}

/// The log.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// `text` or `json`.
    pub format: LogFormat,
    /// Filter, as `warn` or `info,store=debug`.
    pub level: String,
}

/// Form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            file: None,
            data: "./motcua-data".into(),
            database_url: None,
            listen: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 8080,
            database_connections: 16,
            web: web::Settings { address: String::new(), ..web::Settings::default() },
            mail: notices::Mail {
                host: String::new(),
                port: 25,
                tls: notices::Tls::Starttls,
                from: String::new(),
                user: String::new(),
                password: String::new(),
                ca_file: None,
            },
            log: Log { format: LogFormat::Text, level: "warn".into() },
        }
    }
}

/// One remark of `config check`.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The setting.
    pub setting: &'static str,
    /// What is wrong with it and what to do.
    pub message: Words,
    /// The server would not start.
    pub fatal: bool,
}

impl Config {
    /// Reads the settings.
    pub fn load(file: Option<&Path>) -> Result<Config> {
        let config: Config = Self::figment(file)?.extract().map_err(|e| unreadable(&e))?;
        Ok(Config { file: file.map(Path::to_owned), ..config })
    }

    /// The layers: defaults < file < environment.
    pub fn figment(file: Option<&Path>) -> Result<Figment> {
        let base = Figment::from(Serialized::defaults(Config::default()));
        let data = std::env::var_os("MOTCUA_DATA").map_or_else(|| Config::default().data, PathBuf::from);
        let beside = data.join("motcua.toml");
        let layered = match file.or_else(|| beside.is_file().then_some(beside.as_path())) {
            Some(file) => {
                sound(file)?;
                base.merge(Toml::file_exact(file))
            }
            None => base,
        };
        // Words of deployments everywhere (PORT, DATABASE_URL) and our own for everything.
        Ok(layered
            .merge(
                Env::raw()
                    .only(&["PORT", "DATABASE_URL"])
                    .filter(|k| std::env::var(k.as_str().to_uppercase()).is_ok_and(|v| !v.is_empty())),
            )
            .merge(Env::prefixed("MOTCUA_").ignore(&["config", "shared", "bin", "screens", "target", "lang"]).split("__")))
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        SocketAddr::new(self.listen, self.port)
    }

    /// The settings of pages, with the address filled in.
    pub fn web(&self) -> web::Settings {
        let address = match self.web.address.trim_end_matches('/') {
            "" => format!("http://{}", self.address()),
            set => set.to_owned(),
        };
        web::Settings { address, ..self.web.clone() }
    }

    /// What is wrong or unwise.
    pub fn findings(&self) -> Vec<Finding> {
        let mut found = vec![];
        let mut say = |setting, fatal, message: Words| found.push(Finding { setting, message, fatal });
        if let Some(url) = &self.database_url
            && !(url.starts_with("postgres://") || url.starts_with("postgresql://"))
        {
            say("database_url", true, words("bắt đầu bằng postgresql://; bỏ đi thì dùng SQLite trong thư mục dữ liệu"));
        }
        let address = &self.web.address;
        if address.is_empty() {
            if !self.listen.is_loopback() {
                say("web.address", false, words("chưa đặt: thư và mã QR sẽ ghi địa chỉ của máy này"));
            }
        } else if !(address.starts_with("https://") || address.starts_with("http://")) {
            say("web.address", true, words("bắt đầu bằng https://"));
        } else if address.starts_with("http://") && !self.listen.is_loopback() {
            say("web.address", false, words("không có TLS: dữ liệu cá nhân đi trên mạng không được che"));
        }
        if self.web.demo && !self.listen.is_loopback() {
            say(
                "web.demo",
                false,
                words("mở tài khoản với mật khẩu công khai; dùng thật thì công dân vào bằng định danh quốc gia"),
            );
        }
        if self.mail.host.is_empty() {
            say("mail.host", false, words("chưa đặt: công dân không nhận được thư điện tử"));
        } else if !self.mail.from.contains('@') {
            say("mail.from", true, words("phải là một địa chỉ thư"));
        }
        if self.mail.tls == notices::Tls::None && !self.mail.password.is_empty() {
            say("mail.tls", false, words("là none: mật khẩu thư đi trên mạng không được che"));
        }
        let token = &self.web.metrics_token;
        if !token.is_empty() && (token.len() < 16 || token.contains(char::is_whitespace)) {
            say("web.metrics_token", true, words("cần ít nhất 16 ký tự, không có dấu cách"));
        } else if !token.is_empty() && self.web.address.starts_with("http://") && !self.listen.is_loopback() {
            say("web.metrics_token", false, words("không có TLS: mã này đi trên mạng không được che"));
        }
        if !(1024 * 1024..=1024 * 1024 * 1024).contains(&self.web.max_file) {
            say("web.max_file", true, words("nằm giữa 1 MiB và 1 GiB, tính bằng byte"));
        }
        if !(2..=500).contains(&self.database_connections) {
            say("database_connections", true, words("nằm giữa 2 và 500"));
        }
        if let Err(e) = std::fs::create_dir_all(&self.data) {
            say("data", true, words("không tạo được {0}: {1}").with(self.data.display()).with(e));
        } else if !writable(&self.data) {
            say("data", true, words("không ghi được vào {0}").with(self.data.display()));
        }
        found
    }

    /// The settings as shown to people: no secret leaves.
    pub fn shown(&self) -> Config {
        let mut shown = self.clone();
        if !shown.mail.password.is_empty() {
            shown.mail.password = "(set)".into();
        }
        if !shown.web.metrics_token.is_empty() {
            shown.web.metrics_token = "(set)".into();
        }
        shown.database_url = shown.database_url.map(|url| without_password(&url));
        shown
    }
}

/// A database address without its password.
pub fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.split_once('@') {
        Some((user, host)) => format!("{scheme}://{}@{host}", user.split(':').next().unwrap_or_default()),
        None => url.to_owned(),
    }
}

fn writable(folder: &Path) -> bool {
    let probe = folder.join(".motcua-probe");
    let ok = std::fs::write(&probe, "").is_ok();
    let _ = std::fs::remove_file(probe);
    ok
}

/// All faults of all layers, each with its setting and where it comes from.
fn unreadable(error: &figment::Error) -> Trouble {
    let said = error.clone().into_iter().map(|e| say::say(fault(&e))).collect::<Vec<_>>().join(" ");
    trouble(words("Cấu hình có chỗ sai: {0} Chương trình chưa chạy.").with(said))
        .cure(words("Sửa trong motcua.toml hoặc biến môi trường; motcua config check cho biết mỗi giá trị lấy từ đâu."))
}

/// Whether a settings file can be read at all: its place in the file is lost once the layers are merged.
fn sound(file: &Path) -> Result<(), Trouble> {
    let text = std::fs::read_to_string(file).map_err(|e| say::unreadable(file, &e))?;
    let Err(wrong) = toml::from_str::<toml::Table>(&text) else { return Ok(()) };
    let line = wrong.span().map_or(1, |at| text[..at.start].matches('\n').count() + 1);
    Err(trouble(words("Dòng {0} của {1} không đúng dạng TOML. Chương trình chưa chạy.").with(line).with(file.display()))
        .cure(words("Mỗi dòng có dạng tên = giá trị, chữ đặt trong dấu nháy kép; nhóm có dạng [mail].")))
}

fn fault(error: &figment::Error) -> Words {
    use figment::error::Kind;
    let place = error.metadata.as_ref().map(|m| match &m.source {
        Some(figment::Source::File(path)) => path.display().to_string(),
        _ => m.name.to_string(),
    });
    let (name, place) = (error.path.join("."), place.unwrap_or_else(|| "motcua.toml".to_owned()));
    let place = if place.contains("environment") { say::say(words("biến môi trường")) } else { place };
    let typed =
        |actual: &figment::error::Actual| actual.to_string().rsplit(' ').next().unwrap_or_default().replace(['`', '"'], "");
    match &error.kind {
        Kind::UnknownField(field, _) => words("không có mục “{0}” ({1}).").with(field).with(place),
        Kind::MissingField(field) => words("thiếu mục “{0}”.").with(field),
        Kind::UnknownVariant(found, known) => words("“{0}” không dùng được cho {1}; chọn một trong: {2} ({3}).")
            .with(found)
            .with(name)
            .with(known.join(", "))
            .with(place),
        Kind::InvalidType(found, wanted) | Kind::InvalidValue(found, wanted) => {
            let numbers = ["u8", "u16", "u32", "u64", "i32", "i64", "usize"];
            let wanted = match wanted.to_string() {
                number if numbers.contains(&number.as_str()) => words("một số vừa phải"),
                other if other.contains("bool") => words("true hoặc false"),
                other => web::raw(other),
            };
            words("{0} là “{1}”, cần {2} ({3}).").with(name).with(typed(found)).with_words(wanted).with(place)
        }
        other => words("{0}: {1} ({2}).").with(name).with(other).with(place),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_password_is_never_shown() {
        assert_eq!(without_password("postgresql://an:secret@db/motcua"), "postgresql://an@db/motcua");
        assert_eq!(without_password("postgresql://db/motcua"), "postgresql://db/motcua");
    }

    #[test]
    fn the_defaults_are_for_one_machine_without_citizen_accounts() {
        let config = Config::default();
        assert!(config.listen.is_loopback());
        assert!(!config.web.demo, "local citizen accounts belong to the demo");
        assert!(!config.findings().iter().any(|f| f.fatal));
    }
}
