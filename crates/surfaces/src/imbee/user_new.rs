//! `POST /third_parties/user/new`, seed 000 "Create a External User": registers somebody, or finds them again.

use contracts::auth::{StandToken, Standing};
use contracts::users::EnsureUser;
use domain::{Role, Surface, TokenKind};
use serde::{Deserialize, Serialize};

use super::{auth, envelope, wire};
use crate::http::{Answer, Call};

/// The vendor's calls carry no name: until an operator gives one, this is it.
pub const NAME: &str = "Visitor";

/// What is known about the device says nothing here and is not kept.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct UserIn {
    #[serde(rename = "uniqueIdSha")]
    unique_id_sha: Option<String>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct UserOut {
    #[serde(rename = "virtualUser")]
    virtual_user: String,
    pass: String,
    apikey: String,
    previously_registered: bool,
}

pub async fn create(call: Call) -> Answer {
    let tenant = auth::tenant(&call)?;
    let external = wire::required("uniqueIdSha", wire::input::<UserIn>(&call)?.unique_id_sha)?;
    let (name, role) = (NAME.to_owned(), Role::Customer);
    let known = EnsureUser { tenant, surface: Surface::Imbee, external, name, role, email: None, phone: None };
    call.promised().await?;
    let user = call.apis.users.ensure(known).await?.user;
    let stand = StandToken { tenant, user: user.id, kind: TokenKind::ImbeeUser };
    let standing = call.apis.auth.stand(stand).await?;
    Ok(envelope::ok(&call.head, UserOut::new(user.idsha, standing)))
}

impl UserOut {
    /// Whoever has no key yet is not registered, also when `token/new` introduced them.
    fn new(virtual_user: String, Standing { secret, pass, created }: Standing) -> Self {
        Self { virtual_user, pass, apikey: secret, previously_registered: !created }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::imbee::wire::testing::read;

    #[test]
    fn the_seeds_request_is_read_and_the_device_is_optional() {
        let seed = r#"{"uniqueIdSha":"user_identifier_sha", "platform": "platformValue","deviceName": "deviceNameValue",
                       "hardwareId":"hardwareIdValue","osVersion":"osVersionValue"}"#;
        for body in [seed, r#"{"uniqueIdSha":"user_identifier_sha","osVersion":12}"#] {
            let got = read::<UserIn>(body).unwrap();
            assert_eq!(wire::required("uniqueIdSha", got.unique_id_sha), Ok("user_identifier_sha".into()));
        }
    }

    #[test]
    fn the_seeds_answer_key_by_key() {
        let standing = Standing { secret: "apikey_user1".into(), pass: "pass_user1".into(), created: true };
        let seed = json!({ "virtualUser": "idShaValue_user1", "pass": "pass_user1", "apikey": "apikey_user1",
                           "previously_registered": false });
        assert_eq!(serde_json::to_value(UserOut::new("idShaValue_user1".into(), standing)).unwrap(), seed);
    }

    #[test]
    fn no_id_is_refused() {
        for body in ["{}", r#"{"uniqueIdSha":null}"#, r#"{"uniqueIdSha":""}"#] {
            let got = read::<UserIn>(body).unwrap();
            assert!(wire::required("uniqueIdSha", got.unique_id_sha).is_err(), "{body}");
        }
        assert!(read::<UserIn>(r#"{"uniqueIdSha":1}"#).is_err());
    }
}
