//! `user add`: a person with a post and a password, for the first administrator and for scripts.
use crate::{
    config::Config,
    house,
    say::{self, Trouble, say, trouble},
};
use base::Seed;
use directory::{Cx, NewPerson, NewPost, Role, Unit, service::units::tree};
use miette::Result;
use std::{io::Read as _, process::ExitCode};
use store::{Read, Write};
use web::words;

/// What is to be added.
pub struct New<'a> {
    /// Sign-in name.
    pub login: &'a str,
    /// Full name.
    pub name: &'a str,
    /// Key, code or name of the unit; absent: the province.
    pub unit: Option<&'a str>,
    /// Roles.
    pub roles: &'a [String],
    /// The password comes from standard input.
    pub password_stdin: bool,
}

/// Adds them.
pub async fn add(config: &Config, new: New<'_>, json: bool) -> Result<ExitCode> {
    let open = house::open(config).await?;
    let cx = Cx::machine(open.clock.now());
    let units: Result<Vec<Unit>, directory::Error> = {
        let cx = cx.clone();
        open.db.read(async move |tx: &Read<'_>| tree(tx, &cx).await).await
    };
    let unit = find(&units.map_err(|e| not_added(&e))?, new.unit)?;
    let roles =
        new.roles.iter().map(|r| r.trim().parse::<Role>().map_err(|_| no_role(r))).collect::<Result<Vec<_>, Trouble>>()?;
    let seed = Seed::fresh();
    let password = if new.password_stdin {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|e| say::unreadable("stdin".as_ref(), &e))?;
        text.trim_end_matches(['\r', '\n']).to_owned()
    } else {
        readable_password(&seed)
    };
    let hashed = directory::hash_password(&password, &[new.login, new.name], &seed).await.map_err(|e| not_added(&e))?;
    let person = NewPerson { name: new.name.into(), login: new.login.into(), email: None, phone: None, unit: unit.id };
    let keep = new.password_stdin;
    let done: Result<(), directory::Error> = open
        .db
        .write(async move |tx: &Write<'_>| {
            let id = directory::add_person(tx, &cx, &person).await?;
            if !roles.is_empty() {
                let title = roles.iter().map(|r| r.title()).collect::<Vec<_>>().join(", ");
                let (clearance, from) = (Default::default(), cx.by.now);
                let to = directory::usual_end(&roles, from);
                let post = NewPost { person: id, unit: unit.id, title, roles: roles.clone(), clearance, home: None, from, to };
                directory::add_post(tx, &cx, &post).await?;
            }
            directory::set_password(tx, &cx, id, &hashed, keep).await
        })
        .await;
    done.map_err(|e| not_added(&e))?;
    let made = (!new.password_stdin).then_some(password);
    if json {
        println!("{}", serde_json::json!({ "login": new.login, "password": made }));
    } else {
        println!("{}", say(words("{0} đăng nhập được với tên {1}.").with(new.name).with(new.login)));
        if let Some(password) = made {
            println!("{}", say(words("Mật khẩu, chỉ hiện một lần, phải đổi khi đăng nhập lần đầu: {0}").with(password)));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Why nobody was added.
fn not_added(e: &directory::Error) -> Trouble {
    use directory::Error as E;
    let why = match e {
        E::Store(e) => return say::failed(e),
        E::Fault { message, .. } => message.clone(),
        E::Objection(objection) => objection.words(),
        other => return say::unforeseen(other),
    };
    trouble(words("Chưa thêm được người này, chưa có gì thay đổi: {0}").with_words(why))
        .cure(words("Sửa tham số rồi chạy lại lệnh."))
}

fn no_role(named: &str) -> Trouble {
    trouble(words("Không có vai trò “{0}”. Chưa có gì thay đổi.").with(named))
        .cure(words("Các vai trò: {0}.").with(Role::ALL.map(Role::code).join(", ")))
}

fn find(units: &[Unit], named: Option<&str>) -> Result<Unit, Trouble> {
    let found: Vec<&Unit> = match named {
        None => units.iter().filter(|u| u.parent.is_none()).collect(),
        Some(named) => {
            let folded = base::text::fold(named);
            let is = |u: &&Unit| {
                u.key == named
                    || u.code.as_str() == named
                    || base::text::fold(&u.name) == folded
                    || base::text::fold(&u.short_name) == folded
            };
            units.iter().filter(is).collect()
        }
    };
    match (&found[..], named) {
        ([unit], _) => Ok((*unit).clone()),
        ([], None) => Err(trouble(words("Chưa có đơn vị nào, nên chưa thêm được người."))
            .cure(words("Nhập đơn vị trước: motcua import units TỆP."))),
        ([], Some(named)) => Err(trouble(words("Không có đơn vị nào tên “{0}”. Chưa có gì thay đổi.").with(named))
            .cure(words("Gọi đơn vị bằng khóa, mã định danh hoặc tên đầy đủ."))),
        (_, named) => {
            Err(trouble(words("Có {0} đơn vị tên “{1}”. Chưa có gì thay đổi.").with(found.len()).with(named.unwrap_or_default()))
                .cure(words("Gọi đơn vị bằng khóa hoặc mã định danh.")))
        }
    }
}

/// Five groups of letters that are not mistaken for each other: about 95 bits.
fn readable_password(seed: &Seed) -> String {
    const LETTERS: &[u8] = b"abcdefghkmnpqrstuvwxyz23456789";
    let bytes = seed.bytes("password", 0);
    let letter = |b: &u8| char::from(LETTERS[usize::from(*b) % LETTERS.len()]);
    bytes[..20].chunks(4).map(|group| group.iter().map(letter).collect::<String>()).collect::<Vec<_>>().join("-")
}
