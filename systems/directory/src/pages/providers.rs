//! Administrators of the whole house set providers of identities up: who may say who somebody is.
use askama::Template;
use axum::{
    Extension,
    extract::Path,
    response::{IntoResponse, Response},
};
use store::{Read, Write};
use web::{Choice, Field, FieldFault, Page, Problem, Row, Status, Words, filters, go, words};

use super::form::{Fields, faults, number};
use crate::{
    Error, OfficerDesk, Realm, acts,
    identity::{
        Refused,
        client::Providers,
        provider::{ClaimNames, ClientAuth, Profile, Provider},
    },
    service::identity::{self, Addresses},
    sql::credentials::Tried,
};

#[derive(Template)]
#[template(path = "providers.html")]
pub struct ProvidersPage {
    crumbs: web::ui::nav::Crumbs,
    table: web::ui::table::Table,
    faults: Vec<FieldFault>,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "provider.html")]
pub struct ProviderPage {
    crumbs: web::ui::nav::Crumbs,
    label: String,
    key: String,
    state: web::ui::status::Badge,
    officers: bool,
    faults: Vec<FieldFault>,
    parts: Vec<(&'static str, Vec<Field>)>,
    ours: web::ui::list::Facts,
    secret: Option<bool>,
    seen: Option<Seen>,
    refused: Option<web::ui::table::Table>,
}

/// A provider, with its last answers that let nobody in.
struct Known {
    provider: Provider,
    refused: Vec<Tried>,
}

/// What a try at the provider showed.
struct Seen {
    well: bool,
    said: Words,
    facts: web::ui::list::Facts,
}

fn state(provider: &Provider) -> web::ui::status::Badge {
    match (provider.active, provider.version) {
        (true, _) => web::badge(Status::Ok, "Đang bật"),
        (false, 0) => web::badge(Status::Idle, "Mẫu, chưa điền"),
        (false, _) => web::badge(Status::Hold, "Đang tắt"),
    }
}

fn of_whom(realm: Realm) -> &'static str {
    match realm {
        Realm::Citizen => "Công dân, tổ chức",
        Realm::Officer => "Cán bộ",
    }
}

/// Every provider, those proposed too.
pub async fn page(desk: OfficerDesk) -> Result<Page<ProvidersPage>, Problem> {
    let body = list(&desk, None, vec![]).await?;
    Ok(Page::new(desk.shell.title(words("Nhà cung cấp danh tính")).current("/quan-tri"), body))
}

async fn list(desk: &OfficerDesk, form: Option<&Fields>, faults: Vec<FieldFault>) -> Result<ProvidersPage, Problem> {
    let cx = desk.cx.clone();
    let all = desk
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            identity::must_keep(tx, &cx).await?;
            identity::all(tx).await
        })
        .await?;
    let rows = all.iter().map(|p| {
        Row::new([
            web::Cell::of(web::Part::of(web::link_button(format!("/quan-tri/danh-tinh/{}", p.key), p.label.clone()).plain()))
                .row_head(),
            web::Cell::raw(&p.key).class("code"),
            web::Cell::text(of_whom(p.realm)),
            web::Cell::of(state(p)),
        ])
    });
    let heads = [web::head("Chữ trên nút"), web::head("Mã"), web::head("Ai vào"), web::head("Trạng thái")];
    let value = |name: &str| form.map_or("", |f| f.get(name)).to_owned();
    Ok(ProvidersPage {
        crumbs: web::crumbs([("/quan-tri", "Quản trị")], "Nhà cung cấp danh tính"),
        table: web::table("Nhà cung cấp danh tính", heads).quiet_caption().rows(rows),
        fields: vec![
            web::text("ma", words("Mã"))
                .hint(words("Chữ thường không dấu, đứng trong địa chỉ. Ví dụ: so-ngoai-vu"))
                .width(20)
                .value(value("ma"))
                .fault_in(&faults),
            realm_field(&value("nhom"), &faults),
        ],
        faults,
    })
}

fn realm_field(value: &str, faults: &[FieldFault]) -> Field {
    let choices = [Realm::Citizen, Realm::Officer].map(|realm| Choice::new(realm.code(), of_whom(realm)));
    let value = if value.is_empty() { Realm::Citizen.code() } else { value };
    web::radios("nhom", words("Ai vào bằng danh tính này"), choices).value(value).fault_in(faults)
}

