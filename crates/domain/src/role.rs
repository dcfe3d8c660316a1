//! Roles of store members, and their permissions.

use crate::text_enum;

text_enum! {
    /// The role of a member of a store, from most to least.
    pub enum Role {
        /// Owns the store: may do everything, also appoint other owners.
        AgencyOwner = "AGENCY_OWNER",
        /// Runs the store for its owners.
        AgencyAdmin = "AGENCY_ADMIN",
        /// Works with the audience.
        SubaccountUser = "SUBACCOUNT_USER",
        /// Looks on, without seeing money.
        SubaccountGuest = "SUBACCOUNT_GUEST",
    }
}

text_enum! {
    /// Something that a member may be allowed to do.
    pub enum Permission {
        /// See the audience, its tags, imports and figures.
        Read = "read",
        /// Create, change and delete customers, tags, fields, notes and views.
        Edit = "edit",
        /// Import contact files and undo imports.
        Import = "import",
        /// Take the audience out as a file.
        Export = "export",
        /// Send e-mail to the audience.
        Send = "send",
        /// See what customers spent.
        SeeMoney = "see_money",
        /// Change the settings of the store and its API keys; read its audit log.
        ManageStore = "manage_store",
        /// Invite, change and remove members.
        ManageMembers = "manage_members",
    }
}

impl Role {
    /// The permissions of the role.
    #[must_use]
    pub const fn permissions(self) -> &'static [Permission] {
        match self {
            Self::AgencyOwner | Self::AgencyAdmin => &Permission::ALL,
            Self::SubaccountUser => &[
                Permission::Read,
                Permission::Edit,
                Permission::Import,
                Permission::Export,
                Permission::Send,
                Permission::SeeMoney,
            ],
            Self::SubaccountGuest => &[Permission::Read],
        }
    }

    /// Whether the role may do something.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }

    /// Whether the role may grant or revoke `other`. No role can manage a higher one.
    #[must_use]
    pub fn may_appoint(self, other: Self) -> bool {
        self.may(Permission::ManageMembers) && self <= other
    }
}

/// The permission table in Markdown, for the documentation.
#[must_use]
pub fn table() -> String {
    let mut table = "| may | ".to_owned();
    table.push_str(&Role::ALL.map(|role| format!("`{role}`")).join(" | "));
    table.push_str(" |\n|---|");
    table.push_str(&"---|".repeat(Role::ALL.len()));
    for permission in Permission::ALL {
        let cells = Role::ALL.map(|role| if role.may(permission) { "yes" } else { "–" });
        table.push_str(&format!("\n| `{permission}` | {} |", cells.join(" | ")));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lower_role_may_nothing_that_a_higher_one_may_not() {
        for pair in Role::ALL.windows(2) {
            for permission in pair[1].permissions() {
                assert!(pair[0].may(*permission), "{} {permission}", pair[0]);
            }
        }
    }

    #[test]
    fn nobody_decides_over_those_above_them() {
        let check = |role: Role, appoints: &[Role]| {
            for other in Role::ALL {
                assert_eq!(role.may_appoint(other), appoints.contains(&other), "{role} {other}");
            }
        };
        check(Role::AgencyOwner, &Role::ALL);
        check(Role::AgencyAdmin, &Role::ALL[1..]);
        check(Role::SubaccountUser, &[]);
        check(Role::SubaccountGuest, &[]);
    }

    #[test]
    fn the_table_has_a_row_for_every_permission() {
        let table = table();
        assert_eq!(table.lines().count(), 2 + Permission::ALL.len());
        assert!(table.contains("| `see_money` | yes | yes | yes | – |"), "{table}");
    }
}
