//! The macro that turns one list of calls into a trait, an HTTP client, routes and wrappers.

/// Declares a service.
///
/// A `read` call may be repeated on another instance when a connection breaks; a `write` call is repeated only when the
/// connection could not be made at all.
#[macro_export]
macro_rules! service {
    (
        $(#[$doc:meta])*
        $service:ident: $Api:ident, $Http:ident, $Spawned:ident, $Late:ident => $Error:ident {
            $($(#[$call_doc:meta])* $kind:ident $call:ident($Command:ty) -> $View:ty;)+
        }
    ) => {
        $(#[$doc])*
        #[async_trait::async_trait]
        pub trait $Api: Send + Sync + 'static {
            $($(#[$call_doc])* async fn $call(&self, command: $Command) -> Result<$View, $Error>;)+
        }

        /// The same service in another process.
        #[cfg(feature = "client")]
        #[derive(Debug, Clone)]
        pub struct $Http(pub $crate::rpc::Client);

        #[cfg(feature = "client")]
        #[async_trait::async_trait]
        impl $Api for $Http {
            $(async fn $call(&self, command: $Command) -> Result<$View, $Error> {
                let repeat = stringify!($kind) == "read";
                self.0.call(concat!(stringify!($service), "/", stringify!($call)), &command, repeat).await
            })+
        }

        /// The same service, run on the services' runtime: a caller that is dropped half-way stops nothing.
        #[derive(Clone)]
        pub struct $Spawned {
            inner: std::sync::Arc<dyn $Api>,
            runtime: tokio::runtime::Handle,
            after_write: Option<std::sync::Arc<dyn Fn() + Send + Sync>>,
        }

        impl $Spawned {
            /// Runs the calls of `inner` on `runtime`.
            pub fn new(inner: std::sync::Arc<dyn $Api>, runtime: tokio::runtime::Handle) -> Self {
                Self { inner, runtime, after_write: None }
            }
            /// Calls `hook` after every write, whatever its outcome.
            pub fn after_write(mut self, hook: impl Fn() + Send + Sync + 'static) -> Self {
                self.after_write = Some(std::sync::Arc::new(hook));
                self
            }
        }

        #[async_trait::async_trait]
        impl $Api for $Spawned {
            $(async fn $call(&self, command: $Command) -> Result<$View, $Error> {
                let inner = self.inner.clone();
                let hook = self.after_write.clone().filter(|_| stringify!($kind) == "write");
                let work = async move {
                    let answer = inner.$call(command).await;
                    if let Some(hook) = hook { hook(); }
                    answer
                };
                let done = $crate::rpc::spawn(&self.runtime, Box::pin(work)).await;
                done.unwrap_or_else(|_| Err(<$Error as domain::ServiceError>::internal()))
            })+
        }

        /// The same service, known only later: for services that ask each other.
        #[derive(Default)]
        pub struct $Late(std::sync::OnceLock<std::sync::Arc<dyn $Api>>);

        impl $Late {
            /// Says who answers. Only the first call counts.
            pub fn set(&self, api: std::sync::Arc<dyn $Api>) {
                let _ = self.0.set(api);
            }
        }

        #[async_trait::async_trait]
        impl $Api for $Late {
            $(async fn $call(&self, command: $Command) -> Result<$View, $Error> {
                match self.0.get() {
                    Some(api) => api.$call(command).await,
                    None => Err(<$Error as domain::ServiceError>::unavailable(
                        concat!(stringify!($service), " is not started").to_owned(),
                    )),
                }
            })+
        }

        /// The calls as routes under `/rpc`, for the process that owns the service.
        #[cfg(feature = "server")]
        pub fn routes(
            api: std::sync::Arc<dyn $Api>,
            gate: $crate::rpc::Gate,
        ) -> $crate::rpc::Mount {
            let routes = vec![$({
                let api = api.clone();
                $crate::rpc::Route::new(
                    concat!("/rpc/", stringify!($service), "/", stringify!($call)),
                    move |command: $Command| {
                        let api = api.clone();
                        Box::pin(async move { api.$call(command).await })
                    },
                )
            }),+];
            gate.mounting(routes)
        }
    };
}
