//! Styles and scripts, bundled and compressed at build time, held in the program, named after what is in them.
//!
//! **How to add a style**: a block in the file of `styles/` it belongs to; values only from `tokens.css`, which alone names colours
//! and sizes. **How to add a script**: a module in `scripts/`, started from `citizen.ts` or `officer.ts`; every task must work without
//! it. The floor is Chrome 109 and Firefox 115. Bundling is `build.mjs`, run by `build.rs`.

use rust_embed::{Embed, EmbeddedFile};

include!(concat!(env!("OUT_DIR"), "/names.rs"));

#[derive(Embed)]
#[folder = "$OUT_DIR/dist"]
struct Dist;

/// The address of a style or script, with its hash in it: `url("citizen.css")`.
///
/// An unknown name gives an address that answers 404; the tests of `web` ask for every name a page uses.
pub fn url(name: &str) -> &'static str {
    NAMES.iter().find(|(n, _)| *n == name).map_or("/t/unknown", |(_, url)| url)
}

/// How an answer is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// brotli
    Brotli,
    /// gzip
    Gzip,
    /// Not at all.
    Plain,
}

/// One file, ready to be sent.
pub struct Asset {
    file: EmbeddedFile,
    /// How it is compressed.
    pub coding: Coding,
    /// Its type.
    pub content_type: &'static str,
}

impl Asset {
    /// The bytes.
    pub fn into_bytes(self) -> std::borrow::Cow<'static, [u8]> {
        self.file.data
    }
}

/// A file by the last part of its address, in the best coding that `accept_encoding` allows.
pub fn find(file: &str, accept_encoding: &str) -> Option<Asset> {
    let content_type = match file.rsplit('.').next()? {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return None,
    };
    let accepts = |coding: &str| accept_encoding.split(',').any(|c| c.trim().split(';').next() == Some(coding));
    let tries = [(accepts("br"), ".br", Coding::Brotli), (accepts("gzip"), ".gz", Coding::Gzip), (true, "", Coding::Plain)];
    tries
        .into_iter()
        .filter(|(allowed, ..)| *allowed)
        .find_map(|(_, suffix, coding)| Dist::get(&format!("{file}{suffix}")).map(|file| Asset { file, coding, content_type }))
}

/// Compressed size of a file and of every part it loads at once, for the budget test.
pub fn weight(name: &str) -> usize {
    let file = url(name).trim_start_matches("/t/").to_owned();
    Dist::get(&format!("{file}.br")).map_or(0, |f| f.data.len())
}

/// Every file and its compressed size.
pub fn all() -> Vec<(String, usize)> {
    Dist::iter()
        .filter(|f| !f.ends_with(".br") && !f.ends_with(".gz"))
        .map(|f| {
            let size = Dist::get(&format!("{f}.br")).map_or(0, |b| b.data.len());
            (f.into_owned(), size)
        })
        .collect()
}
