#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test that cannot go on ends

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::plan_json;
use super::*;
use crate::deploy::tests::program;
use crate::deploy::{Deploy, DeployEnvironment, DeploySettings, TerraformPlace};
use crate::process::{Watch, find};
use crate::{FailureKind, ToolReport};

/// What terraform 1.11 said of `main.tf` beside it.
const PLAN: &str = include_str!("../../tests/deploy/terraform-plan.json");
const MODULE: &str = include_str!("../../tests/deploy/main.tf");

fn stores() -> Vec<String> {
    vec!["terraform_data".to_owned()]
}

fn read(text: &str) -> PlanReport {
    plan_json::read(&mut text.as_bytes(), &stores()).unwrap().report
}

/// Folders with the module, and a deployment with two environments over it.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["infra/environments", "state", "bin"] {
            std::fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        std::fs::write(folder.path().join("infra/main.tf"), MODULE).unwrap();
        std::fs::write(folder.path().join("infra/environments/dev.tfvars"), "units = 1\n").unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    fn deploy(&self, path: &str, change: impl FnOnce(&mut DeploySettings)) -> Arc<Deploy> {
        let place = |workspace: Option<&str>| DeployEnvironment {
            terraform: Some(TerraformPlace {
                folder: self.path("infra"),
                var_files: vec!["environments/dev.tfvars".into()],
                workspace: workspace.map(str::to_owned),
                ..TerraformPlace::default()
            }),
            ..DeployEnvironment::default()
        };
        let mut settings = DeploySettings {
            environments: BTreeMap::from([("dev".to_owned(), place(None)), ("prod".to_owned(), place(Some("prod")))]),
            path: path.into(),
            state: self.path("state"),
            data_stores: stores(),
            variables: BTreeMap::from([("HOME".to_owned(), self.path("").display().to_string())]),
            ..DeploySettings::default()
        };
        change(&mut settings);
        Deploy::new(settings)
    }

    /// A terraform that answers with recordings.
    fn recorded(&self) -> Arc<Deploy> {
        let recordings = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/deploy");
        let script = format!(
            r#"here={}
case "$1" in
init) ;;
workspace) printf '  default\n* prod\n' ;;
plan) for word; do case "$word" in -out=*) echo "$*" > "${{word#-out=}}" ;; esac; done
      [ ! -e "$HOME/breaks" ] || {{ cat $here/terraform-plan-errors.jsonl; exit 1; }} ;;
validate) cat $here/terraform-validate.json; exit 1 ;;
show) if [ -n "$4" ]; then cat $here/terraform-plan.json; else cat $here/terraform-state.json; fi ;;
esac"#,
            recordings.display()
        );
        let bin = self.path("bin");
        program(&bin, "terraform", &script);
        self.deploy(&format!("{}:/usr/bin:/bin", bin.display()), |_| ())
    }

    /// The real one, where it is installed.
    fn real(&self) -> Option<Arc<Deploy>> {
        let path = "/usr/local/bin:/usr/bin:/bin";
        if find(&["terraform", "tofu"], path.as_ref()).is_none() {
            println!("NOT RUN: neither terraform nor tofu is installed");
            return None;
        }
        Some(self.deploy(path, |_| ()))
    }
}

