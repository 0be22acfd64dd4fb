//! What the shop sells, as word lists: categories, invented brands, kinds of goods with their price ranges.

/// A kind of goods: its name, and the range of its list prices in whole euros.
pub(crate) struct Kind(pub(crate) &'static str, pub(crate) i64, pub(crate) i64);

/// A category: the brands in it and what it sells.
pub(crate) struct Category {
    pub(crate) name: &'static str,
    pub(crate) brands: &'static [&'static str],
    pub(crate) kinds: &'static [Kind],
    /// Gross margin in percent of the price.
    pub(crate) margin: i64,
    /// Orders that come back, in a thousand.
    pub(crate) returned: u64,
    /// Its share of the sales in each month of the year.
    pub(crate) months: [u64; 12],
    /// The warehouse that mostly holds it.
    pub(crate) home: u8,
}

/// The names of product lines: first words of product names.
pub(crate) const LINES: [&str; 36] = [
    "Drift", "Nova", "Ember", "Atlas", "Breeze", "Comet", "Delta", "Echo", "Fjord", "Glide", "Harbor", "Indigo",
    "Juniper", "Koa", "Lumen", "Meadow", "Nimbus", "Orbit", "Pine", "Quartz", "Ridge", "Sable", "Tundra", "Umbra",
    "Vela", "Willow", "Xenon", "Yara", "Zephyr", "Aster", "Birch", "Coral", "Dune", "Elm", "Flint", "Grove",
];

