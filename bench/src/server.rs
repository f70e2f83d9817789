//! The real program under test: started as a province would start it, killed as a power cut would.
use crate::http::Line;
use miette::{IntoDiagnostic, Result, WrapErr, miette};
use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A running server.
pub struct Server {
    child: Child,
    /// Its port on 127.0.0.1.
    pub port: u16,
}

/// Where and on what it runs.
#[derive(Clone)]
pub struct Place {
    /// The program.
    pub program: PathBuf,
    /// Data folder.
    pub data: PathBuf,
    /// PostgreSQL, or SQLite in the data folder.
    pub url: Option<String>,
}

impl Place {
    fn command(&self, words: &[&str], port: u16) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words).env("MOTCUA_DATA", &self.data).env("PORT", port.to_string()).env_remove("DATABASE_URL");
        // Accounts with published passwords, for the load to sign in with.
        command.env("MOTCUA_WEB__DEMO", "true").stdin(Stdio::null()).stdout(Stdio::null());
        if let Some(url) = &self.url {
            command.env("DATABASE_URL", url);
        }
        command
    }

    /// Loads the demo province and ends.
    pub fn load(&self) -> Result<()> {
        let out = self.command(&["demo", "--once"], testkit::free_port()).output().into_diagnostic()?;
        if out.status.success() { Ok(()) } else { Err(miette!("demo: {}", String::from_utf8_lossy(&out.stderr))) }
    }

    /// What the store opens.
    pub fn target(&self) -> store::Target {
        match &self.url {
            Some(url) => store::Target::Postgres(url.clone()),
            None => store::Target::Sqlite(self.data.join("motcua.db")),
        }
    }

    /// Starts the server and waits until it answers.
    pub async fn serve(&self) -> Result<Server> {
        let port = testkit::free_port();
        let child = self.command(&["serve"], port).spawn().into_diagnostic().wrap_err("the server did not start")?;
        let mut server = Server { child, port };
        let until = Instant::now() + Duration::from_secs(30);
        while Instant::now() < until {
            if let Ok(mut line) = Line::open(port).await
                && line.get("/health").await.is_ok_and(|a| a.status == 200)
            {
                return Ok(server);
            }
            if let Some(status) = server.child.try_wait().into_diagnostic()? {
                return Err(miette!("the server ended: {status}"));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(miette!("the server does not answer"))
    }
}

impl Server {
    /// `kill -9`.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Resident memory, in megabytes.
    pub fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let kilobytes = status.lines().find_map(|l| l.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
        kilobytes.unwrap_or(f64::NAN) / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The program in this build's own folder.
pub fn program() -> Result<PathBuf> {
    let here = std::env::current_exe().into_diagnostic()?;
    let program = here.parent().unwrap_or(Path::new(".")).join("motcua");
    if program.is_file() { Ok(program) } else { Err(miette!("{} is not built", program.display())) }
}

/// Signs in through the page and answers the token that programs use.
pub async fn token(port: u16, door: &str, login: &str, password: &str) -> Result<String> {
    let mut line = Line::open(port).await?;
    let page = line.send("GET", door, "accept-language: vi\r\n", &[]).await?;
    let cookie = page.header("set-cookie").and_then(|c| c.split(';').next()).unwrap_or_default().to_owned();
    let text = page.text();
    let csrf = text.split("name=\"csrf\" value=\"").nth(1).and_then(|t| t.split('"').next()).unwrap_or_default().to_owned();
    line.headers = format!("cookie: {cookie}\r\n");
    let body = format!("csrf={csrf}&next=&ten={login}&mat-khau={password}");
    let answer = line.send("POST", door, "content-type: application/x-www-form-urlencoded\r\n", body.as_bytes()).await?;
    let cookies = answer.head.lines().filter_map(|l| l.strip_prefix("set-cookie: "));
    let session = cookies.filter_map(|c| c.split(';').next()).find(|c| c.starts_with("motcua=") || c.starts_with("motcua-cb="));
    match session.and_then(|c| c.split_once('=')) {
        Some((_, token)) if answer.status == 303 => Ok(token.to_owned()),
        _ => Err(miette!("{login} could not sign in: {}", answer.status)),
    }
}

/// A connection that acts for somebody.
pub async fn line_of(port: u16, token: &str) -> Result<Line> {
    let mut line = Line::open(port).await?;
    line.headers = format!("authorization: Bearer {token}\r\n");
    Ok(line)
}
