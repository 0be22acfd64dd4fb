//! `[people]`: who may propose and approve where an environment says nothing else.

pub(crate) use oms_tools::change::People as PeopleSettings;
