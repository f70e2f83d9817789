//! A real time-stamping authority for tests: `openssl ts` over certificates made for the test.
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Kinds of keys an authority may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA, 2048 bits.
    Rsa,
    /// Elliptic curve P-256.
    P256,
    /// Elliptic curve P-384.
    P384,
}

/// An authority with its own root; files in a folder that vanishes with it.
#[derive(Debug)]
pub struct Tsa {
    folder: tempfile::TempDir,
}

/// Runs openssl in a folder and wants it to succeed.
#[track_caller]
pub fn openssl(folder: &Path, args: &[&str]) -> Output {
    let out =
        Command::new("openssl").current_dir(folder).args(args).output().expect("openssl is not installed: scripts/prepare test");
    assert!(out.status.success(), "openssl {}:\n{}", args.join(" "), String::from_utf8_lossy(&out.stderr));
    out
}

impl Tsa {
    /// An authority with a key of this kind, chained over an intermediate certificate.
    pub fn of(kind: KeyKind) -> Tsa {
        let folder = tempfile::tempdir_in(crate::memory_folder()).unwrap();
        let tsa = Tsa { folder };
        tsa.authority("root", None);
        tsa.authority("middle", Some("root"));
        tsa.certificate("tsa", "middle", kind, "critical,timeStamping", 3650);
        let chain = ["middle.pem", "root.pem"].map(|f| std::fs::read_to_string(tsa.path(f)).unwrap()).join("");
        std::fs::write(tsa.path("chain.pem"), chain).unwrap();
        tsa.configure("sha256", "sha256");
        tsa
    }

    /// The usual one.
    pub fn new() -> Tsa {
        Tsa::of(KeyKind::P256)
    }

    /// A file of the authority.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The root, PEM.
    pub fn root(&self) -> Vec<u8> {
        std::fs::read(self.path("root.pem")).unwrap()
    }

    /// Writes how it answers: digest of the signature, and digest by which it names its certificate.
    pub fn configure(&self, signs: &str, names: &str) {
        let text = format!(
            "[tsa]\ndefault_tsa = one\n[one]\nserial = serial\ncrypto_device = builtin\nsigner_cert = tsa.pem\ncerts = chain.pem\n\
             signer_key = tsa.key\nsigner_digest = {signs}\ndefault_policy = 1.3.6.1.4.1.99999.1\nother_policies = 1.3.6.1.4.1.99999.2\n\
             digests = sha256, sha384, sha512\naccuracy = secs:1, millisecs:500\nclock_precision_digits = 6\nordering = no\ntsa_name = yes\n\
             ess_cert_id_chain = no\ness_cert_id_alg = {names}\n"
        );
        std::fs::write(self.path("tsa.cnf"), text).unwrap();
        if !self.path("serial").exists() {
            std::fs::write(self.path("serial"), "01\n").unwrap();
        }
    }

    /// Makes a certificate authority, its own root or below another.
    pub fn authority(&self, name: &str, below: Option<&str>) {
        self.key(name, KeyKind::P256);
        self.issue(name, below.unwrap_or(name), "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign", 7300);
    }

    /// Makes a certificate for a signer with this extended key usage (empty: none).
    pub fn certificate(&self, name: &str, below: &str, kind: KeyKind, usage: &str, days: i32) {
        self.key(name, kind);
        let usage = if usage.is_empty() { String::new() } else { format!("\nextendedKeyUsage={usage}") };
        self.issue(name, below, &format!("basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature{usage}"), days);
    }

    /// A server of this machine that speaks TLS, under a certificate of this authority for `localhost`, and nothing sensible after that; for as
    /// long as what it answers lives.
    pub fn speaks_tls(&self) -> TlsServer {
        self.key("server", KeyKind::P256);
        let usage = "extendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost";
        self.issue("server", "root", &format!("basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\n{usage}"), 30);
        let port = crate::free_port();
        let at = format!("127.0.0.1:{port}");
        let mut command = Command::new("openssl");
        command.current_dir(self.folder()).args([
            "s_server",
            "-quiet",
            "-rev",
            "-cert",
            "server.pem",
            "-key",
            "server.key",
            "-accept",
            &at,
        ]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let server = TlsServer { child, port };
        let up = (0..200).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            std::net::TcpStream::connect(&at).is_ok()
        });
        assert!(up, "openssl s_server did not come up");
        server
    }

    fn key(&self, name: &str, kind: KeyKind) {
        let file = format!("{name}.key");
        let how: &[&str] = match kind {
            KeyKind::Rsa => &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
            KeyKind::P256 => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
            KeyKind::P384 => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
        };
        openssl(self.folder(), &[&["genpkey", "-out", &file], how].concat());
    }

    fn issue(&self, name: &str, below: &str, extensions: &str, days: i32) {
        let (key, csr, pem, ext) = (format!("{name}.key"), format!("{name}.csr"), format!("{name}.pem"), format!("{name}.ext"));
        std::fs::write(self.path(&ext), format!("subjectKeyIdentifier=hash\n{extensions}\n")).unwrap();
        let subject = format!("/C=VN/O=Motcua/CN=Thử {name}");
        openssl(self.folder(), &["req", "-new", "-utf8", "-key", &key, "-subj", &subject, "-out", &csr]);
        let days = days.to_string();
        let mut args = vec!["x509", "-req", "-in", &csr, "-out", &pem, "-extfile", &ext, "-days", &days];
        let (ca, ca_key) = (format!("{below}.pem"), format!("{below}.key"));
        if below == name {
            args.extend(["-signkey", &key]);
        } else {
            args.extend(["-CA", &ca, "-CAkey", &ca_key, "-CAcreateserial"]);
        }
        openssl(self.folder(), &args);
    }

    /// Answers a request.
    pub fn reply(&self, request: &[u8]) -> Vec<u8> {
        std::fs::write(self.path("query"), request).unwrap();
        openssl(self.folder(), &["ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply"]);
        std::fs::read(self.path("reply")).unwrap()
    }

    /// Answers over HTTP on a port of its own, for as long as the runtime lives; the address.
    pub async fn serve(self: &Arc<Self>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/tsa", listener.local_addr().unwrap());
        let tsa = self.clone();
        tokio::spawn(async move {
            while let Ok((mut line, _)) = listener.accept().await {
                let mut asked = Vec::new();
                let mut piece = [0; 4096];
                // one request a connection: head, then as many bytes as it says
                let body = loop {
                    let n = line.read(&mut piece).await.unwrap_or(0);
                    asked.extend_from_slice(&piece[..n]);
                    if let Some(end) = asked.windows(4).position(|w| w == b"\r\n\r\n") {
                        let head = String::from_utf8_lossy(&asked[..end]).to_lowercase();
                        let length: usize =
                            head.lines().find_map(|l| l.strip_prefix("content-length:")?.trim().parse().ok()).unwrap_or(0);
                        if asked.len() >= end + 4 + length {
                            break asked.split_off(end + 4);
                        }
                    }
                    if n == 0 {
                        break Vec::new();
                    }
                };
                if body.is_empty() {
                    continue; // somebody who hung up
                }
                let answer = tsa.reply(&body);
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/timestamp-reply\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    answer.len()
                );
                // who does not wait for the answer finds out by itself
                let _ = line.write_all(&[head.as_bytes(), &answer].concat()).await;
            }
        });
        address
    }
}

/// A server that speaks TLS.
pub struct TlsServer {
    child: Child,
    /// Where.
    pub port: u16,
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Default for Tsa {
    fn default() -> Self {
        Tsa::new()
    }
}
