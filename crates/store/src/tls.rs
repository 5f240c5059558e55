//! TLS to PostgreSQL, as the URL asks for it by `sslmode` and `sslrootcert`, words of libpq.
//!
//! | `sslmode` | |
//! |---|---|
//! | absent, `disable`, `prefer` | none: the server is on the same machine or network |
//! | `require` | encrypted, or no connection; whose certificate it is does not matter |
//! | `verify-full` | encrypted, and the certificate is the host's, signed by an authority of `sslrootcert` (a file in PEM), else of the system |
//!
//! Other modes are refused rather than taken for something weaker. Channel binding is not offered.

use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, InvalidDnsNameError, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_rustls::TlsConnector;

use crate::{StoreError, StoreResult};

/// How connections are secured, and the URL without what says so.
pub(crate) struct Secured {
    pub url: String,
    pub tls: Option<Connector>,
}

/// What a URL asks for.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Plain,
    Encrypted,
    Verified(Option<PathBuf>),
}

/// Reads a PostgreSQL URL.
///
/// # Errors
/// A mode that is not offered, certificates that cannot be read. The URL, which may hold a password, is not repeated.
pub(crate) fn secured(url: &str) -> StoreResult<Secured> {
    let (url, wanted) = wanted(url)?;
    let config = match wanted {
        Wanted::Plain => return Ok(Secured { url, tls: None }),
        Wanted::Encrypted => {
            let verifier = Arc::new(Anybody(provider()));
            builder()?.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()
        }
        Wanted::Verified(file) => {
            let roots = file.as_deref().map_or_else(of_the_system, from_file)?;
            builder()?.with_root_certificates(roots).with_no_client_auth()
        }
    };
    Ok(Secured { url, tls: Some(Connector(Arc::new(config))) })
}

fn wanted(url: &str) -> StoreResult<(String, Wanted)> {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let (mut mode, mut file, mut rest) = (None, None, Vec::new());
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("sslmode", value)) => mode = Some(value),
            Some(("sslrootcert", value)) => file = Some(value),
            _ => rest.push(pair),
        }
    }
    let wanted = match mode {
        None | Some("disable" | "prefer") => Wanted::Plain,
        // As libpq: an authority that is given is asked.
        Some("require") if file.is_none() => Wanted::Encrypted,
        Some("verify-full") => Wanted::Verified(file.filter(|file| *file != "system").map(PathBuf::from)),
        Some("require") => {
            return Err(StoreError::Settings("sslmode=require takes no sslrootcert; use verify-full".into()));
        }
        Some(_) => return Err(StoreError::Settings("sslmode must be disable, prefer, require or verify-full".into())),
    };
    let mut plain = base.to_owned();
    if wanted != Wanted::Plain {
        rest.push("sslmode=require");
    }
    if !rest.is_empty() {
        plain.push('?');
        plain.push_str(&rest.join("&"));
    }
    Ok((plain, wanted))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn builder() -> StoreResult<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>> {
    let built = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions();
    built.map_err(|e| StoreError::Settings(format!("TLS cannot be set up: {e}")))
}

fn from_file(path: &Path) -> StoreResult<RootCertStore> {
    let unread = |e: &dyn std::fmt::Display| StoreError::Settings(format!("sslrootcert {}: {e}", path.display()));
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|e| unread(&e))? {
        roots.add(certificate.map_err(|e| unread(&e))?).map_err(|e| unread(&e))?;
    }
    if roots.is_empty() { Err(unread(&"no certificate in it")) } else { Ok(roots) }
}

fn of_the_system() -> StoreResult<RootCertStore> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(StoreError::Settings(
            "the system has no certificate authorities; name a file by sslrootcert".into(),
        ));
    }
    Ok(roots)
}

/// Takes any certificate. That the server holds its key is checked all the same.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Secures connections. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Connector(Arc<ClientConfig>);

/// One connection about to be secured.
pub(crate) struct Handshake {
    host: ServerName<'static>,
    connector: TlsConnector,
}

/// A secured connection.
pub(crate) struct Encrypted<S>(tokio_rustls::client::TlsStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> MakeTlsConnect<S> for Connector {
    type Stream = Encrypted<S>;
    type TlsConnect = Handshake;
    type Error = InvalidDnsNameError;

    fn make_tls_connect(&mut self, host: &str) -> Result<Handshake, InvalidDnsNameError> {
        let host = ServerName::try_from(host)?.to_owned();
        Ok(Handshake { host, connector: TlsConnector::from(self.0.clone()) })
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> TlsConnect<S> for Handshake {
    type Stream = Encrypted<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Encrypted<S>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        Box::pin(async move { self.connector.connect(self.host, stream).await.map(Encrypted) })
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Encrypted<S> {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Encrypted<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, into)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Encrypted<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_keeps_everything_else() {
        let read = |url: &str| wanted(url).unwrap();
        let url = "postgres://u:p@h:5433/d?connect_timeout=3&sslmode=verify-full&sslrootcert=/a/b.pem&keepalives=1";
        let (plain, how) = read(url);
        assert_eq!(plain, "postgres://u:p@h:5433/d?connect_timeout=3&keepalives=1&sslmode=require");
        assert_eq!(how, Wanted::Verified(Some("/a/b.pem".into())));
        assert_eq!(read("postgres://h/d"), ("postgres://h/d".to_owned(), Wanted::Plain));
        assert_eq!(read("postgres://h/d?sslmode=disable"), ("postgres://h/d".to_owned(), Wanted::Plain));
        assert_eq!(read("postgres://h/d?sslmode=require").1, Wanted::Encrypted);
        assert_eq!(read("postgres://h/d?sslmode=verify-full&sslrootcert=system").1, Wanted::Verified(None));
    }

    #[test]
    fn what_is_not_offered_is_refused_without_repeating_the_url() {
        for query in ["sslmode=verify-ca", "sslmode=allow", "sslmode=", "sslmode=require&sslrootcert=/a.pem"] {
            let error = wanted(&format!("postgres://u:hunter2@h/d?{query}")).unwrap_err().to_string();
            assert!(error.contains("sslmode") && !error.contains("hunter2"), "{error}");
        }
        assert!(from_file(Path::new("/nowhere.pem")).is_err());
    }
}
