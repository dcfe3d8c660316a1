//! The members of a store.

use fanbase_domain::role::Permission;

use super::texts;

texts! {
    /// The members of a store.
    MemberTexts {
        detail = "Who can open this store, and what they may do.",
        member = "Member",
        role = "Role",
        since = "Since",
        suspended = "Suspended",
        invite = "Invite",
        invite_title = "Invite to this store",
        link = "Send them this link. It is not shown again, and only an account with their address can use it.",
        copy_link = "Copy the link",
        change_role = "Change role",
        role_title: fn(&str) -> String = |who| format!("What may {who} do?"),
        remove = "Remove",
        remove_title: fn(&str) -> String = |who| format!("Remove {who}?"),
        remove_detail = "They cannot open this store any more. What they did stays.",
        removed: fn(&str) -> String = |who| format!("{who} was removed"),
        leave = "Leave",
        leave_title: fn(&str) -> String = |store| format!("Leave {store}?"),
        leave_detail = "You cannot open this store any more unless somebody invites you again.",
        left: fn(&str) -> String = |store| format!("You left {store}"),
        invitations = "Invitations",
        no_invitations = "No pending invitations.",
        invited = "Invited",
        until = "Until",
        revoke = "Revoke",
        revoke_title: fn(&str) -> String = |email| format!("Revoke the invitation of {email}?"),
        revoke_detail = "The link that was sent does not work any more.",
        revoked: fn(&str) -> String = |email| format!("The invitation of {email} was revoked"),
        roles = "What each role may do",
        permission: fn(Permission) -> &'static str = |permission| match permission {
            Permission::Read => "See the audience",
            Permission::Edit => "Change fans, tags, notes and views",
            Permission::Import => "Import, and undo imports",
            Permission::Export => "Export",
            Permission::Send => "Send email",
            Permission::SeeMoney => "See what fans spent",
            Permission::ManageStore => "Settings, API keys, audit log",
            Permission::ManageMembers => "Invite and remove members",
        },
    }
}
