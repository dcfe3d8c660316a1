//! A store with an audience that has a bit of everything.

use fanbase_api::accounts::users::service::NewUser;
use fanbase_domain::{email::Email, time::Timestamp};

use crate::{app::TestApp, callers::Store, files};

/// Customers of every type, source and consent, with and without everything that can be absent,
/// accounts with and without a customer, and values that many share.
pub async fn of_every_kind(app: &TestApp, customers: usize, accounts: usize) -> Store {
    let store = app.creator("owner").await.store("audience").await;
    let mut file =
        "Email,First Name,Last Name,Music Alias,Type,Consent,Activity Status,Source,Source Detail,\
                    Tags,Score,Total Spent,Created At,Last Activity At,Favourite DAW\n"
            .to_owned();
    for i in 0..customers {
        let pick = |values: &[&'static str]| values[(i * 7 + i / 5) % values.len()];
        let cells = [
            format!("Person{:03}@{}.example", (i * 37) % 1000, pick(&["alpha", "beta", "gamma"])),
            pick(&["Ava", "ava", "Émile", "Zoë", "", "_x%", "李"]).to_owned(),
            pick(&["Lind", "O'Neil", "", "Ørsted"]).to_owned(),
            pick(&["", "DJ Null", "", "100%_sure"]).to_owned(),
            pick(&["lead", "paying", "lead", "subscription", "lead"]).to_owned(),
            pick(&["subscribed", "unconfirmed", "unsubscribed", "bounced", "complained"]).to_owned(),
            pick(&["active", "inactive", "active"]).to_owned(),
            pick(&["csv_import", "manual", "course_enrollment", "stripe_purchase"]).to_owned(),
            pick(&["", "Mixing 101", ""]).to_owned(),
            pick(&["vip", "\"vip,EDM\"", "", "house", "\"Deep  House,edm\""]).to_owned(),
            pick(&["", "0", "5", "5", "-3", "400"]).to_owned(),
            pick(&["", "0", "12.50", "12.50", "1999.99"]).to_owned(),
            format!("2024-0{}-15T10:00:00Z", 1 + i % 4),
            pick(&["", "2025-03-01T00:00:00Z", "2025-06-01T12:30:00.125Z", ""]).to_owned(),
            pick(&["Live", "||Reaper||Live||", ""]).to_owned(),
        ];
        file.push_str(&cells.join(","));
        file.push('\n');
    }
    let import = store.import("", file).await;
    assert_eq!(import.tally.created, customers as u64, "{:?}", store.problems(import.id).await);
    for i in 0..accounts {
        // Every third account is of somebody who is a customer.
        let email = match i % 3 {
            0 => format!("PERSON{:03}@alpha.example", (i * 37) % 1000),
            _ => format!("account{i}@delta.example"),
        };
        let millis = 1_705_312_800_000 + (i as i64 % 4) * 2_592_000_000;
        app.db_create_user(NewUser {
            email: Email::parse(&email).unwrap(),
            name: (i % 5 != 0).then(|| format!("{} Account", ["Ava", "bo", "Çelik"][i % 3])),
            avatar_url: None,
            password_hash: None,
            is_admin: false,
            created_at: Timestamp::from_millis(millis),
            last_sign_in_at: (i % 2 == 0).then(|| Timestamp::from_millis(millis + 1_000)),
        })
        .await;
    }
    store
}

/// The sample audience: its rows imported, its accounts registered.
pub async fn sample(app: &TestApp, rows: u64, accounts: u64) -> (Store, files::Imported) {
    let store = app.creator("owner").await.store("sample").await;
    let (file, expected, accounts) = files::sample(rows, accounts, 1);
    for account in accounts {
        app.db_create_user(NewUser {
            email: Email::parse(&account.email).unwrap(),
            name: Some(account.name),
            avatar_url: account.avatar_url,
            password_hash: None,
            is_admin: false,
            created_at: Timestamp::from_millis(account.created_at_ms),
            last_sign_in_at: account.last_sign_in_at_ms.map(Timestamp::from_millis),
        })
        .await;
    }
    let import = store.import("consent=subscribed", file.clone()).await;
    (store, files::Imported { file, expected, import })
}
