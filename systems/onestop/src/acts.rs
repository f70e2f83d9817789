//! Who may do what to a dossier; each act has its rights beside it and is tried as everybody in `tests/rights.rs`.

use crate::dossier::State;
use crate::row::DossierRow;
use directory::{Act, ActSpec, Actor, Grant, Reach, Role, Unit, may};

/// Roles of steps as the directory names them, with the word kept in rows.
pub const STEP_ROLES: [(Role, &str); 4] =
    [(Role::DeskOfficer, "desk_officer"), (Role::CaseOfficer, "case_officer"), (Role::Leader, "leader"), (Role::Clerk, "clerk")];

const DESK: &[Grant] = &[Grant::to(Role::DeskOfficer, Reach::Desk), Grant::to(Role::DeskHead, Reach::Desk)];
// whose step it is now, the rule says (`decide::in_hand`): some procedures have steps at the desk
const EVERYONE_AT_WORK: &[Grant] = &[
    Grant::to(Role::DeskOfficer, Reach::Desk),
    Grant::to(Role::DeskHead, Reach::Desk),
    Grant::to(Role::CaseOfficer, Reach::Subtree),
    Grant::to(Role::Leader, Reach::Subtree),
    Grant::to(Role::Clerk, Reach::Subtree),
];

macro_rules! acts {
    (@on) => { DossierRow };
    (@on $on:ty) => { $on };
    ($($(#[$doc:meta])* $name:ident $(on $on:ty)? = $spec:expr;)*) => {
        $(
            $(#[$doc])*
            pub struct $name;
            impl Act for $name {
                type On = acts!(@on $($on)?);
                const SPEC: ActSpec = $spec;
            }
        )*
        /// Every act of this room.
        pub const ALL: &[ActSpec] = &[$($name::SPEC),*];
    };
}

acts! {
    /// Opening a dossier: personal data is shown, the reading is recorded.
    See = ActSpec {
        name: "onestop.see", title: "xem hồ sơ", grants: EVERYONE_AT_WORK, owner: true, personal: true, hidden: true, ..ActSpec::NOBODY
    };
    /// Lists: codes, names and due times.
    List = ActSpec { name: "onestop.list", title: "xem danh sách hồ sơ", grants: EVERYONE_AT_WORK, ..ActSpec::NOBODY };
    /// Checking papers and accepting (form 01).
    Accept = ActSpec { name: "onestop.accept", title: "tiếp nhận hồ sơ", grants: DESK, hidden: true, ..ActSpec::NOBODY };
    /// Receiving whoever comes to the desk: the post must be at this very desk.
    Receive on Unit = ActSpec {
        name: "onestop.receive",
        title: "tiếp nhận tại quầy",
        grants: &[Grant::to(Role::DeskOfficer, Reach::OwnUnit), Grant::to(Role::DeskHead, Reach::OwnUnit)],
        ..ActSpec::NOBODY
    };
    /// Asking for a supplement (form 02).
    RequestSupplement =
        ActSpec { name: "onestop.request_supplement", title: "yêu cầu bổ sung", grants: DESK, hidden: true, ..ActSpec::NOBODY };
    /// Receiving at the desk what form 02 asked for.
    ReceiveSupplement = ActSpec {
        name: "onestop.receive_supplement", title: "nhận phần bổ sung tại quầy", grants: DESK, hidden: true, ..ActSpec::NOBODY
    };
    /// Naming the competent unit: whoever heads the desk, leads the unit over it, or leads the unit it was sent to.
    DetermineCompetence = ActSpec {
        name: "onestop.determine_competence", title: "xác định cơ quan giải quyết",
        grants: &[
            Grant::to(Role::DeskHead, Reach::Desk),
            Grant::to(Role::Leader, Reach::Desk),
            Grant::to(Role::Leader, Reach::Subtree),
        ],
        hidden: true,
        ..ActSpec::NOBODY
    };
    /// Working on a step: taking it, notes, files, passing on, sending back.
    Handle = ActSpec { name: "onestop.handle", title: "xử lý hồ sơ", grants: EVERYONE_AT_WORK, hidden: true, ..ActSpec::NOBODY };
    /// Giving a step back to everybody of its role.
    Release =
        ActSpec { name: "onestop.release", title: "trả bước về hàng chung", grants: EVERYONE_AT_WORK, hidden: true, ..ActSpec::NOBODY };
    /// Approving or rejecting.
    Resolve = ActSpec {
        name: "onestop.resolve", title: "phê duyệt hồ sơ", grants: &[Grant::to(Role::Leader, Reach::Subtree)], hidden: true,
        ..ActSpec::NOBODY
    };
    /// Issuing the result, with the number the unit's register gave it.
    Issue = ActSpec {
        name: "onestop.issue", title: "ban hành kết quả",
        grants: &[Grant::to(Role::Clerk, Reach::Subtree), Grant::to(Role::CaseOfficer, Reach::Subtree)], hidden: true,
        ..ActSpec::NOBODY
    };
    /// Handing the result over.
    ReturnResult = ActSpec { name: "onestop.return", title: "trả kết quả", grants: DESK, hidden: true, ..ActSpec::NOBODY };
    /// The applicant's own acts: supplement, rate.
    Own = ActSpec { name: "onestop.own", title: "làm việc với hồ sơ của mình", owner: true, hidden: true, ..ActSpec::NOBODY };
}

directory::acts!(ALL);

/// Why an officer opens a dossier, in the words its owner reads: what there is for them to do with it now, else what their post is for.
pub fn purpose(row: &DossierRow, who: &Actor) -> &'static str {
    let in_hand = who.person.is_some_and(|person| row.assignee == Some(person.0));
    let waits_for = |role: Role| STEP_ROLES.iter().any(|(r, word)| *r == role && row.step_role.as_deref() == Some(word));
    match row.state() {
        Ok(State::Submitted | State::AwaitingSupplement) if may::<Accept>(who, row) => "kiểm tra và tiếp nhận hồ sơ",
        Ok(State::InProgress) if in_hand => "giải quyết bước đang giữ",
        Ok(State::InProgress) if waits_for(Role::Leader) && may::<Resolve>(who, row) => "phê duyệt hồ sơ",
        Ok(State::InProgress) if STEP_ROLES.iter().any(|(r, _)| waits_for(*r) && who.has(*r)) => "nhận việc đang chờ",
        Ok(State::Issued) if may::<ReturnResult>(who, row) => "trả kết quả",
        _ => {
            let of_post = |role| who.post().is_some_and(|held| held.roles.contains(&role));
            match () {
                () if of_post(Role::Leader) || of_post(Role::DeskHead) => "điều hành, theo dõi tiến độ",
                () if of_post(Role::DeskOfficer) => "trả lời người nộp hồ sơ",
                () if of_post(Role::Clerk) => "phát hành, lưu trữ",
                () => "tham khảo để giải quyết hồ sơ",
            }
        }
    }
}
