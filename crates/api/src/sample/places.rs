//! Countries with their cities and the way telephone numbers and postal codes look there.
//!
//! In patterns, `#` stands for a digit and `@` for a letter. Where a country keeps numbers apart
//! for fiction (555-01xx, Ofcom's 07700 900xxx and the like), those are used.

/// A country that people of the sample live in.
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub code: &'static str,
    /// English name.
    pub name: &'static str,
    /// Share within its region.
    pub weight: u64,
    /// Patterns of telephone numbers as people type them.
    pub phones: &'static [&'static str],
    /// Pattern of a postal code; empty where there are none.
    pub zip: &'static str,
    /// City, state and state code.
    pub cities: &'static [(&'static str, &'static str, &'static str)],
}

const fn country(
    code: &'static str,
    name: &'static str,
    weight: u64,
    phones: &'static [&'static str],
    zip: &'static str,
    cities: &'static [(&'static str, &'static str, &'static str)],
) -> Country {
    Country { code, name, weight, phones, zip, cities }
}

#[rustfmt::skip] // One country per line or two reads better than one argument per line.
mod data {
    use super::{Country, country};

    pub const ENGLISH: &[Country] = &[
        country("US", "United States", 62,
            &["(212) 555-01##", "+1 (310) 555-01##", "404-555-01##", "+1-615-555-01##", "31255501##", "1.713.555.01##"],
            "#####",
            &[("New York", "New York", "NY"), ("Los Angeles", "California", "CA"), ("Atlanta", "Georgia", "GA"),
              ("Nashville", "Tennessee", "TN"), ("Chicago", "Illinois", "IL"), ("Houston", "Texas", "TX"),
              ("Miami", "Florida", "FL"), ("Detroit", "Michigan", "MI"), ("Memphis", "Tennessee", "TN"),
              ("Oakland", "California", "CA"), ("Brooklyn", "New York", "NY"), ("Austin", "Texas", "TX"),
              ("Philadelphia", "Pennsylvania", "PA"), ("New Orleans", "Louisiana", "LA"), ("Seattle", "Washington", "WA")]),
        country("GB", "United Kingdom", 20,
            &["07700 900###", "+44 7700 900###", "+447700900###", "020 7946 0###"], "@@# #@@",
            &[("London", "England", "ENG"), ("Manchester", "England", "ENG"), ("Bristol", "England", "ENG"),
              ("Glasgow", "Scotland", "SCT"), ("Cardiff", "Wales", "WLS"), ("Leeds", "England", "ENG")]),
        country("CA", "Canada", 9, &["(416) 555-01##", "+1 604 555 01##"], "@#@ #@#",
            &[("Toronto", "Ontario", "ON"), ("Vancouver", "British Columbia", "BC"), ("Calgary", "Alberta", "AB")]),
        country("AU", "Australia", 6, &["0491 570 ###", "+61 491 570 ###"], "####",
            &[("Melbourne", "Victoria", "VIC"), ("Sydney", "New South Wales", "NSW"), ("Brisbane", "Queensland", "QLD")]),
        country("IE", "Ireland", 2, &["+353 20 91# ####"], "@## @#@#", &[("Dublin", "Leinster", ""), ("Cork", "Munster", "")]),
        country("NZ", "New Zealand", 1, &["021 ### ####"], "####", &[("Auckland", "", ""), ("Wellington", "", "")]),
    ];
    pub const GERMAN: &[Country] = &[
        country("DE", "Germany", 74, &["0151 ########", "+49 151 ########", "+49 (0)30 23125###", "0171/39200##", "0049 171 39200##"], "#####",
            &[("Berlin", "Berlin", "BE"), ("München", "Bayern", "BY"), ("Köln", "Nordrhein-Westfalen", "NW"), ("Hamburg", "Hamburg", "HH"),
              ("Düsseldorf", "Nordrhein-Westfalen", "NW"), ("Leipzig", "Sachsen", "SN"), ("Frankfurt am Main", "Hessen", "HE")]),
        country("AT", "Austria", 14, &["+43 660 #######", "0664 #######"], "####", &[("Wien", "Wien", "9"), ("Graz", "Steiermark", "6")]),
        country("CH", "Switzerland", 12, &["+41 79 ### ## ##", "079 ### ## ##"], "####", &[("Zürich", "Zürich", "ZH"), ("Bern", "Bern", "BE")]),
    ];
    pub const FRENCH: &[Country] = &[
        country("FR", "France", 70, &["06 39 98 ## ##", "+33 6 39 98 ## ##", "0639.98.##.##"], "#####",
            &[("Paris", "Île-de-France", "IDF"), ("Lyon", "Auvergne-Rhône-Alpes", "ARA"), ("Marseille", "Provence-Alpes-Côte d'Azur", "PAC"),
              ("Saint-Étienne", "Auvergne-Rhône-Alpes", "ARA"), ("L'Haÿ-les-Roses", "Île-de-France", "IDF")]),
        country("CA", "Canada", 18, &["514-555-01##", "+1 (418) 555-01##"], "@#@ #@#", &[("Montréal", "Québec", "QC"), ("Trois-Rivières", "Québec", "QC")]),
        country("BE", "Belgium", 12, &["+32 470 ## ## ##"], "####", &[("Bruxelles", "", ""), ("Liège", "Liège", "WLG")]),
    ];
    pub const SPANISH: &[Country] = &[
        country("MX", "Mexico", 36, &["+52 55 #### ####", "(55) ####-####"], "#####", &[("Ciudad de México", "CDMX", "CMX"), ("Guadalajara", "Jalisco", "JAL"), ("Mérida", "Yucatán", "YUC")]),
        country("ES", "Spain", 30, &["+34 6## ### ###", "6########"], "#####", &[("Madrid", "Madrid", "M"), ("Barcelona", "Cataluña", "B"), ("A Coruña", "Galicia", "C"), ("Málaga", "Andalucía", "MA")]),
        country("AR", "Argentina", 14, &["+54 9 11 ####-####"], "@####@@@", &[("Buenos Aires", "Buenos Aires", "B"), ("Córdoba", "Córdoba", "X")]),
        country("CO", "Colombia", 12, &["+57 3## #######"], "######", &[("Bogotá", "Cundinamarca", "CUN"), ("Medellín", "Antioquia", "ANT")]),
        country("CL", "Chile", 8, &["+56 9 #### ####"], "#######", &[("Santiago", "Región Metropolitana", "RM"), ("Viña del Mar", "Valparaíso", "VS")]),
    ];
    pub const PORTUGUESE: &[Country] = &[
        country("BR", "Brazil", 82, &["(11) 9####-####", "+55 21 9####-####", "119########"], "#####-###",
            &[("São Paulo", "São Paulo", "SP"), ("Rio de Janeiro", "Rio de Janeiro", "RJ"), ("Belém", "Pará", "PA"), ("Goiânia", "Goiás", "GO")]),
        country("PT", "Portugal", 18, &["+351 91# ### ###"], "####-###", &[("Lisboa", "Lisboa", "11"), ("Porto", "Porto", "13")]),
    ];
    pub const ITALIAN: &[Country] = &[
        country("IT", "Italy", 95, &["+39 3## #######", "3##/#######"], "#####", &[("Roma", "Lazio", "RM"), ("Milano", "Lombardia", "MI"), ("Forlì", "Emilia-Romagna", "FC"), ("L'Aquila", "Abruzzo", "AQ")]),
        country("CH", "Switzerland", 5, &["+41 76 ### ## ##"], "####", &[("Lugano", "Ticino", "TI")]),
    ];
    pub const DUTCH: &[Country] = &[
        country("NL", "Netherlands", 78, &["06-########", "+31 6 ########", "0612345###"], "#### @@", &[("Amsterdam", "Noord-Holland", "NH"), ("'s-Hertogenbosch", "Noord-Brabant", "NB"), ("Rotterdam", "Zuid-Holland", "ZH")]),
        country("BE", "Belgium", 22, &["+32 48# ## ## ##"], "####", &[("Gent", "Oost-Vlaanderen", "VOV"), ("Antwerpen", "Antwerpen", "VAN")]),
    ];
    pub const NORDIC: &[Country] = &[
        country("SE", "Sweden", 40, &["070-174 06 ##", "+46 70 174 06 ##"], "### ##", &[("Stockholm", "Stockholm", "AB"), ("Malmö", "Skåne", "M"), ("Göteborg", "Västra Götaland", "O")]),
        country("NO", "Norway", 22, &["+47 ### ## ###"], "####", &[("Oslo", "Oslo", "03"), ("Tromsø", "Troms", "55")]),
        country("DK", "Denmark", 20, &["+45 ## ## ## ##"], "####", &[("København", "Hovedstaden", "84"), ("Århus", "Midtjylland", "82")]),
        country("FI", "Finland", 16, &["+358 40 #######"], "#####", &[("Helsinki", "Uusimaa", "18"), ("Jyväskylä", "Keski-Suomi", "08")]),
        country("IS", "Iceland", 2, &["+354 ### ####"], "###", &[("Reykjavík", "", "")]),
    ];
    pub const CENTRAL_EUROPE: &[Country] = &[
        country("PL", "Poland", 58, &["+48 ### ### ###", "5## ### ###"], "##-###", &[("Warszawa", "Mazowieckie", "14"), ("Łódź", "Łódzkie", "10"), ("Kraków", "Małopolskie", "12")]),
        country("CZ", "Czechia", 24, &["+420 ### ### ###"], "### ##", &[("Praha", "", ""), ("Plzeň", "", ""), ("Žďár nad Sázavou", "", "")]),
        country("HU", "Hungary", 18, &["+36 30 ### ####"], "####", &[("Budapest", "", ""), ("Győr", "", "")]),
    ];
    pub const EASTERN_EUROPE: &[Country] = &[
        country("UA", "Ukraine", 55, &["+380 ## ### ## ##"], "#####", &[("Київ", "", ""), ("Lviv", "", ""), ("Odesa", "", "")]),
        country("BG", "Bulgaria", 25, &["+359 88 ### ####"], "####", &[("София", "", ""), ("Plovdiv", "", "")]),
        country("GR", "Greece", 20, &["+30 69# ### ####"], "### ##", &[("Αθήνα", "", ""), ("Thessaloniki", "", "")]),
    ];
    pub const TURKISH: &[Country] =
        &[country("TR", "Türkiye", 1, &["+90 5## ### ## ##", "05## ### ## ##"], "#####", &[("İstanbul", "", "34"), ("Ankara", "", "06"), ("İzmir", "", "35")])];
    pub const INDIAN: &[Country] = &[
        country("IN", "India", 90, &["+91 9#### #####", "09#########"], "######", &[("Mumbai", "Maharashtra", "MH"), ("Bengaluru", "Karnataka", "KA"), ("New Delhi", "Delhi", "DL"), ("Chennai", "Tamil Nadu", "TN")]),
        country("PK", "Pakistan", 10, &["+92 3## #######"], "#####", &[("Karachi", "Sindh", "SD"), ("Lahore", "Punjab", "PB")]),
    ];
    pub const JAPANESE: &[Country] =
        &[country("JP", "Japan", 1, &["090-####-####", "+81 90-####-####"], "###-####", &[("東京", "東京都", "13"), ("Ōsaka", "Ōsaka", "27"), ("Yokohama", "Kanagawa", "14")])];
    pub const KOREAN: &[Country] =
        &[country("KR", "South Korea", 1, &["010-####-####", "+82 10-####-####"], "#####", &[("서울", "", "11"), ("Busan", "", "26")])];
    pub const AFRICAN: &[Country] = &[
        country("NG", "Nigeria", 46, &["0803 ### ####", "+234 803 ### ####"], "######", &[("Lagos", "Lagos", "LA"), ("Abuja", "FCT", "FC"), ("Ìbàdàn", "Oyo", "OY")]),
        country("ZA", "South Africa", 22, &["+27 82 ### ####"], "####", &[("Johannesburg", "Gauteng", "GP"), ("Cape Town", "Western Cape", "WC")]),
        country("GH", "Ghana", 14, &["+233 24 ### ####"], "", &[("Accra", "Greater Accra", "AA")]),
        country("KE", "Kenya", 10, &["+254 7## ######"], "#####", &[("Nairobi", "Nairobi", "30")]),
        country("EG", "Egypt", 5, &["+20 10 #### ####"], "#####", &[("Cairo", "", "C")]),
        country("CI", "Côte d'Ivoire", 3, &["+225 07 ## ## ## ##"], "", &[("Abidjan", "", "")]),
    ];
}

pub use data::{
    AFRICAN, CENTRAL_EUROPE, DUTCH, EASTERN_EUROPE, ENGLISH, FRENCH, GERMAN, INDIAN, ITALIAN, JAPANESE,
    KOREAN, NORDIC, PORTUGUESE, SPANISH, TURKISH,
};
