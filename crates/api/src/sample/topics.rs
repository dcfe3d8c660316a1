//! Answers of music producers in forms (software, genres, goals, levels), and tags of creators. The
//! most popular of each list comes first.

/// Digital audio workstations.
pub const DAWS: &[&str] = &[
    "FL Studio",
    "Ableton Live",
    "Logic Pro",
    "Pro Tools",
    "Cubase",
    "Reaper",
    "Studio One",
    "GarageBand",
    "MPC Software",
    "Reason",
    "Bitwig Studio",
    "Maschine",
    "BandLab",
    "Cakewalk",
    "Renoise",
    "LMMS",
    "I don't have one yet",
];

/// Genres, used for "Type of Music" and "Genre Specialty".
pub const GENRES: &[&str] = &[
    "Hip Hop",
    "Trap",
    "R&B",
    "Lo-Fi",
    "Pop",
    "House",
    "EDM",
    "Drill",
    "Techno",
    "Afrobeats",
    "Reggaeton",
    "Boom Bap",
    "Drum & Bass",
    "Gospel",
    "Cinematic",
    "Ambient",
    "Rock",
    "Soul/Funk",
    "Dubstep",
    "Future Bass",
    "Jazz",
    "Synthwave",
    "Country",
    "Amapiano",
    "Música Popular Brasileira",
];

/// Goals, several of them possible.
pub const GOALS: &[&str] = &[
    "Make better beats",
    "Sell beats online",
    "Finish more songs",
    "Learn mixing and mastering",
    "Get placements with artists",
    "Go full time",
    "Just for fun",
    "Learn music theory",
    "Build an audience",
    "Score films and games",
    "Find my own sound",
];

/// Student levels.
pub const LEVELS: &[&str] = &["Beginner", "Intermediate", "Advanced", "Professional"];

/// Answers to "How long have you been producing for".
pub const EXPERIENCE: &[&str] =
    &["Less than 1 year", "1-2 years", "3-5 years", "5-10 years", "10+ years", "Haven't started yet"];

/// Answers to "Why did you sign up".
pub const REASONS: &[&str] = &[
    "Free drum kit",
    "Saw a video on YouTube",
    "The mixing cheat sheet",
    "A friend told me about it",
    "I want to learn chords, scales and melodies",
    "Webinar: \"From loop to song\"",
    "Instagram",
    "Podcast episode about selling beats",
    "My beats sound muddy and I don't know why",
    "Newsletter",
];

/// Tags that the creator gave.
#[rustfmt::skip] // A list of words.
pub const TAGS: &[&str] = &[
    "Newsletter", "Free Drum Kit", "YouTube", "Lead Magnet: 808 Guide", "Webinar Registered",
    "Instagram", "Beat Challenge", "Mixing Cheat Sheet", "Webinar Attended", "Engaged 30 Days",
    "Cold 90 Days", "Customer", "Black Friday 2023", "Black Friday 2024", "Black Friday 2025",
    "Melody Course", "Mixing Course", "Beat Academy", "Sample Pack Vol. 1", "Sample Pack Vol. 2",
    "Sample Pack Vol. 3", "Waitlist", "Quiz: Beginner", "Quiz: Intermediate", "Quiz: Advanced",
    "Cart Abandoned", "Refunded", "Coaching Inquiry", "Coaching Client", "Affiliate", "Podcast",
    "TikTok", "Facebook Ad", "Google Ad", "Discord Member", "VIP", "Beta Tester", "Giveaway 2022",
    "Giveaway 2023", "Giveaway 2024", "Summer Sale", "Spring Sale", "Payment Plan",
    "Payment Failed", "Free Course: First Beat", "Free Course: Chords", "Course Completed",
    "Survey 2023", "Survey 2025", "Do Not Call", "Student Discount", "Live Event Berlin",
    "Live Event Atlanta", "Live Event São Paulo", "Imported 2019", "Imported 2021", "Preset Bank",
    "Vocal Chain", "Template: Ableton", "Template: FL Studio", "Mentor",
];

/// Answers to a field that no importer knows.
pub const PLUGINS: &[&str] = &[
    "Serum",
    "Omnisphere",
    "FabFilter Pro-Q",
    "Kontakt",
    "Vital",
    "RC-20",
    "ValhallaRoom",
    "Massive",
    "Nexus",
    "Soundtoys Decapitator",
    "whatever came with my DAW",
];

/// First words of artist names. Lower case without digits, because e-mail addresses are derived from
/// them; 64 words, so that a person's index can be split into two words and a remainder.
#[rustfmt::skip] // A list of words.
pub const ALIAS_FIRST: &[&str; 64] = &[
    "midnight", "velvet", "golden", "silent", "neon", "crystal", "urban", "lunar", "solar",
    "dusty", "analog", "digital", "hollow", "cosmic", "purple", "crimson", "electric", "frozen",
    "hidden", "infinite", "jaded", "kinetic", "lofi", "magnetic", "nocturnal", "orbital",
    "phantom", "quantum", "rusty", "sacred", "twisted", "ultra", "vintage", "wicked", "yonder",
    "zero", "broken", "chrome", "distant", "endless", "faded", "ghostly", "heavy", "indigo",
    "jungle", "kingsize", "lucid", "mellow", "northern", "obsidian", "pacific", "quiet", "rapid",
    "shadow", "tropic", "uptown", "vivid", "wavy", "yellow", "zenith", "atomic", "blunt",
    "cloudy", "deepest",
];

/// Second words of artist names, by the same rules.
#[rustfmt::skip] // A list of words.
pub const ALIAS_SECOND: &[&str; 64] = &[
    "pulse", "echo", "beats", "waves", "keys", "sound", "tape", "loops", "vinyl", "signal",
    "groove", "rhythm", "chords", "drums", "frequency", "harmony", "melody", "static", "tempo",
    "sampler", "synth", "audio", "noise", "vibes", "cadence", "octave", "riddim", "sequence",
    "station", "studio", "theory", "tones", "tracks", "treble", "bassline", "breaks", "circuit",
    "cuts", "delay", "drift", "empire", "factory", "flow", "garden", "horizon", "island",
    "junction", "kitchen", "lab", "machine", "motion", "nation", "orchestra", "parade", "project",
    "quarter", "records", "reverb", "state", "temple", "underground", "voyage", "workshop",
    "avenue",
];
