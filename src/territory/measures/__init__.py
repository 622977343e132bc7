"""What follows from the evidence: pure functions, frames in, frames out."""
