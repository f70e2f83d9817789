//! SQL of dossiers: load for an act, save, list.

use crate::dossier::channel_word;
use crate::events::Event;
use crate::row::DossierRow;
use base::{FilingCode, Moment};
use catalogue::package::Channel;
use directory::{Act, Actor};
use sea_query::{Condition, Expr, ExprTrait, Order, Query};
use store::{By, Error, Loaded, Read, Write, sql};
use uuid::Uuid;

/// Statements that read whole dossiers: all columns of [`DossierRow`] in its order, and what narrows them.
macro_rules! dossiers {
    ($rest:literal) => {
        sql!(concat!(
            "SELECT id, version, filing_code, code, state, procedure_code, procedure_version, procedure_name, field, channel,
             case_id, desk, desk_path, desk_name, unit, unit_path, unit_name, step, step_name, step_role, step_at_desk,
             step_due_at, assignee, assignee_name, authors, owner, applicant_name, applicant_id, applicant_birth,
             applicant_sex, applicant_phone, applicant_email, applicant_address, submitter_name, result_channel, answers, form_title,
             submitted_at, check_due_at, accepted_at, accepted_by_name, due_at, sort_due_at, calculation, term_row,
             outcome, issued_at, on_time, returned_at, fee_due, fee_note, fee_rows, fee_paid_at, rated, visit,
             last_at, filed_version, result_number FROM onestop_dossier ",
            $rest
        ))
    };
}

/// One dossier by id.
pub async fn by_id(tx: &Read<'_>, id: Uuid) -> Result<Option<DossierRow>, Error> {
    tx.opt(dossiers!("WHERE id = $1"), &[&id]).await
}

/// One dossier by the code people hold: filing code or dossier code.
pub async fn by_code(tx: &Read<'_>, code: &str) -> Result<Option<DossierRow>, Error> {
    tx.opt(dossiers!("WHERE filing_code = $1 OR code = $1"), &[&code]).await
}

/// Is this filing code given to a dossier already?
pub async fn has_filing_code(tx: &Read<'_>, code: &FilingCode) -> Result<bool, Error> {
    tx.one(sql!("SELECT EXISTS (SELECT 1 FROM onestop_dossier WHERE filing_code = $1)"), &[code]).await
}

/// A citizen's dossiers, newest first.
pub async fn owned(tx: &Read<'_>, owner: Uuid) -> Result<Vec<DossierRow>, Error> {
    tx.all(dossiers!("WHERE owner = $1 ORDER BY submitted_at DESC LIMIT 200"), &[&owner]).await
}

/// Keeps a new dossier with what made it.
pub async fn create(tx: &Write<'_>, by: &By, mut r: DossierRow, events: &[Event]) -> Result<DossierRow, Error> {
    let stream = Loaded { system: <Event as store::Event>::SYSTEM, id: r.id, version: 0 };
    r.version = i64::try_from(events.len()).map_err(|e| Error::Value(e.to_string()))?;
    futures_util::future::try_join3(store::append(tx, by, stream, events), insert(tx, &r), index(tx, &r)).await?;
    Ok(r)
}

/// The kind of dossiers in the store's index of words.
const KIND: &str = "dossier";

/// Makes a dossier findable by what it is called now.
async fn index(tx: &Write<'_>, r: &DossierRow) -> Result<(), Error> {
    let texts = r.findable();
    store::search::index(tx, KIND, r.id, &texts.iter().map(String::as_str).collect::<Vec<_>>()).await
}

