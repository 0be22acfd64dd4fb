//! Where tokens come from: Entra ID's token endpoint for one application, and a machine's own (App Service's form).

use std::collections::BTreeMap;

use axum::response::Response;
use serde_json::json;

use super::{TOKEN, reply};

pub const TENANT: &str = "aaaaaaaa-0000-0000-0000-000000000001";
pub const CLIENT: &str = "dddddddd-0000-0000-0000-000000000004";
pub const SECRET: &str = "a secret for tests";
/// What a pod's file holds.
pub const FEDERATED: &str = "a-federated-token";
/// What a machine of App Service proves itself by to its own endpoint.
pub const IDENTITY_HEADER: &str = "a-header-for-tests";

/// The token endpoint of a tenant.
pub(super) fn entra(tenant: &str, form: &BTreeMap<String, String>) -> Response {
    let refused = |code: u32| {
        let description = format!("AADSTS{code}: somebody@example.com may not.");
        reply(401, &json!({"error": "invalid_client", "error_codes": [code], "error_description": description}))
    };
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    if tenant != TENANT {
        return refused(90_002);
    }
    if field("client_id") != CLIENT {
        return refused(700_016);
    }
    let proven = match (form.get("client_secret"), form.get("client_assertion")) {
        (Some(secret), None) => secret == SECRET,
        (None, Some(assertion)) => assertion == FEDERATED,
        _ => false,
    };
    if !proven {
        return refused(7_000_215);
    }
    if !field("scope").starts_with("https://management.") {
        return refused(70_011);
    }
    reply(200, &json!({"token_type": "Bearer", "expires_in": 3600, "ext_expires_in": 3600, "access_token": TOKEN}))
}

/// The endpoint of a machine's own identity.
pub(super) fn machine(header: Option<&str>, query: &BTreeMap<String, String>) -> Response {
    let resource = query.get("resource").map(String::as_str).unwrap_or_default();
    if header != Some(IDENTITY_HEADER) || !resource.starts_with("https://management.") {
        return reply(400, &json!({"statusCode": 400, "message": "no managed identity was found"}));
    }
    reply(
        200,
        &json!({"access_token": TOKEN, "expires_on": "4102444800", "resource": resource, "token_type": "Bearer"}),
    )
}
