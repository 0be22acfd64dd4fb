//! A look at a model file's head before any of it is handed to llama.cpp: what it announces must be possible, and must be there.
//! What is cut, wrong or hostile is told with its place; nothing is allocated by a length that the file names.
//!
//! GGUF 2 and 3: magic, version, counts, then keys with typed values, then the tensors' names, shapes, types and places, then,
//! aligned, their data.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

/// Keys and tensors of one file; real ones have some hundreds.
const MOST: u64 = 65_536;
/// Bytes of a key's or a tensor's name.
const NAME: u64 = 65_536;
/// Elements of one list; vocabularies have some hundred thousand.
const ELEMENTS: u64 = 16_000_000;
/// Dimensions of a tensor.
const DIMENSIONS: u32 = 4;
/// Where no `general.alignment` is named.
const ALIGNMENT: u64 = 32;

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Defect {
    /// It does not begin as a GGUF file.
    Other,
    /// Another version of the format.
    Version(u32),
    /// It ends too early: bytes that it has, and that it must have at least.
    Cut {
        /// The file's length.
        have: u64,
        /// What it needs at least.
        need: u64,
    },
    /// It announces what cannot be.
    Impossible(String),
    /// The file cannot be read.
    Unreadable(io::ErrorKind),
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other => f.write_str("it is no GGUF file"),
            Self::Version(version) => write!(f, "it is of GGUF version {version}; 2 and 3 are understood"),
            Self::Cut { have, need } => {
                write!(f, "it is cut: it has {have} bytes, and needs at least {need}")
            }
            Self::Impossible(what) => write!(f, "it is damaged: {what}"),
            Self::Unreadable(kind) => write!(f, "it cannot be read: {kind}"),
        }
    }
}

/// Looks at a file's head; `Ok` holds how many tensors it has.
pub fn examine(path: &Path) -> Result<u64, Defect> {
    let unreadable = |error: io::Error| Defect::Unreadable(error.kind());
    let file = File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    Reader { source: BufReader::with_capacity(1 << 16, file), at: 0, length }.file()
}

/// Bytes and elements of a tensor type's block, in llama.cpp's order; `None`: no such type.
fn block(kind: u32) -> Option<(u64, u64)> {
    Some(match kind {
        0 | 26 => (4, 1),
        1 | 25 | 30 => (2, 1),
        2 | 20 => (18, 32),
        3 => (20, 32),
        6 => (22, 32),
        7 => (24, 32),
        8 => (34, 32),
        9 => (36, 32),
        10 => (84, 256),
        11 | 21 => (110, 256),
        12 => (144, 256),
        13 => (176, 256),
        14 => (210, 256),
        15 => (292, 256),
        16 | 35 => (66, 256),
        17 => (74, 256),
        18 => (98, 256),
        19 => (50, 256),
        22 => (82, 256),
        23 => (136, 256),
        24 => (1, 1),
        27 | 28 => (8, 1),
        29 => (56, 256),
        34 => (54, 256),
        39 => (17, 32),
        _ => return None,
    })
}

/// Bytes of a value of a fixed size; `None`: text, list, or no type at all.
fn size(kind: u32) -> Option<u64> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}

struct Reader<R> {
    source: R,
    at: u64,
    length: u64,
}

impl<R: Read> Reader<R> {
    fn file(mut self) -> Result<u64, Defect> {
        let mut magic = [0; 4];
        if self.length < 4 {
            return Err(Defect::Other);
        }
        self.fill(&mut magic)?;
        if magic != *b"GGUF" {
            return Err(Defect::Other);
        }
        match self.u32()? {
            2 | 3 => {}
            version => return Err(Defect::Version(version)),
        }
        let (tensors, keys) = (self.u64()?, self.u64()?);
        let counts = |count: u64, what: &str| match count {
            count if count > MOST => Err(Defect::Impossible(format!("it announces {count} {what}"))),
            _ => Ok(()),
        };
        counts(tensors, "tensors")?;
        counts(keys, "keys")?;
        if tensors == 0 {
            return Err(Defect::Impossible("it holds no tensors".to_owned()));
        }
        let mut alignment = ALIGNMENT;
        for _ in 0..keys {
            let key = self.name()?;
            let kind = self.u32()?;
            if key == b"general.alignment" && kind == 4 {
                alignment = u64::from(self.u32()?);
                if !alignment.is_power_of_two() || alignment > 1 << 20 {
                    return Err(Defect::Impossible(format!("its alignment is {alignment}")));
                }
            } else {
                self.value(kind)?;
            }
        }
        let mut end = 0;
        for _ in 0..tensors {
            end = end.max(self.tensor(alignment)?);
        }
        let data = self.at.div_ceil(alignment).saturating_mul(alignment);
        match data.checked_add(end) {
            Some(need) if need <= self.length => Ok(tensors),
            Some(need) => Err(Defect::Cut { have: self.length, need }),
            None => Err(Defect::Impossible("its tensors are larger than any file".to_owned())),
        }
    }

