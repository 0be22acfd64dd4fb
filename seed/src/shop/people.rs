//! Names of people who do not exist, by country, and their addresses on domains that nobody can own.

use crate::random::Random;

/// First names and family names of a country, in the order of [`super::places::COUNTRIES`].
struct Names {
    first: &'static [&'static str],
    last: &'static [&'static str],
}

#[rustfmt::skip]
const NAMES: [Names; 7] = [
    Names {
        first: &["João", "Maria", "Ana", "Pedro", "Inês", "Tiago", "Beatriz", "Miguel", "Sofia", "Rui", "Catarina", "Diogo", "Marta", "Gonçalo", "Joana", "André", "Leonor", "Nuno", "Carolina", "Luís", "Mariana", "Ricardo", "Teresa", "Vasco", "Rita", "Duarte", "Filipa", "Simão", "Clara", "Afonso"],
        last: &["Silva", "Santos", "Ferreira", "Pereira", "Oliveira", "Costa", "Rodrigues", "Martins", "Sousa", "Gonçalves", "Fernandes", "Gomes", "Lopes", "Marques", "Almeida", "Ribeiro", "Pinto", "Carvalho", "Teixeira", "Moreira", "Correia", "Mendes", "Nunes", "Vieira", "Monteiro", "Cardoso", "Rocha", "Neves", "Coelho", "Cruz", "Tavares", "Magalhães"],
    },
    Names {
        first: &["Lucía", "Hugo", "Martina", "Pablo", "Carmen", "Álvaro", "Paula", "Javier", "Elena", "Diego", "Laura", "Sergio", "Marta", "Adrián", "Sara", "Carlos", "Alba", "Iker", "Nuria", "Rubén", "Irene", "Jorge", "Rocío", "Mario", "Claudia", "Andrés", "Inés", "Óscar", "Pilar", "Marcos"],
        last: &["García", "Núñez", "Martínez", "López", "Sánchez", "Pérez", "Gómez", "Martín", "Jiménez", "Ruiz", "Hernández", "Díaz", "Moreno", "Muñoz", "Álvarez", "Romero", "Alonso", "Gutiérrez", "Navarro", "Torres", "Domínguez", "Vázquez", "Ramos", "Gil", "Serrano", "Blanco", "Molina", "Castro", "Ortega", "Rubio", "Peña", "Iglesias"],
    },
    Names {
        first: &["Zoë", "Louis", "Camille", "Hugo", "Léa", "Jules", "Manon", "Gabriel", "Chloé", "Arthur", "Emma", "Raphaël", "Inès", "Théo", "Juliette", "Antoine", "Louise", "Maxime", "Alice", "François", "Margaux", "Étienne", "Élise", "Benoît", "Hélène", "Mathieu", "Anaïs", "Guillaume", "Claire", "Nicolas"],
        last: &["Martin", "Bernard", "Dubois", "Thomas", "Robert", "Petit", "Durand", "Leroy", "Moreau", "Laurent", "Lefèvre", "Michel", "Roux", "Fournier", "Girard", "Bonnet", "Dupont", "Lambert", "Fontaine", "Rousseau", "Mercier", "Chevalier", "Garnier", "Faure", "Legrand", "Gauthier", "Perrin", "Béranger", "Clément", "Noël", "Barré", "Marchand"],
    },
    Names {
        first: &["Jürgen", "Anna", "Lukas", "Lena", "Felix", "Marie", "Jonas", "Sophie", "Paul", "Hannah", "Maximilian", "Laura", "Björn", "Katharina", "Leon", "Julia", "Moritz", "Charlotte", "Tobias", "Greta", "Jörg", "Franziska", "Stefan", "Käthe", "Matthias", "Johanna", "Sebastian", "Frieda", "Oskar", "Clara"],
        last: &["Müller", "Schmidt", "Schneider", "Fischer", "Weber", "Meyer", "Wagner", "Becker", "Schulz", "Hoffmann", "Schäfer", "Koch", "Bauer", "Richter", "Klein", "Wolf", "Schröder", "Neumann", "Schwarz", "Zimmermann", "Braun", "Krüger", "Hofmann", "Hartmann", "Lange", "Krause", "Lehmann", "Köhler", "König", "Vogel", "Jäger", "Groß"],
    },
    Names {
        first: &["Giulia", "Lorenzo", "Francesca", "Matteo", "Chiara", "Alessandro", "Sofia", "Davide", "Martina", "Marco", "Elisa", "Andrea", "Valentina", "Luca", "Federica", "Simone", "Alice", "Riccardo", "Giorgia", "Niccolò", "Beatrice", "Stefano", "Ilaria", "Tommaso", "Silvia", "Paolo"],
        last: &["Rossi", "Russo", "Ferrari", "Esposito", "Bianchi", "Romano", "Colombo", "Ricci", "Marino", "Greco", "Bruno", "Gallo", "Conti", "De Luca", "Mancini", "Costa", "Giordano", "Rizzo", "Lombardi", "Moretti", "Barbieri", "Fontana", "Santoro", "Mariani", "Rinaldi", "Caruso", "Ferrara", "D'Angelo"],
    },
    Names {
        first: &["Daan", "Emma", "Sem", "Julia", "Lucas", "Mila", "Levi", "Tess", "Finn", "Sophie", "Bram", "Zoë", "Milan", "Sara", "Thijs", "Anouk", "Jesse", "Noor", "Ruben", "Eva", "Lars", "Fleur", "Niels", "Maud"],
        last: &["de Jong", "Jansen", "de Vries", "van den Berg", "van Dijk", "Bakker", "Janssen", "Visser", "Smit", "Meijer", "de Boer", "Mulder", "de Groot", "Bos", "Vos", "Peters", "Hendriks", "van Leeuwen", "Dekker", "Brouwer", "de Wit", "Dijkstra", "Smits", "Kok"],
    },
    Names {
        first: &["Seán", "Aoife", "Conor", "Niamh", "Jack", "Ciara", "Patrick", "Saoirse", "Liam", "Emily", "Cian", "Róisín", "Darragh", "Sinéad", "Eoin", "Grace", "Oisín", "Orla", "Declan", "Maeve", "Brendan", "Fiona", "Ronan", "Kate"],
        last: &["Murphy", "Kelly", "O'Sullivan", "Walsh", "Smith", "O'Brien", "Byrne", "Ryan", "O'Connor", "O'Neill", "O'Reilly", "Doyle", "McCarthy", "Gallagher", "Doherty", "Kennedy", "Lynch", "Murray", "Quinn", "Moore", "Nolan", "Brady", "Dunne", "Fitzgerald"],
    },
];

