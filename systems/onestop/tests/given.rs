//! A birth registration, an officer, a Monday morning: what most tests start from.

use base::calendar::WorkCalendar;
use base::due::DuePolicy;
use base::{FilingCode, Moment, Seed};
use catalogue::package::{Channel, Package, Step, StepRole};
use catalogue::{ReceivedAt, VersionId};
use onestop::decide::{AcceptanceCheck, Facts, FiledFee};
use onestop::dossier::{Dossier, DossierId, Officer, State, Verdict, When, route};
use onestop::draft::fee_due;
use onestop::row::DossierRow;
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
        authors: vec![],
        submitted_at: at("2026-11-21T21:10"),
        last_at: at("2026-11-21T21:10"),
        due_at: None,
        outcome: None,
        issued_at: None,
        rated: false,
    }
}

/// Somebody with these roles where the dossier is; heads nobody.
pub fn officer(person: u128, roles: &[StepRole]) -> Officer {
    Officer { person: Uuid::from_u128(person), post: None, roles: roles.to_vec(), heads: false }
}

/// An accepted dossier on a step of [`package`]'s route, accepted on Monday at 08:10.
pub fn in_step(step: usize) -> Dossier {
    Dossier {
        state: State::InProgress,
        step: Some(step),
        due_at: Some(at("2026-11-23T17:00")),
        last_at: at("2026-11-23T08:10"),
        ..submitted(&package())
    }
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

    /// Done at `fact`, entered at `entry`.
    pub fn late(&self, fact: &str, entry: &str, reason: &str) -> Facts<'_> {
        let reason = (!reason.is_empty()).then(|| reason.to_owned());
        self.facts(When { happened_at: at(fact), recorded_at: at(entry), reason })
    }

    pub fn now(&self, text: &str) -> Facts<'_> {
        self.facts(When::now(at(text)))
    }
}

/// At a desk of a commune which the list lets receive it, filed by the version that is still in force.
pub fn check<'a>(package: &'a Package, verdicts: &'a [(String, Verdict)]) -> AcceptanceCheck<'a> {
    let fee = FiledFee { due: fee_due(package, Channel::Online, None), package, is_paid: false };
    AcceptanceCheck { received_at: Some(ReceivedAt::All), at_commune: true, term: None, shown: None, fee, verdicts }
}

/// The row of a filing that was just sent.
pub fn row(package: &Package) -> DossierRow {
    let dossier = submitted(package);
    DossierRow {
        id: dossier.id.0,
        version: 1,
        filing_code: dossier.filing_code.to_string(),
        code: None,
        state: "submitted".into(),
        procedure_code: package.code.to_string(),
        procedure_version: dossier.procedure_version.0,
        procedure_name: package.name.clone(),
        field: package.field.clone(),
        channel: "online".into(),
        case_id: None,
        desk: Uuid::from_u128(20),
        desk_path: dossier.desk_path,
        desk_name: "Trung tâm An Xuyên".into(),
        unit: Some(Uuid::from_u128(21)),
        unit_path: dossier.unit_path,
        unit_name: Some("Phường An Xuyên".into()),
        step: None,
        step_name: None,
        step_role: None,
        step_at_desk: false,
        step_due_at: None,
        assignee: None,
        assignee_name: None,
        authors: String::new(),
        owner: Uuid::from_u128(22),
        applicant_name: "Trần Thị Thử".into(),
        applicant_id: None,
        applicant_birth: None,
        applicant_sex: None,
        applicant_phone: None,
        applicant_email: None,
        applicant_address: None,
        submitter_name: None,
        result_channel: "desk".into(),
        answers: "{}".into(),
        form_title: None,
        submitted_at: dossier.submitted_at,
        check_due_at: at("2026-11-23T17:00"),
        accepted_at: None,
        accepted_by_name: None,
        due_at: None,
        sort_due_at: at("2026-11-23T17:00"),
        calculation: None,
        term_row: None,
        outcome: None,
        issued_at: None,
        on_time: None,
        returned_at: None,
        fee_due: Some(0),
        fee_note: None,
        fee_rows: None,
        fee_paid_at: None,
        rated: false,
        visit: None,
        last_at: dossier.last_at,
        filed_version: None,
        result_number: None,
    }
}
