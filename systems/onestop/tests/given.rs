//! A birth registration, an officer, a Monday morning: what most tests start from.

use base::calendar::WorkCalendar;
use base::due::DuePolicy;
use base::{FilingCode, Moment, Seed};
use catalogue::VersionId;
use catalogue::package::{Channel, Package, Step};
use onestop::decide::Facts;
use onestop::dossier::{Dossier, DossierId, Officer, State, When, route};
use uuid::Uuid;

pub fn at(text: &str) -> Moment {
    Moment::from_local(text.parse().expect("a local time in a test"))
}

pub fn package() -> Package {
    toml::from_str(
        r#"
        code = "1.001193"
        name = "Thủ tục đăng ký khai sinh"
        field = "Hộ tịch"
        levels = ["commune"]
        competent_agency = "Ủy ban nhân dân cấp xã"
        competence = { kind = "commune" }
        same_day = true
        [[terms]]
        id = "ngay"
        value = 1
        unit = "working_day"
        [[papers]]
        id = "chung-sinh"
        name = "Giấy chứng sinh"
        kind = "submit"
        originals = 1
        [[papers]]
        id = "ghi-chu"
        name = "Trường hợp khác theo quy định"
        kind = "note"
        [[steps]]
        id = "soan"
        name = "Soạn giấy khai sinh"
        act = "process"
        role = "case_officer"
        minutes = 120
        "#,
    )
    .expect("a package in a test")
}

pub fn submitted(package: &Package) -> Dossier {
    Dossier {
        id: DossierId(Uuid::from_u128(1)),
        version: 1,
        filing_code: FilingCode::from_seed(&Seed([7; 32]), 0),
        code: None,
        state: State::Submitted,
        procedure: package.code.clone(),
        procedure_version: VersionId(Uuid::from_u128(2)),
        channel: Channel::Online,
        case: None,
        desk_path: "/tinh/xa/trung-tam/".into(),
        unit_path: Some("/tinh/xa/".into()),
        step: None,
        assignee: None,
        processed_by: None,
        submitted_at: at("2026-11-21T21:10"),
        due_at: None,
        outcome: None,
        issued_at: None,
        rated: false,
    }
}

pub fn officer(person: u128) -> Officer {
    use catalogue::package::StepRole::{CaseOfficer, Clerk, DeskOfficer, Leader};
    Officer { person: Uuid::from_u128(person), post: None, roles: vec![DeskOfficer, CaseOfficer, Leader, Clerk] }
}

/// Everything facts borrow.
pub struct World {
    pub package: Package,
    pub route: Vec<Step>,
    pub calendar: WorkCalendar,
    pub policy: DuePolicy,
}

pub fn world(package: Package) -> World {
    World { route: route(&package), package, calendar: WorkCalendar::vietnam(), policy: DuePolicy::default() }
}

impl World {
    pub fn facts(&self, when: When) -> Facts<'_> {
        Facts {
            when,
            version: VersionId(Uuid::from_u128(2)),
            package: &self.package,
            route: &self.route,
            calendar: &self.calendar,
            policy: &self.policy,
        }
    }

    pub fn now(&self, text: &str) -> Facts<'_> {
        self.facts(When::now(at(text)))
    }
}
