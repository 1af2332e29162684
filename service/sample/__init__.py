"""The sample company: fictional, marked as sample everywhere, loaded through the same operations as real data."""
