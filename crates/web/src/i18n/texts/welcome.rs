//! Words of the pages for people who have no account yet.

use fanbase_domain::{role::Role, store::Creators};

use super::texts;

texts! {
    /// The first account, and invitations.
    WelcomeTexts {
        set_up_title = "Set up Fanbase",
        set_up_detail = "Make the first account and its store. The link that brought you here works once, and until the server starts again.",
        set_up = "Create account and store",
        name = "Your name",
        store = "Name of your store",
        store_hint = "Such as: Pause Play Repeat",
        creators_question = "Who will sell here?",
        creators: fn(Creators) -> &'static str = |creators| match creators {
            Creators::One => "One creator: everyone with an account is a fan",
            Creators::Many => "Several creators: a store sees only its own people",
        },
        password_hint = "At least 8 characters",
        invitation_title = "Your invitation",
        invitation: fn(&str, &str) -> String =
            |store, role| format!("You are invited to {store}, {role}."),
        role: fn(Role) -> &'static str = |role| match role {
            Role::AgencyOwner => "to own it",
            Role::AgencyAdmin => "to run it",
            Role::SubaccountUser => "to work with its audience",
            Role::SubaccountGuest => "to look on",
        },
        accept = "Accept",
        /// Who is signed in with another address.
        for_another: fn(&str, &str) -> String =
            |invited, me| format!("The invitation is for {invited}, and you are signed in as {me}."),
        create = "Create account and join",
        sign_in = "Sign in and join",
        invitation_failed = "The invitation could not be shown",
        gone_title = "This invitation is no longer valid",
        gone_detail = "It was used or has expired. Ask for a new one.",
        has_account = "I have an account",
        has_no_account = "I have no account yet",
    }
}
