//! Who may see and do what with the evidence. An auditor reads; what is written here is the auditor's own (questions, samples), never a dossier.
use directory::{Act, ActSpec, Columns, Grant, Reach, Role, Standing, Thing, Unit};

use crate::{
    files::Case,
    watch::{Alarm, Complaint, LookAtMine, LooksOf, Sample},
};

/// The evidence of the house as a whole: bills, lists, stamps. Counts and hashes only, no personal data.
#[derive(Debug)]
pub struct Evidence;

impl Thing for Evidence {
    fn standing(&self) -> Standing<'_> {
        Standing::default()
    }
    const COLUMNS: Columns = Columns::of("audit_bill", "sha256");
}

macro_rules! act {
    ($(#[$about:meta])* $act:ident on $thing:ty, $name:literal, $title:literal, $grants:expr) => {
        $(#[$about])*
        #[derive(Debug)]
        pub enum $act {}
        impl Act for $act {
            type On = $thing;
            const SPEC: ActSpec = ActSpec { name: $name, title: $title, grants: $grants, ..ActSpec::NOBODY };
        }
    };
}

act!(
    /// Reads bills, their lists and stamps, and has them verified.
    ReadEvidence on Evidence, "audit.evidence.read", "Xem và xác minh bảng kê",
    &[Grant::to(Role::Auditor, Reach::Anywhere), Grant::to(Role::Administrator, Reach::House)]
);
act!(
    /// Has a bill written now instead of at the day's end.
    WriteBillNow on Evidence, "audit.bill.write", "Lập bảng kê ngay", &[Grant::to(Role::Administrator, Reach::House)]
);

/// An auditor of this unit and all below.
const AUDITOR: &[Grant] = &[Grant::to(Role::Auditor, Reach::Subtree)];
/// The auditor, and the head of the unit.
const AUDITOR_AND_HEAD: &[Grant] = &[Grant::to(Role::Auditor, Reach::Subtree), Grant::to(Role::Leader, Reach::Subtree)];

act!(
    /// Searches who looked at what; the search is a look itself.
    SearchLooks on LooksOf, "audit.look.search", "Tra cứu lượt xem", AUDITOR
);
act!(
    /// Sees alarms over bulk look-ups.
    SeeAlarms on Alarm, "audit.alarm.see", "Xem cảnh báo tra cứu hàng loạt", AUDITOR_AND_HEAD
);
act!(
    /// Draws a random sample of the dossiers of a unit.
    DrawSample on Unit, "audit.sample.draw", "Rút mẫu ngẫu nhiên", AUDITOR
);
act!(
    /// Sees samples that were drawn.
    SeeSamples on Sample, "audit.sample.see", "Xem mẫu đã rút", AUDITOR
);

/// Closes an alarm: the head of the unit, never whom it is about. The auditor, who changes nothing, sees how it was closed.
#[derive(Debug)]
pub enum CloseAlarm {}
impl Act for CloseAlarm {
    type On = Alarm;
    const SPEC: ActSpec = ActSpec {
        name: "audit.alarm.close",
        title: "Đóng cảnh báo",
        grants: &[Grant::to(Role::Leader, Reach::Subtree)],
        four_eyes: true,
        ..ActSpec::NOBODY
    };
}

/// Complains about a look at one's own data.
#[derive(Debug)]
pub enum Complain {}
impl Act for Complain {
    type On = LookAtMine;
    const SPEC: ActSpec =
        ActSpec { name: "audit.complain", title: "Khiếu nại lượt xem", owner: true, hidden: true, ..ActSpec::NOBODY };
}

/// Opens a complaint; never whom it is about.
#[derive(Debug)]
pub enum SeeComplaints {}
impl Act for SeeComplaints {
    type On = Complaint;
    const SPEC: ActSpec = ActSpec {
        name: "audit.complaint.see",
        title: "Xem khiếu nại",
        grants: AUDITOR_AND_HEAD,
        personal: true,
        four_eyes: true,
        hidden: true,
        ..ActSpec::NOBODY
    };
}

/// Answers a complaint; never whom it is about.
#[derive(Debug)]
pub enum AnswerComplaint {}
impl Act for AnswerComplaint {
    type On = Complaint;
    const SPEC: ActSpec = ActSpec {
        name: "audit.complaint.answer",
        title: "Trả lời khiếu nại",
        grants: AUDITOR_AND_HEAD,
        four_eyes: true,
        hidden: true,
        ..ActSpec::NOBODY
    };
}

/// Opens a dossier as an auditor: its log, its looks, as it was on a date, the complete file.
#[derive(Debug)]
pub enum ReadCase {}
impl Act for ReadCase {
    type On = Case;
    const SPEC: ActSpec = ActSpec {
        name: "audit.case.read",
        title: "Kiểm tra hồ sơ",
        grants: AUDITOR,
        personal: true,
        hidden: true,
        ..ActSpec::NOBODY
    };
}

directory::acts!(&[
    ReadEvidence::SPEC,
    WriteBillNow::SPEC,
    SearchLooks::SPEC,
    SeeAlarms::SPEC,
    CloseAlarm::SPEC,
    Complain::SPEC,
    SeeComplaints::SPEC,
    AnswerComplaint::SPEC,
    DrawSample::SPEC,
    SeeSamples::SPEC,
    ReadCase::SPEC,
]);
