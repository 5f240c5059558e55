//! SMS: to an HTTP gateway, or into a folder.

use std::path::PathBuf;

use domain::Timestamp;
use reqwest::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::{Parcel, Undelivered, file};

/// Where SMS go.
#[derive(Clone)]
pub(super) enum Route {
    Gateway { http: reqwest::Client, url: String, token: SecretString },
    Folder(PathBuf),
}

/// Sends an SMS.
pub(super) async fn send(route: &Route, parcel: Parcel, now: Timestamp) -> Result<(), Undelivered> {
    let body = json!({"to": parcel.to, "text": parcel.text});
    match route {
        Route::Folder(dir) => file::put(dir, now, &parcel.id, "json", body.to_string().into_bytes()).await,
        Route::Gateway { http, url, token } => {
            let mut request = http.post(url).header("idempotency-key", &parcel.id).json(&body);
            if !token.expose_secret().is_empty() {
                request = request.bearer_auth(token.expose_secret());
            }
            let answer = request.send().await.map_err(|e| Undelivered::NotNow(e.without_url().to_string()))?;
            sorted(answer.status())
        }
    }
}

fn sorted(status: StatusCode) -> Result<(), Undelivered> {
    let passing = matches!(
        status,
        StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_EARLY
            | StatusCode::TOO_MANY_REQUESTS
    );
    if status.is_success() {
        Ok(())
    } else if status.is_client_error() && !passing {
        Err(Undelivered::Never(format!("the gateway answered {status}")))
    } else {
        // Wrong credentials too: they are ours, and can be put right.
        Err(Undelivered::NotNow(format!("the gateway answered {status}")))
    }
}
