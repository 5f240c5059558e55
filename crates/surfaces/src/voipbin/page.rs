//! Lists: `page_size` and `page_token` in, `result` and `next_page_token` out.
//!
//! The token is the last item's `tm_create`, also on the last page; only an empty page has none. The next page holds
//! what was made strictly before it, which is why every listed time rises strictly.

use actix_web::HttpResponse;
use domain::{Limit, Timestamp};
use serde::Serialize;

use super::{json, time};
use crate::http::{Call, Problem};

/// What a page holds when no size is asked for, or one that is not offered.
const DEFAULT_SIZE: i64 = 10;
const LARGEST_SIZE: i64 = 100;

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Only what was made before; `None` is the newest.
    pub before: Option<Timestamp>,
    pub limit: Limit,
}

/// Reads `page_size` and `page_token`.
pub fn wanted(call: &Call) -> Result<Wanted, Problem> {
    parse(call.head.query("page_size").as_deref(), call.head.query("page_token").as_deref())
}

fn parse(size: Option<&str>, token: Option<&str>) -> Result<Wanted, Problem> {
    let size = match size {
        None | Some("") => DEFAULT_SIZE,
        Some(raw) => raw.parse().map_err(|_| Problem::invalid("page_size", "page_size must be a whole number"))?,
    };
    let size = if (1..=LARGEST_SIZE).contains(&size) { size } else { DEFAULT_SIZE };
    let before = match token {
        None | Some("") => None,
        Some(raw) => Some(time::parse(raw).ok_or_else(|| Problem::invalid("page_token", "page_token must be a time"))?),
    };
    Ok(Wanted { before, limit: Limit::clamped(size) })
}

#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct PageView<T> {
    result: Vec<T>,
    next_page_token: String,
}

/// Draws a page. `last`: when its last item was made.
pub fn draw<T: Serialize>(result: Vec<T>, last: Option<Timestamp>) -> HttpResponse {
    json::answer(&view(result, last))
}

fn view<T>(result: Vec<T>, last: Option<Timestamp>) -> PageView<T> {
    PageView { result, next_page_token: last.map(time::show).unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(raw: &str) -> Option<i64> {
        parse(Some(raw), None).ok().map(|wanted| wanted.limit.get())
    }

    #[test]
    fn a_size_that_is_not_offered_is_the_default() {
        assert_eq!(parse(None, None).unwrap(), Wanted { before: None, limit: Limit::clamped(10) });
        for raw in ["", "0", "-3", "101"] {
            assert_eq!(size(raw), Some(10), "{raw}");
        }
        assert_eq!((size("1"), size("100")), (Some(1), Some(100)));
    }

    #[test]
    fn what_is_no_number_and_no_time_is_refused() {
        assert_eq!((size("ten"), size("1.5")), (None, None));
        assert!(parse(None, Some("yesterday")).is_err());
        assert_eq!(parse(None, Some("")).unwrap().before, None);
        assert!(parse(None, Some("2022-09-22 02:41:44.884828")).unwrap().before.is_some());
    }

    #[test]
    fn an_empty_page_alone_has_no_token() {
        let empty = serde_json::to_string(&view(Vec::<()>::new(), None)).unwrap();
        assert_eq!(empty, r#"{"result":[],"next_page_token":""}"#);
        let last = time::parse("2022-09-22 02:41:44.884828");
        let page = serde_json::to_string(&view(vec![1], last)).unwrap();
        assert_eq!(page, r#"{"result":[1],"next_page_token":"2022-09-22 02:41:44.884828"}"#);
    }
}
