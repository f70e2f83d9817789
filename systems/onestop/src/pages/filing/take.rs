//! What one page sent, put into the draft: right or wrong, it is kept.

use super::sheet::{self, Dispute, Settled};
use super::{CONTACT, PAPERS, RESULT, contact, draw, form_page};
use crate::address;
use crate::draft::asked;
use crate::form::{Fault, Wrong};
use crate::pages::words::{field_faults, file_wrong};
use crate::sent::Sent;
use crate::service::{self, Draft, Error};
use directory::Cx;
use std::collections::BTreeSet;
use store::Write;
use web::{FieldFault, words};

/// What came of a page.
pub(super) struct Taken {
    /// The draft as kept.
    pub draft: Draft,
    /// What is wrong.
    pub faults: Vec<FieldFault>,
    /// Questions that answers of this very send have opened, and which nobody has seen yet.
    pub opened: Vec<String>,
    /// Fields with an address written the old way, about which nobody was asked yet.
    pub dated: Vec<String>,
    /// Questions that were answered otherwise on another page meanwhile, and stay so until the person chooses.
    pub disputes: Vec<Dispute>,
}

/// Keeps what a page sent, but for what was answered otherwise elsewhere since the page was drawn.
pub(super) async fn take(tx: &Write<'_>, cx: &Cx, mut draft: Draft, page: &str, sent: &Sent) -> Result<Taken, Error> {
    let disputes = if page == PAPERS { vec![] } else { take_words(tx, cx, &mut draft, page, sent).await? };
    let faults = match page {
        CONTACT => told(&draft.data.contact_faults(cx.by.now.date())),
        RESULT if draft.data.result_channel.is_some() => vec![],
        RESULT => told(&[Fault { field: asked::CHANNEL.to_owned(), wrong: Wrong::NoChannel }]),
        PAPERS => take_files(tx, cx, &draft, sent).await?,
        _ => {
            let asked = form_page(&draft.version.package, page).ok_or(Error::NotFound)?;
            told(&draft.data.answers.faults(asked, cx.by.now.date()))
        }
    };
    let opened = opened(&draft, page, sent);
    let faults = faults.into_iter().filter(|f| !opened.contains(&f.field)).collect();
    let dated = draw::addresses(&draft, page).into_iter().filter(|field| address::is_unasked(&sent.fields, field)).collect();
    Ok(Taken { draft, faults, opened, dated, disputes })
}

/// Keeps the words of a page, right or wrong, but none in the place of others that its sender has not seen.
async fn take_words(tx: &Write<'_>, cx: &Cx, draft: &mut Draft, page: &str, sent: &Sent) -> Result<Vec<Dispute>, Error> {
    let (package, before) = (draft.version.package.clone(), draft.data.clone());
    let Settled { inputs, disputes } = sheet::settle(&before, &package, page, &sent.fields, cx.by.now);
    sheet::put(&mut draft.data, &package, page, &inputs, cx.by.now);
    if let Some(asked) = form_page(&package, page) {
        if draft.data.answers.faults(asked, cx.by.now.date()).is_empty() {
            draft.data.done.insert(asked.id.clone());
        } else {
            draft.data.done.remove(&asked.id);
        }
    }
    sheet::note(&mut draft.data, &before, &package, &sent.fields, draft.row.version + 1, cx.by.now);
    service::save_draft(tx, cx, draft).await?;
    Ok(disputes)
}

/// Faults beside the inputs of these pages.
pub(super) fn told(faults: &[Fault]) -> Vec<FieldFault> {
    let beside = |fault: FieldFault| FieldFault { field: contact::input(&fault.field).to_owned(), ..fault };
    field_faults(faults).into_iter().map(beside).collect()
}

/// Attaches what came; a file that cannot be attached is told beside its field and stops no other.
async fn take_files(tx: &Write<'_>, cx: &Cx, draft: &Draft, sent: &Sent) -> Result<Vec<FieldFault>, Error> {
    let mut faults = sent.file_faults();
    for (paper, file) in sent.papers() {
        match service::attach(tx, cx, draft.row.id, &paper, &file).await {
            Ok(()) => {}
            Err(Error::File(wrong)) => faults.push(FieldFault::new(format!("tep.{paper}"), file_wrong(wrong))),
            Err(other) => return Err(other),
        }
    }
    let have: BTreeSet<String> = service::attached(tx, cx, draft.row.id).await?.into_iter().filter_map(|a| a.paper).collect();
    for fault in missing(draft, &have) {
        if !faults.iter().any(|f| f.field == fault.field) {
            faults.push(fault);
        }
    }
    Ok(faults)
}

/// Papers without a file.
pub(super) fn missing(draft: &Draft, have: &BTreeSet<String>) -> Vec<FieldFault> {
    let fault =
        |p: &catalogue::package::PaperRow| FieldFault::new(format!("tep.{}", p.id), words("Thêm giấy tờ: {0}").with(&p.name));
    draft.data.missing(&draft.version.package, have).into_iter().map(fault).collect()
}

/// Questions shown now that were not on the page that was sent. A form that does not say what it showed has shown everything, and
/// what was answered was seen.
fn opened(draft: &Draft, page: &str, sent: &Sent) -> Vec<String> {
    let Some((_, seen)) = sent.fields.iter().find(|(name, _)| name == draw::SEEN) else { return vec![] };
    let seen: BTreeSet<&str> = seen.split(' ').collect();
    draw::conditional(draft, page)
        .into_iter()
        .filter(|(id, shown)| *shown && !seen.contains(id.as_str()) && sent.field(id).is_empty())
        .map(|(id, _)| id)
        .collect()
}
