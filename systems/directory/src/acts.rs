//! The acts of the directory itself, with their rights.
use crate::{Act, ActSpec, Grant, Person, Post, Reach, Role, Unit};

/// The acts of every room, for menus, doors and tests. A room adds its own with [`acts!`](crate::acts!).
#[linkme::distributed_slice]
#[allow(unsafe_code)] // the registry is a section of the program; nothing of ours is unsafe
pub static ACTS: [&'static [ActSpec]];

/// `directory::acts!(ALL);` announces the acts of a room: `ALL` is a `&'static [ActSpec]`.
#[macro_export]
macro_rules! acts {
    ($all:expr) => {
        #[$crate::linkme::distributed_slice($crate::acts::ACTS)]
        #[linkme(crate = $crate::linkme)]
        #[allow(missing_docs, unsafe_code)]
        static ACTS_OF_THIS_ROOM: &[$crate::ActSpec] = $all;
    };
}

/// Every act that was announced.
pub fn all() -> impl Iterator<Item = &'static ActSpec> {
    ACTS.iter().flat_map(|room| room.iter())
}

/// The act of this name.
pub fn spec_of(name: &str) -> Option<&'static ActSpec> {
    all().find(|spec| spec.name == name)
}

const KEEPER: &[Grant] = &[Grant::to(Role::Administrator, Reach::Subtree)];

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
    /// Looks at a unit as its administrator.
    ReadUnit on Unit, "directory.unit.read", "Xem đơn vị", KEEPER
);
act!(
    /// Adds a unit below this one.
    AddUnit on Unit, "directory.unit.add", "Thêm đơn vị", KEEPER
);
act!(
    /// Gives a unit another name, code, kind, address, or other hours.
    ChangeUnit on Unit, "directory.unit.change", "Sửa đơn vị", KEEPER
);
act!(
    /// Ends a unit and names its successors.
    CloseUnit on Unit, "directory.unit.close", "Kết thúc đơn vị", KEEPER
);
act!(
    /// Decides the days of a year and how terms are counted, for this unit and all below.
    DecideTime on Unit, "directory.time.decide", "Quyết định lịch và cách tính hạn", KEEPER
);
act!(
    /// Adds a person whose file this unit keeps.
    AddPerson on Unit, "directory.person.add", "Thêm người", KEEPER
);
act!(
    /// Looks at a person as their administrator.
    ReadPerson on Person, "directory.person.read", "Xem người và chức vụ", KEEPER
);
act!(
    /// Changes name, e-mail, telephone; records that the person leaves.
    ChangePerson on Person, "directory.person.change", "Sửa thông tin người", KEEPER
);
act!(
    /// Gives a post in this unit.
    GivePost on Unit, "directory.post.give", "Giao chức vụ", KEEPER
);
act!(
    /// Ends a post.
    EndPost on Post, "directory.post.end", "Kết thúc chức vụ", KEEPER
);
act!(
    /// Sets somebody's first password, or a new one; takes away a lost second factor.
    SetPasswordFor on Person, "directory.password.set", "Đặt lại mật khẩu", KEEPER
);
act!(
    /// Reads the history of sign-ins of the people of a unit.
    ReadSignIns on Person, "directory.sign_in.read", "Xem lịch sử đăng nhập", KEEPER
);

act!(
    /// Links a provider's identity to a person, or takes it away.
    LinkIdentity on Person, "directory.identity.link", "Gắn danh tính của cán bộ", KEEPER
);
act!(
    /// Sets up providers of identities: who may say who somebody is, for the whole house.
    KeepProviders on Unit, "directory.provider.keep", "Cấu hình nhà cung cấp danh tính", &[Grant::to(Role::Administrator, Reach::House)]
);

crate::acts!(&[
    ReadUnit::SPEC,
    AddUnit::SPEC,
    ChangeUnit::SPEC,
    CloseUnit::SPEC,
    DecideTime::SPEC,
    AddPerson::SPEC,
    ReadPerson::SPEC,
    ChangePerson::SPEC,
    GivePost::SPEC,
    EndPost::SPEC,
    SetPasswordFor::SPEC,
    ReadSignIns::SPEC,
    LinkIdentity::SPEC,
    KeepProviders::SPEC,
]);
