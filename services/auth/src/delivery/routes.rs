//! Where mail and SMS go, as the settings say.

use std::time::Duration;

use lettre::message::Mailbox;
use secrecy::ExposeSecret as _;

use domain::Timestamp;

use super::{Channel, Parcel, Undelivered, mail, sms};
use crate::config::{MailSettings, Settings, SmsSettings};

/// Where mail and SMS go. A channel without a route keeps what it has until there is one.
#[derive(Clone, Default)]
pub struct Routes {
    mail: Option<(mail::Route, Mailbox)>,
    sms: Option<sms::Route>,
}

/// Settings of mail or SMS that make no sense. Never repeats a URL, which may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum BadRoute {
    /// The mail server.
    #[error("mail.smtp_url: {0}")]
    Smtp(#[source] lettre::transport::smtp::Error),
    /// The sender of mail.
    #[error("mail.from is not an address: {0}")]
    From(#[source] lettre::address::AddressError),
    /// The HTTP client for the gateway.
    #[error("cannot make an HTTP client for SMS: {0}")]
    Http(#[source] reqwest::Error),
}

impl Routes {
    /// As the three sections say.
    pub fn new(mail: &MailSettings, sms: &SmsSettings, settings: &Settings) -> Result<Self, BadRoute> {
        let timeout = Duration::from_millis(settings.send_timeout_ms.max(1));
        let url = mail.smtp_url.expose_secret();
        let route = if !url.is_empty() {
            Some(mail::Route::smtp(url, timeout).map_err(BadRoute::Smtp)?)
        } else if mail.dir.as_os_str().is_empty() {
            None
        } else {
            Some(mail::Route::Folder(mail.dir.clone()))
        };
        let from = mail.from.parse().map_err(BadRoute::From)?;
        Ok(Self { mail: route.map(|route| (route, from)), sms: sms_route(sms, timeout)? })
    }

    /// The channels that lead somewhere.
    pub(super) fn open(&self) -> Vec<&'static str> {
        let mail = self.mail.is_some().then_some(Channel::Mail.as_str());
        let sms = self.sms.is_some().then_some(Channel::Sms.as_str());
        mail.into_iter().chain(sms).collect()
    }

    pub(super) async fn send(&self, channel: &str, parcel: Parcel, now: Timestamp) -> Result<(), Undelivered> {
        match (channel, &self.mail, &self.sms) {
            ("mail", Some((route, from)), _) => mail::send(route, from, parcel, now).await,
            ("sms", _, Some(route)) => sms::send(route, parcel, now).await,
            _ => Err(Undelivered::NotNow(format!("{channel} leads nowhere"))),
        }
    }
}

fn sms_route(settings: &SmsSettings, timeout: Duration) -> Result<Option<sms::Route>, BadRoute> {
    if settings.gateway_url.is_empty() {
        let dir = &settings.dir;
        return Ok((!dir.as_os_str().is_empty()).then(|| sms::Route::Folder(dir.clone())));
    }
    // The gateway is the operator's own choice, as a database is: no egress rules.
    let timeouts = runtime::http_client::Timeouts { connect: timeout, total: timeout };
    let http = runtime::http_client::peer_client(timeouts).map_err(BadRoute::Http)?;
    let (url, token) = (settings.gateway_url.clone(), settings.gateway_token.clone());
    Ok(Some(sms::Route::Gateway { http, url, token }))
}

impl std::fmt::Debug for Routes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Routes").field("open", &self.open()).finish()
    }
}
