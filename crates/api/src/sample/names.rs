//! First and last names by region, with the mail providers people use there.
//!
//! A name is written `Display` or `Display=slug`. Without a slug, the form for e-mail addresses is
//! derived by folding diacritics. E-mail addresses are unique by construction as long as the tests of
//! this data pass: last names differ between regions, first names within a region.

use super::places::{self, Country};

/// A group of countries with common names.
pub struct Region {
    /// Share of the region, in people per thousand.
    pub per_thousand: u64,
    /// First names, separated by commas.
    pub first: &'static str,
    /// Last names, separated by commas.
    pub last: &'static str,
    /// Local mail providers.
    pub mail: &'static [&'static str],
    /// Countries, each with the cities in it.
    pub countries: &'static [Country],
}

/// Mail providers used everywhere, the most popular first.
#[rustfmt::skip] // A list of words.
pub const MAIL: &[&str] = &[
    "gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "live.com", "me.com",
    "proton.me", "aol.com", "msn.com", "gmx.net", "fastmail.com",
];

/// The regions; their shares add up to a thousand.
pub const REGIONS: &[Region] = &[
    Region {
        per_thousand: 400,
        first: "James,Michael,Robert,John,David,William,Richard,Joseph,Thomas,Christopher,Charles,\
            Daniel,Matthew,Anthony,Mark,Steven,Andrew,Joshua,Kevin,Brian,Tyler,Brandon,Jordan,\
            Marcus,Malik,DeShawn,Terrence,Jamal,Ethan,Noah,Liam,Mason,Logan,Jayden,Aiden,Mary,\
            Jennifer,Jessica,Ashley,Sarah,Emily,Hannah,Olivia,Ava,Chloé,Zoë,Renée,Siân,Seán,\
            Niamh,Aoife,Mary-Kate,Jean-Paul,D'Angelo,Kayla,Brianna,Destiny,Jasmine,Grace,Ruby",
        last: "Smith,Johnson,Williams,Brown,Jones,Davis,Miller,Wilson,Moore,Taylor,Anderson,\
            Jackson,White,Harris,Thompson,Robinson,Clark,Lewis,Walker,Hall,Allen,Young,King,\
            Wright,Scott,Green,Baker,Adams,Nelson,Carter,Mitchell,Roberts,Turner,Phillips,\
            Campbell,Parker,Evans,Edwards,Collins,Stewart,Morris,Rogers,Reed,Cook,Morgan,Bell,\
            Murphy,Bailey,Cooper,Richardson,Cox,Howard,Ward,Brooks,O'Brien,O'Connor,O'Neill,\
            McDonald,MacLeod,Fitzgerald,Smith-Jones,Lloyd-Webber,St. John=stjohn,Brontë,\
            Washington,Jefferson,Freeman,Coleman,Simmons,Patterson,Hughes,Flores-Reed,Bryant,\
            Alexander,Russell,Griffin,Diggs,Hayes,Myers,Ford",
        mail: &["comcast.net", "verizon.net", "btinternet.com", "sky.com", "bigpond.com"],
        countries: places::ENGLISH,
    },
    Region {
        per_thousand: 110,
        first: "Lukas,Leon,Finn,Jonas,Maximilian,Paul,Felix,Elias,Jürgen=juergen,Jörg=joerg,\
            Günther=guenther,Björn,Sören=soeren,Tobias,Sebastian,Florian,Moritz,Kai-Uwe,Anna,\
            Lena,Lea,Mia,Hanna,Sophie,Käthe=kaethe,Jana,Anneliese,Heike,Ute,Franziska",
        last: "Müller=mueller,Schmidt,Schneider,Fischer,Weber,Meyer,Wagner,Becker,Schulz,Hoffmann,\
            Schäfer=schaefer,Koch,Bauer,Richter,Klein,Wolf,Schröder=schroeder,Neumann,Schwarz,\
            Zimmermann,Krüger=krueger,Hartmann,Lange,Weiß=weiss,Groß=gross,Jäger=jaeger,Vogel,\
            Müller-Lüdenscheid=muellerluedenscheid,von Stein,Böhm=boehm,\
            Öztürk-Braun=oeztuerkbraun,Lehmann,Huber",
        mail: &["gmx.de", "web.de", "t-online.de", "freenet.de", "gmx.at", "bluewin.ch"],
        countries: places::GERMAN,
    },
    Region {
        per_thousand: 70,
        first: "Léo,Gabriel,Raphaël,Louis,Arthur,Jules,Hugo,Théo,Loïc,Benoît,Jérôme,François,\
            Jean-Luc,Jean-Baptiste,Gaëlle,Maëlle,Émilie,Chloé,Camille,Inès,Manon,Hélène,\
            Anaïs,Noémie,Zoé,Margaux,Mamadou,Yannick",
        last: "Martin,Bernard,Dubois,Durand,Leroy,Moreau,Lefèvre,Girard,André,Mercier,Dupont,\
            Lambert,Bonnet,François,Martínez-Roux,Legrand,Garnier,Faure,Rousseau,Chevalier,\
            D'Aubigné,L'Hôpital,de La Fontaine,Traoré,Diallo,Bélanger,Côté,Gagné,Lévesque",
        mail: &["orange.fr", "free.fr", "laposte.net", "wanadoo.fr", "sfr.fr", "videotron.ca"],
        countries: places::FRENCH,
    },
    Region {
        per_thousand: 90,
        first: "José,María,Juan,Luis,Carlos,Jesús,Ángel,Óscar,Íñigo,Sofía,Valentina,Lucía,Ximena,\
            Camila,Martín,Andrés,Nicolás,Joaquín,Iván,Rubén,Raúl,Begoña,Mónica,Inés,Belén,\
            Diego,Mateo,Santiago,Alejandro,Fernanda",
        last: "García,Rodríguez,González,Fernández,López,Martínez,Sánchez,Pérez,Gómez,Martín Ruiz,\
            Jiménez,Hernández,Díaz,Moreno,Muñoz,Álvarez,Romero,Gutiérrez,Navarro,Domínguez,\
            Vázquez,Núñez,Ibáñez,Peña,Ortega,Castillo,de la Cruz,Quiñones,Zúñiga,Echeverría",
        mail: &["hotmail.es", "yahoo.es", "telefonica.net", "prodigy.net.mx", "yahoo.com.ar"],
        countries: places::SPANISH,
    },
    Region {
        per_thousand: 60,
        first: "João,Antônio,Gabriel,Lucas,Pedro,Matheus,Guilherme,Gustavo,Thiago,Caíque,Vinícius,\
            Luís,Inácio,Ana,Beatriz,Letícia,Larissa,Júlia,Conceição,Lúcia,Mariana,Rafaela,\
            Tainá,Débora,Fábio,Zé",
        last: "Silva,Santos,Oliveira,Souza,Pereira,Lima,Ferreira,Ribeiro,Almeida,Carvalho,Araújo,\
            Gonçalves,Barbosa,Conceição,Magalhães,Simões,Brandão,da Costa,dos Reis,Falcão,\
            Assunção,Guimarães,Leitão,Nascimento,Teixeira",
        mail: &["uol.com.br", "bol.com.br", "terra.com.br", "sapo.pt", "hotmail.com.br"],
        countries: places::PORTUGUESE,
    },
    Region {
        per_thousand: 40,
        first: "Francesco,Alessandro,Lorenzo,Andrea,Niccolò,Matteo,Davide,Riccardo,Giuseppe,Luca,\
            Giulia,Chiara,Martina,Sofia,Alice,Noemi,Ilaria,Beatrice,Gian-Marco,Enzo,\
            Désirée,Rosalia",
        last: "Rossi,Russo,Ferrari,Esposito,Bianchi,Romano,Colombo,Ricci,Marino,Greco,Conti,\
            De Luca,D'Amico,D'Angelo,Dell'Acqua,Nicolò,Lo Presti,Costantini,Gallo,Fontana,\
            Caruso,Mancini,Dell'Òrto,Morabito",
        mail: &["libero.it", "virgilio.it", "tiscali.it", "alice.it", "hotmail.it"],
        countries: places::ITALIAN,
    },
    Region {
        per_thousand: 40,
        first: "Daan,Sem,Lucas,Levi,Bram,Thijs,Joost,Sjoerd,Maarten,Jeroen,Emma,Tess,Sanne,Fleur,\
            Lotte,Noëlle,Daniël,Michaël,Loïs,Chloë,Anne-Fleur,Jan-Willem",
        last: "de Jong,Jansen,de Vries,van den Berg,van Dijk,Bakker,Visser,Smit,de Boer,Mulder,\
            de Groot,Bos,Vos,Peters,Hendriks,van Leeuwen,Dekker,Brouwer,van der Meer,Koopman,\
            IJsselstein,Peeters,Maes,Coenraad,Wouters",
        mail: &["ziggo.nl", "kpnmail.nl", "xs4all.nl", "telenet.be", "skynet.be", "hetnet.nl"],
        countries: places::DUTCH,
    },
    Region {
        per_thousand: 40,
        first: "Lars,Erik,Björn,Åke,Søren,Jørgen,Håkon,Øyvind,Mikkel,Ville,Antti,Jyrki,Väinö,Astrid,\
            Freja,Ingrid,Åsa,Linnéa,Maja,Sølvi,Aino,Päivi,Jón,Guðrún=gudrun",
        last: "Johansson,Andersson,Karlsson,Nilsson,Lindström,Sjöberg,Åkesson,Öberg,Nyström,Hansen,\
            Jensen,Sørensen,Østergaard,Kjær,Bjørklund,Hämäläinen,Mäkinen,Korhonen,Virtanen,\
            Þórsson=thorsson,Ødegård,Solberg,Nygaard,Lund",
        mail: &["telia.com", "online.no", "hotmail.se", "jubii.dk", "kolumbus.fi"],
        countries: places::NORDIC,
    },
    Region {
        per_thousand: 35,
        first: "Jakub,Łukasz,Paweł,Michał,Krzysztof,Grzegorz,Wojciech,Zuzanna,Małgorzata,Żaneta,\
            Kasia,Bożena,Jiří,Ondřej,Tomáš,Matěj,Kateřina,Eliška,Zsófia,György,Ákos,Gergő",
        last: "Nowak,Kowalski,Wiśniewski,Wójcik,Kamiński,Lewandowski,Zieliński,Szymański,Woźniak,\
            Dąbrowski,Kozłowski,Błaszczyk,Żuławski,Novák,Svoboda,Dvořák,Černý,Procházka,Kučera,\
            Nagy,Szabó,Horváth,Kovács,Tóth,Kőszegi",
        mail: &["wp.pl", "o2.pl", "onet.pl", "interia.pl", "seznam.cz", "centrum.cz", "freemail.hu"],
        countries: places::CENTRAL_EUROPE,
    },
    Region {
        per_thousand: 20,
        first: "Олександр=oleksandr,Дмитро=dmytro,Андрій=andrii,Катерина=kateryna,Олена=olena,\
            Oksana,Ivan,Volodymyr,Yuliia,Георги=georgi,Мария=mariya,Dimitar,Nikolay,Elena,\
            Γιώργος=giorgos,Ελένη=eleni",
        last: "Шевченко=shevchenko,Бондаренко=bondarenko,Коваленко=kovalenko,Tkachenko,Kravchenko,\
            Melnyk,Иванов=ivanov,Петрова=petrova,Dimitrov,Georgiev,Παπαδόπουλος=papadopoulos,\
            Nikolaidis,Stoyanova,Hristova,Lysenko,Savchenko",
        mail: &["ukr.net", "i.ua", "abv.bg", "mail.bg", "otenet.gr"],
        countries: places::EASTERN_EUROPE,
    },
    Region {
        per_thousand: 15,
        first: "Mehmet,Mustafa,Ahmet,Çağlar,Gökhan,Oğuz,Şükrü,Barış,İbrahim,Ayşe,Gül,Işıl,Özlem,\
            Zeynep,Elif,Büşra",
        last: "Yılmaz,Kaya,Demir,Şahin,Çelik,Yıldız,Öztürk,Aydın,Özdemir,Arslan,Doğan,Kılıç,Çetin,\
            Koç,Güneş,Erdoğdu",
        mail: &["hotmail.com.tr", "mynet.com", "superonline.com"],
        countries: places::TURKISH,
    },
    Region {
        per_thousand: 30,
        first: "Aarav,Vihaan,Arjun,Rohan,Aditya,Karan,Rahul,Siddharth,Priya,Ananya,Diya,Neha,Pooja,\
            Shreya,अमित=amit,प्रिया=priyaa,Harpreet,Gurpreet,Imran,Fatima",
        last: "Sharma,Verma,Gupta,Singh,Patel,Mehta,Reddy,Nair,Iyer,Chatterjee,Banerjee,Das,Kapoor,\
            Malhotra,शर्मा=sharmaa,Joshi,Khan,Ahmed,Bose,Pillai",
        mail: &["rediffmail.com", "yahoo.co.in", "ymail.com"],
        countries: places::INDIAN,
    },
    Region {
        per_thousand: 15,
        first: "太郎=taro,花子=hanako,健太=kenta,さくら=sakura,Haruto,Yūto,Sōta,Yuki,Aoi,Kōhei,Ren,\
            Mei,Rina,Shōta",
        last: "佐藤=sato,鈴木=suzuki,高橋=takahashi,田中=tanaka,渡辺=watanabe,Itō,Yamamoto,Nakamura,\
            Kobayashi,Katō,Yoshida,Ōnishi,Mori,Hayashi",
        mail: &["yahoo.co.jp", "docomo.ne.jp", "ezweb.ne.jp", "nifty.com"],
        countries: places::JAPANESE,
    },
    Region {
        per_thousand: 8,
        first: "민준=minjun,서연=seoyeon,지훈=jihoon,하은=haeun,Ji-woo,Seo-jun,Min-seo,Hyun-woo,Soo-ah,\
            Do-yun",
        last: "김=gim,이=yi,박=bak,최=choi,Kim,Lee,Park,Jung,Kang,Cho",
        mail: &["naver.com", "daum.net", "hanmail.net"],
        countries: places::KOREAN,
    },
    Region {
        per_thousand: 27,
        first: "Chinedu,Emeka,Tunde,Olúmídé,Adébáyọ̀=adebayo,Ngozi,Amara,Chiamaka,Kwame,Kofi,Akosua,\
            Thabo,Sipho,Lerato,Wanjiku,Otieno,Amina,Youssef,Nadia,Tariq",
        last: "Okafor,Okonkwo,Adeyemi,Balogun,Ogunleye,Eze,Nwosu,Mensah,Owusu,Boateng,Nkosi,Dlamini,\
            Mokoena,Kamau,Odhiambo,Mwangi,El-Sayed,Ben Ali,Haddad,Bouazizi",
        mail: &["yahoo.co.uk", "vodamail.co.za", "mweb.co.za", "webmail.co.za"],
        countries: places::AFRICAN,
    },
];

