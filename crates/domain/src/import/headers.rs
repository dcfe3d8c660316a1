//! Known column headers of mail services and spreadsheets.

use super::{columns::Column, safe_cell};
use crate::text;

/// Column, its name in an explicit mapping, and its headers (folded, letters and digits only).
pub(super) const FIXED: [(Column, &str, &[&str]); 19] = [
    (
        Column::Email,
        "email",
        &[
            "email",
            "emailaddress",
            "mail",
            "contactemail",
            "subscriberemail",
            "emailid",
            "email1value",
            "mailadresse",
            "emailadresse",
            "emailadress",
            "adressemail",
            "adresseemail",
            "adressemel",
            "courriel",
            "adressecourriel",
            "correo",
            "correoelectronico",
            "direcciondecorreo",
            "direcciondecorreoelectronico",
            "direccionemail",
            "enderecodeemail",
            "correioeletronico",
            "indirizzoemail",
            "indirizzomail",
            "indirizzodipostaelettronica",
            "postaelettronica",
        ],
    ),
    // MailerLite's header.
    (Column::Email, "email", &["subscriber"]),
    (
        Column::FirstName,
        "first_name",
        &[
            "firstname",
            "fname",
            "givenname",
            "vorname",
            "prenom",
            "nombredepila",
            "primeironome",
            "primernombre",
            "nomeproprio",
        ],
    ),
    (
        Column::LastName,
        "last_name",
        &[
            "lastname",
            "lname",
            "surname",
            "familyname",
            "nachname",
            "familienname",
            "nomdefamille",
            "apellido",
            "apellidos",
            "sobrenome",
            "apelido",
            "cognome",
            "secondname",
        ],
    ),
    (
        Column::FullName,
        "name",
        &[
            "name",
            "fullname",
            "contactname",
            "vollername",
            "vollstandigername",
            "nomcomplet",
            "nombrecompleto",
            "nomecompleto",
            "nomcontact",
        ],
    ),
    (
        Column::Phone,
        "phone",
        &[
            "phone",
            "phonenumber",
            "phone1value",
            "sms",
            "mobile",
            "mobilephone",
            "telephone",
            "telefon",
            "telefonnummer",
            "handy",
            "handynummer",
            "mobil",
            "mobilnummer",
            "numerodetelephone",
            "portable",
            "telefono",
            "numerodetelefono",
            "movil",
            "celular",
            "telefone",
            "telemovel",
            "numerodetelefone",
            "cellulare",
            "numeroditelefono",
        ],
    ),
    (
        Column::Alias,
        "alias",
        &[
            "alias",
            "musicalias",
            "artistname",
            "kunstlername",
            "nomdartiste",
            "nombreartistico",
            "nomeartistico",
            "nomedarte",
        ],
    ),
    (Column::Type, "type", &["type", "fantype"]),
    (Column::Consent, "consent", &["consent"]),
    (
        Column::Consent,
        "consent",
        &[
            "subscriptionstatus",
            "emailstatus",
            "emailsubscriptionstatus",
            "subscriberstatus",
            "emailsubscriberstatus",
            "marketingstatus",
            "emailmarketingstatus",
            "mailingstatus",
            "consentstatus",
            "emailconsent",
            "optinstatus",
            "newsletterstatus",
            "anmeldestatus",
            "abostatus",
            "einwilligung",
            "consentement",
            "consentimiento",
            "consentimento",
            "consenso",
            "statutdabonnement",
            "estadodesuscripcion",
            "statoiscrizione",
        ],
    ),
    (Column::Consent, "consent", &STATUS),
    (Column::Status, "status", &["activitystatus"]),
    (Column::Source, "source", &["source"]),
    (Column::SourceDetail, "source_detail", &["sourcedetail"]),
    (Column::Score, "score", &["score"]),
    (
        Column::TotalSpent,
        "total_spent",
        &[
            "totalspent",
            "totalspend",
            "lifetimespend",
            "amountspent",
            "gesamtumsatz",
            "umsatz",
            "gesamtausgaben",
            "totaldepense",
            "totalgastado",
            "totalgasto",
            "totalespeso",
            "spesatotale",
        ],
    ),
    (
        Column::Tags,
        "tags",
        &["tags", "tag", "schlagworte", "schlagworter", "etiquettes", "etiquetas", "etichette"],
    ),
    (
        Column::CreatedAt,
        "created_at",
        &[
            "datecreated",
            "createdat",
            "created",
            "dateregistered",
            "addedtime",
            "dateadded",
            "addedat",
            "createdate",
            "creationdate",
            "createdon",
            "createdtime",
            "signupdate",
            "registrationdate",
            "erstelltam",
            "angelegtam",
            "erstellungsdatum",
            "registriertam",
            "datedecreation",
            "creele",
            "dateajout",
            "datedajout",
            "fechadecreacion",
            "fechadealta",
            "creadoel",
            "datadecriacao",
            "criadoem",
            "datadicreazione",
            "datacreazione",
            "creatoil",
        ],
    ),
    (
        Column::LastActivityAt,
        "last_activity_at",
        &[
            "lastactivityat",
            "lastopendate",
            "lastactivity",
            "lastactivitydate",
            "letzteaktivitat",
            "derniereactivite",
            "ultimaactividad",
            "ultimaatividade",
            "ultimaattivita",
        ],
    ),
];

