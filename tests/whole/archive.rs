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

/// A file as the pipeline's event hub wrote it: two orders were placed in it, of which the shop has one.
#[test]
fn a_captured_file_of_the_pipeline_is_compared_with_the_shop() {
    let home = Home::seeded();
    let archive = concat!(env!("CARGO_MANIFEST_DIR"), "/tools/tests/captured");
    let ran = home.oms(&["archive", "verify", archive, "--json"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["agrees"], false, "{report}");
    assert_eq!((report["captured_orders"].as_u64(), report["in_both"].as_u64()), (Some(2), Some(1)), "{report}");
    assert_eq!(report["only_in_archive"], serde_json::json!(["ORD-9999999"]), "{report}");
    let partition = &report["partitions"]["0"];
    assert_eq!((partition["first"].as_i64(), partition["last"].as_i64()), (Some(7), Some(9)), "{report}");
    assert_eq!(partition["gaps"], serde_json::json!([]), "{report}");
    let plain = home.oms(&["archive", "verify", archive]);
    assert!(plain.out.contains("do not agree") && plain.out.contains("ORD-9999999"), "{}", plain.out);
}
