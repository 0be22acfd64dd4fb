//! The event hub's metrics and set-up, asked of the program itself: a stand-in of Azure, and a fake `az` that is signed in.

#[path = "../../tools/src/azure/stand_in.rs"]
pub(crate) mod stand_in;

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::home::Home;
use stand_in::{AzureStandIn, GROUP, NAMESPACE, SUBSCRIPTION, TOKEN};

/// A stand-in on a runtime of its own; both end with it.
pub(crate) struct Cloud {
    stand_in: Option<AzureStandIn>,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Cloud {
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let stand_in = runtime.block_on(AzureStandIn::start());
        Self { stand_in: Some(stand_in), runtime: Some(runtime) }
    }

    fn stand_in(&self) -> &AzureStandIn {
        self.stand_in.as_ref().unwrap()
    }

    /// Settings that name the stand-in, in the home's configuration folder.
    pub(crate) fn configure(&self, home: &Home) {
        let folder = home.path().join("config/oms");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("authority.pem"), &self.stand_in().authority).unwrap();
        let (endpoint, authority) = (&self.stand_in().address, folder.join("authority.pem"));
        let text = format!(
            "[azure]\nendpoint = '{endpoint}'\ncertificates = '{}'\nsubscription = '{SUBSCRIPTION}'\nresource_group = '{GROUP}'\n\
             namespace = '{NAMESPACE}'\ncredential = 'cli'\n",
            authority.display()
        );
        fs::write(folder.join("oms.toml"), text).unwrap();
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        // The server is told to end before its runtime is left to end by itself.
        drop(self.stand_in.take());
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Puts an `az` first in the home's `PATH`.
pub(crate) fn sign_in(home: &mut Home, script: &str) {
    let folder = home.path().join("bin");
    fs::create_dir_all(&folder).unwrap();
    // Written by another process: one that a neighbouring test starts could still hold our file open for writing, and such a
    // file cannot be run.
    let text = format!("#!/bin/sh\n{script}\n");
    let copy = ["-c", "printf %s \"$1\" > \"$0\" && chmod 755 \"$0\""];
    let written = Command::new("/bin/sh").args(copy).arg(folder.join("az")).arg(text).status().unwrap();
    assert!(written.success());
    let path = path_with(&folder);
    home.set("PATH", &path);
}

fn path_with(folder: &Path) -> String {
    format!("{}:/usr/local/bin:/usr/bin:/bin", folder.display())
}

pub(crate) fn token() -> String {
    format!("echo '{{\"accessToken\": \"{TOKEN}\", \"expires_on\": 4102444800, \"tokenType\": \"Bearer\"}}'")
}

#[test]
fn metrics_and_set_up_are_answered_and_what_is_wrong_is_told() {
    let cloud = Cloud::start();
    let mut home = Home::seeded();
    cloud.configure(&home);
    sign_in(&mut home, &token());
    let (hour, code) = home.ask("incoming messages over the last hour");
    assert_eq!((code, &hour["status"]), (0, &"answered".into()), "{hour}");
    let answer = hour["answer"].as_str().unwrap();
    assert!(answer.contains("3,960 in all") && answer.contains("at most 72 at 11:04"), "{answer}");
    assert_eq!(
        (hour["rows"].as_array().unwrap().len(), &hour["tool_calls"][0]["tool"]),
        (12, &"eventhub_metrics".into())
    );
    let (throttled, _) = home.ask("were we throttled yesterday?");
    assert!(throttled["answer"].as_str().unwrap().starts_with("Yes: 60 throttled requests"), "{throttled}");
    let (partitions, code) = home.ask("how many partitions does the orders hub have?");
    assert_eq!((code, &partitions["answer"]), (0, &"Partitions: `orders` 4 partitions.".into()), "{partitions}");
    // A question back, with the nearest name.
    let (unknown, code) = home.ask("incoming messages of the odrers hub today");
    assert_eq!((code, &unknown["choices"][0]), (3, &"did you mean `orders`?".into()), "{unknown}");
    let (old, code) = home.ask("incoming messages in May 2025");
    assert_eq!(code, 3, "{old}");
    assert!(old["answer"].as_str().unwrap().contains("keeps 93 days"), "{old}");
    let (why, code) = home.ask("why did orders drop at 14:00 yesterday?");
    assert_eq!((code, &why["tool_calls"][0]["tool"]), (0, &"why".into()), "{why}");
    let answer = why["answer"].as_str().unwrap();
    assert!(answer.contains("60 throttled requests until 14:05"), "{answer}");
    assert!(answer.contains("does not show that one caused the other"), "{answer}");
    what_azure_refuses_is_told_with_what_mends_it(&cloud, &home);
    sign_in(&mut home, "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1");
    let (signed_out, code) = home.ask("event hub status");
    assert_eq!((code, &signed_out["error"]["hint"]), (1, &"az login".into()), "{signed_out}");
    // What could not be asked is named, and the rest is told.
    let ran = home.oms(&["--quiet", "ask", "why did orders drop at 14:00 yesterday?"]);
    assert!(ran.code == 0 && ran.out.contains("not asked: stream metrics: cannot sign in to Azure"), "{}", ran.out);
    fs::remove_file(home.path().join("config/oms/oms.toml")).unwrap();
    let (unset, code) = home.ask("is capture on?");
    assert_eq!((code, &unset["error"]["kind"]), (1, &"unavailable".into()), "{unset}");
    assert!(unset["error"]["hint"].as_str().unwrap().contains("azure.namespace"), "{unset}");
}

/// Each refusal with its kind, what it says and the command that mends it.
fn what_azure_refuses_is_told_with_what_mends_it(cloud: &Cloud, home: &Home) {
    let refuse = |status, code: &str, message: &str| {
        cloud.stand_in().refuse("/namespaces", status, None, json!({"error": {"code": code, "message": message}}));
    };
    let check = |kind: &str, says: &str, mends: &str| {
        let (reply, _) = home.ask("event hub status");
        let error = &reply["error"];
        assert_eq!(error["kind"], kind, "{reply}");
        assert!(error["message"].as_str().unwrap().contains(says), "{says}: {reply}");
        assert!(error["hint"].as_str().unwrap().contains(mends), "{mends}: {reply}");
    };
    // An expired token is renewed once, and nobody hears of it; one that is refused again is told.
    refuse(401, "ExpiredAuthenticationToken", "expired");
    let (renewed, code) = home.ask("event hub status");
    assert_eq!((code, &renewed["status"]), (0, &"answered".into()), "{renewed}");
    refuse(401, "ExpiredAuthenticationToken", "expired");
    refuse(401, "ExpiredAuthenticationToken", "expired");
    check("unavailable", "the sign-in by Azure CLI is expired or not accepted", "az login");
    let issuers = "The access token is from the wrong issuer 'https://sts.windows.net/aaaa-1/'. It must match the tenant \
                   'https://sts.windows.net/bbbb-2/' associated with this subscription.";
    refuse(401, "InvalidAuthenticationTokenTenant", issuers);
    check("unavailable", "the sign-in is for tenant `aaaa-1`, and subscription", "az login --tenant bbbb-2");
    refuse(404, "SubscriptionNotFound", "x");
    check("unavailable", &format!("sees no subscription `{SUBSCRIPTION}`"), "az account list --output table");
    let no_right = "The client 'ana' with object id 'cccc-3' does not have authorization to perform action \
                    'Microsoft.EventHub/namespaces/read' over scope '/subscriptions/x' or the scope is invalid.";
    refuse(403, "AuthorizationFailed", no_right);
    check(
        "refused",
        "it lacks the role `Monitoring Reader`",
        &format!(
            "az role assignment create --role \"Monitoring Reader\" --assignee cccc-3 --scope /subscriptions/{SUBSCRIPTION}"
        ),
    );
}

/// Settings with one of them changed.
fn changed(home: &Home, from: &str, to: &str) {
    let file = home.path().join("config/oms/oms.toml");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(file, text.replace(from, to)).unwrap();
}

#[test]
fn a_token_goes_only_where_the_certificate_is_believed() {
    let (cloud, other) = (Cloud::start(), Cloud::start());
    let mut home = Home::seeded();
    cloud.configure(&home);
    every_way_to_sign_in_is_one(&cloud, &home);
    sign_in(&mut home, &token());
    cloud.configure(&home);
    let sent = cloud.stand_in().asked("");
    let status = |message: &str, hint: &str| {
        let (reply, code) = home.ask("event hub status");
        assert!(code == 1 || code == 4, "{reply}");
        assert!(reply["error"]["message"].as_str().unwrap().contains(message), "{reply}");
        assert!(reply["error"]["hint"].as_str().unwrap().contains(hint), "{reply}");
    };
    let authority = home.path().join("config/oms/authority.pem");
    fs::write(&authority, &other.stand_in().authority).unwrap();
    status("the certificate of the management interface is not trusted", "azure.certificates");
    fs::write(&authority, "nonsense").unwrap();
    status("cannot use `azure.certificates`: there is no certificate in it", "PEM");
    fs::remove_file(&authority).unwrap();
    status("authority.pem` of `azure.certificates`: entity not found", "PEM file");
    // Who does not need it is not held up.
    assert_eq!(home.ask("how many orders are there?").1, 0);
    cloud.configure(&home);
    changed(&home, "endpoint = 'https:", "endpoint = 'http:");
    let ran = home.oms(&["ask", "event hub status"]);
    assert!(ran.code == 1 && ran.err.contains("tokens would go to it in the clear"), "{}{}", ran.out, ran.err);
    assert_eq!(cloud.stand_in().asked(""), sent, "nothing was sent");
    cloud.configure(&home);
    assert_eq!(home.ask("event hub status").1, 0);
}

/// Each way to sign in, at a stand-in of what gives its tokens, in each cloud.
fn every_way_to_sign_in_is_one(cloud: &Cloud, home: &Home) {
    use stand_in::sign_in::{CLIENT, FEDERATED, IDENTITY_HEADER, SECRET, TENANT};
    let asked = |variables: &[(&str, &str)]| {
        let ran = home.oms_with(variables, &["ask", "--json", "is capture on?"]);
        (serde_json::from_str::<Value>(&ran.out).unwrap(), ran.code)
    };
    let address = cloud.stand_in().address.clone();
    let pod = tempfile::Builder::new().prefix("oms-pod").tempdir().unwrap();
    fs::write(pod.path().join("token"), FEDERATED).unwrap();
    let token_file = pod.path().join("token").display().to_string();
    let application =
        [("AZURE_AUTHORITY_HOST", address.as_str()), ("AZURE_TENANT_ID", TENANT), ("AZURE_CLIENT_ID", CLIENT)];
    let endpoint = format!("{address}/identity/token");
    for (way, variables) in [
        ("environment", vec![("AZURE_CLIENT_SECRET", SECRET)]),
        ("workload_identity", vec![("AZURE_FEDERATED_TOKEN_FILE", token_file.as_str())]),
        ("managed_identity", vec![("IDENTITY_ENDPOINT", endpoint.as_str()), ("IDENTITY_HEADER", IDENTITY_HEADER)]),
    ] {
        let variables: Vec<_> = application.iter().copied().chain(variables).collect();
        for (named, sovereign) in [(way, "us_government"), (way, "china"), ("auto", "public")] {
            cloud.configure(home);
            changed(home, "credential = 'cli'", &format!("credential = '{named}'\ncloud = '{sovereign}'"));
            let (reply, code) = asked(&variables);
            assert_eq!(code, 0, "{way} as {named} of {sovereign}: {reply}");
        }
    }
    let wrong: Vec<_> = application.into_iter().chain([("AZURE_CLIENT_SECRET", "wrong-and-secret")]).collect();
    cloud.configure(home);
    changed(home, "credential = 'cli'", "credential = 'auto'");
    let (reply, code) = asked(&wrong);
    assert_eq!(code, 1, "{reply}");
    let said = reply["error"]["message"].as_str().unwrap();
    assert!(said.contains(&format!("by environment: the secret of application `{CLIENT}` is wrong")), "{reply}");
    changed(home, "credential = 'auto'", "credential = 'auto'\ntenant = 'another-tenant'");
    let (reply, _) = asked(&wrong);
    assert!(reply["error"]["message"].as_str().unwrap().contains("there is no tenant `another-tenant`"), "{reply}");
    assert!(!reply.to_string().contains("wrong-and-secret"));
}
