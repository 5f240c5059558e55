//! `POST /web/dataset/call_kw`, stock: of all models and methods only how the web client folds its chat windows.

use domain::ParticipantState;
use serde_json::{Map, Value};

use super::args::{Args, Signature, type_error};
use super::change_session_status::arrange;
use super::envelope::{Asked, Outcome, Reply};
use super::history::own;
use super::{session, wire};
use crate::http::Problem;

pub const SIGNATURE: Signature = Signature::new("call_kw", &["model", "method", "args", "kwargs"], &[]);

const UPDATE_STATE: Signature = Signature::new("update_state", &["uuid"], &["state"]);

pub async fn call_kw(Asked { call, args }: Asked) -> Outcome {
    let me = session::me(&call)?;
    let (model, method) = (args.text("model")?.unwrap_or_default(), args.text("method")?.unwrap_or_default());
    if (model, method) != ("im_chat.session", "update_state") {
        return Err(Problem::invalid("method", format!("{model}.{method} is not served")));
    }
    let args = bind(&args)?;
    let state = state(&args)?;
    let Some(chat) = wire::uuid(args.text("uuid").ok().flatten()) else { return Ok(Reply::none()) };
    let state = match (state, own(&call, chat).await?) {
        (_, None) => return Ok(Reply::none()),
        (Some(state), _) => state,
        (None, Some(chat)) => other(chat.participant(me).map(|window| window.state)),
    };
    call.promised().await?;
    arrange(&call, chat, Some(state), None).await?;
    Ok(Reply::none())
}

/// Arguments come by place, by name, or both.
fn bind(args: &Args) -> Result<Args, Problem> {
    let mut named = match args.value("kwargs") {
        None => Map::new(),
        Some(Value::Object(named)) => named.clone(),
        Some(_) => return Err(type_error("kwargs must be an object".to_owned())),
    };
    let placed = match args.value("args") {
        None => &[][..],
        Some(Value::Array(placed)) => placed,
        Some(_) => return Err(type_error("args must be a list".to_owned())),
    };
    let required = ["uuid", "state"];
    if placed.len() > required.len() {
        let given = placed.len() + 1;
        return Err(type_error(format!("update_state() takes at most 3 arguments ({given} given)")));
    }
    for (name, value) in required.into_iter().zip(placed) {
        named.insert(name.to_owned(), value.clone());
    }
    UPDATE_STATE.bind(named)
}

fn state(args: &Args) -> Result<Option<ParticipantState>, Problem> {
    let wrong =
        |word: &str| Problem::invalid("state", format!("Wrong value for im_chat.conversation_state.state: {word:?}"));
    args.text("state")?.map(|word| word.parse().map_err(|_| wrong(word))).transpose()
}

/// Without a state, an open window is folded and any other is opened.
fn other(state: Option<ParticipantState>) -> ParticipantState {
    match state {
        Some(ParticipantState::Open) => ParticipantState::Folded,
        Some(ParticipantState::Folded | ParticipantState::Closed) | None => ParticipantState::Open,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(args: &Value, kwargs: &Value) -> Result<(Option<String>, Option<ParticipantState>), Problem> {
        let params = json!({ "model": "m", "method": "f", "args": args, "kwargs": kwargs });
        let args = bind(&SIGNATURE.bind(params.as_object().unwrap().clone()).unwrap())?;
        Ok((args.text("uuid")?.map(ToOwned::to_owned), state(&args)?))
    }

    #[test]
    fn by_place_and_by_name() {
        let folded = Ok((Some("u".to_owned()), Some(ParticipantState::Folded)));
        assert_eq!(read(&json!([]), &json!({ "uuid": "u", "state": "folded", "context": {} })), folded);
        assert_eq!(read(&json!(["u", "folded"]), &json!({})), folded);
        assert_eq!(read(&json!(["u"]), &json!({ "state": "folded" })), folded);
        assert_eq!(read(&json!(["u"]), &json!(null)), Ok((Some("u".to_owned()), None)));
        for (args, kwargs) in [
            (json!([]), json!({})),
            (json!([]), json!({ "uuid": "u", "state": "away" })),
            (json!(["u", "open", 1]), json!({})),
            (json!([]), json!({ "uuid": "u", "fold": true })),
            (json!("u"), json!({})),
            (json!([]), json!([])),
        ] {
            assert!(read(&args, &kwargs).is_err(), "{args} {kwargs}");
        }
    }
}
