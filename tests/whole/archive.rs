//! `oms archive verify` on a folder.

use crate::home::Home;

#[test]
fn an_archive_that_cannot_be_read_is_told() {
    let home = Home::seeded();
    let ran = home.oms(&["archive", "verify"]);
    assert!(ran.code == 1 && ran.err.contains("archive.source"), "{}", ran.err);
    let ran = home.oms(&["archive", "verify", "/nowhere/at/all"]);
    assert!(ran.code == 1 && ran.err.contains("cannot read the archive `/nowhere/at/all`"), "{}", ran.err);
    let ran = home.oms(&["archive", "verify", "http://shop.example/archive?sig=secret"]);
    assert!(ran.code == 1 && ran.err.contains("https://") && !ran.err.contains("secret"), "{}", ran.err);
    let folder = home.path().join("archive/oms/orders/0/2026/01/14/18/06");
    std::fs::create_dir_all(&folder).unwrap();
    let archive = home.path().join("archive");
    let ran = home.oms(&["archive", "verify", archive.to_str().unwrap()]);
    assert!(ran.code == 0 && ran.out.contains("holds no captured file"), "{} {}", ran.out, ran.err);
    std::fs::write(folder.join("00.avro"), b"Obj\x01 and then nothing").unwrap();
    let ran = home.oms(&["archive", "verify", archive.to_str().unwrap()]);
    assert!(ran.code == 1 && ran.err.contains("00.avro"), "{}", ran.err);
}
