//! What one page sent, put into the draft: right or wrong, it is kept.

use super::{CONTACT, PAPERS, RESULT, contact, draw, form_page};
use crate::address;
use crate::dossier::ResultChannel;
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
}

/// Keeps what a page sent.
pub(super) async fn take(tx: &Write<'_>, cx: &Cx, mut draft: Draft, page: &str, sent: &Sent) -> Result<Taken, Error> {
    let faults = match page {
        CONTACT => {
            contact::take(&mut draft, sent);
            let package = draft.version.package.clone();
            crate::prefill::fill(&mut draft.data, &package);
            service::save_draft(tx, cx, &draft).await?;
            told(&draft.data.contact_faults(cx.by.now.date()))
        }
        RESULT => {
            draft.data.result_channel = ResultChannel::parse(sent.field("kenh"));
            service::save_draft(tx, cx, &draft).await?;
            let none = draft.data.result_channel.is_none();
            let fault = Fault { field: asked::CHANNEL.to_owned(), wrong: Wrong::NoChannel };
            if none { told(&[fault]) } else { vec![] }
        }
        PAPERS => take_files(tx, cx, &draft, sent).await?,
        _ => {
            draft = service::keep_page(tx, cx, draft.row.id, page, &sent.fields).await?;
            let asked = form_page(&draft.version.package, page).ok_or(Error::NotFound)?;
            told(&draft.data.answers.faults(asked, cx.by.now.date()))
        }
    };
    let opened = opened(&draft, page, sent);
    let faults = faults.into_iter().filter(|f| !opened.contains(&f.field)).collect();
    let dated = draw::addresses(&draft, page).into_iter().filter(|field| address::is_unasked(&sent.fields, field)).collect();
    Ok(Taken { draft, faults, opened, dated })
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