/// Headers of a state of any kind: only the values show whether it is consent.
pub(super) const STATUS: [&str; 6] =
    ["status", "contactstatus", "statut", "estado", "stato", "kontaktstatus"];

/// Last-name headers beside which "Nome" or "Nombre" is the first name.
const LAST_NAMES: [&str; 6] = ["cognome", "sobrenome", "apelido", "apellido", "apellidos", "ultimonome"];

/// Filler words in the header of a consent column.
const FILLERS: [&str; 46] = [
    "is",
    "has",
    "was",
    "at",
    "on",
    "date",
    "time",
    "timestamp",
    "datetime",
    "the",
    "of",
    "from",
    "to",
    "for",
    "all",
    "any",
    "a",
    "email",
    "emails",
    "e",
    "mail",
    "mails",
    "mailing",
    "contact",
    "subscriber",
    "user",
    "global",
    "globally",
    "hard",
    "utc",
    "am",
    "le",
    "el",
    "il",
    "em",
    "data",
    "fecha",
    "datum",
    "de",
    "d",
    "da",
    "del",
    "di",
    "der",
    "per",
    "via",
];
/// Words that make a header the date of an event.
const DATES: [&str; 10] =
    ["at", "on", "date", "time", "timestamp", "datetime", "am", "fecha", "datum", "data"];

const OPTED_OUT: [&str; 33] = [
    "unsubscribed",
    "unsubscribe",
    "unsub",
    "unsubbed",
    "unsubscription",
    "optedout",
    "optout",
    "donot",
    "donotsend",
    "dont",
    "no",
    "suppressed",
    "blocked",
    "blocklisted",
    "optedoutmarketing",
    "marketingoptout",
    "unsubscribedmarketing",
    "abgemeldet",
    "abmeldung",
    "abmelde",
    "abmeldedatum",
    "ausgetragen",
    "desabonne",
    "desabonnement",
    "desinscrit",
    "desinscription",
    "baja",
    "dadobaja",
    "desuscrito",
    "descadastrado",
    "descadastro",
    "disiscritto",
    "disiscrizione",
];
const BOUNCED: [&str; 7] =
    ["bounced", "bounce", "cleaned", "clean", "undeliverable", "invalid", "undelivered"];
const COMPLAINED: [&str; 8] = [
    "complained",
    "complaint",
    "spamcomplaint",
    "spam",
    "markedasspam",
    "markedspam",
    "reportedspam",
    "abusecomplaint",
];
const SUBSCRIBED: [&str; 8] = [
    "subscribed",
    "subscribednewsletter",
    "newslettersubscribed",
    "subscribedmarketing",
    "angemeldetnewsletter",
    "suscrito",
    "iscritto",
    "inscritnewsletter",
];
const OPTED_IN: [&str; 24] = [
    "optedin",
    "optin",
    "doubleoptin",
    "acceptsmarketing",
    "acceptedmarketing",
    "marketingconsent",
    "marketingoptin",
    "optinmarketing",
    "marketingpermission",
    "permission",
    "gdprconsent",
    "gdpr",
    "consentgiven",
    "gaveconsent",
    "consented",
    "newsletter",
    "newsletteroptin",
    "newsletterconsent",
    "signup",
    "subscribenewsletter",
    "acceptsnewsletter",
    "aceptamarketing",
    "accettamarketing",
    "acceptemarketing",
];
/// Parts of headers that suggest consent. Folded, letters only.
const HINTS: [&str; 26] = [
    "unsub",
    "optout",
    "optedout",
    "optin",
    "optedin",
    "consent",
    "subscri",
    "blacklist",
    "blocklist",
    "donot",
    "bounce",
    "suppress",
    "gdpr",
    "dsgvo",
    "permission",
    "marketing",
    "newsletter",
    "disabled",
    "abgemeldet",
    "einwilligung",
    "desabonn",
    "desinscri",
    "suscri",
    "descadastr",
    "disiscri",
    "complain",
];
/// Words of headers with only details of an event.
const DETAILS: [&str; 18] = [
    "reason", "campaign", "comment", "note", "title", "source", "count", "rate", "ip", "id", "method",
    "location", "text", "link", "url", "plan", "price", "tier",
];