    /// One value, passed over.
    fn value(&mut self, kind: u32) -> Result<(), Defect> {
        match (kind, size(kind)) {
            (_, Some(bytes)) => self.skip(bytes),
            (8, None) => {
                let length = self.u64()?;
                self.skip(length)
            }
            (9, None) => {
                let (of, count) = (self.u32()?, self.u64()?);
                if count > ELEMENTS {
                    return Err(Defect::Impossible(format!("it announces a list of {count} elements")));
                }
                match size(of) {
                    Some(bytes) => self.skip(bytes * count),
                    None if of == 8 => (0..count).try_for_each(|_| {
                        let length = self.u64()?;
                        self.skip(length)
                    }),
                    None => Err(Defect::Impossible(format!("a list of values of the unknown type {of}"))),
                }
            }
            (kind, None) => Err(Defect::Impossible(format!("a value of the unknown type {kind}"))),
        }
    }

    /// One tensor's head; where its data ends, counted from the first tensor's.
    fn tensor(&mut self, alignment: u64) -> Result<u64, Defect> {
        let name = self.name()?;
        let name = String::from_utf8_lossy(&name[..name.len().min(60)]).into_owned();
        let wrong = |what: String| Err(Defect::Impossible(format!("its tensor `{}` {what}", name.escape_default())));
        let dimensions = self.u32()?;
        if dimensions == 0 || dimensions > DIMENSIONS {
            return wrong(format!("has {dimensions} dimensions"));
        }
        let mut elements: u64 = 1;
        let mut first = 0;
        for place in 0..dimensions {
            let extent = self.u64()?;
            if place == 0 {
                first = extent;
            }
            match elements.checked_mul(extent) {
                Some(product) if product > 0 => elements = product,
                _ => return wrong("has an impossible shape".to_owned()),
            }
        }
        let (kind, offset) = (self.u32()?, self.u64()?);
        let Some((bytes, of)) = block(kind) else { return wrong(format!("is of the unknown type {kind}")) };
        if first % of != 0 {
            return wrong(format!("has rows of {first} elements, which are no whole blocks"));
        }
        if offset % alignment != 0 {
            return wrong("does not lie where one may lie".to_owned());
        }
        match (elements / of).checked_mul(bytes).and_then(|size| size.checked_add(offset)) {
            Some(end) => Ok(end),
            None => wrong("is larger than any file".to_owned()),
        }
    }

    fn name(&mut self) -> Result<Vec<u8>, Defect> {
        let length = self.u64()?;
        if length > NAME {
            return Err(Defect::Impossible(format!("it announces a name of {length} bytes")));
        }
        self.room(length)?;
        let mut name = vec![0; usize::try_from(length).unwrap_or(0)];
        self.fill(&mut name)?;
        Ok(name)
    }