/// A name as displayed and as used in e-mail addresses.
pub struct Name {
    /// As written in the cell.
    pub display: &'static str,
    /// Lower-case ASCII letters only.
    pub slug: String,
}

/// The names of a comma-separated list.
pub fn parse(list: &'static str) -> Vec<Name> {
    list.split(',')
        .map(|entry| {
            let entry = entry.trim();
            let (display, slug) = entry.split_once('=').unwrap_or((entry, entry));
            Name { display, slug: fold(slug) }
        })
        .collect()
}

/// Lower-case ASCII letters of a name, diacritics folded, everything else left out.
fn fold(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' => slug.push(letter),
            'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' | 'ą' => slug.push('a'),
            'æ' => slug.push_str("ae"),
            'ç' | 'ć' | 'č' => slug.push('c'),
            'ď' => slug.push('d'),
            'é' | 'è' | 'ê' | 'ë' | 'ę' | 'ě' => slug.push('e'),
            'ğ' => slug.push('g'),
            'í' | 'ì' | 'î' | 'ï' | 'ı' => slug.push('i'),
            'ł' => slug.push('l'),
            'ñ' | 'ń' | 'ň' => slug.push('n'),
            'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' | 'ō' => slug.push('o'),
            'ř' => slug.push('r'),
            'ś' | 'š' | 'ş' => slug.push('s'),
            'ß' => slug.push_str("ss"),
            'ť' => slug.push('t'),
            'ú' | 'ù' | 'û' | 'ü' | 'ů' | 'ű' | 'ū' => slug.push('u'),
            'ý' | 'ÿ' => slug.push('y'),
            'ź' | 'ż' | 'ž' => slug.push('z'),
            _ => {}
        }
    }
    slug
}
