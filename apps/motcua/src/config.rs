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
    /// Codes of procedures that desks offer by a digit while they have no history of their own.
    pub counter_picks: Vec<String>,
    /// Filings that one citizen, or one business, may have begun and not sent.
    pub citizen_drafts: u32,
    /// What the province chooses for its pages. `address` is how people reach the server from outside; empty: the listening address.
    pub web: web::Settings,
    /// Outgoing mail.
    pub mail: notices::Mail,
    /// Evidence and its stamps.
    pub audit: audit::Settings,
    /// Signing in: secrets at providers of identities, and the lines to them.
    pub sign_in: directory::SignInSettings,
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
            counter_picks: vec![],
            citizen_drafts: onestop::service::MostDrafts::default().0,
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
            audit: audit::Settings::default(),
            sign_in: directory::SignInSettings::default(),
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

    /// The settings of signing in, with the folder of secrets filled in.
    pub fn sign_in(&self) -> directory::SignInSettings {
        let folder = self.sign_in.secrets_folder.clone().unwrap_or_else(|| self.data.join("secrets"));
        directory::SignInSettings { secrets_folder: Some(folder), ..self.sign_in.clone() }
    }

    /// What is wrong or unwise.
    pub fn findings(&self) -> Vec<Finding> {
        let mut found = vec![];
        let mut say = |setting, fatal, message: Words| found.push(Finding { setting, message, fatal });
        // What is published may be weak: the demo's people are invented, and their passwords stand in the source.
        let strict = !self.web.demo;
        if let Some(url) = &self.database_url {
            let place = Place::of(url);
            if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
                say("database_url", true, words("bắt đầu bằng postgresql://; bỏ đi thì dùng SQLite trong thư mục dữ liệu"));
            } else if !place.is_here && !place.is_verified {
                say("database_url", strict, words("ở máy khác mà đường truyền không được kiểm chứng: thêm sslmode=verify-full"));
            }
            if let Some(why) = place.password.as_deref().and_then(weak) {
                say("database_url", strict, why);
            }
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
        if let Some(why) = Some(&self.mail.password).filter(|p| !p.is_empty()).and_then(|p| weak(p)) {
            say("mail.password", strict, why);
        }
        for origin in &self.web.allowed_origins {
            if !is_origin(origin) {
                say(
                    "web.allowed_origins",
                    true,
                    words("mỗi mục có dạng https://máy-chủ, không có đường dẫn hay dấu *: “{0}”").with(origin),
                );
            }
        }
        let contacts = &self.web.security_contacts;
        if contacts.is_empty() && !self.listen.is_loopback() {
            say("web.security_contacts", false, words("chưa đặt: người phát hiện lỗ hổng không biết báo cho ai"));
        } else if !contacts.iter().all(|to| to.starts_with("mailto:") || to.starts_with("https://") || to.starts_with("tel:")) {
            say("web.security_contacts", true, words("mỗi mục bắt đầu bằng mailto:, https:// hoặc tel:"));
        }
        if let Err(e) = audit::service::stamp::Authority::of(&self.audit) {
            say("audit", true, words("chưa dùng được: {0}").with(e));
        } else if self.audit.tsa.is_empty() && !self.web.demo {
            say("audit.tsa", false, words("chưa đặt: bảng kê hằng ngày không có dấu thời gian của bên ngoài"));
        }
        let token = &self.web.metrics_token;
        if !token.is_empty() && (token.len() < 16 || token.contains(char::is_whitespace)) {
            say("web.metrics_token", true, words("cần ít nhất 16 ký tự, không có dấu cách"));
        } else if let Some(why) = Some(token).filter(|t| !t.is_empty()).and_then(|t| weak(t)) {
            say("web.metrics_token", strict, why);
        } else if !token.is_empty() && self.web.address.starts_with("http://") && !self.listen.is_loopback() {
            say("web.metrics_token", false, words("không có TLS: mã này đi trên mạng không được che"));
        }
        if let Some(why) = self.sign_in.client_secrets.values().filter(|s| !s.is_empty()).find_map(|s| weak(s)) {
            say("sign_in.client_secrets", strict, why);
        }
        for (setting, file) in
            [("sign_in.ca_file", &self.sign_in.ca_file), ("sign_in.secrets_folder", &self.sign_in.secrets_folder)]
        {
            if let Some(file) = file.as_ref().filter(|file| !file.exists()) {
                say(setting, true, words("không có: {0}").with(file.display()));
            }
        }
        if !(1..=25).contains(&self.sign_in.provider_seconds) {
            say("sign_in.provider_seconds", true, words("nằm giữa 1 và 25"));
        }
        if !(1024 * 1024..=1024 * 1024 * 1024).contains(&self.web.max_file) {
            say("web.max_file", true, words("nằm giữa 1 MiB và 1 GiB, tính bằng byte"));
        }
        if !(2..=500).contains(&self.database_connections) {
            say("database_connections", true, words("nằm giữa 2 và 500"));
        }
        if !(1..=500).contains(&self.citizen_drafts) {
            say("citizen_drafts", true, words("nằm giữa 1 và 500"));
        }
        if let Some(wrong) = self.counter_picks.iter().find(|code| code.parse::<base::ProcedureCode>().is_err()) {
            say("counter_picks", true, words("mỗi mục là một mã thủ tục như 1.001193: “{0}”").with(wrong));
        }
        if let Err(e) = crate::house::make_private(&self.data) {
            say("data", true, words("không tạo được {0}: {1}").with(self.data.display()).with(e));
        } else if !writable(&self.data) {
            say("data", true, words("không ghi được vào {0}").with(self.data.display()));
        } else if crate::house::is_open_to_others(&self.data) {
            say("data", false, words("người khác trên máy này mở được: chạy chmod 700 {0}").with(self.data.display()));
        }
        found
    }

    /// Refuses to serve with settings that cannot be meant: all that is wrong at once.
    pub fn sound(&self) -> Result<(), Trouble> {
        let found = self.findings();
        let fatal = found.iter().filter(|f| f.fatal).map(|f| {
            let said = words("{0} {1}.").with(f.setting).with_words(f.message.clone());
            say::say(said)
        });
        let all = fatal.collect::<Vec<_>>().join(" ");
        if all.is_empty() {
            return Ok(());
        }
        Err(trouble(words("Cấu hình có chỗ sai: {0} Chương trình chưa chạy.").with(all))
            .cure(words("Sửa trong motcua.toml hoặc biến môi trường; motcua config check cho biết mỗi giá trị lấy từ đâu.")))
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
        for secret in shown.sign_in.client_secrets.values_mut() {
            *secret = "(set)".into();
        }
        shown.database_url = shown.database_url.map(|url| without_password(&url));
        shown
    }
}

