//! A small HTTP/1.1 client for load: one kept connection, no pool, no copies. It shares two cores with the server it measures,
//! so it must cost little.
use miette::{IntoDiagnostic, Result, miette};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One kept connection.
pub struct Line {
    stream: TcpStream,
    port: u16,
    buffer: Vec<u8>,
    filled: usize,
    /// Sent with every request: cookies, language.
    pub headers: String,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Header block, as received.
    pub head: String,
    /// Body, chunks put together.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|l| {
            let (n, v) = l.split_once(':')?;
            n.eq_ignore_ascii_case(name).then(|| v.trim())
        })
    }
}

impl Line {
    /// Opens a connection to 127.0.0.1.
    pub async fn open(port: u16) -> Result<Line> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.into_diagnostic()?;
        stream.set_nodelay(true).into_diagnostic()?;
        Ok(Line { stream, port, buffer: vec![0; 64 * 1024], filled: 0, headers: String::new() })
    }

    /// Reads a page.
    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        self.send("GET", path, "", &[]).await
    }

    /// Sends JSON; `key` makes it safe to send again.
    pub async fn post(&mut self, path: &str, key: Option<&str>, body: &serde_json::Value) -> Result<Answer> {
        let extra = match key {
            Some(key) => format!("content-type: application/json\r\nidempotency-key: {key}\r\n"),
            None => "content-type: application/json\r\n".to_owned(),
        };
        self.send("POST", path, &extra, &serde_json::to_vec(body).into_diagnostic()?).await
    }

    /// One request and its answer.
    pub async fn send(&mut self, method: &str, path: &str, extra: &str, body: &[u8]) -> Result<Answer> {
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\naccept: application/json\r\n{}{extra}content-length: {}\r\n\r\n",
            self.port,
            self.headers,
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        self.stream.write_all(&request).await.into_diagnostic()?;
        self.filled = 0;
        let end = loop {
            if let Some(at) = find(&self.buffer[..self.filled], b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        let head = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
        let status = head.get(9..12).and_then(|s| s.parse().ok()).ok_or_else(|| miette!("no status in {head:?}"))?;
        let mut answer = Answer { status, head, body: vec![] };
        if let Some(length) = answer.header("content-length").and_then(|l| l.parse::<usize>().ok()) {
            while self.filled < end + length {
                self.more().await?;
            }
            answer.body = self.buffer[end..end + length].to_vec();
        } else if answer.header("transfer-encoding").is_some() {
            let mut at = end;
            loop {
                let line = loop {
                    if let Some(n) = find(&self.buffer[at..self.filled], b"\r\n") {
                        break at + n;
                    }
                    self.more().await?;
                };
                let size =
                    std::str::from_utf8(&self.buffer[at..line]).ok().and_then(|s| usize::from_str_radix(s.trim(), 16).ok());
                let size = size.ok_or_else(|| miette!("a chunk without size"))?;
                while self.filled < line + 2 + size + 2 {
                    self.more().await?;
                }
                answer.body.extend_from_slice(&self.buffer[line + 2..line + 2 + size]);
                at = line + 2 + size + 2;
                if size == 0 {
                    break;
                }
            }
        }
        Ok(answer)
    }

    async fn more(&mut self) -> Result<()> {
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let n = self.stream.read(&mut self.buffer[self.filled..]).await.into_diagnostic()?;
        if n == 0 {
            return Err(miette!("the server hung up"));
        }
        self.filled += n;
        Ok(())
    }
}

fn find(text: &[u8], word: &[u8]) -> Option<usize> {
    text.windows(word.len()).position(|w| w == word)
}