/// The consent column of a header; `None` if the header is unknown or not about consent.
pub(super) fn consent_column(header: &str) -> Option<Column> {
    let words = words(header);
    let squashed = words.concat();
    match squashed.as_str() {
        "emailblacklisted" | "blacklisted" | "emaildisabled" | "emailsdisabled" => {
            return Some(Column::Blacklisted);
        }
        // The service writes a column for each kind of mail.
        _ if squashed.starts_with("optedoutofemail") => return Some(Column::OptedOut),
        _ => {}
    }
    let core: String = words.iter().filter(|word| !FILLERS.contains(&word.as_str())).cloned().collect();
    let core = core.as_str();
    let is_date = words.iter().any(|word| DATES.contains(&word.as_str()));
    let speaks_of_mail = words.iter().any(|word| word.contains("mail"));
    // "No", "Invalid" or "Spam" alone are ambiguous.
    if matches!(core, "no" | "dont" | "invalid" | "blocked" | "spam") && !speaks_of_mail {
        return None;
    }
    let is_one_of = |names: &[&str]| names.contains(&core);
    if is_one_of(&OPTED_OUT) {
        Some(Column::OptedOut)
    } else if is_one_of(&BOUNCED) {
        // A clean e-mail address has not bounced.
        (core != "clean" || is_date).then_some(Column::Bounced)
    } else if is_one_of(&COMPLAINED) {
        Some(Column::Complained)
    } else if is_one_of(&SUBSCRIBED) || (is_date && matches!(core, "subscription" | "subscribe")) {
        Some(if is_date { Column::OptedInAt } else { Column::Subscribed })
    } else if is_one_of(&OPTED_IN) && core != "signup" {
        Some(if is_date && core == "optin" { Column::OptedInAt } else { Column::OptedIn })
    } else if is_date && matches!(core, "confirm" | "confirmed" | "confirmation") {
        Some(Column::OptedIn)
    } else {
        None
    }
}

/// Whether an unknown header suggests consent.
pub(super) fn hints_at_consent(header: &str) -> bool {
    let words = words(header);
    let squashed = words.concat();
    let is_detail = words.iter().any(|word| DETAILS.contains(&word.as_str()));
    !is_detail && !squashed.contains("sms") && HINTS.iter().any(|hint| squashed.contains(hint))
}

/// Resolves name headers by their neighbours: "Name" beside "Vorname" is the last name, "Nome" beside
/// "Cognome" the first name.
pub(super) fn part_of_name(cell: &str, header: &[&str]) -> Option<Column> {
    let has_one_of = |names: &[&str]| names.iter().any(|name| has(header, name));
    match squash(cell).as_str() {
        "name" if has_one_of(&["vorname"]) && !has_one_of(&["nachname", "familienname"]) => {
            Some(Column::LastName)
        }
        "nom" if has_one_of(&["prenom"]) => Some(Column::LastName),
        "nome" | "nombre" if has_one_of(&LAST_NAMES) => Some(Column::FirstName),
        "nom" | "nome" | "nombre" => Some(Column::FullName),
        _ => None,
    }
}

/// Whether a header is one of `names`, or a numbered score.
pub(super) fn names_one_of(header: &str, names: &[&str]) -> bool {
    let squashed = squash(header);
    // ActiveCampaign numbers its scores: "*Score 7".
    let numbered_score = names == ["score"]
        && squashed.strip_prefix("score").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    numbered_score || names.contains(&squashed.as_str())
}

/// Whether the header is from an ActiveCampaign export: it marks custom fields with `*`, or has columns
/// that only ActiveCampaign writes.
#[must_use]
pub fn is_activecampaign(header: &[&str]) -> bool {
    let known = ["opensemail", "clickslinks", "lastopendate", "dateofbirth", "listname"];
    header.iter().any(|cell| text::trim(cell).starts_with('*') || known.contains(&squash(cell).as_str()))
        || (has(header, "datecreated") && has(header, "ip"))
}

