//! Who may call what, and the vendor's permission bits.
//!
//! Chats, chatmessages and people are for managers and admins, access keys for admins. Everybody else has the seed's
//! five calls, their own rooms, and themselves. What somebody sees within a call is decided by the services.

use domain::{Code, Principal, Role, UserId};

use crate::http::{Call, Problem};

/// The bit of a plain agent.
const AGENT: u64 = 16;
/// The bit of an admin.
const ADMIN: u64 = 32;
/// The bit of a manager.
const MANAGER: u64 = 64;
/// Bits of the vendor's own staff; no customer can give them.
const PROJECT: u64 = 0x0F;

/// The bits that stand for a role.
pub const fn bits(role: Role) -> u64 {
    match role {
        Role::Agent => AGENT,
        Role::Manager => MANAGER,
        Role::Admin => ADMIN,
        Role::Customer | Role::Bot => 0,
    }
}

/// The role that bits stand for: the highest they name, else a plain agent.
pub fn role(bits: u64) -> Result<Role, Problem> {
    match bits {
        _ if bits & PROJECT != 0 => Err(Problem::invalid("permission", "permission must not have project bits")),
        _ if bits & ADMIN != 0 => Ok(Role::Admin),
        _ if bits & MANAGER != 0 => Ok(Role::Manager),
        _ => Ok(Role::Agent),
    }
}

/// Anybody who is known, as far as the credential's scopes go.
pub fn anyone(call: &Call) -> Result<&Principal, Problem> {
    let who = call.who()?;
    let allowed = if call.head.request.method().is_safe() { who.scopes.read } else { who.scopes.write };
    if allowed { Ok(who) } else { Err(refused("the credential's scopes do not allow this")) }
}

/// Anybody who works for the customer.
pub fn staff(call: &Call) -> Result<&Principal, Problem> {
    let who = anyone(call)?;
    if who.role.is_staff() { Ok(who) } else { Err(refused("this needs an agent, a manager or an admin")) }
}

/// A manager or an admin.
pub fn manager(call: &Call) -> Result<&Principal, Problem> {
    let who = anyone(call)?;
    if who.manages() { Ok(who) } else { Err(refused("this needs a manager or an admin")) }
}

/// An admin.
pub fn admin(call: &Call) -> Result<&Principal, Problem> {
    let who = anyone(call)?;
    if who.role == Role::Admin { Ok(who) } else { Err(refused("this needs an admin")) }
}

/// A manager or an admin, or `user` themselves.
pub fn manager_or(call: &Call, user: UserId) -> Result<&Principal, Problem> {
    let who = anyone(call)?;
    if who.is(user) { Ok(who) } else { manager(call) }
}

/// Refuses a manager who would make an admin, or change one.
pub fn touching(who: &Principal, role: Role) -> Result<(), Problem> {
    if role == Role::Admin && who.role != Role::Admin { Err(refused("this needs an admin")) } else { Ok(()) }
}

/// The user a caller acts as.
pub fn user(who: &Principal) -> Result<UserId, Problem> {
    who.user.ok_or_else(|| refused("this needs a user"))
}

fn refused(why: &str) -> Problem {
    Problem::refused(Code::Forbidden, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_and_roles_stand_for_each_other() {
        for known in [Role::Agent, Role::Manager, Role::Admin] {
            assert_eq!(role(bits(known)), Ok(known));
        }
        assert_eq!((bits(Role::Agent), bits(Role::Admin), bits(Role::Manager)), (16, 32, 64));
        assert_eq!((role(0), role(16 | 32), role(240)), (Ok(Role::Agent), Ok(Role::Admin), Ok(Role::Admin)));
        assert!(role(1).is_err() && role(0xFFFF).is_err());
    }
}
