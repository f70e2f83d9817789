//! The server: rooms, listeners, jobs and a port; and an orderly end.
use crate::{
    config::{Config, LogFormat},
    house::{self, Open},
    rooms,
};
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use metrics_exporter_prometheus::PrometheusBuilder;
use miette::{Diagnostic, IntoDiagnostic, Result};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use web::House;

/// Requests under way get this long to finish after a stop was asked for.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("cannot listen on {address}: {source}")]
#[diagnostic(code(motcua::listen), help("another program may be using the port; set PORT to a free one"))]
struct NotListening {
    address: SocketAddr,
    source: std::io::Error,
}

/// A server that listens.
pub struct Server {
    /// How people reach it.
    pub address: String,
    crew: store::Running,
    stop: watch::Sender<bool>,
    listening: JoinHandle<std::io::Result<()>>,
}

/// Opens the house and listens.
pub async fn start(config: &Config, open: &Open) -> Result<Server> {
    let address = config.address();
    // The port first: nothing is started when another server has it.
    let listener = TcpListener::bind(address).await.map_err(|source| NotListening { address, source })?;
    let settings = config.web();
    let public = settings.address.clone();
    let mut house = House::new(open.db.clone(), open.files.clone(), open.clock.clone(), settings);
    // A second server in one process (tests) shares the first one's recorder.
    if let Ok(recorder) = PrometheusBuilder::new().install_recorder() {
        house.metrics = Some(Arc::new(move || recorder.render()));
    }
    let rooms = rooms::rooms();
    let mut crew = store::Crew::new(open.clock.clone());
    crew.ears = rooms.iter().flat_map(|r| r.listeners.iter().cloned()).collect();
    crew.hands = rooms.iter().flat_map(|r| r.jobs.iter().cloned()).collect();
    crew.files = Some(open.files.clone());
    let crew = store::start(&open.db, crew);
    let service: IntoMakeServiceWithConnectInfo<_, SocketAddr> =
        web::build(house, rooms).router.into_make_service_with_connect_info::<SocketAddr>();
    let (stop, mut stopping) = watch::channel(false);
    let listening = tokio::spawn(async move {
        let asked = async move {
            let _ = stopping.wait_for(|stop| *stop).await;
        };
        axum::serve(listener, service).with_graceful_shutdown(asked).await
    });
    Ok(Server { address: public, crew, stop, listening })
}

impl Server {
    /// Serves until somebody asks it to stop, then ends in order.
    pub async fn until_asked(self) -> Result<()> {
        asked_to_stop().await?;
        self.stop().await
    }

    /// Lets requests under way finish, then listeners and jobs.
    pub async fn stop(self) -> Result<()> {
        tracing::info!("stopping");
        let _ = self.stop.send(true);
        if let Ok(ended) = tokio::time::timeout(LAST_REQUESTS, self.listening).await {
            ended.into_diagnostic()?.into_diagnostic()?;
        }
        self.crew.stop().await;
        Ok(())
    }
}

async fn asked_to_stop() -> Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt()).into_diagnostic()?, signal(SignalKind::terminate()).into_diagnostic()?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// The log on standard error.
pub fn start_log(config: &Config) {
    let filter =
        tracing_subscriber::EnvFilter::try_new(&config.log.level).unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second subscriber (tests) is refused and the first one stays.
    let _ = match config.log.format {
        LogFormat::Text => log.with_target(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
}

/// `serve`.
pub async fn serve(config: &Config) -> Result<()> {
    start_log(config);
    let open = house::open(config).await?;
    let server = start(config, &open).await?;
    println!("ready {}", server.address);
    server.until_asked().await
}