    /// Fails where so many bytes are not left.
    fn room(&self, bytes: u64) -> Result<(), Defect> {
        match self.at.checked_add(bytes) {
            Some(need) if need <= self.length => Ok(()),
            Some(need) => Err(Defect::Cut { have: self.length, need }),
            None => Err(Defect::Impossible(format!("it announces a value of {bytes} bytes"))),
        }
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), Defect> {
        self.room(bytes.len() as u64)?;
        self.source.read_exact(bytes).map_err(|error| Defect::Unreadable(error.kind()))?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn skip(&mut self, bytes: u64) -> Result<(), Defect> {
        self.room(bytes)?;
        let passed = io::copy(&mut self.source.by_ref().take(bytes), &mut io::sink());
        match passed {
            Ok(passed) if passed == bytes => {
                self.at += bytes;
                Ok(())
            }
            Ok(passed) => Err(Defect::Cut { have: self.at + passed, need: self.at + bytes }),
            Err(error) => Err(Defect::Unreadable(error.kind())),
        }
    }

    fn u32(&mut self) -> Result<u32, Defect> {
        let mut bytes = [0; 4];
        self.fill(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn u64(&mut self) -> Result<u64, Defect> {
        let mut bytes = [0; 8];
        self.fill(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Cursor;

    use super::*;

    fn text(text: &str) -> Vec<u8> {
        [(text.len() as u64).to_le_bytes().as_slice(), text.as_bytes()].concat()
    }

    fn head(tensors: u64, keys: u64) -> Vec<u8> {
        [b"GGUF".as_slice(), &3_u32.to_le_bytes(), &tensors.to_le_bytes(), &keys.to_le_bytes()].concat()
    }

    fn tensor(name: &str, shape: &[u64], kind: u32, offset: u64) -> Vec<u8> {
        let mut bytes = text(name);
        bytes.extend(u32::try_from(shape.len()).unwrap_or(9).to_le_bytes());
        bytes.extend(shape.iter().flat_map(|extent| extent.to_le_bytes()));
        bytes.extend(kind.to_le_bytes());
        bytes.extend(offset.to_le_bytes());
        bytes
    }

    /// A whole file of some hundred bytes: two keys, a list, two tensors.
    pub(in crate::model) fn whole() -> Vec<u8> {
        let mut file = head(2, 3);
        file.extend([text("general.name"), 8_u32.to_le_bytes().to_vec(), text("tiny")].concat());
        file.extend([text("a.flag"), 7_u32.to_le_bytes().to_vec(), vec![1]].concat());
        file.extend([text("words"), 9_u32.to_le_bytes().to_vec(), 8_u32.to_le_bytes().to_vec()].concat());
        file.extend([2_u64.to_le_bytes().to_vec(), text("one"), text("two")].concat());
        file.extend(tensor("one", &[8, 2], 0, 0));
        file.extend(tensor("two", &[256], 12, 64));
        file.resize(file.len().div_ceil(32) * 32, 0);
        file.extend(vec![7; 64 + 144]);
        file
    }

    fn look(file: &[u8]) -> Result<u64, Defect> {
        Reader { source: Cursor::new(file), at: 0, length: file.len() as u64 }.file()
    }

    #[test]
    fn a_whole_file_passes_and_cut_at_any_byte_it_does_not() {
        let file = whole();
        assert_eq!(look(&file), Ok(2));
        for length in 0..file.len() {
            let defect = look(&file[..length]);
            assert!(matches!(defect, Err(Defect::Cut { .. } | Defect::Other)), "cut at {length}: {defect:?}");
        }
    }

    #[test]
    fn what_cannot_be_is_told_and_allocates_nothing() {
        let list = |of: u32, count: u64| {
            [text("k"), 9_u32.to_le_bytes().to_vec(), of.to_le_bytes().to_vec(), count.to_le_bytes().to_vec()].concat()
        };
        let value = |kind: u32, rest: &[u8]| [text("k"), kind.to_le_bytes().to_vec(), rest.to_vec()].concat();
        let with = |tensors: u64, keys: u64, rest: Vec<u8>| [head(tensors, keys), rest].concat();
        for (file, told) in [
            (b"PK\x03\x04 and so on, as a ZIP file".to_vec(), "no GGUF"),
            ([b"GGUF".as_slice(), &1_u32.to_le_bytes(), &[0; 64]].concat(), "version 1"),
            ([b"GGUF".as_slice(), &0x0300_0000_u32.to_le_bytes(), &[0; 64]].concat(), "version"),
            (with(u64::MAX, 0, vec![0; 64]), "tensors"),
            (with(1, u64::MAX, vec![0; 64]), "keys"),
            (with(0, 0, vec![0; 64]), "no tensors"),
            (with(1, 1, u64::MAX.to_le_bytes().to_vec()), "a name of"),
            (with(1, 1, value(8, &u64::MAX.to_le_bytes())), "a value of"),
            (with(1, 1, value(8, &(1_u64 << 40).to_le_bytes())), "cut"),
            (with(1, 1, list(0, u64::MAX)), "a list of"),
            (with(1, 1, list(10, 1_000_000)), "cut"),
            (with(1, 1, list(8, 1_000_000)), "cut"),
            (with(1, 1, list(9, 3)), "unknown type 9"),
            (with(1, 1, value(99, &[])), "unknown type 99"),
            (
                with(1, 1, [text("general.alignment"), 4_u32.to_le_bytes().to_vec(), vec![3, 0, 0, 0]].concat()),
                "alignment",
            ),
            (with(1, 0, tensor("t", &[], 0, 0)), "0 dimensions"),
            (with(1, 0, tensor("t", &[1, 1, 1, 1, 1], 0, 0)), "5 dimensions"),
            (with(1, 0, tensor("t", &[1 << 40, 1 << 40], 0, 0)), "impossible shape"),
            (with(1, 0, tensor("t", &[0], 0, 0)), "impossible shape"),
            (with(1, 0, tensor("t", &[1 << 62], 0, 0)), "larger than any file"),
            (with(1, 0, tensor("t", &[8], 4, 0)), "unknown type 4"),
            (with(1, 0, tensor("t", &[8], 12, 0)), "no whole blocks"),
            (with(1, 0, tensor("t", &[8], 0, 7)), "where one may lie"),
            (with(1, 0, tensor("t", &[8], 0, u64::MAX - 31)), "larger than any file"),
            (with(1, 0, tensor("t", &[1 << 30], 0, 0)), "cut"),
            (with(1, 0, tensor("\u{1b}[31mred", &[8], 99, 0)), "\\u{1b}"),
        ] {
            let defect = look(&file).expect_err(told);
            assert!(defect.to_string().contains(told), "{defect}: expected {told}");
        }
    }

    #[test]
    fn changed_bytes_end_in_an_answer() {
        let file = whole();
        for place in 0..file.len() {
            for change in [1, 0x80, 0xff] {
                let mut other = file.clone();
                other[place] ^= change;
                look(&other).ok();
            }
        }
    }
}
