//! The acts of the directory itself, with their rights.
use crate::{Act, ActSpec, Grant, Person, Post, Reach, Role, Unit};

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
    /// Gives a unit another name, code, kind, address or hours.
    ChangeUnit on Unit, "directory.unit.change", "Sửa đơn vị", KEEPER
);
act!(
    /// Ends a unit and names its successors.
    CloseUnit on Unit, "directory.unit.close", "Kết thúc đơn vị", KEEPER
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
