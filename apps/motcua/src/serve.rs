//! The server: rooms, listeners, jobs and a port; and an orderly end.
use crate::{
    admin,
    config::{Config, LogFormat},
    house::{self, Open},
    rooms,
    say::{self, Trouble, trouble},
};
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use miette::{IntoDiagnostic, Result};
use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use web::{House, words};

/// Requests under way get this long to finish after a stop was asked for.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

fn not_listening(address: SocketAddr, e: &std::io::Error) -> Trouble {
    trouble(
        words("Không mở được cổng {0}: {1}. Máy chủ chưa chạy, dữ liệu không thay đổi.").with(address).with_words(say::disk(e)),
    )
    .cure(words("Đặt PORT là một cổng còn trống, hoặc dừng chương trình đang dùng cổng này."))
}

/// One recorder for the process: a server that starts again after a restore goes on counting.
fn recorder() -> Option<PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER.get_or_init(|| PrometheusBuilder::new().install_recorder().ok()).clone()
}

/// Why a server ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// By a signal.
    Stop,
    /// By an administrator who puts a backup in the place of the data.
    Restore,
}

/// A server that listens.
pub struct Server {
    /// How people reach it.
    pub address: String,
    crew: store::Running,
    tidying: JoinHandle<((), ())>,
    stop: watch::Sender<bool>,
    listening: JoinHandle<std::io::Result<()>>,
}

/// Opens the house and listens.
pub async fn start(config: &Config, open: &Open) -> Result<Server> {
    let address = config.address();
    // The port first: nothing is started when another server has it.
    let listener = TcpListener::bind(address).await.map_err(|e| not_listening(address, &e))?;
    let settings = config.web();
    let public = settings.address.clone();
    let mut house = House::new(open.db.clone(), open.files.clone(), open.clock.clone(), settings);
    house.metrics = recorder().map(|recorder| Arc::new(move || recorder.render()) as Arc<dyn Fn() -> String + Send + Sync>);
    let rooms = rooms::rooms(config);
    let mut crew = store::Crew::new(open.clock.clone());
    crew.ears = rooms.iter().flat_map(|r| r.listeners.iter().cloned()).collect();
    crew.hands = rooms.iter().flat_map(|r| r.jobs.iter().cloned()).collect();
    if !config.mail.host.is_empty() {
        // without a mail server messages wait in the queue
        crew.hands.push(notices::postman(&config.mail).into_diagnostic()?);
    }
    crew.hands.extend(audit::jobs::hands(&config.audit, &open.files).into_diagnostic()?);
    crew.files = Some(open.files.clone());
    let crew = store::start(&open.db, crew);
    let billing = audit::jobs::keep_billing(open.db.clone(), open.clock.clone(), !config.audit.tsa.is_empty());
    let tidy = web::keep_tidy(house.clone());
    let tidying = tokio::spawn(async move { tokio::join!(tidy, billing) });
    let service: IntoMakeServiceWithConnectInfo<_, SocketAddr> =
        web::build(house, rooms).router.into_make_service_with_connect_info::<SocketAddr>();
    let (stop, mut stopping) = watch::channel(false);
    let listening = tokio::spawn(async move {
        let asked = async move {
            let _ = stopping.wait_for(|stop| *stop).await;
        };
        axum::serve(listener, service).with_graceful_shutdown(asked).await
    });
    Ok(Server { address: public, crew, tidying, stop, listening })
}

impl Server {
    /// Lets requests under way finish, then listeners and jobs.
    pub async fn stop(self) -> Result<()> {
        tracing::info!("stopping");
        let _ = self.stop.send(true);
        if let Ok(ended) = tokio::time::timeout(LAST_REQUESTS, self.listening).await {
            ended.into_diagnostic()?.into_diagnostic()?;
        }
        self.tidying.abort();
        self.crew.stop().await;
        Ok(())
    }
}

async fn asked() -> Result<Asked> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt()).into_diagnostic()?, signal(SignalKind::terminate()).into_diagnostic()?);
    Ok(tokio::select! {
        _ = interrupt.recv() => Asked::Stop,
        _ = terminate.recv() => Asked::Stop,
        () = admin::ASKED.notified() => Asked::Restore,
    })
}

/// Serves until somebody asks it to stop; a restore takes the place of the data and serving goes on.
pub async fn until_stopped(config: &Config, open: Open, server: Server) -> Result<()> {
    let (mut open, mut server) = (Some(open), Some(server));
    while let Some(serving) = server.take() {
        let asked = asked().await?;
        serving.stop().await?;
        if asked == Asked::Stop {
            break;
        }
        if let Some(open) = open.take() {
            open.db.close().await;
        }
        if let Err(error) = admin::put_in_place(config).await {
            tracing::error!(%error, "the restore failed; the data is as it was");
        }
        let again = house::open(config).await?;
        server = Some(start(config, &again).await?);
        open = Some(again);
    }
    Ok(())
}

/// The rooms whose lines keep the rules of docs/logging.md. Whatever others have to say below a warning may hold what people typed: the
/// driver of a database writes the values of its statements.
pub const OURS: [&str; 14] = [
    "assets",
    "audit",
    "base",
    "catalogue",
    "directory",
    "motcua",
    "notices",
    "onestop",
    "paper",
    "pki",
    "place",
    "sheet",
    "store",
    "web",
];

fn may_be_written(of: &tracing::Metadata<'_>) -> bool {
    let room = of.target().split("::").next().unwrap_or_default();
    *of.level() <= tracing::Level::WARN || OURS.contains(&room)
}

/// The log on standard error.
pub fn start_log(config: &Config) {
    use tracing_subscriber::{
        EnvFilter, Layer, filter::FilterExt, filter::filter_fn, layer::SubscriberExt, util::SubscriberInitExt,
    };
    let wanted = EnvFilter::try_new(&config.log.level).unwrap_or_else(|_| EnvFilter::new("warn"));
    let filter = wanted.and(filter_fn(may_be_written));
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let log = match config.log.format {
        LogFormat::Text => log.with_target(false).boxed(),
        LogFormat::Json => log.json().flatten_event(true).boxed(),
    };
    // A second subscriber (tests) is refused and the first one stays.
    let _ = tracing_subscriber::registry().with(log.with_filter(filter)).try_init();
}

/// `serve`.
pub async fn serve(config: &Config) -> Result<()> {
    start_log(config);
    config.sound()?;
    let open = house::open(config).await?;
    crate::demo::not_by_mistake(config, &open).await?;
    let server = start(config, &open).await?;
    println!("ready {}", server.address);
    until_stopped(config, open, server).await
}
