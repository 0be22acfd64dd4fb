//! Each part hangs in turn: it is unknown, the others are as they were, and nothing waits longer than the budget.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use axum::Router;
use axum::routing::get;
use reqwest::Url;
use tokio::net::{TcpListener, UnixListener};
use tokio::task::JoinHandle;

use super::*;
use crate::eventhub::{BlobContainer, HubPlace};
use crate::pipeline::{CaptureAt, Opened, Stack, Thresholds};

/// A service that answers, and one that takes connections and never says a word.
struct Services {
    well: String,
    silent: String,
    _silence: TcpListener,
    serving: JoinHandle<()>,
}

impl Services {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let well = listener.local_addr().unwrap().to_string();
        let app = Router::new().fallback(get(|| async { "ok" }));
        let serving = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        let silence = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self { well, silent: silence.local_addr().unwrap().to_string(), _silence: silence, serving }
    }

    /// The pipeline, of which one thing hangs.
    fn pipeline(&self, hangs: &str) -> Pipeline {
        let at = |part: &str| if part == hangs { &self.silent } else { &self.well };
        let url = |part: &str| Url::parse(&format!("http://{}/", at(part))).unwrap();
        let key = "SharedAccessKeyName=r;SharedAccessKey=k;UseDevelopmentEmulator=true";
        let hub = HubPlace::by_connection_string(&format!("Endpoint=sb://{};{key}", at("hub")), "orders", "g");
        let store = format!("AccountName=a;AccountKey=czNjcmV0;BlobEndpoint=http://{}/a", at("checkpoints"));
        let archive = BlobContainer::parse(&store, "archive", None).map(CaptureAt::Container);
        Pipeline {
            hub: Some(hub),
            checkpoints: Some(BlobContainer::parse(&store, "checkpoints", None)),
            capture: Some(archive),
            shop: Some(url("traefik")),
            web: vec![url("web")],
            intake: Some(url("intake")),
            processors: vec![url("processor")],
            disks: vec![PathBuf::from("/")],
            // Long enough for whoever answers on a busy machine.
            thresholds: Thresholds { patience: Duration::from_secs(8), disk_percent: 100, ..Thresholds::default() },
            ..Pipeline::default()
        }
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// A database that is away at once, or is never opened.
fn database(hangs: bool) -> DatabaseAt {
    DatabaseAt::Closed(Arc::new(move || -> Opened {
        if hangs { std::future::pending().boxed() } else { async { Err(Failure::invalid("no server")) }.boxed() }
    }))
}

async fn looked(pipeline: Pipeline, database: DatabaseAt) -> BTreeMap<Part, PartHealth> {
    let health = PipelineHealth::new(Arc::new(pipeline), database);
    let report = tokio::time::timeout(Duration::from_mins(1), health.look()).await.unwrap();
    report.parts.into_iter().map(|part| (part.part, part)).collect()
}

#[tokio::test]
async fn a_part_that_hangs_is_unknown_and_the_others_are_as_they_were() {
    let services = Services::start().await;
    let verdicts = |parts: &BTreeMap<Part, PartHealth>| -> Vec<(Part, Verdict)> {
        parts.iter().map(|(part, health)| (*part, health.verdict)).collect()
    };
    let sound = looked(services.pipeline("nothing"), database(false)).await;
    for part in [Part::Traefik, Part::Web, Part::Intake] {
        assert_eq!(sound[&part].verdict, Verdict::Healthy, "{:?}", sound[&part]);
    }
    let cases = [
        ("traefik", Part::Traefik),
        ("web", Part::Web),
        ("intake", Part::Intake),
        ("hub", Part::Hub),
        ("processor", Part::Processor),
        ("database", Part::Database),
    ];
    let hung = cases.map(|(hangs, _)| looked(services.pipeline(hangs), database(hangs == "database")));
    for ((hangs, part), found) in cases.into_iter().zip(join_all(hung).await) {
        let mut expected = verdicts(&sound);
        expected.iter_mut().filter(|(one, _)| *one == part).for_each(|(_, verdict)| *verdict = Verdict::Unknown);
        assert_eq!(verdicts(&found), expected, "{hangs}: {found:?}");
    }
}

#[tokio::test]
async fn an_engine_that_hangs_hides_only_what_it_alone_would_tell() {
    let services = Services::start().await;
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("engine.sock");
    let _silence = UnixListener::bind(&socket).unwrap();
    let mut pipeline = services.pipeline("nothing");
    pipeline.stack = Some(Stack { socket, project: "oms".to_owned() });
    pipeline.intake = None;
    pipeline.thresholds.patience = Duration::from_secs(2);
    let found = looked(pipeline, database(false)).await;
    assert_eq!(found[&Part::Intake].verdict, Verdict::Unknown, "{found:?}");
    assert!(found[&Part::Intake].said.contains("cannot ask the Docker engine"), "{found:?}");
    assert_eq!(found[&Part::Web].verdict, Verdict::Healthy, "{found:?}");
}

#[tokio::test]
async fn a_certificate_that_is_none_hides_only_what_is_asked_over_it() {
    let services = Services::start().await;
    let pipeline = Pipeline { certificate: Some(b"nonsense".to_vec()), ..services.pipeline("nothing") };
    let found = looked(pipeline, database(false)).await;
    assert_eq!(found.len(), Part::ALL.len());
    let traefik = &found[&Part::Traefik];
    assert_eq!(traefik.verdict, Verdict::Unknown);
    assert!(traefik.said.contains("pipeline.certificate"), "{traefik:?}");
    assert_ne!(found[&Part::Disk].verdict, Verdict::Unknown);
}

/// How long that takes is measured by `make bench`; here, that it ends although nothing else would end it.
#[tokio::test]
async fn what_never_answers_is_given_up() {
    let limit = Duration::from_millis(50);
    let part = within(Part::Disk, Instant::now() + limit, limit, std::future::pending()).await;
    assert_eq!((part.verdict, part.said.as_str()), (Verdict::Unknown, "it does not answer within 50 ms"));
    let thresholds = Thresholds { patience: limit, ..Thresholds::default() };
    let found = looked(Pipeline { thresholds, ..Pipeline::default() }, database(true)).await;
    assert_eq!(found[&Part::Database].verdict, Verdict::Unknown, "{found:?}");
}
