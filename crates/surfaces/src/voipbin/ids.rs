//! Ids in paths, queries and bodies. What is no UUID is refused; an empty one and the null UUID stand for none.

use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

use crate::http::{Call, Problem};

/// A part of the path.
pub fn path<T: FromStr>(call: &Call, name: &str) -> Result<T, Problem> {
    parse(call.path(name)).ok().flatten().ok_or_else(|| missing(name))
}

/// A query parameter, if it is there.
pub fn query<T: FromStr>(call: &Call, name: &str) -> Result<Option<T>, Problem> {
    parse(&call.head.query(name).unwrap_or_default()).map_err(|()| missing(name))
}

/// Ids of a query parameter, separated by commas; empty ones are left out.
pub fn list<T: FromStr>(raw: &str, name: &str) -> Result<Vec<T>, Problem> {
    raw.split(',').filter_map(|id| parse(id.trim()).transpose()).collect::<Result<_, ()>>().map_err(|()| missing(name))
}

/// An id that must be there.
pub fn required<T>(id: Option<T>, name: &str) -> Result<T, Problem> {
    id.ok_or_else(|| missing(name))
}

/// A field of a body.
pub fn field<'de, D: Deserializer<'de>, T: FromStr>(d: D) -> Result<Option<T>, D::Error> {
    parse(&String::deserialize(d)?).map_err(|()| D::Error::custom("not a UUID"))
}

fn missing(name: &str) -> Problem {
    Problem::invalid(name, format!("{name} must be a UUID"))
}

fn parse<T: FromStr>(raw: &str) -> Result<Option<T>, ()> {
    if raw.is_empty() {
        return Ok(None);
    }
    let uuid = Uuid::parse_str(raw).map_err(|_| ())?;
    if uuid.is_nil() { Ok(None) } else { raw.parse().map(Some).map_err(|_| ()) }
}

#[cfg(test)]
mod tests {
    use domain::UserId;

    use super::*;

    #[test]
    fn nothing_and_the_null_uuid_are_none() {
        assert_eq!(parse::<UserId>(""), Ok(None));
        assert_eq!(parse::<UserId>("00000000-0000-0000-0000-000000000000"), Ok(None));
        assert!(parse::<UserId>("eb1ac5c0-ff63-47e2-bcdb-5da9c336eb4b").unwrap().is_some());
        assert_eq!(parse::<UserId>("eb1ac5c0"), Err(()));
    }

    #[test]
    fn a_list_leaves_out_nothing_but_what_is_empty() {
        const ID: &str = "eb1ac5c0-ff63-47e2-bcdb-5da9c336eb4b";
        let read = |raw: &str| list::<Uuid>(raw, "tag_ids").map(|ids| ids.len()).ok();
        assert_eq!((read(""), read(","), read(ID)), (Some(0), Some(0), Some(1)));
        assert_eq!((read(&format!("{ID}, {ID},")), read(&format!("{ID},x"))), (Some(2), None));
    }
}
