//! Speed over real HTTP, on both databases in one run, beside what the store alone can do on the same machine in the same run.
use crate::{
    figures::Figures,
    limit,
    load::{self, Desk},
    server::{Place, Server, line_of, program},
};
use base::Clock;
use miette::{IntoDiagnostic, Result, miette};
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use testkit::{Engine, postgres::Cluster};

/// What is measured.
#[derive(Clone, Copy)]
pub struct Plan {
    /// Connections at the same time.
    pub lines: usize,
    /// Filings submitted and accepted.
    pub filings: usize,
    /// Seconds of each reading stage.
    pub span: Duration,
}

/// Both databases, one after the other.
pub async fn run(plan: Plan) -> Result<()> {
    for engine in Engine::ALL {
        one(engine, plan).await?;
    }
    Ok(())
}

async fn one(engine: Engine, plan: Plan) -> Result<()> {
    let folder = tempfile::Builder::new().prefix("motcua-bench-").tempdir().into_diagnostic()?;
    let cluster = (engine == Engine::Postgres).then(|| Cluster::start(true));
    let url = |name: &str| cluster.as_ref().map(|c| c.url(name));
    if let Some(cluster) = &cluster {
        cluster.admin("CREATE DATABASE motcua TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'").await;
    }
    let alone = Place { program: program()?, data: folder.path().join("alone"), url: url("postgres") };
    std::fs::create_dir_all(&alone.data).into_diagnostic()?;
    let db = store::Db::open(&alone.target(), &store::StoreOptions::default()).await.into_diagnostic()?;
    let (writes, reads) = limit::measure(&db, &Clock::system(), plan.lines, plan.span).await?;
    drop(db);
    let place = Place { program: program()?, data: folder.path().join("data"), url: url("motcua") };
    place.load()?;
    let desks = load::desks(&place).await?;
    let server = place.serve().await?;
    println!("\n{engine:?}, {} connections, {} desks", plan.lines, desks.len());
    println!("| stage | per s | p50 ms | p95 ms | p99 ms | of store | failed |\n|---|---|---|---|---|---|---|");
    println!("{}\n{}", writes.row(None), reads.row(None));
    let (write, read) = (Some(writes.per_second()), Some(reads.per_second()));

    let citizen = load::citizen(server.port).await?;
    let drafts = drafts(&server, &citizen, &desks, plan).await?;
    let (figures, filed) = submit(&server, &citizen, drafts, plan).await?;
    println!("{}", figures.row(write));
    let mut by_desk: Vec<Vec<String>> = vec![vec![]; desks.len()];
    for (desk, id) in &filed {
        by_desk[*desk].push(id.clone());
    }
    let alone = by_desk[0].clone();
    by_desk[0].clear();
    println!("{}", accept(&server, "accept, 64 desks", &desks, by_desk, plan).await?.row(write));
    let mut only: Vec<Vec<String>> = vec![vec![]; desks.len()];
    only[0] = alone;
    println!("{}", accept(&server, "accept, one desk", &desks, only, plan).await?.row(write));

    let ids: Arc<Vec<String>> = Arc::new(filed.into_iter().map(|(_, id)| id).collect());
    let one = ids.clone();
    println!(
        "{}",
        reading(&server, "read one", &citizen, plan, move |n| format!("/api/v1/my/dossiers/{}", one[n % one.len()]))
            .await?
            .row(read)
    );
    let desk = load::token_of(server.port, &desks[0]).await?;
    println!("{}", reading(&server, "list 100", &desk, plan, |_| "/api/v1/dossiers?limit=100".to_owned()).await?.row(read));
    let words = [
        "dang ky khai sinh",
        "giay khai sinh cho con",
        "kết hôn",
        "xây nhà",
        "mai táng",
        "sao y giấy tờ",
        "đk ks",
        "trợ cấp người già",
    ];
    let asked =
        move |n: usize| format!("/tim?q={}", words[n % words.len()].bytes().map(|b| format!("%{b:02X}")).collect::<String>());
    println!("{}", reading(&server, "search page", &citizen, plan, asked).await?.row(read));
    println!("resident memory: {:.0} MB", server.memory());
    Ok(())
}

type Filed = Vec<(usize, String)>;

/// Runs one worker a connection over a shared list of work.
async fn share<T, F, W>(server: &Server, tokens: Vec<String>, work: Vec<T>, each: W) -> Result<Figures>
where
    T: Send + 'static,
    F: Future<Output = Result<bool>> + Send,
    W: Fn(Arc<tokio::sync::Mutex<crate::http::Line>>, T) -> F + Send + Sync + Clone + 'static,
{
    let work = Arc::new(Mutex::new(work));
    let (port, started) = (server.port, Instant::now());
    let workers = tokens.into_iter().map(|token| {
        let (work, each) = (work.clone(), each.clone());
        tokio::spawn(async move {
            let line = Arc::new(tokio::sync::Mutex::new(line_of(port, &token).await?));
            let mut own = Figures::default();
            loop {
                let next = work.lock().map_err(|_| miette!("a worker panicked"))?.pop();
                let Some(item) = next else { return Ok::<_, miette::Report>(own) };
                let at = Instant::now();
                if each(line.clone(), item).await? {
                    own.micros.push(u32::try_from(at.elapsed().as_micros()).unwrap_or(u32::MAX));
                } else {
                    own.fail(0);
                }
            }
        })
    });
    let mut all = Figures::default();
    for own in futures_util::future::join_all(workers).await {
        all.add(own.into_diagnostic()??);
    }
    all.took = started.elapsed();
    Ok(all)
}