/// Domains that RFC 2606 keeps for examples.
const DOMAINS: [&str; 6] =
    ["example.com", "example.org", "example.net", "mail.example", "post.example", "inbox.example"];

/// A name as two places in a country's lists.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name {
    country: u8,
    first: u8,
    last: u8,
}

impl Name {
    /// Somebody in the `country`-th country.
    pub(crate) fn draw(random: &mut Random, country: u8) -> Self {
        let names = &NAMES[usize::from(country)];
        // The lists are shorter than 256 names; common names come first and are drawn more often.
        let common = |random: &mut Random, length: usize| {
            u8::try_from(random.index(length).min(random.index(length + length / 2))).unwrap_or_default()
        };
        Self { country, first: common(random, names.first.len()), last: common(random, names.last.len()) }
    }

    /// First and family name.
    pub(crate) fn parts(self) -> (&'static str, &'static str) {
        let names = &NAMES[usize::from(self.country)];
        (names.first[usize::from(self.first)], names.last[usize::from(self.last)])
    }

    /// The e-mail address of customer `id` of this name: lower case, unique by the number.
    pub(crate) fn email(self, id: u64) -> String {
        let (first, last) = self.parts();
        let mut email = String::with_capacity(40);
        plain(&mut email, first);
        email.push('.');
        plain(&mut email, last);
        email.push_str(&id.to_string());
        email.push('@');
        email.push_str(DOMAINS[usize::try_from(id.wrapping_mul(7) / 3 % 6).unwrap_or_default()]);
        email
    }
}

/// Letters as they stand in an address: lower case, without accents.
fn plain(out: &mut String, name: &str) {
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' => out.push(letter),
            'á' | 'à' | 'ã' | 'â' => out.push('a'),
            'ä' => out.push_str("ae"),
            'ç' => out.push('c'),
            'é' | 'è' | 'ê' | 'ë' => out.push('e'),
            'í' | 'ï' | 'î' => out.push('i'),
            'ñ' => out.push('n'),
            'ó' | 'õ' | 'ô' | 'ò' => out.push('o'),
            'ö' => out.push_str("oe"),
            'ß' => out.push_str("ss"),
            'ú' => out.push('u'),
            'ü' => out.push_str("ue"),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_makes_a_plain_address() {
        for (country, names) in NAMES.iter().enumerate() {
            for (place, name) in names.first.iter().chain(names.last).enumerate() {
                let mut address = String::new();
                plain(&mut address, name);
                let letters = name.chars().filter(|letter| letter.is_alphabetic()).count();
                assert!(address.len() >= letters, "{name} of country {country}, place {place}: {address}");
                assert!(address.bytes().all(|byte| byte.is_ascii_lowercase()));
            }
        }
    }
}
