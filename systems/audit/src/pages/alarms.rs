//! Alarms over bulk look-ups: what happened in which hour, and the reason with which each was closed.
use askama::Template;
use axum::{
    extract::{Path, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use directory::{OfficerDesk, filter, may};
use store::{Read, Write};
use uuid::Uuid;
use web::{Field, FieldFault, Page, Problem, Status, filters, go, words};

use super::{ALARMS, Fields, tabs};
use crate::{
    Error,
    acts::{CloseAlarm, SeeAlarms},
    objection::Objection,
    service::watch::close_alarm,
    sql::watch as sql,
    watch::Alarm,
};

#[derive(Template)]
#[template(path = "alarms.html")]
pub struct AlarmsPage {
    tabs: web::ui::nav::Tabs,
    faults: Vec<FieldFault>,
    alarms: Vec<OneAlarm>,
}

struct OneAlarm {
    alarm: Alarm,
    hour: String,
    badge: web::ui::status::Badge,
    closed: Option<String>,
    reason: Option<Field>,
}

async fn body(desk: &OfficerDesk, typed: Option<(Uuid, String)>, faults: Vec<FieldFault>) -> Result<AlarmsPage, Problem> {
    let who = desk.cx.who.clone();
    let alarms = desk.house.db.read(async move |tx: &Read<'_>| sql::alarms(tx, filter::<SeeAlarms>(&who)).await).await?;
    let lang = desk.cx.lang;
    let one = |alarm: Alarm| {
        let open = alarm.closed_at.is_none();
        let may_close = open && may::<CloseAlarm>(&desk.cx.who, &alarm);
        let value = typed.as_ref().filter(|(id, _)| *id == alarm.id).map(|(_, text)| text.clone());
        OneAlarm {
            hour: base::wording::date_time(alarm.hour, lang),
            badge: if open { web::badge(Status::Warn, "Chưa xem xét") } else { web::badge(Status::Ok, "Đã đóng") },
            closed: alarm.closed_at.map(|at| base::wording::date_time(at, lang)),
            reason: may_close.then(|| {
                let here = value.is_some();
                let field = web::area("ly-do", words("Lý do đóng")).id(format!("ly-do-{}", alarm.id)).rows(2);
                let field = field.hint("Đã hỏi ai, vì sao xem nhiều như vậy.").value_opt(value);
                if here { field.fault_in(&faults) } else { field }
            }),
            alarm,
        }
    };
    let alarms = alarms.into_iter().map(one).collect();
    Ok(AlarmsPage { tabs: tabs(desk, ALARMS), faults, alarms })
}

/// Alarms of the officer's units, the latest first.
pub async fn show(desk: OfficerDesk) -> Result<Page<AlarmsPage>, Problem> {
    desk.require::<SeeAlarms>()?;
    let body = body(&desk, None, vec![]).await?;
    Ok(Page::new(desk.shell.title(words("Cảnh báo")).current(ALARMS), body))
}

/// Closes an alarm with a reason.
pub async fn close(desk: OfficerDesk, id: Result<Path<Uuid>, PathRejection>, form: Fields) -> Result<Response, Problem> {
    let (Path(id), cx, reason) = (id?, desk.cx.clone(), form.text("ly-do"));
    let given = reason.clone();
    let done = desk.house.db.write(async move |tx: &Write<'_>| close_alarm(tx, &cx, id, &given).await).await;
    match done {
        Ok(()) => Ok(go(ALARMS).saying("Đã đóng cảnh báo.", &[]).into_response()),
        Err(Error::Objection(why @ Objection::ReasonNeeded)) => {
            let body = body(&desk, Some((id, reason)), vec![FieldFault::new("ly-do", why.words())]).await?;
            Ok(Page::faulty(desk.shell.title(words("Cảnh báo")).current(ALARMS), body).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
