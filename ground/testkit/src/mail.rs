//! A real SMTP server (Debian's aiosmtpd) that keeps every message it accepts.
use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// A running mail server.
pub struct MailServer {
    child: Child,
    folder: tempfile::TempDir,
    /// Port on 127.0.0.1.
    pub port: u16,
    secured: bool,
}

impl MailServer {
    /// Starts one, or says that it is not installed: then the test is skipped with that message.
    pub async fn start() -> Option<MailServer> {
        MailServer::start_as(false).await
    }

    /// One that insists on STARTTLS with a certificate of its own for `localhost`.
    pub async fn start_tls() -> Option<MailServer> {
        MailServer::start_as(true).await
    }

    async fn start_as(secured: bool) -> Option<MailServer> {
        let python = "/usr/bin/python3";
        let known = Command::new(python).args(["-c", "import aiosmtpd"]).stderr(Stdio::null()).status();
        if !known.is_ok_and(|s| s.success()) {
            eprintln!("skipped: the mail server is not installed (package python3-aiosmtpd; `make tools`)");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let port = crate::free_port();
        let mut command = Command::new(python);
        command.args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}"), "-c", "aiosmtpd.handlers.Mailbox"]);
        if secured {
            make_certificate(folder.path());
            // options stand before the handler's own argument
            command.arg("--tlscert").arg(folder.path().join("cert.pem")).arg("--tlskey").arg(folder.path().join("key.pem"));
        }
        let child = command
            .arg(folder.path().join("mail"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = MailServer { child, folder, port, secured };
        for _ in 0..200 {
            if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return Some(server);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the mail server did not start");
    }

    /// Waits until `n` messages have come, at most ten seconds, and returns their sources.
    pub async fn messages(&self, n: usize) -> Vec<String> {
        for _ in 0..200 {
            let found = self.files();
            if found.len() >= n {
                return found.iter().map(|f| std::fs::read_to_string(f).unwrap()).collect();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} of {n} messages came", self.files().len());
    }

    /// The server's own certificate, when it has one.
    pub fn certificate(&self) -> Option<PathBuf> {
        self.secured.then(|| self.folder.path().join("cert.pem"))
    }

    /// How many messages have come so far.
    pub fn files_count(&self) -> usize {
        self.files().len()
    }

    fn files(&self) -> Vec<PathBuf> {
        let new = self.folder.path().join("mail/new");
        let mut files: Vec<_> = std::fs::read_dir(new).into_iter().flatten().flatten().map(|f| f.path()).collect();
        files.sort();
        files
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A self-signed certificate for `localhost`, made by openssl.
fn make_certificate(folder: &std::path::Path) {
    let done = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(folder.join("key.pem"))
        .arg("-out")
        .arg(folder.join("cert.pem"))
        .stderr(Stdio::null())
        .status();
    assert!(done.is_ok_and(|s| s.success()), "openssl is needed for a certificate");
}
