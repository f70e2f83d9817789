//! Who may see and do what with the evidence. An auditor reads; what is written here is the auditor's own (questions, samples), never a dossier.
use directory::{Act, ActSpec, Columns, Grant, Reach, Role, Standing, Thing};

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

directory::acts!(&[ReadEvidence::SPEC, WriteBillNow::SPEC]);