/// Adds one that is not among those proposed: off until it is filled in.
pub async fn add(desk: OfficerDesk, form: Fields) -> Result<Response, Problem> {
    desk.require::<acts::KeepProviders>()?;
    let realm: Realm = form.get("nhom").parse().unwrap_or(Realm::Citizen);
    let key = form.get("ma").to_owned();
    let like = Provider::proposed().into_iter().rfind(|p| p.realm == realm).ok_or_else(Problem::not_found)?;
    let new = Provider { label: key.clone(), key: key.clone(), place: 50, ..like };
    let cx = desk.cx.clone();
    let done = desk
        .house
        .db
        .write(async move |tx: &Write<'_>| {
            if identity::provider(tx, &new.key).await?.is_some() {
                return Err(Error::fault("key", words("Đã có nhà cung cấp mang mã này.")));
            }
            identity::keep_provider(tx, &cx, &new).await
        })
        .await;
    match done {
        Ok(()) => Ok(go(format!("/quan-tri/danh-tinh/{key}")).into_response()),
        Err(error) => {
            let faults = faults(error)?.into_iter().map(|f| FieldFault::new("ma", f.message)).collect();
            let body = list(&desk, Some(&form), faults).await?;
            Ok(Page::faulty(desk.shell.title(words("Nhà cung cấp danh tính")).current("/quan-tri"), body).into_response())
        }
    }
}

async fn load(desk: &OfficerDesk, key: String) -> Result<Known, Problem> {
    let cx = desk.cx.clone();
    let found = desk
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            identity::must_keep(tx, &cx).await?;
            let Some(provider) = identity::provider(tx, &key).await? else { return Ok::<_, Error>(None) };
            let refused = identity::refusals(tx, &key, cx.by.now).await?;
            Ok(Some(Known { provider, refused }))
        })
        .await?;
    found.ok_or_else(Problem::not_found)
}

/// The names of form fields beside those of the use case.
const NAMES: [(&str, &str); 6] = [
    ("key", "ma"),
    ("label", "nhan"),
    ("issuer", "issuer"),
    ("client_id", "client-id"),
    ("scopes", "scope"),
    ("lowest", "muc-thap-nhat"),
];

fn renamed(faults: Vec<FieldFault>) -> Vec<FieldFault> {
    let name = |field: &str| NAMES.iter().find(|(ours, _)| *ours == field).map_or("muc-xac-minh", |(_, typed)| *typed);
    faults.into_iter().map(|f| FieldFault::new(name(&f.field), f.message)).collect()
}

/// What was typed about a provider, and what of it cannot be read.
fn typed(known: &Provider, form: &Fields) -> (Provider, Vec<FieldFault>) {
    let mut wrong = vec![];
    let place = number(form.get("thu-tu"), "thu-tu").map_err(|fault| wrong.push(fault)).unwrap_or(known.place);
    let text = |name: &str| form.get(name).to_owned();
    let ticked = |what: &str| form.all("tuy-chon").any(|v| v == what);
    let officers = known.realm == Realm::Officer;
    let provider = Provider {
        label: text("nhan"),
        issuer: text("issuer"),
        client_id: text("client-id"),
        active: ticked("bat"),
        place,
        profile: Profile {
            client_auth: ClientAuth::of(form.get("cach-chung-minh")),
            scopes: text("scope"),
            acr_values: text("acr"),
            userinfo: ticked("userinfo"),
            claims: ClaimNames {
                subject: text("c-ma"),
                id_number: text("c-so"),
                name: text("c-ten"),
                birth_date: text("c-sinh"),
                phone: text("c-dt"),
                email: text("c-thu"),
                level: text("c-muc"),
                tax_code: text("c-mst"),
                organisation: text("c-to-chuc"),
                representative: text("c-dai-dien"),
                kind: text("c-loai"),
                kind_of_organisation: text("c-loai-to-chuc"),
                login: text("c-dang-nhap"),
            },
            levels: form.get("muc").split(',').map(|l| l.trim().to_owned()).filter(|l| !l.is_empty()).collect(),
            lowest: text("muc-thap-nhat"),
            verified_from: text("muc-xac-minh"),
            sign_out_there: ticked("dang-xuat"),
            second_factor_there: officers && ticked("hai-lop"),
        },
        ..known.clone()
    };
    (provider, wrong)
}

