//! `demo`: a whole province to try things on, and one dossier walked through it.
mod browser;
mod data;
mod load;
mod walk;

use crate::{
    config::Config,
    house::{self, Open},
    say::trouble,
    serve,
};
use miette::{IntoDiagnostic, Result, miette};
use web::words;

/// Which demo was loaded; its value is the mark of the embedded data.
const LOADED: &str = "demo";
/// That one dossier was walked through it.
const WALKED: &str = "demo walk";

/// Loads what is missing, serves, walks one dossier the first time.
pub async fn demo(config: &Config, once: bool) -> Result<()> {
    let mut config = config.clone();
    config.web.demo = true;
    if config.web.security_contacts.is_empty() {
        config.web.security_contacts = vec!["mailto:an-ninh@motcua.example".into()];
    }
    if config.counter_picks.is_empty() {
        config.counter_picks = data::counter_picks()?;
    }
    if config.log.level == Config::default().log.level {
        // What matters to a newcomer is on standard output.
        config.log.level = "error".into();
    }
    serve::start_log(&config);
    let open = house::open(&config).await?;
    prepare(&open).await?;
    let server = serve::start(&config, &open).await?;
    if open.note(WALKED).await.into_diagnostic()?.is_none() {
        println!("walking one dossier through the server");
        let base = format!("http://{}", config.address());
        let tell = |done: &str, who: &str, link: &str| println!("  {done:<32} {who:<24} {}{link}", server.address);
        walk::walk(&base, &tell).await?;
        open.set_note(WALKED, open.clock.now().to_string()).await.into_diagnostic()?;
    }
    accounts()?;
    println!("ready {}", server.address);
    if once { server.stop().await } else { serve::until_stopped(&config, open, server).await }
}

/// The accounts of the demo open with passwords that anybody can read: a server that is not the demo does not let them in.
pub async fn not_by_mistake(config: &Config, open: &Open) -> Result<()> {
    let loaded = open.note(LOADED).await.into_diagnostic()?.is_some();
    if config.web.demo || !loaded {
        return Ok(());
    }
    Err(trouble(words(
        "Cơ sở dữ liệu này chứa bản trình diễn, với những tài khoản mà mật khẩu ai cũng đọc được. Máy chủ chưa chạy.",
    ))
    .cure(words("Chạy motcua demo để trình diễn, hoặc đặt MOTCUA_DATA hay DATABASE_URL là một nơi còn trống để dùng thật."))
    .into())
}

/// Loads the demo into an empty house; a second start finds it there.
async fn prepare(open: &Open) -> Result<()> {
    match open.note(LOADED).await.into_diagnostic()? {
        Some(_) => return Ok(()),
        None if !load::is_empty(&open.db, &open.clock).await? => {
            return Err(miette!(
                help = "set MOTCUA_DATA or DATABASE_URL to an empty place",
                "this database holds a province that is not the demo"
            ));
        }
        None => println!("loading the demo province"),
    }
    load::load(&open.db, &open.clock).await?;
    open.set_note(LOADED, data::fingerprint()).await.into_diagnostic()
}

/// The accounts that people try things with, one for each part of the walk.
fn accounts() -> Result<()> {
    let (officers, citizens) = (data::officers()?, data::citizens()?);
    println!("demo accounts (invented people; the passwords are published):");
    let citizen =
        citizens.citizen.iter().find(|c| c.account).ok_or_else(|| miette!("the demo has no citizen with an account"))?;
    println!("  citizen         {:<20} {:<24} {}", citizen.key, citizens.password, citizen.name);
    for (part, role) in PARTS {
        let plays = |o: &&data::Officer| o.post.iter().any(|p| p.roles.iter().any(|r| r == role));
        if let Some(officer) = officers.officer.iter().find(plays) {
            println!("  {part:<15} {:<20} {:<24} {}", officer.user, officers.password, officer.name);
        }
    }
    Ok(())
}

const PARTS: [(&str, &str); 7] = [
    ("desk officer", "desk_officer"),
    ("case officer", "case_officer"),
    ("leader", "leader"),
    ("clerk", "clerk"),
    ("administrator", "administrator"),
    ("catalogue", "catalogue_editor"),
    ("auditor", "auditor"),
];
