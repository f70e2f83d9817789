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
}

impl MailServer {
    /// Starts one, or says that it is not installed: then the test is skipped with that message.
    pub async fn start() -> Option<MailServer> {
        let python = "/usr/bin/python3";
        let known = Command::new(python).args(["-c", "import aiosmtpd"]).stderr(Stdio::null()).status();
        if !known.is_ok_and(|s| s.success()) {
            eprintln!("skipped: the mail server is not installed (package python3-aiosmtpd; `make tools`)");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let port = crate::free_port();
        let child = Command::new(python)
            .args(["-m", "aiosmtpd", "-n", "-l", &format!("127.0.0.1:{port}"), "-c", "aiosmtpd.handlers.Mailbox"])
            .arg(folder.path().join("mail"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = MailServer { child, folder, port };
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