async fn insert(tx: &Write<'_>, r: &DossierRow) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO onestop_dossier (id, version, filing_code, code, state, procedure_code, procedure_version,
             procedure_name, field, channel, case_id, desk, desk_path, desk_name, unit, unit_path, unit_name,
             step, step_name, step_role, step_at_desk, step_due_at, assignee, assignee_name, authors, owner,
             applicant_name, applicant_id, applicant_birth, applicant_sex, applicant_phone, applicant_email,
             applicant_address, submitter_name, result_channel, answers, form_title, submitted_at,
             check_due_at, accepted_at, accepted_by_name, due_at, sort_due_at, calculation, term_row, outcome,
             issued_at, on_time, returned_at, fee_due, fee_note, fee_rows, fee_paid_at, rated, visit, last_at,
             filed_version, result_number) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
             $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32,
             $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51,
             $52, $53, $54, $55, $56, $57, $58)"
        ),
        &[
            &r.id,
            &r.version,
            &r.filing_code,
            &r.code,
            &r.state,
            &r.procedure_code,
            &r.procedure_version,
            &r.procedure_name,
            &r.field,
            &r.channel,
            &r.case_id,
            &r.desk,
            &r.desk_path,
            &r.desk_name,
            &r.unit,
            &r.unit_path,
            &r.unit_name,
            &r.step,
            &r.step_name,
            &r.step_role,
            &r.step_at_desk,
            &r.step_due_at,
            &r.assignee,
            &r.assignee_name,
            &r.authors,
            &r.owner,
            &r.applicant_name,
            &r.applicant_id,
            &r.applicant_birth,
            &r.applicant_sex,
            &r.applicant_phone,
            &r.applicant_email,
            &r.applicant_address,
            &r.submitter_name,
            &r.result_channel,
            &r.answers,
            &r.form_title,
            &r.submitted_at,
            &r.check_due_at,
            &r.accepted_at,
            &r.accepted_by_name,
            &r.due_at,
            &r.sort_due_at,
            &r.calculation,
            &r.term_row,
            &r.outcome,
            &r.issued_at,
            &r.on_time,
            &r.returned_at,
            &r.fee_due,
            &r.fee_note,
            &r.fee_rows,
            &r.fee_paid_at,
            &r.rated,
            &r.visit,
            &r.last_at,
            &r.filed_version,
            &r.result_number,
        ],
    )
    .await?;
    Ok(())
}

/// Saves a changed dossier and appends what happened to it; a concurrent change runs the unit again.
pub async fn save(tx: &Write<'_>, by: &By, mut r: DossierRow, events: &[Event]) -> Result<DossierRow, Error> {
    let loaded = Loaded { system: <Event as store::Event>::SYSTEM, id: r.id, version: r.version };
    r.version = store::append(tx, by, loaded, events).await?;
    if events.iter().any(|event| matches!(event, Event::Accepted { .. })) {
        index(tx, &r).await?;
    }
    tx.run(
        sql!(
            "UPDATE onestop_dossier SET version = $2, code = $3, state = $4, procedure_version = $5, case_id = $6, unit =
             $7, unit_path = $8, unit_name = $9, step = $10, step_name = $11, step_role = $12, step_at_desk =
             $13, step_due_at = $14, assignee = $15, assignee_name = $16, authors = $17, check_due_at = $18,
             accepted_at = $19, accepted_by_name = $20, due_at = $21, sort_due_at = $22, calculation = $23,
             term_row = $24, outcome = $25, issued_at = $26, on_time = $27, returned_at = $28, fee_due = $29,
             fee_note = $30, fee_rows = $31, fee_paid_at = $32, rated = $33, last_at = $34, filed_version =
             $35, result_number = $36 WHERE id = $1"
        ),
        &[
            &r.id,
            &r.version,
            &r.code,
            &r.state,
            &r.procedure_version,
            &r.case_id,
            &r.unit,
            &r.unit_path,
            &r.unit_name,
            &r.step,
            &r.step_name,
            &r.step_role,
            &r.step_at_desk,
            &r.step_due_at,
            &r.assignee,
            &r.assignee_name,
            &r.authors,
            &r.check_due_at,
            &r.accepted_at,
            &r.accepted_by_name,
            &r.due_at,
            &r.sort_due_at,
            &r.calculation,
            &r.term_row,
            &r.outcome,
            &r.issued_at,
            &r.on_time,
            &r.returned_at,
            &r.fee_due,
            &r.fee_note,
            &r.fee_rows,
            &r.fee_paid_at,
            &r.rated,
            &r.last_at,
            &r.filed_version,
            &r.result_number,
        ],
    )
    .await?;
    Ok(r)
}

/// Queues of an officer's inbox; each is a tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// Everything this person could do something about now.
    Todo,
    /// Filings to check.
    ToAccept,
    /// What must be kept today.
    DueToday,
    /// Past its time and not resolved.
    Overdue,
    /// Waiting for the applicant.
    AwaitingSupplement,
    /// Results to hand over.
    ToReturn,
    /// Competent unit unknown.
    NoCompetence,
    /// All, open and closed.
    All,
}

impl Queue {
    /// In the order of the tabs.
    pub const ALL: [Queue; 8] = [
        Queue::Todo,
        Queue::ToAccept,
        Queue::DueToday,
        Queue::Overdue,
        Queue::AwaitingSupplement,
        Queue::ToReturn,
        Queue::NoCompetence,
        Queue::All,
    ];

