//! `POST /token/new`, seed 000 "Generate a Access Token": invites somebody to talk to a bot.
//!
//! The parameter list says `virutal_user` and the example `virtual_user`; both are read. `celullar` is the vendor's
//! spelling; the usual ones are read too.

use chrono::NaiveDate;
use contracts::auth::{Invitation, Invite, Invited};
use contracts::users::{EnsureUser, User, UsersByIdsha};
use domain::{Role, Surface, TenantId};
use serde::{Deserialize, Serialize};

use super::{auth, envelope, user_new, wire};
use crate::http::{Answer, Call, Problem};

/// Characters a person's telephone may have; a longer one still gets its message.
const PHONE: usize = 64;

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct TokenIn {
    virutal_user: Option<String>,
    virtual_user: Option<String>,
    bot_idsha: Option<String>,
    mail: Option<String>,
    celullar: Option<String>,
    cellular: Option<String>,
    celular: Option<String>,
    #[serde(deserialize_with = "wire::number")]
    max_retries: Option<i64>,
    date_limit: Option<String>,
}

/// What was asked for, every value checked.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    virtual_user: String,
    bot_idsha: String,
    mail: Option<String>,
    phone: Option<String>,
    max_retries: Option<i64>,
    date_limit: Option<NaiveDate>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TokenOut {
    url: String,
    user_idsha: String,
    date_limit: String,
    max_retries: i64,
    previously_created: bool,
}

pub async fn create(call: Call) -> Answer {
    let tenant = auth::tenant(&call)?;
    let asked = wire::input::<TokenIn>(&call)?.asked()?;
    let bot = bot(&call, tenant, &asked.bot_idsha).await?;
    let visitor = call.apis.users.ensure(asked.visitor(tenant)).await?.user;
    if visitor.id == bot.id {
        return Err(Problem::invalid("virtual_user", "virtual_user must not be the bot"));
    }
    let mut invite = asked.invite(&visitor, &bot, format!("{}/t/", call.base_url()));
    invite.idempotency = call.idempotency()?;
    let link_prefix = invite.link_prefix.clone();
    let invited = call.apis.auth.invite(invite).await?;
    Ok(envelope::ok(&call.head, TokenOut::new(invited, visitor.idsha, &link_prefix)))
}

/// The tenant's living bot with this `idsha`.
async fn bot(call: &Call, tenant: TenantId, idsha: &str) -> Result<User, Problem> {
    let asked = UsersByIdsha { tenant, idshas: vec![idsha.to_owned()] };
    let found = call.apis.users.by_idsha(asked).await?.pop().filter(|user| user.role == Role::Bot);
    found.ok_or_else(|| Problem::invalid("bot_idsha", "bot_idsha names no bot"))
}

impl TokenIn {
    fn asked(self) -> Result<Asked, Problem> {
        let given = |value: Option<String>| value.filter(|v| !v.is_empty());
        let mail = given(self.mail);
        let phone = given(self.celullar).or(given(self.cellular)).or(given(self.celular));
        if mail.is_none() && phone.is_none() {
            return Err(Problem::invalid("mail", "mail or celullar is needed"));
        }
        for (field, value) in [("mail", &mail), ("celullar", &phone)] {
            if value.as_ref().is_some_and(|v| v.contains('\0')) {
                return Err(Problem::invalid(field, format!("{field} must not contain a NUL character")));
            }
        }
        if self.max_retries.is_some_and(|n| n < 0) {
            return Err(Problem::invalid("max_retries", "max_retries must not be negative"));
        }
        Ok(Asked {
            virtual_user: wire::required("virtual_user", given(self.virtual_user).or(self.virutal_user))?,
            bot_idsha: wire::required("bot_idsha", self.bot_idsha)?,
            mail,
            phone,
            max_retries: self.max_retries,
            date_limit: self.date_limit.as_deref().map(day).transpose()?,
        })
    }
}

/// Exactly `YYYY-MM-DD`.
fn day(text: &str) -> Result<NaiveDate, Problem> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|day| day.to_string() == text);
    day.ok_or_else(|| Problem::invalid("date_limit", "date_limit must be a date like 2018-12-31"))
}

impl Asked {
    /// Who is invited: known by the client's own id, which `third_parties/user/new` shares.
    fn visitor(&self, tenant: TenantId) -> EnsureUser {
        EnsureUser {
            tenant,
            surface: Surface::Imbee,
            external: self.virtual_user.clone(),
            name: user_new::NAME.to_owned(),
            role: Role::Customer,
            email: self.mail.clone(),
            phone: self.phone.clone().filter(|phone| phone.chars().count() <= PHONE),
        }
    }