/// `form`: as it was typed, so that what cannot be read stands there again.
fn parts(p: &Provider, form: Option<&Fields>, faults: &[FieldFault]) -> Vec<(&'static str, Vec<Field>)> {
    let place = form.map_or_else(|| p.place.to_string(), |f| f.get("thu-tu").to_owned());
    let text = |name: &'static str, label: &'static str, value: &str| {
        web::text(name, words(label)).value(value).width(30).fault_in(faults)
    };
    let claim = |name: &'static str, label: &'static str, value: &str| text(name, label, value).width(20).optional();
    let (profile, claims, officers) = (&p.profile, &p.profile.claims, p.realm == Realm::Officer);
    let ways = ClientAuth::ALL.map(|way| Choice::new(way.code(), web::raw(way.code())));
    let mut options = vec![
        Choice::new("bat", "Cho đăng nhập bằng cách này"),
        Choice::new("userinfo", "Đọc thêm thông tin ở địa chỉ userinfo"),
        Choice::new("dang-xuat", "Đăng xuất ở đây thì đưa sang đăng xuất cả ở đó"),
    ];
    let mut on: Vec<&str> = [("bat", p.active), ("userinfo", profile.userinfo), ("dang-xuat", profile.sign_out_there)]
        .into_iter()
        .filter_map(|(word, is)| is.then_some(word))
        .collect();
    if officers {
        options.push(Choice::new("hai-lop", "Nơi đó đã hỏi lớp xác thực thứ hai, ở đây không hỏi lại"));
        on.extend(profile.second_factor_there.then_some("hai-lop"));
    }
    let mut named = vec![claim("c-ma", "Mã không đổi của danh tính", &claims.subject).hint(words("Để trống: sub"))];
    if officers {
        named.push(claim("c-dang-nhap", "Tên đăng nhập của cán bộ", &claims.login).hint(words(
            "Ai mang tên này ở nơi xác thực sẽ vào đúng tài khoản cùng tên. Để trống: chỉ vào được khi quản trị gắn tay.",
        )));
    } else {
        named.extend([
            claim("c-so", "Số định danh cá nhân", &claims.id_number),
            claim("c-ten", "Họ và tên", &claims.name),
            claim("c-sinh", "Ngày sinh", &claims.birth_date),
            claim("c-dt", "Điện thoại", &claims.phone),
            claim("c-thu", "Thư điện tử", &claims.email),
            claim("c-mst", "Mã số thuế của tổ chức", &claims.tax_code),
            claim("c-to-chuc", "Tên tổ chức", &claims.organisation),
            claim("c-dai-dien", "Số định danh của người đại diện", &claims.representative)
                .hint(words("Để trống: như số định danh cá nhân")),
            claim("c-loai", "Loại tài khoản", &claims.kind),
            claim("c-loai-to-chuc", "Giá trị nghĩa là tổ chức", &claims.kind_of_organisation),
        ]);
    }
    named.push(claim("c-muc", "Mức định danh", &claims.level).hint(words("Để trống: acr")));
    let mut levels = vec![
        text("muc", "Các mức, từ thấp đến cao", &profile.levels.join(", "))
            .hint(words("Cách nhau bằng dấu phẩy. Ví dụ: 1, 2"))
            .optional(),
        text("muc-thap-nhat", "Mức thấp nhất được vào", &profile.lowest).width(10).optional(),
    ];
    if !officers {
        levels.push(
            text("muc-xac-minh", "Từ mức nào số định danh được coi là đã xác minh", &profile.verified_from)
                .hint(words("Chỉ số đã xác minh mới nối được hai danh tính vào một tài khoản. Để trống: không bao giờ."))
                .width(10)
                .optional(),
        );
    }
    levels.push(text("acr", "Mức yêu cầu khi hỏi (acr_values)", &profile.acr_values).optional());
    vec![
        (
            "Nơi xác thực",
            vec![
                text("nhan", "Chữ trên nút", &p.label),
                text("issuer", "Nơi phát hành (issuer)", &p.issuer)
                    .hint(words("Đúng từng ký tự như nơi xác thực ghi, ví dụ https://…")),
                text("client-id", "Mã của hệ thống này ở đó (client_id)", &p.client_id),
                web::select("cach-chung-minh", words("Cách chứng minh khi đổi mã"), ways)
                    .value(profile.client_auth.code())
                    .width(30),
                text("scope", "Phạm vi (scope)", &profile.scopes),
                text("thu-tu", "Thứ tự nút", &place).digits().width(4),
                web::checks("tuy-chon", words("Tùy chọn"), options).values(on),
            ],
        ),
        ("Mức định danh", levels),
        ("Tên các thông tin (claim)", named),
    ]
}

/// The last refusals: when, why, and what the log says of each.
fn refused_table(refused: &[Tried], lang: base::Lang) -> web::ui::table::Table {
    let rows = refused.iter().map(|tried| {
        let code = tried.detail.as_deref().unwrap_or_default();
        Row::new([
            web::Cell::raw(base::wording::date_time(tried.at, lang)).row_head(),
            web::Cell::text(Refused::reason(code)),
            web::Cell::raw(code).class("mono"),
        ])
    });
    let heads = [web::head("Lúc"), web::head("Lý do"), web::head("Ghi trong nhật ký")];
    web::table("20 lần bị từ chối gần nhất, trong 30 ngày qua", heads).id("tu-choi").rows(rows)
}

