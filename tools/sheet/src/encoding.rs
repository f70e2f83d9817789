//! Bytes to lines of text: UTF-8 with or without mark, UTF-16 with mark or recognised by its zero bytes. Other encodings are
//! never converted by guess: a wrong guess would put wrong names into the register.

use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use crate::{Error, Guess, Reason};

/// How the file writes Unicode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Utf8,
    Utf16 { big: bool },
}

impl Form {
    fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 { big: false } => "UTF-16LE",
            Self::Utf16 { big: true } => "UTF-16BE",
        }
    }

    /// From the first bytes: the form and the length of its mark.
    fn of(start: &[u8]) -> (Self, usize) {
        match start {
            [0xEF, 0xBB, 0xBF, ..] => (Self::Utf8, 3),
            [0xFF, 0xFE, ..] => (Self::Utf16 { big: false }, 2),
            [0xFE, 0xFF, ..] => (Self::Utf16 { big: true }, 2),
            _ => {
                // Separators, digits and line ends make every other byte zero in UTF-16.
                let zeros = |offset: usize| start.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
                let (even, odd) = (zeros(0), zeros(1));
                let enough = start.len() / 8;
                match (even, odd) {
                    (0, odd) if start.len() >= 4 && odd > enough => (Self::Utf16 { big: false }, 0),
                    (even, 0) if start.len() >= 4 && even > enough => (Self::Utf16 { big: true }, 0),
                    _ => (Self::Utf8, 0),
                }
            }
        }
    }
}

/// One physical line, with its end (`\n`, `\r\n` or `\r`) as long as the file has one.
#[derive(Debug)]
pub(crate) struct TextLine {
    pub number: u64,
    pub text: Result<String, Reason>,
}

/// The lines of a text file.
pub(crate) struct Lines<R> {
    raw: BufReader<R>,
    form: Form,
    /// Bytes taken from the file.
    position: u64,
    number: u64,
    limit: usize,
    guess: Guess,
    /// A UTF-16 unit read too far, after a lone `\r`.
    ahead: Option<Unit>,
}

#[derive(Clone, Copy)]
enum Unit {
    Whole([u8; 2]),
    Half(u8),
}

/// What a line was made of before it is checked.
struct RawLine {
    bytes: Vec<u8>,
    start: u64,
    too_long: bool,
}

impl<R: Read + Seek> Lines<R> {
    /// Looks at the first bytes. Lines longer than `limit` bytes become errors and are skipped.
    pub fn new(mut source: R, limit: usize) -> Result<Self, Error> {
        let mut start = Vec::new();
        source.seek(SeekFrom::Start(0))?;
        source.by_ref().take(4096).read_to_end(&mut start)?;
        let (form, mark) = Form::of(&start);
        source.seek(SeekFrom::Start(mark as u64))?;
        Ok(Self {
            raw: BufReader::with_capacity(64 << 10, source),
            form,
            position: mark as u64,
            number: 0,
            limit,
            guess: Guess::Unknown,
            ahead: None,
        })
    }

    /// Reads the whole file once. A file of which half the lines, and more than are good beyond ASCII, are not Unicode has another
    /// encoding and is refused as a whole; single broken lines are left to be reported one by one.
    pub fn surveyed(mut self) -> Result<Self, Error> {
        let start = self.position;
        let (mut all, mut good, mut bad) = (0u64, 0u64, 0u64);
        let mut first: Option<Error> = None;
        let mut signs = Signs::default();
        while let Some(line) = self.raw_line()? {
            all += u64::from(!line.bytes.trim_ascii().is_empty());
            if self.form == Form::Utf8 && !line.too_long && std::str::from_utf8(&line.bytes).is_err() {
                bad += 1;
                signs.count(&line.bytes);
            } else if !line.bytes.is_ascii() {
                good += 1;
            }
            if first.is_none()
                && let Err(reason) = self.decoded(line)
            {
                first = Some(Error::at(self.number, reason));
            }
        }
        self.guess = signs.guess();
        if bad > good
            && bad * 2 >= all
            && let Some(mut error) = first
        {
            if let Reason::NotUnicode { guess, .. } = &mut error.reason {
                *guess = self.guess;
            }
            return Err(error);
        }
        self.raw.seek(SeekFrom::Start(start))?;
        self.position = start;
        self.number = 0;
        self.ahead = None;
        Ok(self)
    }

    /// The next line; none at the end.
    pub fn next_line(&mut self) -> Result<Option<TextLine>, Error> {
        let Some(raw) = self.raw_line()? else { return Ok(None) };
        Ok(Some(TextLine { number: self.number, text: self.decoded(raw) }))
    }

    fn raw_line(&mut self) -> Result<Option<RawLine>, Error> {
        let start = self.position;
        let mut line = RawLine { bytes: Vec::new(), start, too_long: false };
        let ended = match self.form {
            Form::Utf8 => self.line_of_bytes(&mut line)?,
            Form::Utf16 { big } => self.line_of_units(&mut line, big)?,
        };
        if !ended && self.position == start {
            return Ok(None);
        }
        self.number += 1;
        Ok(Some(line))
    }

