//! Builds the application, for the binary and for tests.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use actix_web::{
    App, HttpServer,
    dev::Server,
    middleware::{Compress, from_fn},
    web,
};
use tokio::task::JoinHandle;
use utoipa_actix_web::AppExt as _;
use utoipa_swagger_ui::SwaggerUi;

use crate::{
    accounts::{sign_up::set_up, stores},
    app_state::AppState,
    auth::rate_limit,
    cli::{self, Failure},
    config::Config,
    db::checkpoints,
    error::problem_page,
    http::{body, response_headers, route_table::Addresses},
    imports, jobs, openapi, routes,
    sales::backfills,
    telemetry, tls, web_app,
};

/// Seconds that running requests have at a shutdown.
const SHUTDOWN_SECONDS: u64 = 20;

/// A server that is bound to its socket but does not serve yet.
pub struct Application {
    state: Arc<AppState>,
    server: Server,
    address: SocketAddr,
    /// The secret of the set-up link, which creates the first account.
    set_up: Option<String>,
}

impl Application {
    /// Opens and migrates the database, and binds the socket.
    ///
    /// # Errors
    /// [`Failure`] if the database cannot be opened, a setting is invalid or the socket cannot be
    /// bound.
    pub async fn build(config: Config) -> Result<Self, Failure> {
        tls::install();
        let metrics = telemetry::init_metrics();
        let db = cli::open(&config, config.read_time_limit()).await?;
        db.serve().await?;
        stores::creators::configure(&db, config.creators).await?;
        let set_up = set_up::offer(&db).await?;
        let state = AppState::new(db, config, metrics).await?;
        let data = web::Data::from(Arc::clone(&state));
        // Built once, not by every worker.
        let document = openapi::build();
        let routes = web::Data::new(Addresses::of(&document));
        let app = move || {
            App::new()
                .wrap(Compress::default())
                .wrap(from_fn(rate_limit::limit))
                .wrap(from_fn(response_headers::complete))
                .wrap(from_fn(telemetry::requests))
                .app_data(data.clone())
                .app_data(routes.clone())
                .app_data(body::limit())
                .into_utoipa_app()
                .configure(routes::all)
                .into_app()
                .route(problem_page::ADDRESS, web::get().to(problem_page::serve))
                .service(SwaggerUi::new("/api/docs/{_:.*}").url("/api/openapi.json", document.clone()))
                .service(web::redirect("/api/docs", "/api/docs/"))
                .default_service(web::to(web_app::serve))
        };
        let listen = state.config.listen.clone();
        let cannot = |error| Failure::new(format!("Cannot listen on {listen}: {error}."));
        let addresses = listen.resolve().map_err(cannot)?;
        let mut server = HttpServer::new(app)
            .disable_signals()
            .shutdown_timeout(SHUTDOWN_SECONDS)
            .keep_alive(Duration::from_secs(75));
        if state.config.workers > 0 {
            server = server.workers(state.config.workers);
        }
        let server = server.bind(addresses.as_slice()).map_err(cannot)?;
        let address = server.addrs().first().copied();
        let address = address.ok_or_else(|| Failure::new(format!("Cannot listen on {listen}.")))?;
        Ok(Self { state, server: server.run(), address, set_up })
    }

    /// The socket address of the server.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The state of the server, for tests that bypass the API.
    #[must_use]
    pub fn state(&self) -> Arc<AppState> {
        Arc::clone(&self.state)
    }

    /// Serves until a signal or [`AppState::stopping`], then stops the workers and closes the database.
    ///
    /// # Errors
    /// [`Failure`] if the server or the closing of the database fails.
    pub async fn run(self) -> Result<(), Failure> {
        let Self { state, server, address, set_up } = self;
        tracing::info!(server.address = %address, "serving on http://{address}");
        if let Some(token) = set_up {
            // For the operator who starts the server; a log may have other readers.
            eprintln!("Nobody has an account yet. Make the first one at http://{address}/set-up#{token}");
        }
        let stopping = state.stopping.clone();
        // Open streams would delay the shutdown; they end when this token is cancelled.
        let signals = tokio::spawn({
            let (stopping, handle) = (stopping.clone(), server.handle());
            async move {
                tokio::select! {
                    () = wait_for_signal() => {}
                    () = stopping.cancelled() => {}
                }
                stopping.cancel();
                handle.stop(true).await;
            }
        });
        let worker: JoinHandle<()> = tokio::spawn(imports::worker::run(Arc::clone(&state)));
        let backfills: JoinHandle<()> = tokio::spawn(backfills::worker::run(Arc::clone(&state)));
        let jobs: JoinHandle<()> = tokio::spawn(jobs::run(Arc::clone(&state)));
        let events = tokio::spawn({
            let state = Arc::clone(&state);
            async move { state.stripe.run(&state.db).await }
        });
        let log = tokio::spawn({
            let db = state.db.clone();
            async move { checkpoints::run(&db).await }
        });
        let upkeep = tokio::spawn(telemetry::keep_up(state.metrics.0.clone(), stopping.clone()));
        let outcome = server.await;
        // Requests that wait for their event have been answered.
        events.abort();
        stopping.cancel();
        signals.abort();
        // Workers finish their transaction; the jobs continue at the next start.
        let _ = worker.await;
        let _ = backfills.await;
        let _ = jobs.await;
        let _ = upkeep.await;
        log.abort();
        let _ = log.await;
        state.db.clone().close().await?;
        tracing::info!("stopped");
        Ok(outcome?)
    }
}

async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
