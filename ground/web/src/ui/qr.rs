//! QR codes as SVG: dark on white in both themes, so that a telephone reads them.

use fast_qr::ECL;
use fast_qr::qr::{QRBuilder, QRCode};

use crate::i18n::{Words, escape};
use crate::scene::hand_written;

/// A QR code.
#[derive(Clone)]
pub struct Qr {
    code: Option<Box<QRCode>>,
    label: Words,
    text: String,
}

/// The QR code of a text; `label` is what a screen reader says. A text too long for a code is written out instead.
pub fn qr(text: impl AsRef<str>, label: impl Into<Words>) -> Qr {
    let code = QRBuilder::new(text.as_ref()).ecl(ECL::M).build().ok().map(Box::new);
    Qr { code, label: label.into(), text: text.as_ref().to_owned() }
}

hand_written!(Qr, |it, dest, scene| {
    let Some(code) = &it.code else {
        write!(dest, "<span class=\"mono\">{}</span>", escape(&it.text))?;
        return Ok(());
    };
    let lang = scene.map(|s| s.lang).unwrap_or_default();
    let size = code.size;
    write!(
        dest,
        "<svg class=\"qr\" viewBox=\"-3 -3 {0} {0}\" role=\"img\" aria-label=\"{1}\" shape-rendering=\"crispEdges\"><rect x=\"-3\" y=\"-3\" width=\"{0}\" height=\"{0}\" fill=\"#fff\"/><path fill=\"#000\" d=\"",
        size + 6,
        escape(&it.label.say(lang))
    )?;
    for y in 0..size {
        let mut x = 0;
        while x < size {
            if !code[y][x].value() {
                x += 1;
                continue;
            }
            let from = x;
            while x < size && code[y][x].value() {
                x += 1;
            }
            write!(dest, "M{from} {y}h{w}v1h-{w}z", w = x - from)?;
        }
    }
    dest.write_str("\"/></svg>")?;
});