/// Whether the header is from a mail service that uses the column "Status" for consent only.
pub(super) fn is_mail_service(header: &[&str]) -> bool {
    let is_kit =
        header.contains(&"first_name") && header.contains(&"created_at") && header.contains(&"status");
    let is_listmonk = has(header, "attributes") && has(header, "status") && has(header, "name");
    is_activecampaign(header) || is_kit || is_listmonk
}

/// Whether the header is from our own export, which alone has both of these columns. Such a file has a
/// column for each fixed field. Any other column is a custom field, even with a header such as "List
/// Name" or "Email Blacklisted", and must not unsubscribe a contact.
pub(super) fn is_own_export(header: &[&str]) -> bool {
    has(header, "consent") && has(header, "activitystatus")
}

fn has(header: &[&str], name: &str) -> bool {
    header.iter().any(|cell| squash(cell) == name)
}

/// The name in a header, without white space, the custom-field mark and the formula escape.
pub(super) fn clean(cell: &str) -> &str {
    text::trim(text::trim(safe_cell::unescape(text::trim(cell))).trim_start_matches('*'))
}

/// A header folded to letters and digits.
pub(super) fn squash(cell: &str) -> String {
    text::fold(clean(cell)).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The words of a header, including camel case.
fn words(header: &str) -> Vec<String> {
    let mut spaced = String::new();
    let mut before = ' ';
    for c in clean(header).chars() {
        if before.is_lowercase() && c.is_uppercase() {
            spaced.push(' ');
        }
        spaced.push(c);
        before = c;
    }
    let folded = text::fold(&spaced);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_about_consent_are_recognised_by_the_headers_of_the_services() {
        for (column, headers) in [
            (
                Some(Column::OptedOut),
                vec![
                    "UNSUB_TIME",
                    "Unsubscribed",
                    "Unsubscribed At",
                    "Date Unsubscribed",
                    "Opted Out",
                    "Opt-out",
                    "Email Opt Out",
                    "HasOptedOutOfEmail",
                    "emailOptOut",
                    "Unsubscribed from all email",
                    "Opted out of email: One to One",
                    "Do Not Email",
                    "do_not_contact",
                    "Don't Email",
                    "Email Blocked",
                    "Suppressed at",
                    "Abgemeldet am",
                    "Désabonné",
                    "Fecha de baja",
                    "No emails",
                    "Do not send email",
                    "unsubscribe_date",
                    "unsubscribed_at",
                ],
            ),
            (Some(Column::Blacklisted), vec!["EMAIL_BLACKLISTED", "email_disabled", "Blacklisted"]),
            (
                Some(Column::Bounced),
                vec!["CLEAN_TIME", "Cleaned", "Bounced", "Bounce Date", "Hard Bounced At", "Invalid email"],
            ),
            (Some(Column::Complained), vec!["Complained", "Marked as spam", "Spam Complaint Date"]),
            (Some(Column::Subscribed), vec!["Subscribed", "subscribed_to_emails", "is_subscribed"]),
            (
                Some(Column::OptedInAt),
                vec!["OPTIN_TIME", "Subscribed At", "Subscription Date", "Opt-in date", "subscribe_date"],
            ),
            (
                Some(Column::OptedIn),
                vec![
                    "CONFIRM_TIME",
                    "Accepts Email Marketing",
                    "Accepts Marketing",
                    "Marketing Consent",
                    "GDPR consent",
                    "Opted In",
                    "Double opt-in",
                    "Newsletter",
                    "Confirmed at",
                ],
            ),
            (
                None,
                vec![
                    "UNSUB_REASON",
                    "UNSUB_CAMPAIGN_ID",
                    "CLEAN_CAMPAIGN_TITLE",
                    "SMS_BLACKLISTED",
                    "Bounces",
                    "No",
                    "Spam",
                    "Invalid",
                    "Subscription",
                    "Do not call",
                    "Confirmed",
                    "Signup date",
                    "Clean",
                    "Blocked",
                    "Name",
                    "OPTIN_IP",
                    "CONFIRM_IP",
                    "",
                ],
            ),
        ] {
            for header in headers {
                assert_eq!(consent_column(header), column, "{header}");
            }
        }
    }

    #[test]
    fn what_seems_to_be_about_consent_is_noticed() {
        for header in ["Unsubscribe wishes", "Marketing preferences", "Mailings: GDPR", "newsletterAllowed"] {
            assert!(hints_at_consent(header), "{header}");
        }
        for header in
            ["UNSUB_REASON", "CLEAN_CAMPAIGN_ID", "OPTIN_IP", "SMS_BLACKLISTED", "City", "Bounce rate"]
        {
            assert!(!hints_at_consent(header), "{header}");
        }
    }
}
