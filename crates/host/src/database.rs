//! A service's database.

use anyhow::Context as _;
use runtime::Context;
use store::{Db, Migrations};

/// Every migration a service's database has: the kernel's, the bus's, its own.
pub fn migrations(own: Migrations) -> [Migrations; 3] {
    [store::MIGRATIONS, bus::migrations(), own]
}

/// Opens the database of `service` by its section `<service>.database`, migrates it, and makes readiness depend on it.
///
/// # Errors
/// Settings that make no sense, or a database that cannot be opened.
pub async fn database(cx: &Context, service: &'static str, own: Migrations) -> anyhow::Result<Db> {
    let settings = cx.config.section(&format!("{service}.database"))?;
    let opened = Db::open(&settings, service, &migrations(own), &cx.handle).await;
    let db = opened.with_context(|| format!("cannot open the database of {service}"))?;
    let asked = db.clone();
    cx.readiness.add(format!("{service}.database"), move || {
        let db = asked.clone();
        async move { db.ping().await }
    });
    Ok(db)
}
