//! `PUT /core/api/v1/bot/{interaction_hash}/transfer`, seed 001 "Transfer". Without a department it goes to the one it
//! started in.

use contracts::bots::TransferInteraction;
use serde::Deserialize;

use super::{answer, auth, input};
use crate::http::{Answer, Call, lenient};

#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TransferIn {
    #[serde(default, deserialize_with = "lenient::number")]
    department_id: Option<i64>,
}

pub async fn transfer(call: Call) -> Answer {
    let by = auth::writer(&call)?;
    let TransferIn { department_id: department } = input::body(&call)?;
    let (key, idempotency) = (input::interaction(&call), call.idempotency()?);
    call.apis.bots.transfer(TransferInteraction { by, key, department, idempotency }).await?;
    Ok(answer::received())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Problem;

    fn read(body: &str) -> Result<Option<i64>, Problem> {
        let read: TransferIn = lenient::from_object(serde_json::from_str(body).unwrap())?;
        Ok(read.department_id)
    }

    #[test]
    fn a_department_is_a_whole_number_or_null() {
        assert_eq!(read(r#"{"token":"t","department_id":9999}"#), Ok(Some(9999)));
        assert_eq!(read(r#"{"department_id":"9999"}"#), Ok(Some(9999)));
        assert_eq!(read(r#"{"department_id":null}"#), Ok(None));
        assert_eq!(read("{}"), Ok(None));
        for wrong in ["true", "1.5", "\"\"", "\"x\"", "[1]", "{}"] {
            assert!(read(&format!(r#"{{"department_id":{wrong}}}"#)).is_err(), "{wrong}");
        }
    }
}
