//! HTTP servers: each on a thread of its own, beside the services' runtime.
//!
//! Every actix worker is a single-thread runtime, and a client that resets its connection drops the handler half-way.
//! Service calls therefore cross over to [`Context::handle`] by spawn, in the trait objects that handlers are given.

use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::{App, Error, HttpServer};
use tokio::net::TcpSocket;
use tokio::sync::oneshot;

use crate::context::Context;
use crate::request_trace::RequestTrace;
use crate::shutdown::Stage;

/// Connections that may wait to be accepted: a burst of clients must not see resets.
const BACKLOG: u32 = 1024;

/// Opens `address` (`host:port`, port 0 for a free one) for [`serve`]. Must be called within a runtime.
pub fn bind(address: &str) -> io::Result<TcpListener> {
    let mut last = io::Error::new(io::ErrorKind::InvalidInput, "no such address");
    for candidate in address.to_socket_addrs().map_err(|e| naming(address, &e))? {
        match listen(candidate) {
            Ok(listener) => return Ok(listener),
            Err(e) => last = e,
        }
    }
    Err(naming(address, &last))
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}

fn naming(address: &str, cause: &io::Error) -> io::Error {
    io::Error::new(cause.kind(), format!("cannot listen on {address}: {cause}"))
}

/// Serves what `factory` builds (once per worker) until shutdown, with `trace` around it. Returns the bound address.
///
/// The server stops in [`Stage::Serve`]; streams that would outlast that watch its token.
pub async fn serve<F, T, B>(
    cx: &Context,
    listener: TcpListener,
    trace: RequestTrace,
    factory: F,
) -> io::Result<SocketAddr>
where
    F: Fn() -> App<T> + Clone + Send + 'static,
    T: ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<B>, Error = Error, InitError = ()>
        + 'static,
    B: MessageBody + 'static,
{
    let address = listener.local_addr()?;
    let trace = trace.sampling(cx.trace_sample);
    let keep_alive = Duration::from_secs(cx.server.keep_alive_s);
    let drain = drain_s(cx);
    let workers = match cx.server.workers {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        n => n,
    };
    let each = cx.server.connections.div_ceil(workers).max(1);
    let open = metrics::gauge!("http_connections_open", "process" => cx.name);
    open.increment(0.0);
    let build = move || {
        let server = HttpServer::new(move || factory().wrap(trace.clone()));
        let server = server.on_connect(move |_, kept| drop(kept.insert(Connected::counted(&open)))).listen(listener)?;
        let server = server.keep_alive(keep_alive).max_connections(each).shutdown_timeout(drain);
        Ok(server.workers(workers).disable_signals().run())
    };
    on_thread(cx, Stage::Serve, "http", build).await?;
    Ok(address)
}

/// Kept with a connection, and dropped with it.
struct Connected(metrics::Gauge);

impl Connected {
    fn counted(open: &metrics::Gauge) -> Self {
        open.increment(1.0);
        Self(open.clone())
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

/// Whole seconds that the serving stage may take.
fn drain_s(cx: &Context) -> u64 {
    (cx.shutdown.grace().as_secs() * 3 / 5).max(1)
}

/// Runs the server that `build` makes on a new thread, stopped in `stage`. Should it end before, the stack stops.
pub(crate) async fn on_thread<F>(cx: &Context, stage: Stage, kind: &'static str, build: F) -> io::Result<()>
where
    F: FnOnce() -> io::Result<Server> + Send + 'static,
{
    let (started, handle) = oneshot::channel();
    let (ended, mut end) = oneshot::channel::<io::Result<()>>();
    let run = move || {
        actix_web::rt::System::new().block_on(async {
            let server = match build() {
                Ok(server) => server,
                Err(e) => return drop(started.send(Err(e))),
            };
            // Nobody waiting for it means that the caller has gone; dropping the server stops it.
            if started.send(Ok(server.handle())).is_ok() {
                drop(ended.send(server.await));
            }
        });
    };
    std::thread::Builder::new().name(format!("{}-{kind}", cx.name)).spawn(run)?;
    let handle = handle.await.map_err(|_| io::Error::other("the server's thread ended"))??;

    let (shutdown, token) = (cx.shutdown.clone(), cx.shutdown.token(stage));
    cx.shutdown.spawn(stage, &cx.handle, async move {
        tokio::select! {
            () = token.cancelled() => {
                handle.stop(true).await;
                drop(end.await);
            }
            outcome = &mut end => shutdown.fail(match outcome {
                Ok(Err(e)) => format!("the {kind} server ended: {e}"),
                Ok(Ok(())) | Err(_) => format!("the {kind} server ended"),
            }),
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests;