#[rustfmt::skip]
pub(crate) const CATEGORIES: [Category; 12] = [
    Category {
        name: "Audio", brands: &["Auralis", "Sonavero", "Tonwerk", "Brumo", "Velmora"], margin: 38, returned: 85, home: 1,
        months: [80, 76, 80, 80, 84, 90, 90, 84, 86, 92, 130, 140],
        kinds: &[Kind("Wireless Headphones", 49, 299), Kind("Earbuds", 29, 179), Kind("Bluetooth Speaker", 25, 199), Kind("Soundbar", 99, 499), Kind("Turntable", 119, 449), Kind("Studio Microphone", 59, 249), Kind("Travel Case", 15, 35)],
    },
    Category {
        name: "Beauty", brands: &["Florelle", "Dermava", "Ombrina", "Lueur & Sel", "Kindleaf"], margin: 58, returned: 35, home: 0,
        months: [84, 96, 92, 90, 104, 96, 90, 82, 88, 92, 110, 130],
        kinds: &[Kind("Face Cream", 12, 69), Kind("Shampoo", 6, 24), Kind("Eau de Parfum", 29, 119), Kind("Lip Balm", 4, 12), Kind("Hand Soap", 5, 18), Kind("Hair Dryer", 25, 149), Kind("Gift Set", 19, 79)],
    },
    Category {
        name: "Books", brands: &["Lanterna Press", "Quillhouse", "Northmoor Books", "Papel & Tinta"], margin: 36, returned: 20, home: 0,
        months: [90, 84, 86, 88, 86, 92, 104, 96, 104, 94, 112, 150],
        kinds: &[Kind("Cookbook", 15, 39), Kind("Travel Guide", 12, 25), Kind("Crime Novel", 8, 19), Kind("Children's Stories", 7, 18), Kind("Photo Book", 24, 69), Kind("Garden Handbook", 14, 32)],
    },
    Category {
        name: "Computers", brands: &["Kestrelix", "Norvane", "Bytefoundry", "Ixion Labs"], margin: 18, returned: 70, home: 2,
        months: [86, 80, 84, 80, 80, 84, 86, 104, 112, 92, 140, 120],
        kinds: &[Kind("Laptop 14", 499, 1599), Kind("Desktop", 449, 1899), Kind("Monitor 27", 149, 649), Kind("Mechanical Keyboard", 49, 189), Kind("Wireless Mouse", 15, 99), Kind("External SSD 1 TB", 69, 179), Kind("USB-C Dock", 49, 229)],
    },
    Category {
        name: "Electronics", brands: &["Voltara", "Kestrelix", "Lumio", "Henshaw Electric", "Brumo"], margin: 24, returned: 80, home: 1,
        months: [82, 78, 80, 80, 84, 88, 86, 84, 88, 92, 150, 140],
        kinds: &[Kind("4K Television", 299, 1499), Kind("Action Camera", 129, 429), Kind("E-Reader", 89, 249), Kind("Smart Watch", 79, 399), Kind("Power Bank", 15, 69), Kind("Digital Radio", 39, 169), Kind("Security Camera", 35, 149)],
    },
    Category {
        name: "Fashion", brands: &["Maré Alta", "Coccola", "Fenwick & Dale", "Ruelle 9", "Nordal"], margin: 56, returned: 210, home: 0,
        months: [86, 80, 98, 104, 102, 92, 96, 82, 106, 104, 112, 110],
        kinds: &[Kind("Linen Shirt", 25, 79), Kind("Jeans", 39, 129), Kind("Running Jacket", 49, 159), Kind("Leather Boots", 69, 219), Kind("Wool Scarf", 15, 59), Kind("Summer Dress", 29, 119), Kind("Travel Case", 49, 149)],
    },
    Category {
        name: "Furniture", brands: &["Holzhain", "Casa Brava", "Solna", "Oakridge Loft"], margin: 44, returned: 60, home: 3,
        months: [106, 92, 100, 102, 98, 90, 84, 88, 104, 104, 108, 84],
        kinds: &[Kind("Desk", 99, 449), Kind("Office Chair", 79, 399), Kind("Bookshelf", 49, 249), Kind("Coffee Table", 59, 279), Kind("Bed Frame", 149, 649), Kind("Floor Lamp", 29, 149)],
    },
    Category {
        name: "Garden", brands: &["Verdanta", "Terraviva", "Gardenova", "Holzhain"], margin: 42, returned: 40, home: 3,
        months: [30, 48, 120, 180, 190, 160, 120, 92, 70, 50, 40, 34],
        kinds: &[Kind("Hedge Trimmer", 49, 199), Kind("Lawn Mower", 129, 599), Kind("Plant Pot", 6, 39), Kind("Garden Hose 20 m", 19, 59), Kind("Seed Collection", 5, 19), Kind("Parasol", 39, 179)],
    },
    Category {
        name: "Home & Kitchen", brands: &["Casalina", "Brasero", "Tidewell", "Solna", "Pão & Mesa"], margin: 40, returned: 45, home: 0,
        months: [94, 86, 90, 88, 92, 86, 82, 84, 94, 98, 122, 134],
        kinds: &[Kind("Coffee Machine", 59, 499), Kind("Frying Pan", 19, 79), Kind("Knife Set", 29, 149), Kind("Kettle", 19, 89), Kind("Bed Linen", 29, 119), Kind("Vacuum Cleaner", 79, 449), Kind("Storage Box", 7, 29)],
    },
    Category {
        name: "Phones", brands: &["Mobira", "Zentero", "Lumio", "Ixion Labs"], margin: 16, returned: 75, home: 1,
        months: [86, 78, 82, 80, 80, 82, 84, 88, 120, 104, 140, 124],
        kinds: &[Kind("Smartphone 128 GB", 199, 899), Kind("Smartphone 256 GB", 349, 1199), Kind("Phone Case", 9, 39), Kind("Fast Charger", 15, 49), Kind("Screen Protector", 7, 25), Kind("Car Mount", 12, 35)],
    },
    Category {
        name: "Sports", brands: &["Corrida", "Altavia", "Pelotón Sur", "Nordal", "Swiftmark"], margin: 46, returned: 95, home: 0,
        months: [124, 96, 98, 102, 110, 112, 104, 86, 92, 84, 96, 92],
        kinds: &[Kind("Running Shoes", 49, 179), Kind("Yoga Mat", 15, 69), Kind("Bike Helmet", 29, 129), Kind("Dumbbell Set", 25, 149), Kind("Tent for Two", 69, 299), Kind("Water Bottle", 9, 35), Kind("Tennis Racket", 39, 219)],
    },
    Category {
        name: "Toys", brands: &["Pimpolho", "Bauklotz & Co", "Tricotin", "Wonderby"], margin: 48, returned: 40, home: 2,
        months: [54, 56, 62, 68, 72, 76, 74, 74, 80, 104, 190, 260],
        kinds: &[Kind("Building Blocks", 15, 89), Kind("Board Game", 19, 59), Kind("Plush Bear", 9, 39), Kind("Train Set", 29, 149), Kind("Puzzle 1000", 9, 25), Kind("Gift Set", 15, 49)],
    },
];