    /// The word in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Queue::Todo => "can-lam",
            Queue::ToAccept => "cho-tiep-nhan",
            Queue::DueToday => "han-hom-nay",
            Queue::Overdue => "qua-han",
            Queue::AwaitingSupplement => "cho-bo-sung",
            Queue::ToReturn => "cho-tra",
            Queue::NoCompetence => "chua-ro-tham-quyen",
            Queue::All => "tat-ca",
        }
    }

    /// The word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Queue::Todo => "todo",
            Queue::ToAccept => "to_accept",
            Queue::DueToday => "due_today",
            Queue::Overdue => "overdue",
            Queue::AwaitingSupplement => "awaiting_supplement",
            Queue::ToReturn => "to_return",
            Queue::NoCompetence => "no_competence",
            Queue::All => "all",
        }
    }

    /// Reads the word of a program.
    pub fn from_code(code: &str) -> Option<Queue> {
        Queue::ALL.into_iter().find(|q| q.code() == code)
    }

    /// Reads the word of an address; unknown words open the first tab.
    pub fn of(word: &str) -> Queue {
        Queue::ALL.into_iter().find(|q| q.word() == word).unwrap_or(Queue::Todo)
    }

    /// The tab's name.
    pub fn name(self) -> &'static str {
        match self {
            Queue::Todo => "Cần làm",
            Queue::ToAccept => "Chờ tiếp nhận",
            Queue::DueToday => "Hạn hôm nay",
            Queue::Overdue => "Quá hạn",
            Queue::AwaitingSupplement => "Chờ bổ sung",
            Queue::ToReturn => "Chờ trả kết quả",
            Queue::NoCompetence => "Chưa rõ thẩm quyền",
            Queue::All => "Tất cả",
        }
    }

    /// Rows of this queue, as a condition; `mine` says which working steps this person's roles can do.
    fn condition(self, at: &Clockwork, mine: &Condition) -> Condition {
        let state = |s: &'static str| Expr::col("state").eq(s);
        let unresolved = || Condition::any().add(state("submitted")).add(state("in_progress"));
        match self {
            Queue::Todo => mine.clone(),
            Queue::ToAccept => Condition::all().add(state("submitted")),
            Queue::DueToday => Condition::all()
                .add(unresolved())
                .add(Expr::col("sort_due_at").gte(at.now.micros()))
                .add(Expr::col("sort_due_at").lte(at.end_of_today.micros())),
            Queue::Overdue => Condition::all().add(unresolved()).add(Expr::col("sort_due_at").lt(at.now.micros())),
            Queue::AwaitingSupplement => Condition::all().add(state("awaiting_supplement")),
            Queue::ToReturn => Condition::all().add(state("issued")),
            Queue::NoCompetence => Condition::all().add(unresolved()).add(Expr::col("unit").is_null()),
            Queue::All => Condition::all(),
        }
    }
}

/// The moments lists are cut at.
#[derive(Clone, Copy, Debug)]
pub struct Clockwork {
    /// Now.
    pub now: Moment,
    /// Last moment of today, local time.
    pub end_of_today: Moment,
}

/// Who holds the dossiers of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Held {
    /// Anybody, or nobody.
    #[default]
    Any,
    /// Nobody has taken their step.
    ByNobody,
    /// Whoever asks.
    ByMe,
}

/// By what a list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    /// What must be kept next.
    #[default]
    Due,
    /// The code people call it by.
    Code,
    /// The procedure, within it what must be kept next.
    Procedure,
}

/// What is asked of a list.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Tab.
    pub queue: Queue,
    /// Words that must all occur, the last one as a beginning.
    pub query: String,
    /// Field of procedures, exact.
    pub field: Option<String>,
    /// How they came.
    pub channel: Option<Channel>,
    /// Who holds them.
    pub held: Held,
    /// Order.
    pub sort: SortBy,
    /// The other way round.
    pub down: bool,
    /// Rows to skip.
    pub offset: u64,
    /// Rows to give.
    pub limit: u64,
}

impl Asked {
    /// A whole queue, most urgent first; what is closed too, latest first.
    pub fn of(queue: Queue) -> Asked {
        Asked {
            queue,
            query: String::new(),
            field: None,
            channel: None,
            held: Held::Any,
            sort: SortBy::Due,
            down: queue == Queue::All,
            offset: 0,
            limit: 50,
        }
    }

    /// What narrows the queue.
    fn narrowed(&self, tx: &Read<'_>, who: &Actor) -> Condition {
        let mut all = Condition::all().add(Expr::val(1).eq(1)).add(store::search::found(tx, KIND, &self.query, Expr::col("id")));
        if let Some(field) = &self.field {
            all = all.add(Expr::col("field").eq(field.as_str()));
        }
        if let Some(channel) = self.channel {
            all = all.add(Expr::col("channel").eq(channel_word(channel)));
        }
        match self.held {
            Held::Any => all,
            Held::ByNobody => all.add(Expr::col("assignee").is_null()).add(Expr::col("state").eq("in_progress")),
            Held::ByMe => all.add(Expr::col("assignee").eq(who.person.map(|p| p.0).unwrap_or_default())),
        }
    }
}

