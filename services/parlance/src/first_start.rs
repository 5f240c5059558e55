//! What a start leaves behind for its users: at the first one a demo tenant, always the present addresses.

use domain::TenantId;
use surfaces::operator::tenants::{CredentialsFile, new_tenant};

use crate::data_dir::DataDir;
use crate::serve::Started;

/// The credentials of the demo tenant.
pub struct Made {
    /// What `credentials.json` holds.
    pub credentials: CredentialsFile,
    /// Whether this start made them.
    pub first: bool,
}

/// Reads or makes the demo tenant's credentials and writes them with the present addresses.
///
/// # Errors
/// A tenant that cannot be made; a file that cannot be read or written.
pub async fn credentials(data: &DataDir, started: &Started) -> anyhow::Result<Made> {
    let (mut credentials, first) = match data.credentials()? {
        Some(known) => (known, false),
        None => (demo(started).await?, true),
    };
    credentials.base_url.clone_from(&started.base_url);
    credentials.admin_url.clone_from(&started.admin_url);
    data.write_credentials(&credentials)?;
    Ok(Made { credentials, first })
}

/// The tenant's id follows from its name, so that a start that crashed half-way is finished by the next one.
async fn demo(started: &Started) -> anyhow::Result<CredentialsFile> {
    let (id, services) = (TenantId::derived(uuid::Uuid::nil(), b"demo"), &started.services);
    let made = new_tenant(&*services.users, &*services.auth, &*services.bots, id, "demo").await;
    let made = made.map_err(|problem| anyhow::anyhow!("cannot make the demo tenant: {problem:?}"))?;
    Ok(made.credentials(&started.base_url, &started.admin_url))
}
