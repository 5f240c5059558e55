//! TLS to PostgreSQL: a proxy that ends it stands before the server of the tests.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use diesel_async::RunQueryDsl as _;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use store::testing::TestDb;
use store::{DatabaseSettings, Db, on_conn};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// The first bytes of a client that asks for TLS: a length of 8, and a number.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

#[derive(diesel::QueryableByName)]
struct One {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/tls").join(name)
}

/// Ends TLS with the certificate of `localhost`, and passes on to `server`; without `encrypts` it says that it has none.
async fn proxy(server: String, encrypts: bool) -> u16 {
    let certificates = CertificateDer::pem_file_iter(file("server.pem")).unwrap().map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_file(file("server.key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let acceptor = TlsAcceptor::from(Arc::new(config.with_single_cert(certificates, key).unwrap()));
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let (acceptor, server) = (acceptor.clone(), server.clone());
            tokio::spawn(async move {
                let mut first = [0; 8];
                client.read_exact(&mut first).await?;
                assert_eq!(first, SSL_REQUEST, "nothing is said in the clear");
                client.write_all(if encrypts { b"S" } else { b"N" }).await?;
                let mut secured = acceptor.accept(client).await?;
                let mut server = TcpStream::connect(server).await?;
                copy_bidirectional(&mut secured, &mut server).await
            });
        }
    });
    port
}

/// The database of the test by way of the proxy, under another name of the machine.
fn by_way(test: &TestDb, host: &str, port: u16, query: &str) -> DatabaseSettings {
    use secrecy::ExposeSecret as _;
    let url = test.settings.url.expose_secret();
    let (who, rest) = url.split_once('@').expect("a user");
    let (_, database) = rest.split_once('/').expect("a database");
    let database = database.split('?').next().unwrap_or_default();
    DatabaseSettings { url: format!("{who}@{host}:{port}/{database}?{query}").into(), ..test.settings.clone() }
}

fn server(test: &TestDb) -> String {
    use secrecy::ExposeSecret as _;
    let url = test.settings.url.expose_secret();
    let (_, rest) = url.split_once('@').expect("a user");
    rest.split_once('/').expect("a database").0.to_owned()
}

async fn asked(settings: &DatabaseSettings) -> Result<i64, String> {
    let db = Db::open(settings, "tls", &[], &tokio::runtime::Handle::current()).await.map_err(|e| e.to_string())?;
    let conn = db.read().await.map_err(|e| e.to_string())?;
    let one = on_conn!(conn, |c| diesel::sql_query("SELECT CAST(41 + 1 AS BIGINT) AS n").get_result::<One>(c).await);
    one.map(|one| one.n).map_err(|e| e.to_string())
}

async fn modes(test: TestDb) {
    let port = proxy(server(&test), true).await;
    let ca = file("ca.pem").display().to_string();
    let ask = async |host: &str, query: &str| asked(&by_way(&test, host, port, query)).await;
    assert_eq!(ask("localhost", "sslmode=require").await, Ok(42));
    assert_eq!(ask("127.0.0.1", "sslmode=require").await, Ok(42), "whose certificate it is does not matter");
    let verified = format!("sslmode=verify-full&sslrootcert={ca}");
    assert_eq!(ask("localhost", &verified).await, Ok(42));
    // Another name, and an authority that did not sign it.
    let other = format!("sslmode=verify-full&sslrootcert={}", file("server.pem").display());
    for (host, query) in [("127.0.0.1", &verified), ("localhost", &other)] {
        let refused = ask(host, query).await.unwrap_err();
        assert!(!refused.contains("hunter2"), "{refused}");
    }
    let plain = proxy(server(&test), false).await;
    for query in ["sslmode=require", verified.as_str()] {
        assert!(asked(&by_way(&test, "localhost", plain, query)).await.is_err(), "never in the clear");
    }
}

#[test]
fn connections_are_secured_as_the_url_asks() {
    store::testing::on_postgres([store::MIGRATIONS], modes);
}
