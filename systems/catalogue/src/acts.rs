//! The acts of the catalogue, with their rights.

use directory::{Act, ActSpec, Columns, Grant, Reach, Role, Standing, Thing};

/// A procedure as rights see it: it belongs to the whole province.
#[derive(Clone, Debug, PartialEq)]
pub struct Procedure {
    /// National code.
    pub code: String,
    /// Its stream in the log.
    pub stream: uuid::Uuid,
    /// How many events the stream has.
    pub events: i64,
}
store::from_row!(Procedure { code, stream, events });

impl Thing for Procedure {
    fn standing(&self) -> Standing<'_> {
        Standing::default()
    }
    const COLUMNS: Columns = Columns::of("catalogue_procedure", "code");
}

const EDITORS: &[Grant] = &[Grant::to(Role::CatalogueEditor, Reach::Anywhere), Grant::to(Role::Administrator, Reach::Anywhere)];

macro_rules! act {
    ($(#[$about:meta])* $act:ident, $name:literal, $title:literal) => {
        $(#[$about])*
        #[derive(Debug)]
        pub enum $act {}
        impl Act for $act {
            type On = Procedure;
            const SPEC: ActSpec = ActSpec { name: $name, title: $title, grants: EDITORS, ..ActSpec::NOBODY };
        }
    };
}

act!(
    /// Looks at the catalogue as its editor: origin, state, what is open.
    Read, "catalogue.read", "Xem danh mục thủ tục"
);
act!(
    /// Imports a file of procedures.
    Import, "catalogue.import", "Nhập danh mục thủ tục"
);
act!(
    /// Settles a term row that the record left open.
    SettleTerm, "catalogue.term.settle", "Chốt thời hạn"
);
act!(
    /// Publishes a version written by people.
    Publish, "catalogue.publish", "Công bố phiên bản thủ tục"
);
act!(
    /// Changes the Chairman's list.
    ChangeList, "catalogue.list.change", "Sửa danh mục tiếp nhận"
);

directory::acts!(&[Read::SPEC, Import::SPEC, SettleTerm::SPEC, Publish::SPEC, ChangeList::SPEC]);