async fn drafts(server: &Server, citizen: &str, desks: &[Desk], plan: Plan) -> Result<Filed> {
    let out = Arc::new(Mutex::new(vec![]));
    let work: Vec<(usize, String)> =
        (0..plan.filings).map(|n| (n % desks.len(), desks[n % desks.len()].commune.clone())).collect();
    let kept = out.clone();
    share(server, vec![citizen.to_owned(); plan.lines], work, move |line, (desk, commune)| {
        let kept = kept.clone();
        async move {
            let id = load::draft(&mut *line.lock().await, &commune).await?;
            kept.lock().map_err(|_| miette!("a worker panicked"))?.push((desk, id));
            Ok(true)
        }
    })
    .await?;
    let made = out.lock().map_err(|_| miette!("a worker panicked"))?.clone();
    Ok(made)
}

async fn submit(server: &Server, citizen: &str, drafts: Filed, plan: Plan) -> Result<(Figures, Filed)> {
    let out = Arc::new(Mutex::new(vec![]));
    let kept = out.clone();
    let mut figures = share(server, vec![citizen.to_owned(); plan.lines], drafts, move |line, (desk, draft)| {
        let kept = kept.clone();
        async move {
            let (status, body) = load::submit(&mut *line.lock().await, &draft).await?;
            let Some(id) = body["id"].as_str().filter(|_| status == 200) else { return Err(miette!("submit: {status} {body}")) };
            kept.lock().map_err(|_| miette!("a worker panicked"))?.push((desk, id.to_owned()));
            Ok(true)
        }
    })
    .await?;
    figures.name = "submit".into();
    let filed = out.lock().map_err(|_| miette!("a worker panicked"))?.clone();
    Ok((figures, filed))
}

/// Each connection is one officer; officers with nothing to accept stay away.
async fn accept(server: &Server, name: &str, desks: &[Desk], by_desk: Vec<Vec<String>>, plan: Plan) -> Result<Figures> {
    let mut tokens = vec![];
    for (desk, _) in desks.iter().zip(&by_desk).filter(|(_, ids)| !ids.is_empty()) {
        tokens.push(load::token_of(server.port, desk).await?);
    }
    let mut work: Vec<(String, String)> = vec![];
    let filled: Vec<Vec<String>> = by_desk.into_iter().filter(|ids| !ids.is_empty()).collect();
    let longest = filled.iter().map(Vec::len).max().unwrap_or(0);
    // Desk by desk in turn, so that all are busy at the same time.
    for n in 0..longest {
        work.extend(filled.iter().zip(&tokens).filter_map(|(ids, token)| Some((token.clone(), ids.get(n)?.clone()))));
    }
    // Each paper is looked at before; only the acceptance is measured.
    share(server, vec![String::new(); plan.lines], work.clone(), |line, (token, id)| async move {
        let mut line = line.lock().await;
        line.headers = format!("authorization: Bearer {token}\r\n");
        load::check(&mut line, &id).await.map(|()| true)
    })
    .await?;
    let mut figures = share(server, vec![String::new(); plan.lines], work, |line, (token, id)| async move {
        let mut line = line.lock().await;
        line.headers = format!("authorization: Bearer {token}\r\n");
        let (status, body) = load::accept(&mut line, &id).await?;
        if status == 200 { Ok(true) } else { Err(miette!("accept: {status} {body}")) }
    })
    .await?;
    figures.name = name.into();
    Ok(figures)
}

async fn reading<P>(server: &Server, name: &str, token: &str, plan: Plan, path: P) -> Result<Figures>
where
    P: Fn(usize) -> String + Send + Sync + Clone + 'static,
{
    let (port, started) = (server.port, Instant::now());
    let workers = (0..plan.lines).map(|worker| {
        let (token, path) = (token.to_owned(), path.clone());
        tokio::spawn(async move {
            let mut line = line_of(port, &token).await?;
            let mut own = Figures::default();
            let mut n = worker * 7919;
            while started.elapsed() < plan.span {
                let at = Instant::now();
                let answer = line.get(&path(n)).await?;
                n += 1;
                if answer.status == 200 {
                    own.micros.push(u32::try_from(at.elapsed().as_micros()).unwrap_or(u32::MAX));
                } else {
                    own.fail(answer.status);
                }
            }
            Ok::<_, miette::Report>(own)
        })
    });
    let mut all = Figures { name: name.into(), ..Figures::default() };
    for own in futures_util::future::join_all(workers).await {
        all.add(own.into_diagnostic()??);
    }
    all.took = started.elapsed();
    Ok(all)
}
