//! Whether this machine can run the model: what its processor understands, and how much memory is free. Asked before a process
//! is started, so that the cause is a sentence and not a signal.

use std::fs;

use oms_tools::{Failure, FailureKind};

/// What the model's program is compiled for on x86-64, as `/proc/cpuinfo` names it.
const NEEDED: [&str; 5] = ["avx", "avx2", "fma", "f16c", "bmi2"];
/// Memory besides the file: context, scratch space, the program.
const BESIDES: u64 = 700 << 20;

/// Fails where this machine cannot run a model of so many bytes. What cannot be read stops nothing.
pub(super) fn able(file_bytes: u64) -> Result<(), Failure> {
    if cfg!(target_arch = "x86_64")
        && let Ok(text) = fs::read_to_string("/proc/cpuinfo")
    {
        understands(&text)?;
    }
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let group = |name: &str| fs::read_to_string(format!("/sys/fs/cgroup/{name}")).unwrap_or_default();
    let free = [free(&memory), left(&group("memory.max"), &group("memory.current"), &group("memory.stat"))]
        .into_iter()
        .flatten()
        .min();
    free.map_or(Ok(()), |free| holds(free, file_bytes + BESIDES))
}

/// Fails where the processor lacks what the program is compiled for.
fn understands(cpuinfo: &str) -> Result<(), Failure> {
    let Some(flags) = cpuinfo.lines().find(|line| line.starts_with("flags")) else { return Ok(()) };
    let missing: Vec<&str> =
        NEEDED.into_iter().filter(|name| !flags.split_whitespace().any(|flag| flag == *name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        FailureKind::Unavailable,
        format!("cannot use the embedded language model: this processor has no {}", missing.join(", ")),
    )
    .hint("use `--brain rules`, or a model on another machine: `--brain PROVIDER:MODEL`"))
}

/// Free bytes of `/proc/meminfo`; the file's pages that are cached count as free.
fn free(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? << 10)
}

/// What a control group may still take; `None` where it has no limit. Cached pages of files are given back when needed.
fn left(max: &str, current: &str, stat: &str) -> Option<u64> {
    let max: u64 = max.trim().parse().ok()?;
    let cached: u64 = stat.lines().find_map(|line| line.strip_prefix("file "))?.trim().parse().ok()?;
    Some(max.saturating_sub(current.trim().parse::<u64>().ok()?.saturating_sub(cached)))
}

fn holds(free: u64, needed: u64) -> Result<(), Failure> {
    if free >= needed {
        return Ok(());
    }
    Err(Failure::new(
        FailureKind::Unavailable,
        format!(
            "cannot use the embedded language model: it needs about {} MB of memory, and {} MB are free",
            needed >> 20,
            free >> 20
        ),
    )
    .hint("end what needs much memory (`free -m` shows it), and ask again")
    .hint("or use `--brain rules`, or a model on another machine: `--brain PROVIDER:MODEL`"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn a_processor_that_lacks_something_is_told_what() {
        let of = |flags: &str| understands(&format!("processor\t: 0\nflags\t\t: fpu {flags} sse2\nbugs\t: none\n"));
        assert!(of("avx avx2 fma f16c bmi2").is_ok());
        // What only looks like it is not it.
        for (flags, missing) in
            [("avx avx2 fma f16c", "bmi2"), ("avx fma f16c bmi2", "avx2"), ("avx512f", "avx, avx2, fma, f16c, bmi2")]
        {
            let failure = of(flags).unwrap_err();
            assert!(failure.message.ends_with(&format!("has no {missing}")), "{}", failure.message);
            assert!(failure.hints[0].contains("--brain rules"), "{:?}", failure.hints);
        }
        assert!(understands("Features : fp asimd\n").is_ok(), "another processor's list says nothing");
    }

    #[test]
    fn memory_that_is_too_small_is_told_with_both_figures() {
        let meminfo = "MemTotal:       24000000 kB\nMemAvailable:    1048576 kB\n";
        assert_eq!(free(meminfo), Some(1 << 30));
        assert_eq!(free(""), None);
        assert_eq!(left("1000\n", "900\n", "anon 400\nfile 500\n"), Some(600));
        assert_eq!(left("max\n", "400\n", "file 1\n"), None);
        assert_eq!(left("1000\n", "", ""), None);
        let failure = holds(1 << 30, 1_800 << 20).unwrap_err();
        assert!(failure.message.contains("1800 MB of memory, and 1024 MB are free"), "{}", failure.message);
        assert!(holds(2 << 30, 1_800 << 20).is_ok());
    }
}
