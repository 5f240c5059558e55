//! Laravel's `simplePaginate`: nine keys, no total. Pages are numbered and may be filtered by time, falling by the scope
//! `latest`.

use domain::{Limit, Window};
use serde::Serialize;
use serde_json::Value;

use super::input::Input;
use super::php;
use super::rules::Rules;
use crate::http::{Call, Problem};

/// Items on a page when nothing is said.
const DEFAULT: i64 = 15;
/// Items on a page at most.
const MOST: i64 = 249;
/// Pages further away are as empty as this one.
const FURTHEST: i64 = i64::MAX / 1000;

/// Which page is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    page: i64,
    /// How many at most.
    pub limit: Limit,
    /// Start, order and times.
    pub window: Window,
}

/// Reads `page`, `per_page`, `before`, `after` and `scopes`. Numbers that make no sense are the default, as the vendor's
/// framework does; dates and scopes are refused.
pub fn wanted(call: &Call, input: &Input, mut rules: Rules<'_>) -> Result<Wanted, Problem> {
    let now = call.apis.clock.now();
    let before = rules.date("before", now);
    let after = rules.date("after", now);
    let scopes = rules.words("scopes", &["latest"]);
    rules.done()?;
    let (page, per_page) = (page(input.get("page")), per_page(input.get("per_page")));
    let window = Window {
        skip: (page - 1).saturating_mul(per_page),
        latest: !scopes.is_empty(),
        from: after.map(super::dates::Date::start),
        until: before.map(super::dates::Date::end),
    };
    Ok(Wanted { page, limit: Limit::clamped(per_page), window })
}

fn page(value: Option<&Value>) -> i64 {
    value.and_then(php::integer).filter(|page| *page >= 1).map_or(1, |page| page.min(FURTHEST))
}

fn per_page(value: Option<&Value>) -> i64 {
    value.and_then(php::integer).filter(|n| *n >= 1).map_or(DEFAULT, |n| n.min(MOST))
}

/// A page as it is answered.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct PageOut<T> {
    current_page: i64,
    data: Vec<T>,
    first_page_url: String,
    from: Option<i64>,
    next_page_url: Option<String>,
    path: String,
    per_page: i64,
    prev_page_url: Option<String>,
    to: Option<i64>,
}

impl<T> PageOut<T> {
    /// `more`: whether there is something behind `data`.
    pub fn new(call: &Call, wanted: Wanted, data: Vec<T>, more: bool) -> Self {
        Self::at(format!("{}{}", call.base_url(), call.head.request.path()), wanted, data, more)
    }

    fn at(path: String, Wanted { page, limit, window }: Wanted, data: Vec<T>, more: bool) -> Self {
        let url = |page: i64| format!("{path}?page={page}");
        let count = i64::try_from(data.len()).unwrap_or(i64::MAX);
        let filled = count > 0;
        Self {
            current_page: page,
            first_page_url: url(1),
            from: filled.then(|| window.skip + 1),
            next_page_url: more.then(|| url(page + 1)),
            per_page: limit.get(),
            prev_page_url: (page > 1).then(|| url(page - 1)),
            to: filled.then(|| window.skip + count),
            path,
            data,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wanted(page: i64, per_page: i64) -> Wanted {
        let window = Window { skip: (page - 1) * per_page, ..Window::default() };
        Wanted { page, limit: Limit::clamped(per_page), window }
    }

    #[test]
    fn nine_keys_in_laravel_s_order() {
        let page = PageOut::at("http://x/api/chats".into(), wanted(2, 2), vec![3, 4], true);
        let written = r#"{"current_page":2,"data":[3,4],"first_page_url":"http://x/api/chats?page=1","from":3,"next_page_url":"http://x/api/chats?page=3","path":"http://x/api/chats","per_page":2,"prev_page_url":"http://x/api/chats?page=1","to":4}"#;
        assert_eq!(serde_json::to_string(&page).unwrap(), written);
    }

    #[test]
    fn behind_the_end_there_is_a_way_back_only() {
        let page = serde_json::to_value(PageOut::<i64>::at("p".into(), wanted(7, 15), vec![], false)).unwrap();
        assert_eq!((&page["from"], &page["to"], &page["next_page_url"]), (&json!(null), &json!(null), &json!(null)));
        assert_eq!((&page["data"], &page["prev_page_url"]), (&json!([]), &json!("p?page=6")));
        let only = serde_json::to_value(PageOut::at("p".into(), wanted(1, 15), vec![1], false)).unwrap();
        assert_eq!((&only["prev_page_url"], &only["from"], &only["to"]), (&json!(null), &json!(1), &json!(1)));
    }

    #[test]
    fn numbers_that_make_no_sense_are_the_default() {
        for (value, expected) in
            [(json!("3"), 3), (json!(3), 3), (json!("0"), 1), (json!("-2"), 1), (json!("x"), 1), (json!(["2"]), 1)]
        {
            assert_eq!(page(Some(&value)), expected, "{value}");
        }
        for (value, expected) in [
            (json!("20"), 20),
            (json!("249"), 249),
            (json!("250"), 249),
            (json!("0"), 15),
            (json!("-5"), 15),
            (json!("x"), 15),
        ] {
            assert_eq!(per_page(Some(&value)), expected, "{value}");
        }
        assert_eq!((page(None), per_page(None)), (1, 15));
        assert_eq!(page(Some(&json!(i64::MAX))), FURTHEST);
    }
}