    fn invite(self, visitor: &User, bot: &User, link_prefix: String) -> Invite {
        Invite {
            tenant: bot.tenant,
            visitor: visitor.id,
            bot: bot.id,
            max_uses: self.max_retries,
            last_day: self.date_limit,
            mail: self.mail,
            phone: self.phone,
            link_prefix,
            idempotency: None,
        }
    }
}

impl TokenOut {
    fn new(Invited { invitation, created }: Invited, user_idsha: String, link_prefix: &str) -> Self {
        let Invitation { secret, max_uses, last_day, .. } = invitation;
        Self {
            url: format!("{link_prefix}{secret}"),
            user_idsha,
            date_limit: last_day.to_string(),
            max_retries: max_uses,
            previously_created: !created,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{InvitationId, UserId};
    use serde_json::json;

    use super::*;
    use crate::imbee::wire::testing::read;

    fn asked(body: &str) -> Result<Asked, Problem> {
        read::<TokenIn>(body)?.asked()
    }

    #[test]
    fn the_seeds_request_is_read() {
        let got = asked(
            r#"{"virtual_user":"user_identifier_sha", "bot_idsha":"bot_identifier", "mail":"user_email",
                "celullar":"user_phone", "max_retries": 10, "date_limit": "2018-12-31"}"#,
        );
        let expected = Asked {
            virtual_user: "user_identifier_sha".into(),
            bot_idsha: "bot_identifier".into(),
            mail: Some("user_email".into()),
            phone: Some("user_phone".into()),
            max_retries: Some(10),
            date_limit: NaiveDate::from_ymd_opt(2018, 12, 31),
        };
        assert_eq!(got, Ok(expected));
    }

    #[test]
    fn the_seeds_answer_key_by_key() {
        let invitation = Invitation {
            id: InvitationId::new(),
            tenant: TenantId::new(),
            visitor: UserId::new(),
            bot: UserId::new(),
            secret: "with_token".into(),
            max_uses: 10,
            uses: 3,
            last_day: NaiveDate::from_ymd_opt(2000, 1, 1).unwrap(),
            open: false,
        };
        let out = TokenOut::new(Invited { invitation, created: true }, "idsha_value".into(), "url_");
        let seed = json!({ "url": "url_with_token", "user_idsha": "idsha_value", "date_limit": "2000-01-01",
                           "max_retries": 10, "previously_created": false });
        assert_eq!(serde_json::to_value(out).unwrap(), seed);
    }

    #[test]
    fn both_spellings_count_and_virtual_user_wins() {
        let user = |body: &str| asked(body).map(|a| a.virtual_user);
        assert_eq!(user(r#"{"virutal_user":"a","bot_idsha":"b","mail":"m"}"#), Ok("a".into()));
        assert_eq!(user(r#"{"virutal_user":"a","virtual_user":"v","bot_idsha":"b","mail":"m"}"#), Ok("v".into()));
        assert_eq!(user(r#"{"virutal_user":"a","virtual_user":"","bot_idsha":"b","mail":"m"}"#), Ok("a".into()));
        for spelling in ["celullar", "cellular", "celular"] {
            let phone = asked(&format!(r#"{{"virtual_user":"a","bot_idsha":"b","{spelling}":"1"}}"#)).unwrap().phone;
            assert_eq!(phone.as_deref(), Some("1"), "{spelling}");
        }
    }

    #[test]
    fn limits_are_read_leniently_and_dates_are_not() {
        let with = |rest: &str| asked(&format!(r#"{{"virtual_user":"a","bot_idsha":"b","mail":"m",{rest}}}"#));
        assert_eq!(with(r#""max_retries":"5""#).unwrap().max_retries, Some(5));
        assert_eq!(with(r#""max_retries":null,"date_limit":null"#).unwrap().max_retries, None);
        let bad = [
            r#""date_limit":"2018-1-1""#,
            r#""date_limit":"2018-02-30""#,
            r#""date_limit":"""#,
            r#""date_limit":20181231"#,
            r#""max_retries":-1"#,
            r#""max_retries":"many""#,
        ];
        for rest in bad {
            assert!(with(rest).is_err(), "{rest}");
        }
    }

    #[test]
    fn what_must_be_there_must_not_be_empty() {
        let bad = [
            "{}",
            r#"{"virtual_user":"a","bot_idsha":"b"}"#,
            r#"{"virtual_user":"a","bot_idsha":"b","mail":"","celullar":null}"#,
            r#"{"virtual_user":"","bot_idsha":"b","mail":"m"}"#,
            r#"{"virtual_user":null,"bot_idsha":"b","mail":"m"}"#,
            r#"{"virtual_user":7,"bot_idsha":"b","mail":"m"}"#,
            r#"{"virtual_user":"a","mail":"m"}"#,
        ];
        for body in bad {
            assert!(asked(body).is_err(), "{body}");
        }
    }
}
