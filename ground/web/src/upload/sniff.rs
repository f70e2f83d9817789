//! What a file is, by its first and last bytes; its name is only a claim.

use super::FileFault;

const HEAD: usize = 8192;
const TAIL: usize = 2048;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// PDF.
    Pdf,
    /// JPEG picture.
    Jpeg,
    /// PNG picture.
    Png,
    /// A document or sheet of an office program, or an archive.
    Office,
    /// Anything else.
    Other,
}

impl Kind {
    /// How it is kept in the database.
    pub fn code(self) -> &'static str {
        match self {
            Kind::Pdf => "pdf",
            Kind::Jpeg => "jpeg",
            Kind::Png => "png",
            Kind::Office => "office",
            Kind::Other => "other",
        }
    }

    /// Reads it back.
    pub fn parse(text: &str) -> Option<Kind> {
        [Kind::Pdf, Kind::Jpeg, Kind::Png, Kind::Office, Kind::Other].into_iter().find(|k| k.code() == text)
    }

    /// The type it is sent with.
    pub fn mime(self) -> &'static str {
        match self {
            Kind::Pdf => "application/pdf",
            Kind::Jpeg => "image/jpeg",
            Kind::Png => "image/png",
            Kind::Office | Kind::Other => "application/octet-stream",
        }
    }

    /// What a file was that was kept with this type.
    pub fn of_mime(mime: &str) -> Kind {
        [Kind::Pdf, Kind::Jpeg, Kind::Png].into_iter().find(|k| k.mime() == mime).unwrap_or(Kind::Other)
    }

    /// Whether a browser shows it without running anything of it.
    pub fn can_be_shown(self) -> bool {
        matches!(self, Kind::Pdf | Kind::Jpeg | Kind::Png)
    }
}

/// Watches the bytes of a file go by.
#[derive(Debug, Default)]
pub struct Sniffer {
    head: Vec<u8>,
    tail: Vec<u8>,
}

impl Sniffer {
    /// Looks at the next piece.
    pub fn see(&mut self, piece: &[u8]) {
        let room = HEAD.saturating_sub(self.head.len()).min(piece.len());
        self.head.extend_from_slice(&piece[..room]);
        self.tail.extend_from_slice(&piece[piece.len().saturating_sub(TAIL)..]);
        let extra = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..extra);
    }

    /// Says what the file is, or why it is not what its extension claims.
    pub fn judge(&self, extension: &str) -> Result<Kind, FileFault> {
        let found = infer::get(&self.head).map(|t| t.mime_type());
        let disguised = || FileFault::Disguised { extension: extension.to_owned() };
        match extension {
            "pdf" => {
                // Some writers put a few bytes before the mark.
                let has_mark =
                    self.head.iter().take(1024).collect::<Vec<_>>().windows(5).any(|w| w.iter().map(|b| **b).eq(*b"%PDF-"));
                if !has_mark {
                    return Err(disguised());
                }
                let has_end = self.tail.windows(5).any(|w| w == b"%%EOF") || self.tail.windows(9).any(|w| w == b"startxref");
                if has_end { Ok(Kind::Pdf) } else { Err(FileFault::Cut) }
            }
            "jpg" | "jpeg" if found == Some("image/jpeg") => Ok(Kind::Jpeg),
            "png" if found == Some("image/png") => {
                if self.tail.windows(4).any(|w| w == b"IEND") {
                    Ok(Kind::Png)
                } else {
                    Err(FileFault::Cut)
                }
            }
            "jpg" | "jpeg" | "png" => Err(disguised()),
            // Office formats of today are zip archives; infer tells them apart only when the first entries lie in order.
            "docx" | "xlsx" | "odt" | "ods" | "zip" if self.head.starts_with(b"PK\x03\x04") => Ok(Kind::Office),
            "doc" | "xls" if self.head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) => Ok(Kind::Office),
            "docx" | "xlsx" | "odt" | "ods" | "zip" | "doc" | "xls" => Err(disguised()),
            _ if found.is_some_and(|m| m.contains("executable") || m.contains("x-mach") || m.contains("msdownload")) => {
                Err(disguised())
            }
            _ => Ok(Kind::Other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(bytes: &[u8], extension: &str) -> Result<Kind, FileFault> {
        let mut sniffer = Sniffer::default();
        for piece in bytes.chunks(7) {
            sniffer.see(piece);
        }
        sniffer.judge(extension)
    }

    #[test]
    fn a_file_is_what_its_bytes_say() {
        assert_eq!(judge(b"%PDF-1.7\n...\nstartxref\n12\n%%EOF\n", "pdf"), Ok(Kind::Pdf));
        assert_eq!(judge(b"%PDF-1.7\nhalf of it", "pdf"), Err(FileFault::Cut));
        assert_eq!(judge(b"MZ\x90\x00 a program", "pdf"), Err(FileFault::Disguised { extension: "pdf".into() }));
        assert_eq!(judge(b"<script>alert(1)</script>", "jpg"), Err(FileFault::Disguised { extension: "jpg".into() }));
        assert_eq!(judge(&[0xff, 0xd8, 0xff, 0xe0, 0, 16, b'J', b'F', b'I', b'F'], "jpeg"), Ok(Kind::Jpeg));
        assert_eq!(judge(b"PK\x03\x04 rest", "docx"), Ok(Kind::Office));
    }
}
