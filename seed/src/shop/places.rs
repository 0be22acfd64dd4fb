//! Countries with their cities, taxes and fees; warehouses and carriers.

/// A country that the shop sells to.
pub(crate) struct Country {
    /// ISO 3166-1 alpha-2.
    pub(crate) code: &'static str,
    /// Share of the customers.
    pub(crate) weight: u64,
    /// Value-added tax, in percent: the standard rate.
    pub(crate) tax_percent: i64,
    /// What a parcel costs the customer below [`FREE_SHIPPING_FROM`], in cents.
    pub(crate) shipping_fee: i64,
    /// Prefix of telephone numbers.
    pub(crate) dialling_code: &'static str,
    /// Cities with their shares.
    pub(crate) cities: &'static [(&'static str, u64)],
    /// Shares of [`CARRIERS`].
    pub(crate) carriers: [u64; 5],
    /// Days that a parcel takes from each of [`WAREHOUSES`].
    pub(crate) days: [i64; 4],
}

/// Orders with at least this much in them ship free, in cents.
pub(crate) const FREE_SHIPPING_FROM: i64 = 6000;

pub(crate) const COUNTRIES: [Country; 7] = [
    Country {
        code: "PT",
        weight: 30,
        tax_percent: 23,
        shipping_fee: 490,
        dialling_code: "+351",
        cities: &[
            ("Lisbon", 40),
            ("Porto", 26),
            ("Braga", 8),
            ("Coimbra", 7),
            ("Faro", 5),
            ("Aveiro", 5),
            ("Setúbal", 4),
            ("Funchal", 3),
            ("Évora", 2),
        ],
        carriers: [14, 6, 8, 12, 60],
        days: [2, 3, 4, 5],
    },
    Country {
        code: "ES",
        weight: 24,
        tax_percent: 21,
        shipping_fee: 490,
        dialling_code: "+34",
        cities: &[
            ("Madrid", 36),
            ("Barcelona", 30),
            ("Valencia", 11),
            ("Seville", 9),
            ("Bilbao", 6),
            ("Málaga", 5),
            ("Zaragoza", 4),
            ("A Coruña", 3),
            ("Vigo", 2),
        ],
        carriers: [18, 10, 34, 14, 24],
        days: [3, 2, 3, 4],
    },
    Country {
        code: "FR",
        weight: 16,
        tax_percent: 20,
        shipping_fee: 590,
        dialling_code: "+33",
        cities: &[
            ("Paris", 42),
            ("Lyon", 16),
            ("Marseille", 13),
            ("Toulouse", 9),
            ("Bordeaux", 7),
            ("Lille", 6),
            ("Nantes", 5),
            ("Nice", 4),
            ("Strasbourg", 3),
        ],
        carriers: [22, 20, 13, 45, 0],
        days: [4, 3, 2, 3],
    },
    Country {
        code: "DE",
        weight: 14,
        tax_percent: 19,
        shipping_fee: 590,
        dialling_code: "+49",
        cities: &[
            ("Berlin", 32),
            ("Munich", 20),
            ("Hamburg", 17),
            ("Cologne", 12),
            ("Frankfurt", 9),
            ("Stuttgart", 6),
            ("Leipzig", 5),
            ("Düsseldorf", 5),
            ("Nuremberg", 3),
        ],
        carriers: [56, 14, 14, 16, 0],
        days: [5, 4, 3, 2],
    },
    Country {
        code: "IT",
        weight: 7,
        tax_percent: 22,
        shipping_fee: 690,
        dialling_code: "+39",
        cities: &[("Milan", 32), ("Rome", 30), ("Turin", 12), ("Naples", 10), ("Bologna", 8), ("Florence", 6)],
        carriers: [28, 24, 36, 12, 0],
        days: [5, 4, 3, 4],
    },
    Country {
        code: "NL",
        weight: 5,
        tax_percent: 21,
        shipping_fee: 590,
        dialling_code: "+31",
        cities: &[("Amsterdam", 42), ("Rotterdam", 24), ("Utrecht", 14), ("The Hague", 12), ("Eindhoven", 8)],
        carriers: [44, 16, 10, 30, 0],
        days: [5, 4, 3, 3],
    },
    Country {
        code: "IE",
        weight: 4,
        tax_percent: 23,
        shipping_fee: 790,
        dialling_code: "+353",
        cities: &[("Dublin", 62), ("Cork", 20), ("Galway", 11), ("Limerick", 7)],
        carriers: [30, 26, 8, 36, 0],
        days: [5, 5, 4, 5],
    },
];

/// Where goods lie.
pub(crate) struct Warehouse {
    pub(crate) code: &'static str,
    pub(crate) city: &'static str,
    pub(crate) country: &'static str,
}

pub(crate) const WAREHOUSES: [Warehouse; 4] = [
    Warehouse { code: "LIS-1", city: "Lisbon", country: "PT" },
    Warehouse { code: "MAD-1", city: "Madrid", country: "ES" },
    Warehouse { code: "PAR-1", city: "Paris", country: "FR" },
    Warehouse { code: "BER-1", city: "Berlin", country: "DE" },
];

/// Who brings parcels.
pub(crate) struct Carrier {
    pub(crate) name: &'static str,
    /// First letters of its tracking numbers.
    pub(crate) prefix: &'static str,
    /// How many parcels in a thousand come later than promised, outside the Christmas rush.
    pub(crate) late_per_mille: u64,
}

pub(crate) const CARRIERS: [Carrier; 5] = [
    Carrier { name: "DHL", prefix: "DH", late_per_mille: 40 },
    Carrier { name: "UPS", prefix: "UP", late_per_mille: 50 },
    Carrier { name: "GLS", prefix: "GL", late_per_mille: 78 },
    Carrier { name: "DPD", prefix: "DP", late_per_mille: 64 },
    Carrier { name: "CTT", prefix: "CT", late_per_mille: 90 },
];
