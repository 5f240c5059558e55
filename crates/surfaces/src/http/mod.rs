//! What every surface's handlers share: the endpoint table, the call, the ways it can go wrong.

mod apis;
mod call;
mod endpoint;
pub mod lenient;
mod limits;
pub mod live;
mod measure;
mod mount;
mod once;
mod problem;
mod site;
pub mod socket;

pub use apis::Apis;
pub use call::{Call, Head, shown};
pub use endpoint::{Answer, Doc, Endpoint, Guard, Handler, Owner, Table, on, open};
pub use limits::{Budget, Limits, Spent};
pub use mount::{mount, table_for};
pub use problem::Problem;
pub use site::Site;
