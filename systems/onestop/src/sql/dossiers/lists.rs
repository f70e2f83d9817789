//! Lists of dossiers: queues, what narrows and sorts them, and what they count.

use super::KIND;
use crate::dossier::channel_word;
use crate::row::DossierRow;
use crate::sql::decisions::waiting_for;
use base::Moment;
use catalogue::package::Channel;
use directory::{Act, Actor};
use sea_query::{Condition, Expr, ExprTrait, Order, Query};
use store::{Error, Read};

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
    for one in tabs.into_iter().chain([matched, waiting_for(who), queue]) {
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
