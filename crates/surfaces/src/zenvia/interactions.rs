//! `POST /core/api/v1/interactions`, as a customer's client starts one, and `PUT …/{interaction_hash}`, what is noted
//! about it.

use actix_web::HttpResponse;
use contracts::bots::{Customer, StartInteraction, UpdateInteraction};
use domain::Mood;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::input::filled;
use super::{answer, auth, input};
use crate::http::{Answer, Call, Problem, lenient};

const MEDIA_TYPES: [&str; 3] = ["TEXT", "SMS", "WHATSAPP"];

#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct StartIn {
    #[serde(default, deserialize_with = "lenient::number")]
    department_id: Option<i64>,
    media_type: Option<String>,
    #[serde(default, deserialize_with = "lenient::nested")]
    customer: Option<CustomerIn>,
    extra: Option<Map<String, Value>>,
    external_history: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
struct CustomerIn {
    name: Option<String>,
    email: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    phone: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    cpf: Option<String>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct UpdateIn {
    mood: Option<String>,
    tag_ids: Option<Vec<TagIn>>,
    customer_key: Option<String>,
    note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(transparent)]
struct TagIn(#[serde(deserialize_with = "lenient::number")] Option<i64>);

pub async fn start(call: Call) -> Answer {
    let by = auth::writer(&call)?;
    let StartIn { department_id, media_type, customer, extra, external_history } = input::body(&call)?;
    let department = department_id.ok_or_else(|| Problem::invalid("department_id", "department_id is required"))?;
    let CustomerIn { name, email, phone, cpf } = customer.unwrap_or_default();
    let [name, email, phone, cpf] = [name, email, phone, cpf].map(filled);
    let command = StartInteraction {
        by,
        department,
        customer: Customer { name, email, phone, cpf },
        extra: extra.map(Value::Object),
        external_history: filled(external_history),
        media_type: Some(media(media_type)?),
        idempotency: call.idempotency()?,
    };
    let interaction = call.apis.bots.start(command).await?;
    let data = json!({ "interaction_hash": interaction.hash() });
    Ok(HttpResponse::Ok().json(json!({ "message": "Interaction created successfully", "data": data })))
}

pub async fn update(call: Call) -> Answer {
    let by = auth::writer(&call)?;
    let UpdateIn { mood, tag_ids, customer_key, note } = input::body(&call)?;
    let tags = tag_ids.map(|tags| tags.into_iter().map(tag).collect::<Result<_, _>>()).transpose()?;
    let mood = mood.as_deref().map(feeling).transpose()?;
    call.promised().await?;
    let key = input::interaction(&call);
    call.apis.bots.update(UpdateInteraction { by, key, mood, tags, customer_key, note }).await?;
    Ok(answer::done("Interaction updated successfully"))
}

/// "null will be saved as TEXT".
fn media(sent: Option<String>) -> Result<String, Problem> {
    let word = sent.unwrap_or_else(|| "TEXT".to_owned());
    if MEDIA_TYPES.contains(&word.as_str()) {
        return Ok(word);
    }
    Err(Problem::invalid("media_type", "media_type must be one of TEXT, SMS, WHATSAPP"))
}

fn feeling(word: &str) -> Result<Mood, Problem> {
    match word {
        "POSITIVE" => Ok(Mood::Positive),
        "NEGATIVE" => Ok(Mood::Negative),
        _ => Err(Problem::invalid("mood", "mood must be POSITIVE or NEGATIVE")),
    }
}

fn tag(TagIn(id): TagIn) -> Result<i64, Problem> {
    id.ok_or_else(|| Problem::invalid("tag_ids", "tag_ids must be whole numbers"))
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;

    use super::*;

    fn read<T: DeserializeOwned>(body: &str) -> Result<T, Problem> {
        lenient::from_object(serde_json::from_str(body).unwrap())
    }

    #[test]
    fn the_vendors_examples_are_read() {
        let start: StartIn = read(
            r#"{"token":"YourApiToken","media_type":"TEXT","department_id":9999,
                "customer":{"name":"Name Surname","email":"name@example.com","phone":"11991417777","cpf":12345678900},
                "extra":{"clientId":"1","botId":"1111"},"external_history":"https://chat-history.example.com"}"#,
        )
        .unwrap();
        assert_eq!(start.department_id, Some(9999));
        assert_eq!(start.customer.unwrap().cpf.as_deref(), Some("12345678900"));
        let update: UpdateIn = read(
            r#"{"token":"YourApiToken","mood":"POSITIVE","tag_ids":["1","999",7],
                "customer_key":"0010-abcd-efgh-ijkd-1c422e49fdff","note":"Any note here"}"#,
        )
        .unwrap();
        let tags: Result<Vec<i64>, Problem> = update.tag_ids.unwrap().into_iter().map(tag).collect();
        assert_eq!(tags, Ok(vec![1, 999, 7]));
    }

    #[test]
    fn words_are_the_vendors_own() {
        assert_eq!(media(None).unwrap(), "TEXT");
        assert_eq!(media(Some("WHATSAPP".to_owned())).unwrap(), "WHATSAPP");
        assert!(media(Some("text".to_owned())).is_err() && media(Some(String::new())).is_err());
        assert_eq!(feeling("NEGATIVE"), Ok(Mood::Negative));
        assert!(feeling("positive").is_err());
        for body in [r#"{"customer":"x"}"#, r#"{"extra":[]}"#, r#"{"department_id":true}"#, r#"{"external_history":1}"#]
        {
            assert!(read::<StartIn>(body).is_err(), "{body}");
        }
        for body in [r#"{"tag_ids":"1"}"#, r#"{"tag_ids":[true]}"#, r#"{"note":1}"#] {
            assert!(read::<UpdateIn>(body).is_err(), "{body}");
        }
    }
}