/// Letters of a secret that is an example in some manual.
const EXAMPLES: [&str; 18] = [
    "admin",
    "changeme",
    "changethis",
    "default",
    "demo",
    "example",
    "letmein",
    "matkhau",
    "motcua",
    "password",
    "postgres",
    "postgrespassword",
    "qwerty",
    "root",
    "secret",
    "secretpassword",
    "test",
    "vidu",
];
/// The shortest secret.
const SHORTEST: usize = 12;

/// Why a secret protects nothing: too short, or an example whatever stands around its letters.
fn weak(secret: &str) -> Option<Words> {
    let letters: String = secret.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase();
    if EXAMPLES.contains(&letters.as_str()) {
        return Some(words("dùng mật khẩu mẫu ai cũng biết: đặt mật khẩu riêng"));
    }
    (secret.chars().count() < SHORTEST).then(|| words("dùng mật khẩu quá ngắn: cần ít nhất {0} ký tự").with(SHORTEST))
}

/// `https://host` or `https://host:port`, and nothing behind.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").unwrap_or_default();
    !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b))
}

/// What the address of a database says about the way to it.
struct Place {
    /// On this machine: by its socket or its own network.
    is_here: bool,
    /// Over TLS, verified.
    is_verified: bool,
    password: Option<String>,
}

impl Place {
    fn of(url: &str) -> Place {
        let rest = url.split_once("://").map_or("", |(_, rest)| rest);
        let (before, options) = rest.split_once('?').unwrap_or((rest, ""));
        let (login, place) = before.rsplit_once('@').unwrap_or(("", before));
        let host = place.split('/').next().unwrap_or_default();
        let host = match host.strip_prefix('[').and_then(|h| h.split_once(']')) {
            Some((v6, _)) => v6,
            None => host.split(':').next().unwrap_or_default(),
        };
        let option = |name: &str| options.split('&').find_map(|o| o.strip_prefix(name)?.strip_prefix('=')).unwrap_or_default();
        let host = if host.is_empty() { option("host") } else { host };
        let is_here = matches!(host, "" | "localhost")
            || host.starts_with('/')
            || host.to_ascii_lowercase().starts_with("%2f")
            || host.parse::<IpAddr>().is_ok_and(|at| at.to_canonical().is_loopback());
        let is_verified = matches!(option("sslmode"), "require" | "verify-ca" | "verify-full");
        let password = login.split_once(':').map(|(_, password)| password).or_else(|| Some(option("password")));
        Place { is_here, is_verified, password: password.filter(|p| !p.is_empty()).map(str::to_owned) }
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

    fn fatal(change: impl Fn(&mut Config)) -> Vec<&'static str> {
        let mut config = Config::default();
        change(&mut config);
        config.findings().iter().filter(|f| f.fatal).map(|f| f.setting).collect()
    }

