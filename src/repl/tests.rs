//! Transcripts of whole conversations.