    /// Whether a line end was found.
    fn line_of_bytes(&mut self, line: &mut RawLine) -> Result<bool, Error> {
        let mut after_return = false;
        loop {
            let buffer = self.raw.fill_buf()?;
            if buffer.is_empty() {
                return Ok(after_return);
            }
            if after_return {
                if buffer.first() == Some(&b'\n') {
                    line.push(b"\n", self.limit);
                    self.raw.consume(1);
                    self.position += 1;
                }
                return Ok(true);
            }
            let end = buffer.iter().position(|b| matches!(b, b'\n' | b'\r'));
            let taken = end.map_or(buffer.len(), |at| at + 1);
            let part = buffer.get(..taken).unwrap_or(buffer);
            line.push(part, self.limit);
            let newline = part.last() == Some(&b'\n') && end.is_some();
            after_return = end.is_some() && !newline;
            self.raw.consume(taken);
            self.position += taken as u64;
            if newline {
                return Ok(true);
            }
        }
    }

    fn line_of_units(&mut self, line: &mut RawLine, big: bool) -> Result<bool, Error> {
        let mut after_return = false;
        while let Some(bytes) = self.next_unit()? {
            let unit = match bytes {
                Unit::Whole(pair) => {
                    let unit = if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
                    if after_return && unit != 0x0A {
                        self.ahead = Some(bytes);
                        self.position -= 2;
                        return Ok(true);
                    }
                    line.push(&pair, self.limit);
                    unit
                }
                // A last single byte belongs to the line, so that it is reported.
                Unit::Half(byte) => {
                    line.push(&[byte], self.limit);
                    continue;
                }
            };
            match unit {
                0x0A => return Ok(true),
                0x0D => after_return = true,
                _ => {}
            }
        }
        Ok(after_return)
    }

    fn next_unit(&mut self) -> Result<Option<Unit>, Error> {
        if let Some(unit) = self.ahead.take() {
            self.position += 2;
            return Ok(Some(unit));
        }
        Ok(match (self.take_byte()?, self.take_byte()?) {
            (Some(a), Some(b)) => Some(Unit::Whole([a, b])),
            (Some(a), None) => Some(Unit::Half(a)),
            _ => None,
        })
    }

    fn take_byte(&mut self) -> Result<Option<u8>, Error> {
        let byte = self.raw.fill_buf()?.first().copied();
        if byte.is_some() {
            self.raw.consume(1);
            self.position += 1;
        }
        Ok(byte)
    }

    fn decoded(&self, line: RawLine) -> Result<String, Reason> {
        if line.too_long {
            return Err(Reason::LineTooLong { limit: self.limit });
        }
        let fault = |offset: usize, byte: u8| Reason::NotUnicode {
            expected: self.form.name(),
            byte,
            position: line.start + offset as u64,
            guess: self.guess,
        };
        let text = match self.form {
            Form::Utf8 => String::from_utf8(line.bytes).map_err(|e| {
                let offset = e.utf8_error().valid_up_to();
                fault(offset, e.as_bytes().get(offset).copied().unwrap_or_default())
            })?,
            Form::Utf16 { big } => {
                let (pairs, rest) = line.bytes.as_chunks::<2>();
                let units = pairs.iter().map(|pair| if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) });
                let mut text = String::with_capacity(line.bytes.len());
                let mut offset = 0;
                for letter in char::decode_utf16(units) {
                    let letter = letter.map_err(|_| fault(offset, line.bytes.get(offset).copied().unwrap_or_default()))?;
                    offset += 2 * letter.len_utf16();
                    text.push(letter);
                }
                if let [byte] = rest {
                    return Err(fault(offset, *byte));
                }
                text
            }
        };
        match text.find('\0') {
            Some(at) => Err(Reason::Binary { position: line.start + at as u64 }),
            None => Ok(text),
        }
    }
}

impl RawLine {
    fn push(&mut self, part: &[u8], limit: usize) {
        if self.too_long || self.bytes.len() + part.len() > limit {
            self.too_long = true;
            self.bytes = Vec::new();
        } else {
            self.bytes.extend_from_slice(part);
        }
    }
}

/// Signs of the two encodings that old Vietnamese files have.
#[derive(Default)]
struct Signs {
    high: u64,
    marks_after_vowels: u64,
    tcvn_letters: u64,
}

impl Signs {
    fn count(&mut self, bytes: &[u8]) {
        let mut before = 0u8;
        for byte in bytes {
            if *byte >= 0x80 {
                self.high += 1;
            }
            // Windows-1258 writes the tone after the vowel: ế is EA EC.
            if matches!(byte, 0xCC | 0xD2 | 0xDE | 0xEC | 0xF2) && is_vowel_1258(before) {
                self.marks_after_vowels += 1;
            }
            // TCVN3 keeps ă â ê ô ơ ư đ and the five a with tone where Latin code pages have signs.
            if matches!(byte, 0xA1..=0xB9) {
                self.tcvn_letters += 1;
            }
            before = *byte;
        }
    }

    fn guess(&self) -> Guess {
        if self.tcvn_letters * 5 >= self.high.max(1) {
            Guess::Tcvn3
        } else if self.marks_after_vowels * 8 >= self.high.max(1) {
            Guess::Windows1258
        } else {
            Guess::Unknown
        }
    }
}

fn is_vowel_1258(byte: u8) -> bool {
    matches!(byte.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
        || matches!(byte, 0xC2 | 0xE2 | 0xCA | 0xEA | 0xD4 | 0xF4 | 0xD5 | 0xF5 | 0xDD | 0xFD | 0xC3 | 0xE3)
}