    #[test]
    fn example_and_short_secrets_keep_the_server_from_starting_outside_the_demo_se_14() {
        let bad = ["x", "changeme", "Change-Me-2026!", "password1234567890", "mat-khau-123456", "secret", "ngắn quá"];
        for secret in bad {
            let url = Some(format!("postgresql://an:{secret}@localhost/motcua"));
            assert_eq!(fatal(|c| c.database_url = url.clone()), ["database_url"], "{secret}");
            assert_eq!(fatal(|c| c.mail.password = secret.into()), ["mail.password"], "{secret}");
            assert_eq!(fatal(|c| c.web.metrics_token = secret.into()), ["web.metrics_token"], "{secret}");
            let given = |c: &mut Config| drop(c.sign_in.client_secrets.insert("vneid".into(), secret.into()));
            assert_eq!(fatal(given), ["sign_in.client_secrets"], "{secret}");
            assert!(fatal(|c| (c.web.demo, c.mail.password) = (true, secret.into())).is_empty(), "{secret} in the demo");
        }
        for secret in ["vịt trời bay qua rạch", "kBp7vq2Z9xTmw4Lc", "correct horse battery staple"] {
            assert!(fatal(|c| c.mail.password = secret.into()).is_empty(), "{secret}");
        }
        assert!(fatal(|c| c.web.metrics_token = "kBp7vq2Z9xTmw4Lc".into()).is_empty());
    }

    #[test]
    fn a_line_to_a_database_elsewhere_is_verified_or_the_server_does_not_start_se_14() {
        let url = |url: &str| {
            let url = Some(url.to_owned());
            fatal(move |c| c.database_url = url.clone())
        };
        for here in [
            "postgresql:///motcua?host=/run/postgresql",
            "postgresql://%2Frun%2Fpostgresql/motcua",
            "postgresql://localhost/motcua",
            "postgres://postgres@127.0.0.1:5432/motcua",
            "postgresql://[::1]:5432/motcua",
        ] {
            assert!(url(here).is_empty(), "{here}");
        }
        for open in [
            "postgresql://db/motcua",
            "postgresql://10.0.0.7/motcua?sslmode=disable",
            "postgresql://[2001:db8::7]/motcua?sslmode=prefer",
        ] {
            assert_eq!(url(open), ["database_url"], "{open}");
        }
        for verified in ["postgresql://db/motcua?sslmode=verify-full", "postgresql://[2001:db8::7]:5433/motcua?sslmode=require"] {
            assert!(url(verified).is_empty(), "{verified}");
        }
    }

    #[test]
    fn other_sites_are_named_one_by_one_and_reports_of_holes_reach_somebody_se_14() {
        let origins = |list: &[&str]| {
            let list: Vec<String> = list.iter().map(|o| (*o).to_owned()).collect();
            fatal(move |c| c.web.allowed_origins = list.clone())
        };
        assert!(origins(&[]).is_empty() && origins(&["https://dichvucong.example", "https://a.example:8443"]).is_empty());
        for bad in ["*", "https://*.example", "http://a.example", "https://a.example/", "https://", "null"] {
            assert_eq!(origins(&[bad]), ["web.allowed_origins"], "{bad}");
        }
        let contact = |to: &str| {
            let to = vec![to.to_owned()];
            fatal(move |c| c.web.security_contacts = to.clone())
        };
        assert!(contact("mailto:an-ninh@motcua.example").is_empty());
        assert_eq!(contact("an-ninh@motcua.example"), ["web.security_contacts"]);
    }

    #[test]
    fn the_defaults_are_for_one_machine_without_citizen_accounts() {
        let config = Config::default();
        assert!(config.listen.is_loopback());
        assert!(!config.web.demo, "local citizen accounts belong to the demo");
        assert!(!config.findings().iter().any(|f| f.fatal));
    }
}