#[test]
fn a_recorded_plan_is_read_into_its_changes() {
    let report = read(PLAN);
    assert_eq!(report.version, "1.11.4");
    let counts = report.counts;
    assert_eq!((counts.added, counts.changed, counts.replaced, counts.destroyed), (2, 1, 1, 1));
    let told: Vec<String> = report
        .changes
        .iter()
        .map(|change| {
            let attributes: Vec<String> = change
                .attributes
                .iter()
                .map(|one| {
                    let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
                    let replaces = if one.replaces { "!" } else { "" };
                    format!("{}{replaces}: {} > {}", one.path, side(&one.before), side(&one.after))
                })
                .collect();
            format!("{} {} [{}]", change.address, change.action.word(), attributes.join(", "))
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
    assert_eq!(report.destroys, ["terraform_data.archive", "terraform_data.old[0]"]);
    assert_eq!(report.data_at_risk, report.destroys, "they are configured as data stores");
    assert_eq!(report.outputs.len(), 1);
    assert_eq!((report.outputs[0].path.as_str(), report.outputs[0].after.as_deref()), ("units", Some("10")));
}

#[test]
fn secrets_of_a_plan_are_hidden_wherever_they_stand() {
    // The value is sensitive in one attribute, and stands unmarked in another resource and in an output.
    let text = r#"{"resource_changes":[
        {"address":"a.b","mode":"managed","type":"a","change":{"actions":["update"],"before":{"k":"old-s3cr3t","n":{"p":"x"}},
         "after":{"k":"new-s3cr3t","n":{"p":"y"}},"before_sensitive":{"k":true},"after_sensitive":{"k":true,"n":{"p":true}}}},
        {"address":"c.d","mode":"managed","type":"a","change":{"actions":["create"],"before":null,
         "after":{"text":"uses new-s3cr3t","password":"plain","db":"mysql://u:pw@h/d"}}}],
        "output_changes":{"url":{"actions":["create"],"before":null,"after":"of new-s3cr3t","after_unknown":false,"after_sensitive":false},
         "api_key":{"actions":["create"],"before":null,"after":"zzz","after_unknown":false,"after_sensitive":false}}}"#;
    let said = serde_json::to_string(&read(text)).unwrap();
    for secret in ["s3cr3t", "plain", "u:pw", "\"y\"", "zzz"] {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
    assert!(said.contains("mysql://u:[hidden]@h/d"), "{said}");
}

#[test]
fn a_large_plan_is_cut_and_what_destroys_is_kept() {
    let one = |at: usize, actions: &str| {
        format!(
            r#"{{"address":"x.n[{at}]","mode":"managed","type":"x","change":{{"actions":{actions},"before":{{"a":1}},"after":null}}}}"#
        )
    };
    let mut all: Vec<String> = (0..3000).map(|at| one(at, r#"["create"]"#)).collect();
    all.push(one(9999, r#"["delete"]"#));
    let report = read(&format!(r#"{{"planned_values":{{"x":[1,2,{{}}]}},"resource_changes":[{}]}}"#, all.join(",")));
    assert_eq!((report.counts.added, report.counts.destroyed), (3000, 1));
    assert_eq!(report.changes[0].address, "x.n[9999]");
    assert_eq!(report.changes.len() + report.left_out, 3001);
    assert!(report.changes.len() <= 500);
}

/// 500 of 50,000 changes are listed: the table says that it is cut, a note says how much is not shown, and the counts are of
/// the whole plan.
#[test]
fn a_cut_plan_says_so() {
    let one = |at: usize, actions: &str| {
        format!(
            r#"{{"address":"x.n[{at}]","mode":"managed","type":"terraform_data","change":{{"actions":{actions},"before":null,"after":{{"a":1}}}}}}"#
        )
    };
    let told = |all: &[String]| {
        let report = read(&format!(r#"{{"resource_changes":[{}]}}"#, all.join(",")));
        let plan = TerraformPlan {
            environment: "dev".into(),
            workspace: "default".into(),
            folder: "/infra".into(),
            saved: SavedPlan {
                file: "/state/x.tfplan".into(),
                sha256: "0".repeat(64),
                environment: "dev".into(),
                workspace: "default".into(),
                folder: "/infra".into(),
                destroy: false,
            },
            report,
            inputs: Vec::new(),
        };
        let ToolReport::Told(told) = ToolReport::from(TerraformPlanned(plan)) else { panic!("told") };
        told
    };
    let adds: Vec<String> = (0..50_000).map(|at| one(at, r#"["create"]"#)).collect();
    let cut = told(&adds);
    let table = cut.table.unwrap();
    assert_eq!((table.rows.len(), table.truncated), (500, true));
    assert!(cut.answer.contains("add 50000 resources"), "{}", cut.answer);
    assert!(
        cut.answer.ends_with(
            ". The list shows 500 of 50,000 changes, those that destroy or replace first; 49,500 more are not shown."
        ),
        "{}",
        cut.answer
    );
    let whole = told(&adds[..500]);
    assert!(!whole.table.unwrap().truncated && !whole.answer.contains("not shown"), "{}", whole.answer);
    // Addresses are kept to 2,000: what is left out of those is counted all the same.
    let destroys: Vec<String> = (0..3_000).map(|at| one(at, r#"["delete"]"#)).collect();
    let cut = told(&destroys);
    assert!(cut.answer.contains("`x.n[4]` and 2,995 more"), "{}", cut.answer);
    assert!(
        cut.notes[0].starts_with("DATA AT RISK: `x.n[0]`") && cut.notes[0].ends_with("and 2,995 more"),
        "{:?}",
        cut.notes
    );
}

#[test]
fn what_is_no_plan_is_an_error_and_no_panic() {
    for text in ["", "{", "[]", "null", "{\"resource_changes\":5}", "\u{0}"] {
        assert!(plan_json::read(&mut text.as_bytes(), &[]).is_err(), "{text}");
    }
    for text in ["{}", "{\"resource_changes\":[]}", "{\"resource_changes\":[{}],\"output_changes\":{\"a\":null}}"] {
        plan_json::read(&mut text.as_bytes(), &[]).unwrap();
    }
}

#[tokio::test]
async fn planning_saves_the_plan_with_its_record() {
    let place = Place::new();
    let deploy = place.recorded();
    let options = PlanOptions { destroy: false, variables: BTreeMap::from([("units".to_owned(), "10".to_owned())]) };
    let made = plan(&deploy, Some("dev"), &options, &Watch::default()).await.unwrap();
    let said = std::fs::read_to_string(&made.saved.file).unwrap();
    assert!(said.starts_with("plan -input=false -json -lock-timeout=30s -out="), "{said}");
    assert!(said.contains(&format!("-var-file={}", place.path("infra/environments/dev.tfvars").display())), "{said}");
    assert!(said.trim_end().ends_with("-var=units=10"), "{said}");
    assert_eq!(made.inputs, [place.path("infra/environments/dev.tfvars"), place.path("infra/main.tf")]);
    let ToolReport::Told(told) = ToolReport::from(TerraformPlanned(made.clone())) else { panic!("told") };
    assert_eq!(
        told.answer,
        "Terraform would add 2, change 1, replace 1, destroy 1 resources in `dev` (workspace `default`); gone or made anew: \
         `terraform_data.archive`, `terraform_data.old[0]`; outputs that change: `units`."
    );
    assert_eq!(told.notes, ["DATA AT RISK: `terraform_data.archive`, `terraform_data.old[0]`"]);
    assert!(!format!("{told:?}").contains("s3cr3t"));
    // Exactly this file can be applied, in this environment.
    let kept = saved(&deploy, "dev", &made.saved.sha256).unwrap();
    assert_eq!(kept, made.saved);
    let apply = apply_invocation(&deploy, &kept).unwrap();
    assert_eq!(apply.arguments, ["apply", "-input=false", "-json", kept.file.to_str().unwrap()]);
    assert_eq!(apply.inputs, std::slice::from_ref(&kept.file));
    let other = saved(&deploy, "prod", &kept.sha256).unwrap_err();
    assert!(
        other.kind == FailureKind::Refused && other.message.contains("for environment `dev`, not `prod`"),
        "{other}"
    );
    // The same environment, but another workspace than the plan was made in.
    let moved = place.deploy("/nowhere", |settings| {
        let environment = settings.environments.get_mut("dev").unwrap();
        environment.terraform.as_mut().unwrap().workspace = Some("blue".to_owned());
        settings.programs.insert(crate::deploy::ProgramKind::Terraform, place.path("bin/terraform"));
    });
    let other = saved(&moved, "dev", &kept.sha256).unwrap_err();
    assert!(other.message.contains("it is for workspace `default`, not `blue`"), "{other}");
    for name in ["../x", "", "ABC", &"0".repeat(64), &"z".repeat(64), "-0"] {
        assert!(saved(&deploy, "dev", name).is_err(), "{name}");
    }
    std::fs::write(&kept.file, "another").unwrap();
    let changed = saved(&deploy, "dev", &kept.sha256).unwrap_err();
    assert!(changed.kind == FailureKind::Refused && changed.message.contains("not what it was"), "{changed}");
}

#[tokio::test]
async fn what_terraform_says_of_a_failure_is_told() {
    let place = Place::new();
    let deploy = place.recorded();
    std::fs::write(place.path("breaks"), "").unwrap();
    let failure = plan(&deploy, Some("dev"), &PlanOptions::default(), &Watch::default()).await.unwrap_err();
    assert!(
        failure
            .message
            .starts_with("cannot plan `dev` with terraform: Unsupported argument: An argument named \"inptu\""),
        "{failure}"
    );
    assert_eq!(
        std::fs::read_dir(place.path("state/terraform/dev"))
            .unwrap()
            .filter(|entry| { entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("making-") })
            .count(),
        0,
        "nothing half made is left"
    );
    let found = validate(&deploy, Some("dev"), &Watch::default()).await.unwrap();
    let ToolReport::Told(told) = ToolReport::from(found) else { panic!("told") };
    assert_eq!(
        told.answer,
        "The Terraform configuration of `dev` is not sound; errors: 2:\nmain.tf:2: error: Unsupported argument (An argument \
         named \"inptu\" is not expected here. Did you mean \"input\"?)\nmain.tf:5: error: Reference to undeclared resource (A \
         managed resource \"terraform_data\" \"absent\" has not been declared in the root module.)"
    );
    let shown = show(&deploy, Some("prod"), &Watch::default()).await.unwrap();
    assert_eq!((shown.workspace.as_str(), shown.resources.len()), ("prod", 4));
}

#[tokio::test]
async fn bad_input_is_refused_with_the_reason() {
    let place = Place::new();
    let deploy = place.recorded();
    let with = |name: &str, value: &str| PlanOptions {
        variables: BTreeMap::from([(name.to_owned(), value.to_owned())]),
        ..PlanOptions::default()
    };
    for (environment, options, why) in [
        ("dev", with("-destroy", "1"), "looks like an option"),
        ("dev", with("a=b", "1"), "cannot stand in a name"),
        ("dev", with("a.b", "1"), "no variable's name"),
        ("dev", with("a\nb", "1"), "more than one line"),
        ("dev", with("units", "1\n2"), "more than one line"),
        ("dev", with("units", "\u{1b}[2J"), "control signs"),
        ("staging", PlanOptions::default(), "no environment named `staging`"),
        ("de\u{7}v", PlanOptions::default(), "control signs"),
    ] {
        let failure = plan(&deploy, Some(environment), &options, &Watch::default()).await.unwrap_err();
        assert!(failure.message.contains(why), "{why}: {failure}");
    }
    let outside = |change: fn(&mut TerraformPlace)| {
        place.deploy(&format!("{}:/usr/bin", place.path("bin").display()), |settings| {
            change(settings.environments.get_mut("dev").unwrap().terraform.as_mut().unwrap());
        })
    };
    let deploys = [
        outside(|place| place.var_files = vec!["/etc/hostname".into()]),
        outside(|place| place.var_files = vec!["../../../../etc/hostname".into()]),
        outside(|place| place.backend_files = vec!["/etc/hostname".into()]),
        outside(|place| place.workspace = Some("-x".into())),
    ];
    for deploy in deploys {
        let failure = plan(&deploy, Some("dev"), &PlanOptions::default(), &Watch::default()).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Refused, "{failure}");
    }
    std::os::unix::fs::symlink("/etc/hostname", place.path("infra/environments/out.tfvars")).unwrap();
    let linked = outside(|place| place.var_files = vec!["environments/out.tfvars".into()]);
    let failure = plan(&linked, Some("dev"), &PlanOptions::default(), &Watch::default()).await.unwrap_err();
    assert!(failure.message.contains("a link leads out"), "{failure}");
}

/// The real program: plan, apply of exactly the saved plan, what there is, what a change would do, and what drifted.
#[tokio::test]
async fn real_terraform_plans_applies_and_shows() {
    let place = Place::new();
    let Some(deploy) = place.real() else { return };
    let watch = Watch::default();
    let first = plan(&deploy, Some("dev"), &PlanOptions::default(), &watch).await.unwrap();
    assert_eq!((first.report.counts.added, first.report.counts.total()), (4, 4));
    let apply = |plan: SavedPlan| {
        let deploy = deploy.clone();
        async move {
            let invocation = apply_invocation(&deploy, &saved(&deploy, "dev", &plan.sha256).unwrap()).unwrap();
            deploy.start(&invocation).unwrap().run().await.unwrap()
        }
    };
    let ended = apply(first.saved.clone()).await;
    assert!(ended.status.success() && ended.output.contains("Apply complete!"), "{}{}", ended.output, ended.errors);
    let again = plan(&deploy, Some("dev"), &PlanOptions::default(), &watch).await.unwrap();
    assert!(again.report.is_empty(), "{:?}", again.report);
    // What was planned before is stale: Terraform refuses it, whoever asks.
    let stale = apply(first.saved).await;
    assert!(!stale.status.success() && stale.output.contains("stale"), "{}", stale.output);
    let shown = show(&deploy, Some("dev"), &watch).await.unwrap();
    assert_eq!(shown.resources.len(), 4);
    assert_eq!(shown.outputs["secret"], "[hidden]");
    let options = PlanOptions { variables: BTreeMap::from([("units".to_owned(), "10".to_owned())]), destroy: false };
    let next = plan(&deploy, Some("dev"), &options, &watch).await.unwrap();
    let counts = next.report.counts;
    assert_eq!((counts.added, counts.changed, counts.replaced, counts.destroyed), (2, 1, 1, 1));
    assert!(!serde_json::to_string(&next).unwrap().contains("s3cr3t"));
    let down =
        plan(&deploy, Some("dev"), &PlanOptions { destroy: true, ..PlanOptions::default() }, &watch).await.unwrap();
    assert_eq!((down.report.counts.destroyed, down.report.data_at_risk.len()), (4, 4));
    assert!(validate(&deploy, Some("dev"), &watch).await.unwrap().valid);
    // The workspace of `prod` is not there: nothing is planned in another one's place.
    let absent = plan(&deploy, Some("prod"), &PlanOptions::default(), &watch).await.unwrap_err();
    assert!(absent.message.contains("no workspace `prod`"), "{absent}");
}

/// A plan that is cancelled gives the state's lock back.
#[tokio::test]
async fn real_terraform_gives_its_lock_up_when_cancelled() {
    let place = Place::new();
    std::fs::write(
        place.path("infra/slow.tf"),
        "resource \"terraform_data\" \"slow\" {\n  provisioner \"local-exec\" {\n    command = \"echo started; exec sleep 300\"\n  }\n}\n",
    )
    .unwrap();
    let Some(deploy) = place.real() else { return };
    let made = plan(&deploy, Some("dev"), &PlanOptions::default(), &Watch::default()).await.unwrap();
    let invocation = apply_invocation(&deploy, &made.saved).unwrap();
    let mut watch = Watch::default();
    let cancel = watch.cancel.clone();
    watch.lines = Some(Arc::new(move |line| {
        if line.text.contains("started") {
            cancel.cancel();
        }
    }));
    let failure = deploy.start(&invocation).unwrap().watch(&watch).await.unwrap_err();
    assert!(failure.message.contains("it was cancelled"), "{failure}");
    // The lock is free: the next plan, which needs it, is made.
    plan(&deploy, Some("dev"), &PlanOptions::default(), &Watch::default()).await.unwrap();
}
