//! Logging, metrics and request ids.

use std::{
    io::IsTerminal as _,
    time::{Duration, Instant},
};

use actix_web::{
    Error, HttpMessage as _,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{HeaderName, HeaderValue},
    },
    middleware::Next,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio_util::sync::CancellationToken;
use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Layer as _, filter::filter_fn, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};
use uuid::Uuid;

use crate::{
    app_state::State,
    config::LogFormat,
    request_context::{self, Context},
};

/// The header of the request id, in requests and responses.
pub const REQUEST_ID: &str = "x-request-id";

const REQUEST_DURATION: &str = "http_request_duration_seconds";

/// Upper bounds of the histogram of request durations, in seconds. Unlike summaries, histograms can be
/// aggregated over several servers.
const DURATION_BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Interval at which recorded samples are moved to the histograms. Until then each sample uses memory.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

/// Starts logging to standard error. Further calls have no effect.
pub fn init_logs(format: LogFormat, filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // Fails only if a logger is installed already, as in tests.
    let _ = match format {
        LogFormat::Text => {
            registry.with(layer.with_target(false).with_filter(filter_fn(may_be_logged))).try_init()
        }
        LogFormat::Json => {
            registry.with(layer.json().flatten_event(true).with_filter(filter_fn(may_be_logged))).try_init()
        }
    };
}

/// Keeps personal data out of the log at all levels. At `debug` and `trace` only our own crates are
/// known to log no personal data; others log what they process, such as the HTML of a note.
fn may_be_logged(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::INFO || metadata.target().starts_with("fanbase")
}

/// Starts the collection of metrics; the handle renders them.
#[must_use]
pub fn init_metrics() -> PrometheusHandle {
    static HANDLE: std::sync::OnceLock<PrometheusHandle> = std::sync::OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let builder = PrometheusBuilder::new();
            let name = Matcher::Full(REQUEST_DURATION.to_owned());
            // Fails only for an empty list.
            let builder = builder.set_buckets_for_metric(name, &DURATION_BUCKETS).unwrap_or_default();
            let recorder = builder.build_recorder();
            let handle = recorder.handle();
            // Fails only if another recorder is installed; ours then stays empty.
            let _ = metrics::set_global_recorder(recorder);
            handle
        })
        .clone()
}

/// Bounds the memory of the metrics when they are not scraped, until the server stops.
pub async fn keep_up(metrics: PrometheusHandle, stopping: CancellationToken) {
    while !stopping.is_cancelled() {
        metrics.run_upkeep();
        tokio::select! {
            () = stopping.cancelled() => {}
            () = tokio::time::sleep(UPKEEP_INTERVAL) => {}
        }
    }
}

/// The label of a method. HTTP allows any token as a method, and each label is a permanent time series,
/// so unregistered methods share one.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::TRACE => "TRACE",
        Method::CONNECT => "CONNECT",
        _ => "OTHER",
    }
}

/// Middleware: a request id, a log line and metrics for every request.
///
/// # Errors
/// The error of the handler.
pub async fn requests(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let id = request
        .headers()
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| {
            !id.is_empty() && id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
        .map_or_else(|| Uuid::now_v7().to_string(), str::to_owned);
    let header = HeaderValue::from_str(&id);
    request.headers_mut().remove(REQUEST_ID);
    let (method, route) = (method_label(request.method()), request.match_pattern());
    request.extensions_mut().insert(started);
    let header_of_proxy =
        request.app_data::<State>().and_then(|state| state.config.client_address_header.clone());
    let address = request_context::address_of(request.request(), header_of_proxy.as_ref());
    let response = request_context::within(Context::new(id.clone(), address), next.call(request)).await;
    let status = match &response {
        Ok(response) => response.status().as_u16(),
        Err(error) => error.as_response_error().status_code().as_u16(),
    };
    // The route pattern, not the path: paths contain ids, and queries contain search terms.
    let route = route.or_else(|| response.as_ref().ok()?.request().match_pattern()).unwrap_or_default();
    let seconds = started.elapsed().as_secs_f64();
    let labels = [("method", method.to_owned()), ("route", route.clone()), ("status", status.to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!(REQUEST_DURATION, &labels[..2]).record(seconds);
    tracing::info!(
        request.id = %id, http.method = %method, http.route = %route, http.status = status,
        duration_ms = seconds * 1000.0, "request"
    );
    let mut response = response?;
    if let Ok(header) = header {
        response.headers_mut().insert(HeaderName::from_static(REQUEST_ID), header);
    }
    Ok(response)
}