/// Working steps that `who` may do, as a condition over the dossier table.
fn mine(who: &Actor) -> Condition {
    let mut any = Condition::any().add(Expr::val(1).eq(0));
    let step = |role: &'static str| {
        Condition::all()
            .add(Expr::col("state").eq("in_progress"))
            .add(Expr::col("step_role").eq(role))
            .add(Expr::col("assignee").is_null().or(Expr::col("assignee").eq(who.person.map(|p| p.0).unwrap_or_default())))
    };
    for (role, word) in crate::acts::STEP_ROLES {
        if who.has(role) {
            any = any.add(step(word));
        }
    }
    if who.has(directory::Role::DeskOfficer) || who.has(directory::Role::DeskHead) {
        any = any.add(Expr::col("state").is_in(["submitted", "issued"]));
    }
    any
}

/// One page of a list.
pub async fn list<A: Act<On = DossierRow>>(
    tx: &Read<'_>,
    who: &Actor,
    asked: &Asked,
    at: &Clockwork,
) -> Result<Vec<DossierRow>, Error> {
    let order = if asked.down { Order::Desc } else { Order::Asc };
    let mut query = Query::select();
    query
        .columns(DossierRow::FIELDS.iter().copied())
        .from("onestop_dossier")
        .cond_where(directory::filter::<A>(who))
        .cond_where(asked.queue.condition(at, &mine(who)))
        .cond_where(asked.narrowed(tx, who));
    match asked.sort {
        SortBy::Due => query.order_by("sort_due_at", order),
        SortBy::Code => query.order_by_expr(Expr::cust("COALESCE(code, filing_code)"), order),
        SortBy::Procedure => query.order_by("procedure_code", order).order_by("sort_due_at", Order::Asc),
    };
    query.order_by("id", Order::Asc).limit(asked.limit).offset(asked.offset);
    tx.all_dyn(&query).await
}

/// How much there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Behind each tab, in the order of [`Queue::ALL`].
    pub tabs: Vec<i64>,
    /// In the list asked for, on all its pages.
    pub matched: i64,
    /// Waiting for this person's decision.
    pub to_decide: i64,
    /// Fields of procedures in the queue asked for, with how much each has; in dictionary order.
    pub fields: Vec<(String, i64)>,
}

/// Everything the inbox counts, in one statement.
pub async fn counts<A: Act<On = DossierRow>>(tx: &Read<'_>, who: &Actor, asked: &Asked, at: &Clockwork) -> Result<Counts, Error> {
    let mine = mine(who);
    let queue = asked.queue.condition(at, &mine);
    let matched = Condition::all().add(queue.clone()).add(asked.narrowed(tx, who));
    let tabs = Queue::ALL.map(|queue| queue.condition(at, &mine));
    let mut query = Query::select();
    query.column("field").from("onestop_dossier").cond_where(directory::filter::<A>(who)).group_by_col("field");
    for one in tabs.into_iter().chain([matched, super::decisions::waiting_for(who), queue]) {
        let one = sea_query::CaseStatement::new().case(one, Expr::val(1i64)).finally(Expr::val(0i64));
        query.expr(Expr::expr(one).sum().cast_as("bigint"));
    }
    let mut out = Counts { tabs: vec![0; Queue::ALL.len()], ..Counts::default() };
    for Counted { field, numbers } in tx.all_dyn(&query).await? {
        let [tabs @ .., matched, to_decide, here] = numbers.as_slice() else { continue };
        out.tabs.iter_mut().zip(tabs).for_each(|(sum, n)| *sum += n);
        out.matched += matched;
        out.to_decide += to_decide;
        if *here > 0 {
            out.fields.push((field, *here));
        }
    }
    out.fields.sort_by_cached_key(|(field, _)| base::text::sort_key(field));
    Ok(out)
}

/// A line of [`counts`]: one field of procedures.
struct Counted {
    field: String,
    numbers: Vec<i64>,
}

impl store::FromRow for Counted {
    fn from_row(row: &store::Row<'_>) -> Result<Self, Error> {
        let numbers =
            (1..=Queue::ALL.len() + 3).map(|i| Ok(row.get::<Option<i64>>(i)?.unwrap_or(0))).collect::<Result<_, Error>>()?;
        Ok(Counted { field: row.get(0)?, numbers })
    }
}
