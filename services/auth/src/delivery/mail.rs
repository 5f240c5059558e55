//! Mail: to an SMTP server, or into a folder.

use std::path::PathBuf;
use std::time::Duration;

use domain::Timestamp;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncTransport as _, Tokio1Executor};

use super::{Parcel, Undelivered, file};

/// Where mail goes.
#[derive(Clone)]
pub(super) enum Route {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

impl Route {
    /// A connection is opened for each batch of mails and kept while they last.
    pub(super) fn smtp(url: &str, timeout: Duration) -> Result<Self, lettre::transport::smtp::Error> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?.timeout(Some(timeout)).build();
        Ok(Self::Smtp(transport))
    }
}

/// Sends a mail.
pub(super) async fn send(route: &Route, from: &Mailbox, parcel: Parcel, now: Timestamp) -> Result<(), Undelivered> {
    let id = parcel.id.clone();
    let mail = message(from, parcel, now)?;
    match route {
        Route::Folder(dir) => file::put(dir, now, &id, "eml", mail.formatted()).await,
        Route::Smtp(transport) => match transport.send(mail).await {
            Ok(_) => Ok(()),
            Err(e) if e.is_permanent() => Err(Undelivered::Never(chain(&e))),
            Err(e) => Err(Undelivered::NotNow(chain(&e))),
        },
    }
}

fn message(from: &Mailbox, parcel: Parcel, now: Timestamp) -> Result<Message, Undelivered> {
    let to: Mailbox = parcel.to.parse().map_err(|e| Undelivered::Never(format!("not an address: {e}")))?;
    // A name with a line break must not become a header.
    let subject: String = parcel.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let seconds = u64::try_from(now.micros() / 1_000_000).unwrap_or_default();
    Message::builder()
        .from(from.clone())
        .to(to)
        .subject(subject)
        .date(std::time::UNIX_EPOCH + Duration::from_secs(seconds))
        .message_id(Some(format!("<{}@{}>", parcel.id, from.email.domain())))
        .header(ContentType::TEXT_PLAIN)
        .body(parcel.text)
        .map_err(|e| Undelivered::Never(format!("cannot be written as a mail: {e}")))
}

/// The error and its causes in one line.
fn chain(e: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(e.source(), |cause| cause.source());
    causes.fold(e.to_string(), |line, cause| format!("{line}: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parcel(to: &str, subject: &str) -> Parcel {
        Parcel { id: "1".into(), to: to.into(), subject: subject.into(), text: "hello\r\n".into() }
    }

    #[test]
    fn a_line_break_in_a_name_makes_no_header() {
        let from: Mailbox = "Parlance <noreply@example.com>".parse().unwrap();
        let mail = message(&from, parcel("ann@example.com", "x\r\nBcc: eve@example.com"), Timestamp::from_micros(0));
        let text = String::from_utf8(mail.unwrap().formatted()).unwrap();
        assert!(!text.lines().any(|line| line.starts_with("Bcc")), "{text}");
        assert!(text.contains("Message-ID: <1@example.com>"), "{text}");
        assert!(matches!(message(&from, parcel("nobody", "x"), Timestamp::from_micros(0)), Err(Undelivered::Never(_))));
    }
}