fn draw(
    desk: &OfficerDesk,
    providers: &Providers,
    known: &Known,
    form: Option<&Fields>,
    faults: Vec<FieldFault>,
    seen: Option<Seen>,
) -> ProviderPage {
    let p = &known.provider;
    let ours = Addresses::of(&desk.house.settings.address, p);
    ProviderPage {
        crumbs: web::crumbs([("/quan-tri", "Quản trị"), ("/quan-tri/danh-tinh", "Nhà cung cấp danh tính")], p.label.clone()),
        label: p.label.clone(),
        key: p.key.clone(),
        state: state(p),
        officers: p.realm == Realm::Officer,
        parts: parts(p, form, &faults),
        ours: web::facts()
            .row("Địa chỉ trở về (redirect_uri)", &ours.redirect)
            .row("Đăng xuất từ máy chủ (back-channel)", &ours.back_channel)
            .row("Đăng xuất qua khung (front-channel)", &ours.front_channel)
            .row("Trở về sau khi đăng xuất", &ours.signed_out),
        secret: (p.profile.client_auth != ClientAuth::None).then(|| providers.settings().secret_of(&p.key).is_some()),
        refused: (!known.refused.is_empty()).then(|| refused_table(&known.refused, desk.cx.lang)),
        faults,
        seen,
    }
}

/// One provider.
pub async fn one(
    desk: OfficerDesk,
    Extension(providers): Extension<Providers>,
    Path(key): Path<String>,
) -> Result<Page<ProviderPage>, Problem> {
    let known = load(&desk, key).await?;
    let body = draw(&desk, &providers, &known, None, vec![], None);
    Ok(Page::new(desk.shell.title(known.provider.label).current("/quan-tri"), body))
}

/// Keeps what was typed.
pub async fn keep(
    desk: OfficerDesk,
    Extension(providers): Extension<Providers>,
    Path(key): Path<String>,
    form: Fields,
) -> Result<Response, Problem> {
    desk.require::<acts::KeepProviders>()?;
    let known = load(&desk, key).await?;
    let (new, mut wrong) = typed(&known.provider, &form);
    if wrong.is_empty() {
        let (cx, kept) = (desk.cx.clone(), new.clone());
        let done = desk.house.db.write(async move |tx: &Write<'_>| identity::keep_provider(tx, &cx, &kept).await).await;
        match done {
            Ok(()) => {
                providers.forget(&known.provider.issuer);
                providers.forget(&new.issuer);
                let to = format!("/quan-tri/danh-tinh/{}", new.key);
                return Ok(go(to).saying("Đã lưu nhà cung cấp danh tính.", &[]).into_response());
            }
            Err(error) => wrong = renamed(faults(error)?),
        }
    }
    let again = Known { provider: new, ..known };
    let body = draw(&desk, &providers, &again, Some(&form), wrong, None);
    Ok(Page::faulty(desk.shell.title(again.provider.label).current("/quan-tri"), body).into_response())
}

/// Asks the provider what it says about itself, so that a mistake is seen before people meet it.
pub async fn try_out(
    desk: OfficerDesk,
    Extension(providers): Extension<Providers>,
    Path(key): Path<String>,
) -> Result<Page<ProviderPage>, Problem> {
    desk.require::<acts::KeepProviders>()?;
    let known = load(&desk, key).await?;
    let provider = &known.provider;
    providers.forget(&provider.issuer);
    let now = desk.cx.by.now;
    let seen = match providers.metadata(&provider.issuer, now).await {
        Ok(said) => {
            let keys = providers.keys(&provider.issuer, now, true).await;
            let facts = web::facts()
                .row("authorization_endpoint", &said.authorization_endpoint)
                .row("token_endpoint", &said.token_endpoint)
                .row_opt("userinfo_endpoint", said.userinfo_endpoint.as_ref())
                .row_opt("end_session_endpoint", said.end_session_endpoint.as_ref());
            match keys {
                Ok(keys) => {
                    Seen {
                        well: true, said: words("Nơi xác thực trả lời, có {0} khóa công khai.").with(keys.keys.len()), facts
                    }
                }
                Err(why) => {
                    Seen { well: false, said: words("Không đọc được khóa công khai: {0}").with(why.code()), facts }
                }
            }
        }
        Err(why) => {
            Seen { well: false, said: words("Không hỏi được nơi xác thực: {0}").with(why.code()), facts: web::facts() }
        }
    };
    let body = draw(&desk, &providers, &known, None, vec![], Some(seen));
    Ok(Page::new(desk.shell.title(known.provider.label).current("/quan-tri"), body))
}
