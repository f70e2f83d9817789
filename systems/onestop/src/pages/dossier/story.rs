//! What happened to a dossier, as a timeline.

use crate::service::Whole;
use crate::story::{self, Place};
use base::{Lang, Moment};
use web::ui::list::{Happening, Timeline, When, timeline};
use web::{Words, raw};

/// The story as a timeline for officers.
pub(super) fn timeline_of(whole: &Whole, now: Moment, lang: Lang) -> Timeline {
    let lines = story::story(&whole.row, &whole.happened, &whole.route, true);
    let named = |line: &story::Line| line.by.and_then(|by| whole.officers.get(&by)).map(raw);
    timeline(lines.into_iter().rev().map(|line| {
        let by = named(&line);
        happening(line, by, now, lang)
    }))
    .dense()
}

/// One line of a story as a happening.
pub fn happening(line: story::Line, by: Option<Words>, now: Moment, lang: Lang) -> Happening {
    let when = match line.place {
        Place::Done => When::Past,
        Place::Now => When::Now,
        Place::Next => When::Next,
    };
    let said = line.args.iter().fold(web::words(line.said), |w, a| w.with(a));
    let mut out = Happening::new(when, said);
    if let Some(at) = line.at {
        out = out.at(at.timestamp(), raw(base::wording::near(at, now, lang)));
    }
    let entered = line.entered_at.map(|at| base::wording::near(at, now, lang));
    match (by, entered, line.late_reason) {
        (Some(by), Some(entered), Some(why)) => out.about(web::words("{0}, nhập lúc {1}: {2}").with(by).with(entered).with(why)),
        (Some(by), Some(entered), None) => out.about(web::words("{0}, nhập lúc {1}").with(by).with(entered)),
        (None, Some(entered), Some(why)) => out.about(web::words("nhập lúc {0}: {1}").with(entered).with(why)),
        (None, Some(entered), None) => out.about(web::words("nhập lúc {0}").with(entered)),
        (Some(by), None, _) => out.about(by),
        (None, None, _) => out,
    }
}
