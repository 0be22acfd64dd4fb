//! Brains: what turns a sentence into a tool call. Each is a rig model, chosen at run time.

pub mod rules;
