//! Which identities of providers belong to an officer: linked by hand, taken away.
use askama::Template;
use axum::response::{IntoResponse, Response};
use store::{Read, Write};
use web::{Choice, Field, FieldFault, Page, Problem, filters, go, words};

use super::form::{At, Fields, faults};
use crate::{
    Error, OfficerDesk, Person, PersonId, Realm, acts,
    identity::provider::Provider,
    service::{identity, people::person},
    sql::{self, identity::Linked},
};

#[derive(Template)]
#[template(path = "person_identity.html")]
pub struct IdentityPage {
    crumbs: web::ui::nav::Crumbs,
    person: Person,
    linked: Vec<Linked>,
    lang: base::Lang,
    faults: Vec<FieldFault>,
    fields: Option<Vec<Field>>,
}

impl IdentityPage {
    fn when(&self, at: &base::Moment) -> String {
        base::wording::date_time(*at, self.lang)
    }

    fn last(&self, linked: &Linked) -> Option<String> {
        linked.last_at.as_ref().map(|at| self.when(at))
    }
}

async fn draw(desk: &OfficerDesk, id: PersonId, form: Option<&Fields>, faults: Vec<FieldFault>) -> Result<IdentityPage, Problem> {
    let cx = desk.cx.clone();
    let (person, linked, providers) = desk
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            let person = person::<acts::LinkIdentity>(tx, &cx, id).await?.into_inner();
            let saved: Vec<Provider> = sql::identity::providers(tx).await?;
            Ok::<_, Error>((person, sql::identity::identities_of(tx, id.0).await?, saved))
        })
        .await?;
    let value = |name: &str| form.map_or("", |f| f.get(name)).to_owned();
    let of_officers: Vec<&Provider> = providers.iter().filter(|p| p.realm == Realm::Officer).collect();
    let fields = (!of_officers.is_empty()).then(|| {
        vec![
            web::select(
                "noi",
                words("Nhà cung cấp danh tính"),
                of_officers.iter().map(|p| Choice::new(p.key.clone(), p.label.clone())),
            )
            .value(value("noi"))
            .width(30)
            .fault_in(&faults),
            web::text("ma", words("Mã danh tính"))
                .hint(words("Mã hiện trên màn hình khi người đó thử đăng nhập mà chưa được gắn."))
                .value(value("ma"))
                .width(30)
                .fault_in(&faults),
        ]
    });
    let here = format!("/quan-tri/nguoi/{id}");
    Ok(IdentityPage {
        crumbs: web::crumbs(
            [("/quan-tri/nguoi".to_owned(), words("Người và chức vụ")), (here, web::raw(&person.name))],
            words("Danh tính"),
        ),
        person,
        linked,
        lang: desk.cx.lang,
        faults,
        fields,
    })
}

/// The identities of one officer.
pub async fn page(desk: OfficerDesk, At(id): At<PersonId>) -> Result<Page<IdentityPage>, Problem> {
    let body = draw(&desk, id, None, vec![]).await?;
    Ok(Page::new(desk.shell.title(words("Danh tính của {0}").with(&body.person.name)).current("/quan-tri"), body))
}

/// Links one by the code that the officer read out.
pub async fn link(desk: OfficerDesk, At(id): At<PersonId>, form: Fields) -> Result<Response, Problem> {
    desk.require::<acts::LinkIdentity>()?;
    let (cx, key, sub) = (desk.cx.clone(), form.get("noi").to_owned(), form.get("ma").to_owned());
    let done = desk.house.db.write(async move |tx: &Write<'_>| identity::link_by_hand(tx, &cx, id, &key, &sub).await).await;
    match done {
        Ok(()) => Ok(go(format!("/quan-tri/nguoi/{id}/danh-tinh")).saying("Đã gắn danh tính.", &[]).into_response()),
        Err(error) => {
            let name = |field: &str| if field == "provider" { "noi" } else { "ma" };
            let faults = faults(error)?.into_iter().map(|f| FieldFault::new(name(&f.field), f.message)).collect();
            let body = draw(&desk, id, Some(&form), faults).await?;
            Ok(Page::faulty(desk.shell.title(words("Danh tính của {0}").with(&body.person.name)).current("/quan-tri"), body)
                .into_response())
        }
    }
}

/// Takes one away; its sessions end.
pub async fn unlink(desk: OfficerDesk, At(id): At<PersonId>, form: Fields) -> Result<Response, Problem> {
    desk.require::<acts::LinkIdentity>()?;
    let (cx, issuer, sub) = (desk.cx.clone(), form.get("noi").to_owned(), form.get("ma").to_owned());
    desk.house.db.write(async move |tx: &Write<'_>| identity::unlink(tx, &cx, id, &issuer, &sub).await).await?;
    Ok(go(format!("/quan-tri/nguoi/{id}/danh-tinh"))
        .saying("Đã gỡ danh tính, các phiên vào bằng nó đã kết thúc.", &[])
        .into_response())
}
